#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# plot.sh CAMPAIGN_DIR - figures from summary.tsv, further tables and published/.
#
# Every plots/fig-NAME.gnuplot becomes plots/NAME.svg and NAME.png in the
# campaign's directory; a new figure is a new file there. Its line "# metric: X"
# says which metric it shows; a campaign without that metric has no such figure.
# That with a line "# table: X.tsv" instead shows that table, if there are rows in it;
# TABLES has the awk program that prepares it.

# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"
# shellcheck source=scripts/lib/untrusted.sh
. "$VB_TOP/scripts/lib/untrusted.sh"
VB_NAME=plot

declare -A TABLES=([attribution.tsv]=stacks.awk [fill.tsv]=fill.awk [space.tsv]=space.awk)

usage()
{
	cat <<-END
	usage: scripts/report/plot.sh [--dry-run] CAMPAIGN_DIR

	Draws plots/NAME.svg and plots/NAME.png in CAMPAIGN_DIR from its summary.tsv,
	attribution.tsv, space.tsv and fill.tsv, and from published/ in this checkout.
	The same tables give the same files, byte for byte.

	exit codes: 0 drawn; 2 usage or environment error
	END
}

# check_tables DIR - ends the script unless what gnuplot gets to see is names and numbers.
check_tables()
{
	local table bad

	for table in summary.tsv "${!TABLES[@]}"; do
		[[ -e $1/$table ]] || continue
		bad=$(awk -F '\t' -f "$VB_TOP/plots/check.awk" "$1/$table" 2>&1) ||
			die "${bad:-$1/$table cannot be read}"
	done
}

# column_values SUMMARY COLUMN - its values, each once, as they come.
column_values()
{
	awk -F '\t' -v column="$2" 'NR > 1 && !seen[$column]++ { print $column }' "$1"
}

# metric_pages SUMMARY METRIC - each number of pages of which it has that metric.
metric_pages()
{
	awk -F '\t' -v metric="$2" 'NR > 1 && $7 == metric && !seen[$4]++ { print $4 }' "$1"
}

