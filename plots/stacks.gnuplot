# SPDX-License-Identifier: GPL-2.0
#
# stacks.gnuplot - a panel for each workload, a bar for each variant, a piece of it
# for each part of its time.
#
# A figure sets title and ylabel, then loads this. scripts/report/plot.sh provides the
# directory it runs in: vars.txt, and a table for every workload: number of the
# variant, its time, and sums of parts, the last being all of them.

load "plots/data.gnuplot"
load "plots/style.gnuplot"

variants = var("variants")
workloads = var("workloads")
parts = whole("parts")
part(p) = var(sprintf("part %d", p))

panels = words(workloads)
LEFT = 0.11
RIGHT = 0.985
GAP = 0.095
wide = (RIGHT - LEFT - GAP * (panels - 1)) / panels

# Colours of Okabe and Ito; pieces have a white edge, so that neighbours are told
# apart without colour, and the key has their order.
shade(p) = word("#D55E00 #0072B2 #009E73 #E69F00 #999999 #CC79A7 #56B4E9 #000000", whole(sprintf("colour %d", p)))
short(us) = us < 99.95 ? sprintf("%.3g", us) : sprintf("%.0f", us)

# There are no error bars here.
note = limits(var("machine"))
bars = strstrt(note, "Bars:")
note = bars ? note[1:bars - 1] : note

set output name . "." . format
set multiplot
set tmargin at screen 0.755
set bmargin at screen 0.215

set boxwidth 0.7
set xrange [0.4 : words(variants) + 0.6]
set yrange [0 : *]
set offsets 0, 0, graph 0.12, 0
set xtics (word(variants, 1) 1) noenhanced scale 0
do for [v = 2:words(variants)] {
	set xtics add (word(variants, v) v)
}
set style fill solid 1.0 border rgb "#ffffff"

set label 1 title at screen 0.02,0.95 left font TITLE textcolor rgb INK
set label 2 var("caption") at screen 0.02,0.110 left font SMALL textcolor rgb QUIET noenhanced
set label 3 note at screen 0.02,0.068 left font SMALL textcolor rgb QUIET noenhanced
unset key

# The key: a square and a name for each part.
kx = 0.035
ky = 0.875
do for [p = 1:parts] {
	if (p > 1 && kx + 0.022 + 0.0117 * strlen(part(p)) > RIGHT) {
		kx = 0.035
		ky = ky - 0.05
	}
	set object 100 + p rectangle center screen kx,ky size screen 0.016,0.026 \
		fillcolor rgb shade(p) fillstyle solid noborder
	set label 100 + p part(p) at screen kx + 0.016,ky left noenhanced textcolor rgb INK
	kx = kx + 0.05 + 0.0117 * strlen(part(p))
}

do for [w = 1:panels] {
	set lmargin at screen LEFT + (w - 1) * (wide + GAP)
	set rmargin at screen LEFT + (w - 1) * (wide + GAP) + wide
	if (w == 1) {
		set ylabel ylabel offset 0.6,0 textcolor rgb INK
	} else {
		unset ylabel
		unset label
		unset object
	}
	set label 4 "workload " . word(workloads, w) at graph 0.5,1.06 center noenhanced textcolor rgb INK
	file = word(workloads, w) . ".tsv"
	plot for [p = parts:1:-1] file using 1:(column(2 + p) / 1000) with boxes notitle \
			linecolor rgb shade(p), \
		file using 1:(column(2 + parts) / 1000):(short($2 / 1000)) notitle with labels \
			font SMALL offset 0,0.7 textcolor rgb INK
}
unset multiplot
