# SPDX-License-Identifier: GPL-2.0
#
# data.gnuplot - vars.txt: names and values of what a figure has to know, a row each. They
# are data: nothing in them is executed.

set datafile separator "\t"
stats "vars.txt" using 0 nooutput
VARS = STATS_records
array NAME[VARS]
array VALUE[VARS]
array FIGURE[VARS]
stats "vars.txt" using (NAME[int($0) + 1] = strcol(1), VALUE[int($0) + 1] = strcol(2), 0) nooutput
# Rows of words have none.
stats "vars.txt" using (FIGURE[int($0) + 1] = $2, 0) nooutput

place(name) = sum [k = 1:VARS] (NAME[k] eq name ? k : 0)
has(name) = place(name) > 0
var(name) = VALUE[place(name)]
number(name) = FIGURE[place(name)]
whole(name) = int(FIGURE[place(name)])
