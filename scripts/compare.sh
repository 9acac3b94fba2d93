#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# compare.sh - is AFTER a regression against BEFORE?
#
# usage: vmapbench compare [options] BEFORE AFTER
#
# BEFORE and AFTER are finished campaigns (a name in results/, or a folder), of
# which all common variants are compared; CAMPAIGN:VARIANT for one of them; or
# VARIANT alone for one of the campaign local, which is that of plain bench.
#
# With any of the options from --machine on, BEFORE and AFTER are variants, which are
# measured first: on sim once, elsewhere until it is known or there are enough boots.
#
#   --machine NAME    sim (default), tcg, kvm or auto
#   --max-boots N     not on sim: boots of each at most (default: 12)
#   --workload, --threads, --cpus, --pages, --ops, --id   as of bench
#
#   --noise CAMPAIGN  boots of one kernel on the same machine, for the noise
#                     floor and the smallest change that could be seen
#   --force           compare what was not measured alike, and say so
#   --ktap            print KTAP version 1 instead of the table
#   --json            print JSON instead (docs/compare.md has the schema)
#   --out DIR         where everything goes (default:
#                     results/compare-BEFORE-AFTER, or compare-ID)
#   --seed N          of the bootstrap (default: 1)
#   --dry-run         say what would be compared, and do nothing
#
# DIR gets report.txt, report.html, compare.json, compare.ktap and compare.tsv.
# What is allowed is in tools/thresholds.tsv. Exit codes: 0 PASS, 1 REGRESSION,
# 3 INCONCLUSIVE, 2 usage, environment, or campaigns that cannot be compared.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=compare
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=tools.sh
. "$VB_TOP/scripts/tools.sh"
# shellcheck source-path=SCRIPTDIR source=compare-figures.sh
. "$VB_TOP/scripts/compare-figures.sh"
# shellcheck source-path=SCRIPTDIR source=variants.sh
. "$VB_TOP/scripts/variants.sh"
# shellcheck source-path=SCRIPTDIR source=options.sh
. "$VB_TOP/scripts/options.sh"
# shellcheck source-path=SCRIPTDIR source=machines.sh
. "$VB_TOP/scripts/machines.sh"
# shellcheck source-path=SCRIPTDIR source=decide.sh
. "$VB_TOP/scripts/decide.sh"
# shellcheck source-path=SCRIPTDIR source=measure.sh
. "$VB_TOP/scripts/measure.sh"

RESULTS=${VB_RESULTS:-$VB_TOP/results}
# What bench makes when nothing is asked for.
DEFAULT=local

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

