# SPDX-License-Identifier: GPL-2.0
# metric: purges_per_kop
title = "Purges of lazily freed address space"
ylabel = "purges\nper 1000 operations"
ideal = ""
load "plots/panels.gnuplot"
