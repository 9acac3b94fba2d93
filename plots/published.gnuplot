# SPDX-License-Identifier: GPL-2.0
#
# published.gnuplot - what the hollow points are, inside the panel that has them.
# panels.gnuplot loads it; extract.awk has left room above all points.
#
# One text for all of them, with a point of each variant in front.

px = LEFT + (w - 1) * (wide + GAP) + 0.014
do for [v = 1:n] {
	if (in_print(w, v)) {
		set label 300 + v "" at screen px,graph 0.945 point linecolor rgb pale(word(variants, v), v) linewidth 1.6 \
			pointtype hollow(word(variants, v), v) pointsize POINT
		px = px + 0.019
	}
}
set label 300 "published " . var("years") . ", another machine" at screen px - 0.004,graph 0.945 left \
	font SMALL textcolor rgb QUIET