parse_args()
{
	local opt names=()

	BEFORE='' AFTER='' NOISE='' OUT='' SEED=1 FORCE=false SHOW=text DRY_RUN=false
	MEASURING=false MEASURE=() MEASURE_MACHINE='' MEASURE_ID='' MAX_BOOTS='' PLAN=''
	while [[ $# -gt 0 ]]; do
		if is_measuring "$1"; then
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			take_measuring "$1" "$2"
			shift 2
			continue
		fi
		case $1 in
		--help|-h) usage; exit 0 ;;
		--force) FORCE=true ;;
		--dry-run) DRY_RUN=true ;;
		--ktap|--json) SHOW=${1#--} ;;
		--noise|--out|--seed)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			opt=${1#--}
			printf -v "${opt^^}" '%s' "$2"
			shift
			;;
		-*) usage_error "unknown option: $1" ;;
		*) names+=("$1") ;;
		esac
		shift
	done
	[[ ${#names[@]} -eq 2 ]] || usage_error "BEFORE and AFTER are needed, and no more"
	BEFORE=${names[0]} AFTER=${names[1]}
	if [[ ! $SEED =~ ^(0|[1-9][0-9]{0,9})$ ]] || ((SEED > 4294967295)); then
		usage_error "--seed: $SEED is not a whole number from 0 to 4294967295"
	fi
}

# folder NAME - that of a campaign; nothing when there is none.
folder()
{
	if [[ $1 != */* && -f $RESULTS/$1/campaign.json ]]; then
		printf '%s' "$RESULTS/$1"
	elif [[ -f $1/campaign.json ]]; then
		(cd -- "$1" && pwd)
	elif [[ -f $RESULTS/$1/campaign.json ]]; then
		printf '%s' "$RESULTS/$1"
	fi
}

# is_variant NAME - is it one of the default campaign?
is_variant()
{
	jq -e --arg v "$1" '.variants | index($v)' "$RESULTS/$DEFAULT/campaign.json" \
		>/dev/null 2>&1
}

# resolve NAME - FOLDER or FOLDER:VARIANT. Fails when it is neither.
resolve()
{
	local dir

	dir=$(folder "$1")
	if [[ -n $dir ]]; then
		printf '%s' "$dir"
	elif [[ $1 == ?*:?* && -n $(folder "${1%:*}") ]]; then
		printf '%s:%s' "$(folder "${1%:*}")" "${1##*:}"
	elif is_variant "$1"; then
		printf '%s:%s' "$RESULTS/$DEFAULT" "$1"
	else
		return 1
	fi
}

# find_side NAME - the same, or the script ends.
find_side()
{
	resolve "$1" || usage_error "$1 is no campaign in $RESULTS, no folder of one, and no variant of the campaign $DEFAULT"
}

# campaign_of SIDE - its folder, without a variant.
campaign_of()
{
	if [[ -f $1/campaign.json ]]; then
		printf '%s' "$1"
	else
		printf '%s' "${1%:*}"
	fi
}

# default_out - a folder named after both sides.
default_out()
{
	local name=${MEASURE_ID:-${BEFORE##*/}-${AFTER##*/}}

	name=${name//[^A-Za-z0-9._-]/-}
	printf '%s' "$RESULTS/compare-$name"
}

# vb_compare FORMAT FILE - what vb-compare says in that format, in FILE. Ends the
# script unless that is a verdict; returns its exit code.
vb_compare()
{
	local format=$1 file=$2 rc=0
	shift 2

	"$VB_BUILD/tools/vb-compare" --format "$format" "${ARGS[@]}" "$@" \
		"$BEFORE_SIDE" "$AFTER_SIDE" >"$file" || rc=$?
	case $rc in
	0|1|3) return "$rc" ;;
	*) exit 2 ;;
	esac
}

# write_all - every format, in TMP. Returns the verdict's exit code.
write_all()
{
	local rc=0

	vb_compare text "$TMP/report.txt" || rc=$?
	vb_compare ktap "$TMP/compare.ktap" || true
	vb_compare json "$TMP/compare.json" || true
	vb_compare tsv "$TMP/compare.tsv" || true
	mkdir -p -- "$TMP/figures"
	draw_changes "$TMP/compare.tsv" "$TMP/figures"
	vb_compare html "$TMP/report.html" --figures "$TMP/figures" || true
	return "$rc"
}

# publish - what was written goes to OUT, a rename for each file.
publish()
{
	local file

	for file in report.txt report.html compare.ktap compare.json compare.tsv; do
		mv -f -- "$TMP/$file" "$OUT/$file" || die "cannot write $OUT/$file"
	done
}

# check_seals - of every campaign that takes part.
check_seals()
{
	local side

	for side in "$BEFORE_SIDE" "$AFTER_SIDE" ${NOISE_SIDE:+"$NOISE_SIDE"}; do
		"$VB_TOP/scripts/seal.sh" --check "$(campaign_of "$side")" || exit 2
	done
}

# find_sides - what there is to compare; variants that are to be measured are not yet.
find_sides()
{
	NOISE_SIDE=''
	if $MEASURING; then
		[[ -z $NOISE ]] || usage_error "--noise: boots for it are measured as well"
		check_measuring "$BEFORE" "$AFTER"
		return 0
	fi
	BEFORE_SIDE=$(find_side "$BEFORE") || exit 2
	AFTER_SIDE=$(find_side "$AFTER") || exit 2
	[[ -z $NOISE ]] || NOISE_SIDE=$(find_side "$NOISE") || exit 2
}

# compare_args - sets ARGS, options of vb-compare.
compare_args()
{
	ARGS=(--thresholds "$VB_TOP/tools/thresholds.tsv" --seed "$SEED")
	! $FORCE || ARGS+=(--force)
	[[ -z $NOISE_SIDE ]] || ARGS+=(--noise "$NOISE_SIDE")
	[[ -z $PLAN ]] || ARGS+=(--plan "$PLAN")
}

main()
{
	local rc=0 shown

	parse_args "$@"
	find_sides
	OUT=${OUT:-$(default_out)}
	[[ ! -e $OUT/campaign.json ]] || usage_error "--out: $OUT is a campaign"
	if $DRY_RUN && $MEASURING; then
		say_measuring "$BEFORE" "$AFTER"
		return 0
	fi
	! $MEASURING || measure "$BEFORE" "$AFTER"
	compare_args
	if $DRY_RUN; then
		printf '%s\n' "before $BEFORE_SIDE" "after  $AFTER_SIDE" ${NOISE_SIDE:+"noise  $NOISE_SIDE"} \
			"to     $OUT" "$VB_BUILD/tools/vb-compare ${ARGS[*]} $BEFORE_SIDE $AFTER_SIDE"
		return 0
	fi
	check_seals
	build_tools
	mkdir -p -- "$OUT" 2>/dev/null || die "cannot make $OUT"
	TMP=$(mktemp -d -- "$OUT/.tmp.XXXXXX") || die "cannot write to $OUT"
	trap 'rm -rf -- "$TMP"; rmdir -- "$OUT" 2>/dev/null || true' EXIT
	write_all || rc=$?
	publish
	shown=$OUT/report.txt
	[[ $SHOW == text ]] || shown=$OUT/compare.$SHOW
	cat -- "$shown"
	info "$OUT/report.html"
	return "$rc"
}

main "$@"
