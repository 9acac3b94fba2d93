# SPDX-License-Identifier: GPL-2.0
#
# fill.awk - fill.tsv for gnuplot.
#
#   awk -F '\t' -v dir=D -f vars.awk -f fill.awk summary.tsv fill.tsv
#
# Writes D/VARIANT.tsv, two lines for each step, its begin and its end: maps, and ns of
# one map in that step; D/VARIANT-blocks.tsv, a line for each: maps in its middle, and ns
# of a map that needed a new block; and D/vars.txt: variants, the same without what
# the processor is called, where each ends, and the ranges of the axes.

FNR == 1 || NR == FNR { next }

!($1 in seen) {
	seen[$1] = 1
	base = $1
	sub(/-i386$/, "", base)
	variants = variants (variants == "" ? "" : " ") $1
	bases = bases (bases == "" ? "" : " ") base
	order[++n] = $1
}

$8 > 0 {
	file = dir "/" $1 ".tsv"
	printf "%d\t%.6g\n%d\t%.6g\n", $7 - $8, $9 / $8, $7, $9 / $8 > file
	printf "%d\t%s\n", $7 - $8 / 2, ($10 + 0 ? $10 : "NaN") > (dir "/" $1 "-blocks.tsv")
	end[$1] = $7
	space = $5 + 0 > space ? $5 + 0 : space
	if ($9 / $8 > high)
		high = $9 / $8
	if ($10 + 0 > high)
		high = $10 + 0
}

END {
	for (i = 1; i <= n; i++)
		ends = ends (i > 1 ? " " : "") end[order[i]]
	var("variants", variants)
	var("bases", bases)
	var("ends", ends)
	var("space", space + 0)
	var("ymax", sprintf("%.6g", high * 1.15))
}