# extract SUMMARY METRIC PAGES DIR - DIR/WORKLOAD-VARIANT.tsv: threads, median,
# lo, hi; DIR/published-WORKLOAD-VARIANT.tsv: threads, value; and DIR/vars.txt:
# what the axes and the caption need to know.
extract()
{
	local papers=() file

	# The files that vb-published checks.
	for file in "$VB_TOP"/published/*.tsv; do
		[[ ! -f $file ]] || papers+=("$file")
	done
	awk -F '\t' -v metric="$2" -v pages="$3" -v dir="$4" -f "$VB_TOP/plots/vars.awk" -f "$VB_TOP/plots/extract.awk" \
		published=1 ${papers[@]+"${papers[@]}"} published=0 "$1"
}

# draw FIGURE NAME DIR - both formats of a figure, in DIR.
draw()
{
	local figure=$1 name=$2 dir=$3 format log=$3/gnuplot.log

	for format in svg png; do
		# Nothing of the user's own settings, and no paths inside: the output is
		# a function of the data.
		(
			cd -- "$dir"
			gnuplot --default-settings -e "name = '$name'; format = '$format'" \
				"plots/$(basename -- "$figure")"
		) >"$log" 2>&1 || { cat -- "$log" >&2; die "gnuplot failed on $figure"; }
		# It also says 0 when the disk was full.
		case $format in
		svg) tail -n 3 -- "$dir/$name.svg" | grep '</svg>' >/dev/null ;;
		png) tail -c 8 -- "$dir/$name.png" | grep -a IEND >/dev/null ;;
		esac || die "$name.$format is truncated: is the disk full?"
	done
}

# plot_pages FIGURE OUT PAGES COUNT COMMAND... - the figure for PAGES, one of COUNT.
# COMMAND PAGES DIR makes what it is drawn from.
plot_pages()
{
	local figure=$1 out=$2 pages=$3 count=$4 name dir
	shift 4

	name=$(basename -- "$figure" .gnuplot)
	name=${name#fig-}
	[[ $count -eq 1 ]] || name+=-${pages}pages
	dir=$TMP/$name
	mkdir -p -- "$dir"
	ln -sfn -- "$VB_TOP/plots" "$dir/plots"
	"$@" "$pages" "$dir"
	draw "$figure" "$name" "$dir"
	mv -f -- "$dir/$name.svg" "$dir/$name.png" "$out/" || die "cannot write to $out"
	verbose "$out/$name.svg"
}

# prepare PROGRAM SUMMARY TABLE PAGES DIR - tables for gnuplot in DIR, and DIR/vars.txt.
prepare()
{
	awk -F '\t' -v pages="$4" -v dir="$5" -f "$VB_TOP/plots/vars.awk" -f "$VB_TOP/plots/$1" "$2" "$3"
}

# plot_table FIGURE TABLE CAMPAIGN_DIR OUT - one figure for every number of pages.
plot_table()
{
	local figure=$1 summary=$3/summary.tsv table=$3/$2 program=${TABLES[$2]:-} out=$4 pages count

	[[ -n $program ]] || die "$figure: there is no table $2; there are: ${!TABLES[*]}"
	[[ -e $table ]] || return 0
	count=$(column_values "$table" 3 | wc -l)
	for pages in $(column_values "$table" 3); do
		plot_pages "$figure" "$out" "$pages" "$count" prepare "$program" "$summary" "$table"
	done
}

# plot_metric FIGURE SUMMARY OUT - one figure for every number of pages. What counts may
# have failed at all points of one; the others are called as if it were there.
plot_metric()
{
	local figure=$1 summary=$2 out=$3 metric pages count

	metric=$(sed -n 's/^# metric: *//p' "$figure")
	[[ -n $metric ]] || die "$figure has no line \"# metric: NAME\""
	if ! column_values "$summary" 7 | grep -xF -- "$metric" >/dev/null; then
		verbose "no $metric in this campaign"
		return 0
	fi
	count=$(column_values "$summary" 4 | wc -l)
	for pages in $(metric_pages "$summary" "$metric"); do
		plot_pages "$figure" "$out" "$pages" "$count" extract "$summary" "$metric"
	done
}

main()
{
	local dir='' dry=0 figure table

	while [[ $# -gt 0 ]]; do
		case $1 in
		--help) usage; exit 0 ;;
		--dry-run) dry=1 ;;
		-*) usage_error "unknown option $1" ;;
		*) [[ -z $dir ]] || usage_error "one campaign directory is needed"; dir=$1 ;;
		esac
		shift
	done
	[[ -n $dir ]] || usage_error "one campaign directory is needed"
	[[ ! -d $dir ]] || check_files "$dir"
	[[ -f $dir/summary.tsv ]] || die "$dir/summary.tsv: no such file"
	command -v gnuplot >/dev/null || die "gnuplot is not installed (package gnuplot-nox)"
	if [[ $dry -eq 1 ]]; then
		for figure in "$VB_TOP"/plots/fig-*.gnuplot; do
			echo "gnuplot $figure"
		done
		exit 0
	fi
	check_tables "$dir"
	# Beside the result, so that the last step is a rename and never half a file.
	mkdir -p -- "$dir/plots" || die "cannot write to $dir/plots"
	TMP=$(mktemp -d -- "$dir/plots/.tmp.XXXXXX") || die "cannot write to $dir/plots"
	trap 'rm -rf -- "$TMP"' EXIT
	for figure in "$VB_TOP"/plots/fig-*.gnuplot; do
		table=$(sed -n 's/^# table: *//p' "$figure")
		if [[ -n $table ]]; then
			plot_table "$figure" "$table" "$dir" "$dir/plots"
		else
			plot_metric "$figure" "$dir/summary.tsv" "$dir/plots"
		fi
	done
}

main "$@"
