# SPDX-License-Identifier: GPL-2.0
# table: attribution.tsv
title = "Time for one map, touch and unmap: what it is spent on"
ylabel = "microseconds\nper operation"
load "plots/stacks.gnuplot"
