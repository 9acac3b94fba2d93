# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# compare-figures.sh - the figures of a comparison. Sourced by compare.sh after lib.sh.

# compared TSV - before, after and metric of each pair and metric that decides.
compared()
{
	awk -F '\t' '
	NR == 1 { for (i = 1; i <= NF; i++) col[$i] = i; next }
	$col["decides"] == "decides" {
		key = $col["before_variant"] "\t" $col["after_variant"] "\t" $col["metric"]
		if (!seen[key]++) print key
	}' "$1"
}

# draw_change DIR - figure.svg from the rows in DIR.
draw_change()
{
	ln -sfn -- "$VB_TOP/plots" "$1/plots"
	(cd -- "$1" && gnuplot --default-settings plots/compare.gnuplot) >"$1/gnuplot.log" 2>&1 ||
		die "gnuplot failed on compare.gnuplot: $(tail -n 1 -- "$1/gnuplot.log")"
	# It also says 0 when the disk was full.
	tail -n 3 -- "$1/figure.svg" | grep '</svg>' >/dev/null ||
		die "a figure is truncated: is the disk full?"
}

# draw_changes TSV OUT - OUT/NN-METRIC.svg, for a page, of all metrics that decide
# and changed by more than is allowed somewhere. Times come first: they are what is looked for.
draw_changes()
{
	local tsv=$1 out=$2 before after metric work number=0

	work=$out/.work
	mkdir -p -- "$work"
	while IFS=$'\t' read -r before after metric; do
		[[ $metric =~ ^[A-Za-z0-9_]+$ ]] || die "$tsv: odd metric ${metric@Q}"
		rm -rf -- "${work:?}"/*
		awk -F '\t' -v before="$before" -v after="$after" -v metric="$metric" \
			-v dir="$work" -f "$VB_TOP/plots/vars.awk" -f "$VB_TOP/plots/compare.awk" "$tsv" || continue
		draw_change "$work"
		number=$((number + 1))
		awk -v prefix="figure$number" -v title="$metric, after / before" \
			-f "$VB_TOP/plots/inline.awk" "$work/figure.svg" \
			>"$out/$(printf '%03d' "$number")-$metric.svg"
	done < <(compared "$tsv" | tac)
	rm -rf -- "$work"
}
