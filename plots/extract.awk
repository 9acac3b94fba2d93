# SPDX-License-Identifier: GPL-2.0
#
# extract.awk - one metric of summary.tsv, at one number of pages, for gnuplot.
#
#   awk -F '\t' -v metric=M -v pages=P -v dir=D -f vars.awk -f extract.awk \
#       published=1 published/*.tsv published=0 summary.tsv
#
# Writes D/WORKLOAD-VARIANT.tsv (threads, median, lo, hi), D/published-WORKLOAD-
# VARIANT.tsv (threads, value) and D/vars.txt (names and values: what is in them, the
# ranges of the axes and where their ticks are).
#
# Published figures are taken when they are of that metric and number of pages,
# and the summary has their workload and both variants.

function decade(x,    d)
{
	# log() is a hair too small for some powers of ten
	d = log(x) / log(10)
	return d < 0 ? -int(-d + 0.999999999) : int(d + 0.000000001)
}

# label(m, d) - m times 10 to the d, short
function label(m, d)
{
	if (d >= 6)
		return m * 10 ^ (d - 6) "M"
	if (d >= 4)
		return m * 10 ^ (d - 3) "k"
	return sprintf("%g", m * 10 ^ d)
}

# tick(m, d) - a tick there, when it lies within the axis
function tick(m, d)
{
	if (m * 10 ^ d < bottom || m * 10 ^ d > top)
		return
	var("ytick " ++yticks, label(m, d))
	var("ytick_at " yticks, m "e" d)
}

function words(list, item)
{
	return list == "" ? item : list " " item
}

# span(y) - the y axis has to hold it
function span(y)
{
	if (y == 0) {
		zero = 1
		return
	}
	if (low == "" || y < low)
		low = y
	if (y > high)
		high = y
}

function is_power_of_two(x)
{
	while (x > 1)
		x /= 2
	return x == 1
}

# xtick(x, often) - a tick for a number of threads; many labels would touch
function xtick(x, often)
{
	var("xtick " ++xticks, often && !is_power_of_two(x) ? "" : x)
	var("xtick_at " xticks, x)
}

# is_figure(x) - does a double hold it, with room to spare?
function is_figure(x)
{
	return x ~ /^[0-9]+[.]?[0-9]*(e[-+]?[0-9][0-9]?)?$/ && length(x) <= 40
}

# about(paper) - is it of this figure?
function about(paper)
{
	return said[paper, "metric"] == metric && said[paper, "pages"] == pages && \
		(said[paper, "workload"] in workload_seen) && \
		(said[paper, 2] in variant_seen) && (said[paper, 3] in variant_seen)
}

# take_paper(paper) - its points, as far as there are threads of ours
function take_paper(paper,    i, f, column, key)
{
	for (i = 1; i <= lines[paper]; i++) {
		split(line[paper, i], f, "\t")
		if (f[1] + 0 < xmin || f[1] + 0 > xmax)
			continue
		year[paper] = substr(said[paper, "date"], 1, 4)
		for (column = 2; column <= 3; column++) {
			key = said[paper, "workload"] SUBSEP said[paper, column]
			theirs[key] = theirs[key] f[1] "\t" f[column] "\n"
			span(f[column] + 0)
		}
	}
	if (paper in year)
		years = words(years, year[paper])
}

published && FNR == 1 { papers++ }

published && /^# [a-z]+: / {
	key = substr($0, 3, index($0, ": ") - 3)
	said[papers, key] = substr($0, index($0, ": ") + 2)
}

published && /^# date: / && $0 !~ /^# date: [0-9][0-9][0-9][0-9]-[0-9][0-9](-[0-9][0-9])?$/ {
	print FILENAME ":" FNR ": \"date\" is not a date, 2008-08-18 or 2008-08" > "/dev/stderr"
	exit broken = 2
}

published && /^#/ { next }

published && $1 == "threads" {
	said[papers, 2] = $2
	said[papers, 3] = $3
	next
}

published && !($1 ~ /^[0-9]+$/ && length($1) <= 16 && is_figure($2) && is_figure($3)) {
	print FILENAME ":" FNR ": not a row of published figures" > "/dev/stderr"
	exit broken = 2
}

