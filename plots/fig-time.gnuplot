# SPDX-License-Identifier: GPL-2.0
# metric: ns_per_op
#
# A thread's own time: the ideal is that more threads do not slow it down.
title = "Time for one map, touch and unmap"
ylabel = "nanoseconds\nper operation"
ideal = 1
load "plots/panels.gnuplot"
