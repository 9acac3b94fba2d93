# SPDX-License-Identifier: GPL-2.0
# table: space.tsv
#
# Address space in use while a run goes on. Held space that rises above what is mapped is
# fragmentation; what lies between the two lines of a variant comes back with the next
# purge.

load "plots/data.gnuplot"
load "plots/style.gnuplot"

variants = var("variants")
n = words(variants)
set output name . "." . format
set lmargin at screen 0.12
set rmargin at screen 0.965
set tmargin at screen 0.80
set bmargin at screen 0.250
set xrange [0 : *]
set yrange [0 : *]
set offsets 0, 0, graph 0.05, 0
set xlabel "operations of all threads" offset 0,0.3 textcolor rgb INK
set ylabel "MiB" offset 0.5,0 textcolor rgb INK

set label 1 "vmalloc space in use" at screen 0.02,0.95 left font TITLE textcolor rgb INK
set label 2 var("caption") at screen 0.02,0.110 left font SMALL textcolor rgb QUIET noenhanced
set label 3 limits(var("machine")) at screen 0.02,0.068 left font SMALL textcolor rgb QUIET noenhanced
set key at screen 0.985,0.885 right maxrows 1 noenhanced samplen 2 textcolor rgb INK

who(v) = word(variants, v)
plot \
	for [v = 1:n] who(v) . ".tsv" using 1:2 with lines title who(v) \
		linecolor rgb colour(who(v), v) linewidth 2 dashtype dash(who(v), v), \
	for [v = 1:n] "" . who(v) . ".tsv" using 1:3 with lines notitle \
		linecolor rgb colour(who(v), v) linewidth 1, \
	who(1) . ".tsv" using 1:4 with lines title "mapped" linecolor rgb QUIET linewidth 1.6 dashtype 3
