# SPDX-License-Identifier: GPL-2.0
#
# compare.gnuplot - after / before of every point, with its interval and what is allowed.
#
# It is shown on a page as wide as a telephone too, at half its width: so text is
# large. plots/inline.awk makes its ink that of the page, which may be dark.

load "plots/data.gnuplot"

set encoding utf8
rows = whole("rows")
xmin = number("xmin")
xmax = number("xmax")
WIDTH = 720
HEIGHT = 170 + 44 * rows
set terminal svg size WIDTH,HEIGHT noenhanced font "sans-serif,25" linewidth 1.5
set output "figure.svg"

INK = "#222222"
QUIET = "#777777"
BAND = "#bbbbbb"

set border 1 linecolor rgb QUIET
set lmargin at screen 0.36
set rmargin at screen 0.965
set tmargin at screen 1 - 92.0 / HEIGHT
set bmargin at screen 58.0 / HEIGHT
set label 1 var("metric") . " on " . var("machine") . ", after / before" at screen 0.02,1 - 28.0 / HEIGHT left textcolor rgb INK
set label 2 var("pair") . "; grey: allowed" at screen 0.02,1 - 66.0 / HEIGHT left textcolor rgb INK
unset key
set yrange [rows + 0.6 : 0.4]
set ytics nomirror scale 0 textcolor rgb INK
set xrange [xmin : xmax]
set logscale x 10
# No more ticks than there is room for.
if (xmax / xmin < 2) {
	set xtics (0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.4, 1.7, 2)
} else {
	if (xmax / xmin < 20) {
		set xtics (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
	} else {
		set xtics (0.001, 0.01, 0.1, 1, 10, 100, 1000, 1e4, 1e5)
	}
}
set xtics nomirror format "%gx" textcolor rgb INK
set arrow 1 from first 1,graph 0 to first 1,graph 1 nohead linecolor rgb QUIET dashtype 2
clip(x) = x < xmin ? xmin : (x > xmax ? xmax : x)
is(name) = strcol(7) eq name ? 1 : NaN

# Shapes differ as well as colours: Okabe and Ito's, dark enough on white, light on black.
plot "rows.tsv" using (1):1:(clip(1 / $6)):(clip($6)):($1 - 0.36):($1 + 0.36) \
		with boxxyerror fillstyle solid 0.4 noborder fillcolor rgb BAND, \
	"" using 3:1:4:5 with xerrorbars linecolor rgb QUIET linewidth 2 pointtype 0, \
	"" using ($3 * is("PASS")):1:ytic(2) with points pointtype 7 pointsize 1.1 linecolor rgb "#0072B2", \
	"" using ($3 * is("IMPROVEMENT")):1 with points pointtype 11 pointsize 1.4 linecolor rgb "#009E73", \
	"" using ($3 * is("INCONCLUSIVE")):1 with points pointtype 6 pointsize 1.3 linecolor rgb "#E69F00" linewidth 2, \
	"" using ($3 * is("REGRESSION")):1 with points pointtype 9 pointsize 1.4 linecolor rgb "#D55E00"