published {
	line[papers, ++lines[papers]] = $0
	next
}

FNR == 1 { next }

{
	if (!($1 in variant_seen)) {
		variant_seen[$1] = 1
		variants = words(variants, $1)
	}
	if (!($3 in workload_seen)) {
		workload_seen[$3] = 1
		workloads = words(workloads, $3)
	}
}

$7 != metric || $4 != pages { next }

{
	machine = $2
	cpus = $5
	if (!($6 in thread_seen)) {
		thread_seen[$6] = 1
		thread[++threads] = $6
		if (xmin == "" || $6 + 0 < xmin)
			xmin = $6 + 0
		if ($6 + 0 > xmax)
			xmax = $6 + 0
	}
	runs_min = runs_min == "" || $9 + 0 < runs_min ? $9 + 0 : runs_min
	runs_max = $9 + 0 > runs_max ? $9 + 0 : runs_max
	for (i = 10; i <= 12; i++)
		span($i + 0)
	rows[$3, $1] = rows[$3, $1] $6 "\t" $10 "\t" $11 "\t" $12 "\n"
	if (!(($3, $1) in first_threads) || $6 + 0 < first_threads[$3, $1]) {
		first_threads[$3, $1] = $6 + 0
		first[$3, $1] = $10
	}
}

END {
	if (broken)
		exit broken
	nv = split(variants, v, " ")
	nw = split(workloads, w, " ")
	for (i = 1; i <= threads; i++)
		xtick(thread[i], threads > 7)
	for (i = 1; i <= papers; i++)
		if (about(i))
			take_paper(i)
	for (i = 1; i <= nw; i++) {
		best = ""
		for (j = 1; j <= nv; j++) {
			key = w[i] SUBSEP v[j]
			printf "%s", (key in rows) ? rows[key] : xmin "\tNaN\tNaN\tNaN\n" \
				> (dir "/" w[i] "-" v[j] ".tsv")
			printf "%s", (key in theirs) ? theirs[key] : xmin "\tNaN\n" \
				> (dir "/published-" w[i] "-" v[j] ".tsv")
			if (key in theirs)
				var("printed " i " " j, 1)
			if ((key in first) && first_threads[key] == xmin && first[key] > 0 && \
			    (best == "" || first[key] < best))
				best = first[key]
			if ((key in first) && first[key] > 0)
				var("flat " i " " j, first[key])
		}
		if (best != "")
			var("lowest " i, best)
	}
	if (low == "") {	# nothing but zeros
		low = 1
		high = 1
	}
	from = decade(low)
	to = decade(high)
	bottom = low / 1.8
	top = high * 1.8
	# The row for 0 takes a fifth of the axis, and 0 is in the middle of it.
	band = sqrt(sqrt(top / bottom))
	zeroat = bottom / sqrt(band)
	step = int((to - from) / 6) + 1
	narrow = top / bottom < 2000
	if (zero) {
		var("ytick " ++yticks, 0)
		var("ytick_at " yticks, sprintf("%.6g", zeroat))
	}
	# Six steps and their ends, whatever the figures are.
	for (n = 0; n < 9 && from + n * step <= to + 1; n++) {
		d = from + n * step
		tick(1, d)
		if (narrow) {
			tick(2, d)
			tick(5, d)
		}
	}
	# A line of text in a panel stands above all points.
	ceiling = years == "" ? top : top * (top / bottom) ^ 0.13

	var("variants", variants)
	var("workloads", workloads)
	var("machine", machine)
	var("caption", "machine " machine ", " cpus " CPUs, " pages " pages per operation, n = " \
		(runs_min == runs_max ? runs_max : runs_min " to " runs_max) \
		(runs_max == 1 ? " run" : " runs") ". Logarithmic y axis" \
		(zero ? "; the grey row is 0" : "") ".")
	var("xmin", xmin)
	var("xmax", xmax)
	var("xticks", xticks + 0)
	var("yticks", yticks + 0)
	var("zero", zero + 0)
	var("zeroat", sprintf("%.6g", zeroat))
	var("zerotop", sprintf("%.6g", bottom))
	var("ymin", sprintf("%.6g", zero ? bottom / band : bottom))
	var("ymax", sprintf("%.6g", ceiling))
	var("years", years)
}
