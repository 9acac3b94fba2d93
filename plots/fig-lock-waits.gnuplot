# SPDX-License-Identifier: GPL-2.0
# metric: lock_waits_per_kop
title = "Waits for spinlocks and rwlocks, all locks together"
ylabel = "lock waits\nper 1000 operations"
ideal = ""
load "plots/panels.gnuplot"
