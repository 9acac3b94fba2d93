# SPDX-License-Identifier: GPL-2.0
#
# style.gnuplot - how every figure looks. Loaded first by panels.gnuplot.
#
# Sizes are chosen for a figure that is shown at half its width: 22 pixels of
# text become 11. A variant keeps its colour, shape and dash in every figure
# and campaign; the colours are those of Okabe and Ito, which people with any
# kind of colour blindness tell apart, and shapes and dashes do without colour.

set encoding utf8
set datafile separator "\t"
set datafile missing "NaN"

WIDTH = 1280
HEIGHT = 780
TEXT = "sans-serif,22"
SMALL = "sans-serif,18"
TITLE = "sans-serif:Bold,25"

# The two terminals mean different things by the size of a point.
if (format eq "svg") {
	POINT = 0.85
	set terminal svg size WIDTH,HEIGHT enhanced font TEXT background "#ffffff" linewidth 1.5
} else {
	POINT = 2
	set terminal pngcairo size WIDTH,HEIGHT enhanced font TEXT background "#ffffff" linewidth 1.5
}

INK = "#222222"
FAINT = "#dddddd"
QUIET = "#666666"
BAND = "#f2f2f2"

# One slot per variant: colour, point type, dash; and for what others published
# about it that colour, paler, and the same shape, hollow.
known = "vmlist rewrite mainline rewrite-as-posted rewrite-irq rewrite-noguard vmap-pages xfs-deferred"
colours = "#D55E00 #0072B2 #009E73 #CC79A7 #E69F00 #56B4E9 #000000 #7A5230"
pales = "#E49659 #59A3CD #59C0A4 #DEA8C6 #EFC059 #91CEF1 #595959 #AD937C"
points = "7 9 5 13 11 6 8 15"
hollows = "6 8 4 12 10 6 8 14"
set dashtype 11 (14,5)
set dashtype 12 (5,4)
set dashtype 13 (14,4,3,4)
set dashtype 14 (2,3)
dashes = "1 11 12 13 11 12 13 14"

# Variants that are not known here take the slots from the end.
slot(name, i) = (sum [k = 1:words(known)] (word(known, k) eq name ? k : 0)) > 0 ? \
	(sum [k = 1:words(known)] (word(known, k) eq name ? k : 0)) : 1 + (6 - (i - 1) % 7)
colour(name, i) = word(colours, slot(name, i))
shape(name, i) = int(word(points, slot(name, i)))
pale(name, i) = word(pales, slot(name, i))
hollow(name, i) = int(word(hollows, slot(name, i)))
dash(name, i) = int(word(dashes, slot(name, i)))

# Points of different variants at one number of threads stand side by side, so
# that equal values do not hide each other.
DODGE = 0.075
beside(x, i, n) = x * 2 ** ((i - (n + 1) / 2.0) * DODGE * (n > 4 ? 4.0 / n : 1))

# What a machine cannot show stands under every figure taken on it.
limits(machine) = \
	machine eq "sim" ? "Simulated: a clock for each CPU; what costs time beside instructions is a table (campaign.json)." : \
	machine eq "tcg" ? "Emulated in real time: times and lock waits show the host's scheduler as well.\nBars: 95% interval over runs." : \
	"Bars: 95% interval over runs."

set border 3 linecolor rgb QUIET linewidth 1
set tics nomirror textcolor rgb INK scale 0.6
set grid ytics linetype 1 linecolor rgb FAINT linewidth 1
