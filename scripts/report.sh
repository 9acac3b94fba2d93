#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# report.sh - tables and figures of a campaign from its records alone: offline,
# and byte for byte the same every time.

# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/lib.sh"
# shellcheck source=scripts/lib/tools.sh
. "$VB_TOP/scripts/lib/tools.sh"
# shellcheck source=scripts/lib/untrusted.sh
. "$VB_TOP/scripts/lib/untrusted.sh"
VB_NAME=report
# Options of seal.sh: the tables that were made anew.
MADE=()
TABLES=("$VB_BUILD/tools/vmapbench" tables --parts "$VB_TOP/tools/parts.tsv"
	--published "$VB_TOP/published" --expected "$VB_TOP/kernel-patches/expected.tsv")

usage()
{
	cat <<-END
	usage: scripts/report.sh [--dry-run] --id ID
	       scripts/report.sh [--dry-run] CAMPAIGN_DIR

	Makes summary.tsv, report.txt and plots/*.svg, *.png again from campaign.json and
	VARIANT/run-N/events.jsonl in results/ID (or in CAMPAIGN_DIR), and from
	VARIANT/run-1/profile.jsonl, if it is there, profiles/*.txt and *.folded, and
	attribution.tsv. Where profiles were not kept, attribution.tsv stays as it is. If a
	workload noted the address space in use, space.tsv has it.
	A campaign of two variants with samples of stacks gets profile.txt, areas.tsv and
	plots/flame-*.svg, too; one of the workload fill fill.tsv.
	A campaign that was sealed is sealed again, if its records, and the tables that were
	not made again, are as they were.

	  --id ID    which campaign
	  --dry-run  print what would run
	  --help     this text

	exit codes: 0 made; 1 made, but something that was asked for is not in it, and
	report.txt says what; 2 usage or environment error
	END
}

# make_tables DIR - all but the figures, in one step. Sets MADE. Returns 1 when something that
# was asked for is not in them; ends the script, with nothing changed, when they cannot be made.
make_tables()
{
	local rc=0 made table

	made=$("${TABLES[@]}" "$1") || rc=$?
	((rc <= 1)) || exit 2
	for table in $made; do
		MADE+=(--made "$table")
	done
	return "$rc"
}

main()
{
	local dir='' dry=0 rc=0

	while [[ $# -gt 0 ]]; do
		case $1 in
		-h | --help) usage; exit 0 ;;
		--dry-run) dry=1 ;;
		--id)
			[[ -n ${2:-} && $2 != */* && $2 != .* ]] || usage_error "--id needs a name"
			dir=$RESULTS/$2
			shift
			;;
		-*) usage_error "unknown option $1" ;;
		*) [[ -z $dir ]] || usage_error "one campaign at a time; unexpected argument $1"; dir=$1 ;;
		esac
		shift
	done
	[[ -n $dir ]] || usage_error "--id ID is needed"
	[[ -d $dir ]] || die "$dir: no such campaign"
	check_files "$dir"
	! jq -e '.command == "trial"' "$dir/campaign.json" >/dev/null 2>&1 ||
		die "$dir is a trial and has no tables: see trials.json"
	check_names "$dir"
	check_text "$dir"
	if [[ $dry -eq 1 ]]; then
		cat <<-END
		make -C $VB_TOP/tools OUT=$VB_BUILD/tools
		${TABLES[@]} $dir
		$VB_TOP/scripts/report/plot.sh $dir
		END
		[[ ! -e $dir/seal ]] || echo "$VB_TOP/scripts/seal.sh --again --made TABLE ... $dir"
		exit 0
	fi
	build_tools
	make_tables "$dir" || rc=$?
	"$VB_TOP/scripts/report/plot.sh" "$dir" || exit 2
	[[ ! -e $dir/seal ]] || "$VB_TOP/scripts/seal.sh" --again "${MADE[@]}" "$dir" || rc=1
	info "$dir/report.txt and $dir/plots/"
	return "$rc"
}

main "$@"
