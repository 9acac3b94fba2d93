# SPDX-License-Identifier: GPL-2.0
#
# vars.awk - what a figure has to know, for data.gnuplot. Read in front of the program that
# prepares it: awk -v dir=D -f vars.awk -f PROGRAM.

# var(name, value) - a row of D/vars.txt. gnuplot takes quotation marks for its own.
function var(name, value)
{
	gsub(/["[:cntrl:]]/, "?", value)
	print name "\t" value > (dir "/vars.txt")
}
