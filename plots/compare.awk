# SPDX-License-Identifier: GPL-2.0
#
# compare.awk - from compare.tsv, the changes of one pair of variants and one metric:
# DIR/rows.tsv with a row for each point: number, label, ratio, its interval, what is
# allowed, verdict; and DIR/vars.txt. Exit code 1: there is nothing to draw, as nothing
# changed by more than is allowed, or a table of one or two points says it better.
# Variables: before, after, metric, dir.

# Only what means nothing to gnuplot: names come from a file of anybody's.
function plain(text) {
	gsub(/[^A-Za-z0-9._ +-]/, "?", text)
	return text
}

# A ratio of 0 has no place on an axis of ratios.
function ratio(pct) {
	return pct > -99.9 ? 1 + pct / 100 : 0.001
}

NR == 1 {
	for (i = 1; i <= NF; i++) col[$i] = i
	next
}

$col["before_variant"] == before && $col["after_variant"] == after && $col["metric"] == metric &&
		$col["before"] > 0 && $col["change_pct"] ~ /^[-0-9]/ {
	n++
	machine = $col["machine"]
	r = ratio($col["change_pct"])
	lo = $col["lo_pct"] ~ /^[-0-9]/ ? ratio($col["lo_pct"]) : r
	hi = $col["hi_pct"] ~ /^[-0-9]/ ? ratio($col["hi_pct"]) : r
	allowed = 1 + $col["allowed_pct"] / 100
	if ($col["verdict"] != "PASS") changed = 1
	if (lo < least || !least) least = lo
	if (hi > most) most = hi
	row[n] = sprintf("%d\t%s, %s p, %s t\t%.9g\t%.9g\t%.9g\t%.9g\t%s", n, plain($col["workload"]),
		plain($col["pages"]), plain($col["threads"]), r, lo, hi, allowed, plain($col["verdict"]))
}

END {
	if (!changed || n < 3) exit 1
	for (i = 1; i <= n; i++) print row[i] > (dir "/rows.tsv")
	var("rows", n)
	var("metric", plain(metric))
	var("machine", plain(machine))
	var("pair", (before == after ? "" : plain(before) " to ") plain(after))
	# Room for a change of a few percent at least.
	if (least > 0.9) least = 0.9
	if (most < 1.1) most = 1.1
	room = exp(0.06 * log(most / least))
	var("xmin", sprintf("%.9g", least / room))
	var("xmax", sprintf("%.9g", most * room))
}
