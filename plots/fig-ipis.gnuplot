# SPDX-License-Identifier: GPL-2.0
# metric: ipis_per_kop
title = "Interrupts sent to other CPUs by kernel TLB flushes"
ylabel = "flush IPIs\nper 1000 operations"
ideal = ""
load "plots/panels.gnuplot"
