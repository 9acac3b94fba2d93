# SPDX-License-Identifier: GPL-2.0
# metric: ns_per_op
#
# A thread's own time: the ideal is that the best there is with one thread stays
# so with many.
title = "Time for one map, touch and unmap"
ylabel = "nanoseconds\nper operation"
ideal = "lowest"
load "plots/panels.gnuplot"
