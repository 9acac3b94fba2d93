# SPDX-License-Identifier: GPL-2.0
# metric: insn_per_op
#
# The ideal is no cost of sharing: what a variant pays with one thread, it pays
# with many. Instructions are summed over CPUs, so the ideal is a flat line.
title = "Instructions for one map, touch and unmap (sum of all CPUs)"
ylabel = "instructions\nper operation"
ideal = "own"
load "plots/panels.gnuplot"
