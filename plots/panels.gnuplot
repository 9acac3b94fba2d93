# SPDX-License-Identifier: GPL-2.0
#
# panels.gnuplot - one panel per workload, side by side, on the same y axis.
#
# A figure sets title, ylabel and ideal, then loads this. ideal is "own" (every
# variant's own cost with the fewest threads, carried on), "lowest" (the lowest
# of these, one line) or "" (none). scripts/report/plot.sh provides the directory it runs
# in: vars.txt, a table threads, median, lo, hi for every workload and
# variant, and one of what was published about it.
#
# The y axis is logarithmic, because the layers differ by orders of magnitude.
# Zero, which is what a good layer shows, has no place on such an axis: it gets
# a row of its own under it, in a grey band.

load "plots/data.gnuplot"
load "plots/style.gnuplot"

variants = var("variants")
workloads = var("workloads")
xmin = number("xmin")
xmax = number("xmax")
ymin = number("ymin")
ymax = number("ymax")
zero = whole("zero")
zeroat = number("zeroat")
panels = words(workloads)
n = words(variants)
LEFT = 0.14
RIGHT = 0.985
GAP = 0.035
wide = (RIGHT - LEFT - GAP * (panels - 1)) / panels

set output name . "." . format
set multiplot
set tmargin at screen 0.775
set bmargin at screen 0.250

set logscale x 2
set logscale y 10
set xrange [xmin / 1.25 : xmax * 1.25]
set yrange [ymin : ymax]
set xtics (var("xtick 1") number("xtick_at 1"))
do for [k = 2:whole("xticks")] {
	set xtics add (var(sprintf("xtick %d", k)) number(sprintf("xtick_at %d", k)))
}
set xlabel "threads" offset 0,0.3 textcolor rgb INK

set label 1 title at screen 0.02,0.95 left font TITLE textcolor rgb INK
set label 2 var("caption") at screen 0.02,0.110 left font SMALL textcolor rgb QUIET noenhanced
set label 3 limits(var("machine")) at screen 0.02,0.068 left font SMALL textcolor rgb QUIET noenhanced
unset key

if (zero) {
	set object 1 rectangle from graph 0,first ymin to graph 1,first number("zerotop") behind fillcolor rgb BAND fillstyle solid noborder
}
flat(w, v) = has(sprintf("flat %d %d", w, v)) ? number(sprintf("flat %d %d", w, v)) : NaN
lowest(w) = has(sprintf("lowest %d", w)) ? number(sprintf("lowest %d", w)) : NaN
in_print(w, v) = has(sprintf("printed %d %d", w, v))
row(y) = y > 0 ? y : (zero ? zeroat : NaN)
file(w, v) = word(workloads, w) . "-" . word(variants, v) . ".tsv"
paper(w, v) = "published-" . file(w, v)
fewest = xmin == 1 ? "one thread" : sprintf("%d threads", xmin)
ideal_name = ideal eq "own" ? "flat: own cost with " . fewest : "ideal: lowest time with " . fewest

# One key for all panels. gnuplot's own cannot be told to fill a line, so it is
# drawn: a sample line, a point and the name, as wide as the name is long.
kx = 0.045
ky = 0.875
room(name) = 0.078 + 0.0125 * strlen(name)
do for [v = 1:n + (ideal ne "")] {
	who = v > n ? ideal_name : word(variants, v)
	if (v > 1 && kx + 0.033 + 0.0117 * strlen(who) > RIGHT) {
		kx = 0.045
		ky = ky - 0.05
		set tmargin at screen ky - 0.1
	}
	set label 100 + v who at screen kx + 0.033,ky left noenhanced textcolor rgb INK
	if (v > n) {
		set arrow 100 + v from screen kx - 0.025,ky to screen kx + 0.025,ky nohead \
			linecolor rgb QUIET linewidth 1.6 dashtype 3
	} else {
		set arrow 100 + v from screen kx - 0.025,ky to screen kx + 0.025,ky nohead \
			linecolor rgb colour(who, v) linewidth 2 dashtype dash(who, v)
		set label 200 + v "" at screen kx,ky point linecolor rgb colour(who, v) \
			pointtype shape(who, v) pointsize POINT
	}
	kx = kx + room(who)
}

do for [w = 1:panels] {
	set lmargin at screen LEFT + (w - 1) * (wide + GAP)
	set rmargin at screen LEFT + (w - 1) * (wide + GAP) + wide
	if (w == 1) {
		set ylabel ylabel offset -0.8,0 textcolor rgb INK
		set ytics (var("ytick 1") number("ytick_at 1"))
		do for [k = 2:whole("yticks")] {
			set ytics add (var(sprintf("ytick %d", k)) number(sprintf("ytick_at %d", k)))
		}
	} else {
		unset ylabel
		set ytics ("" number("ytick_at 1"))
		do for [k = 2:whole("yticks")] {
			set ytics add ("" number(sprintf("ytick_at %d", k)))
		}
		unset label
		unset arrow
	}
	if (ideal eq "lowest" && lowest(w) > 0) {
		set arrow 3 from graph 0,first lowest(w) to graph 1,first lowest(w) \
			nohead back linecolor rgb QUIET linewidth 1.6 dashtype 3
	}
	if (sum [v = 1:n] in_print(w, v)) {
		load "plots/published.gnuplot"
	}
	set label 4 "workload " . word(workloads, w) at graph 0.5,1.06 center noenhanced textcolor rgb INK
	plot \
		for [v = 1:n] paper(w, v) using (beside($1, v, n)):2 with linespoints notitle \
			linecolor rgb pale(word(variants, v), v) linewidth 1.6 \
			pointtype hollow(word(variants, v), v) pointsize POINT, \
		for [v = 1:ideal eq "own" ? n : 0] file(w, v) \
			using (beside($1, v, n)):(flat(w, v)) with lines notitle \
			linecolor rgb QUIET linewidth 1.2 dashtype 3, \
		for [v = 1:n] file(w, v) using (beside($1, v, n)):(row($2)) with lines notitle \
			linecolor rgb colour(word(variants, v), v) linewidth 2 dashtype dash(word(variants, v), v), \
		for [v = 1:n] file(w, v) using (beside($1, v, n)):(row($2)):($3 < $4 ? row($3) : NaN):($3 < $4 ? row($4) : NaN) \
			with yerrorbars notitle linecolor rgb colour(word(variants, v), v) linewidth 1.5 pointtype 0, \
		for [v = 1:n] file(w, v) using (beside($1, v, n)):(row($2)) with points notitle \
			linecolor rgb colour(word(variants, v), v) pointtype shape(word(variants, v), v) pointsize POINT
}
unset multiplot
