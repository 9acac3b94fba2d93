# SPDX-License-Identifier: GPL-2.0
# table: fill.tsv
#
# A line for each variant, level over each step; it ends where the first map failed. The
# points are maps for which the space was searched for a place of a new block.

load "plots/data.gnuplot"
load "plots/style.gnuplot"

variants = var("variants")
bases = var("bases")
ends = var("ends")
space = whole("space")

set output name . "." . format
set multiplot
set lmargin at screen 0.14
set rmargin at screen 0.96
set tmargin at screen 0.80
set bmargin at screen 0.25

set xrange [0 : space]
set yrange [0 : number("ymax")]
set xlabel "single pages mapped so far" offset 0,0.3 textcolor rgb INK
set ylabel "nanoseconds\nper map" offset 0.4,0 textcolor rgb INK
unset key

set label 1 "Time for one map as vmalloc space fills" at screen 0.02,0.95 left font TITLE textcolor rgb INK
set label 2 sprintf("Lines: all maps; a cross is the first that failed. x axis: the %d pages of the space.", space) \
	at screen 0.02,0.110 left font SMALL textcolor rgb QUIET noenhanced
set label 3 "Points: maps that needed a new block, one in 256: room for it is searched from the bottom up." at screen 0.02,0.068 left font SMALL textcolor rgb QUIET noenhanced

kx = 0.045
do for [v = 1:words(variants)] {
	set arrow 100 + v from screen kx - 0.025,0.875 to screen kx + 0.025,0.875 nohead \
		linecolor rgb colour(word(bases, v), v) linewidth 2 dashtype dash(word(bases, v), v)
	set label 100 + v word(variants, v) at screen kx + 0.033,0.875 left noenhanced textcolor rgb INK
	kx = kx + 0.078 + 0.0125 * strlen(word(variants, v))
}

file(v) = word(variants, v) . ".tsv"
at_end(v, x, y) = x == real(word(ends, v)) ? y : NaN
plot for [v = 1:words(variants)] file(v) using 1:2 with lines notitle \
		linecolor rgb colour(word(bases, v), v) linewidth 2 dashtype dash(word(bases, v), v), \
	for [v = 1:words(variants)] word(variants, v) . "-blocks.tsv" using 1:2 with points notitle \
		linecolor rgb colour(word(bases, v), v) pointtype shape(word(bases, v), v) pointsize POINT, \
	for [v = 1:words(variants)] file(v) using 1:(at_end(v, $1, $2)) with points notitle \
		linecolor rgb colour(word(bases, v), v) pointtype 2 pointsize 2 linewidth 2
unset multiplot
