#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# compare.sh - is AFTER a regression against BEFORE?
#
# usage: vmapbench compare [options] BEFORE AFTER
#        vmapbench compare [options] --patch FILE BEFORE
#
# BEFORE and AFTER are finished campaigns (a name in results/, or a directory), of
# which all common variants are compared; CAMPAIGN:VARIANT for one of them;
# VARIANT alone for one of the campaign local, which is that of plain bench, or
# else for the variant itself; a directory with a kernel source; or a git ref of the
# repository --kernel. What is no campaign is built and measured first; where
# the other side is one, in the same way as that was.
#
#   --kernel DIR      the repository of refs; it is only read
#   --patch FILE      AFTER is BEFORE with this patch, or with all of a mail
#                     directory; can be given several times
#   --keep-before     measure BEFORE in a campaign of its own, which is kept: the
#                     next comparison with it measures AFTER only
#   --noise CAMPAIGN  boots of one kernel on the same machine, for the noise
#                     floor and the smallest change that could be seen
#   --policy NAME     any (default): a point worse than allowed is a REGRESSION;
#                     scaling: more time with few threads is a price where the
#                     most threads take less (docs/compare.md)
#   --force           compare what was not measured alike, and say so
#   --ktap            print KTAP version 1 instead of the table
#   --json            print JSON instead (docs/compare.md has the schema)
#   --out DIR         where everything goes (default:
#                     results/compare-BEFORE-AFTER, or compare-ID)
#   --seed N          of the bootstrap (default: 1)
#   --dry-run         say what would be compared, and do nothing
#   --machine, --cpus, --possible-cpus, --threads, --workload, --pages, --ops,
#   --files, --dir-block, --names, --rounds, --costs, --coherence, --topology, --boots
#                     how both sides are measured, as with bench: on sim once,
#                     elsewhere until it is known or there are enough boots
#   --max-boots N     not on sim: boots of each at most (default: 12)
#   --id NAME         the campaign of what is measured (default: gate-HASH)
#
# Building a patch, a directory or a ref runs its Makefiles: in a sandbox (bubblewrap)
# without network, which writes to its build directories only. Where that does not work
# they run as you, and this is said; VB_SANDBOX=on refuses it, VB_SANDBOX=off does
# without (docs/compare.md).
#
# DIR gets report.txt, report.html, compare.json, compare.ktap and compare.tsv.
# What is allowed is in tools/thresholds.tsv. Exit codes: 0 PASS, 1 REGRESSION,
# 3 INCONCLUSIVE, 2 usage, environment, or campaigns that cannot be compared.

# Until leave() takes over: 1 is a verdict.
trap '[[ $? -ne 1 ]] || exit 2' EXIT

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=compare
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/lib.sh"
# shellcheck source=scripts/lib/tools.sh
. "$VB_TOP/scripts/lib/tools.sh"
# shellcheck source=scripts/compare/compare-figures.sh
. "$VB_TOP/scripts/compare/compare-figures.sh"
# shellcheck source=scripts/kernel/variants.sh
. "$VB_TOP/scripts/kernel/variants.sh"
# shellcheck source=scripts/kernel/subjects.sh
. "$VB_TOP/scripts/kernel/subjects.sh"
# shellcheck source=scripts/lib/untrusted.sh
. "$VB_TOP/scripts/lib/untrusted.sh"
# shellcheck source=scripts/lib/options.sh
. "$VB_TOP/scripts/lib/options.sh"
# shellcheck source=scripts/kernel/lacking.sh
. "$VB_TOP/scripts/kernel/lacking.sh"
# shellcheck source=scripts/campaign/campaign.sh
. "$VB_TOP/scripts/campaign/campaign.sh"
# shellcheck source=scripts/run/machines.sh
. "$VB_TOP/scripts/run/machines.sh"
# shellcheck source=scripts/compare/sides.sh
. "$VB_TOP/scripts/compare/sides.sh"
# shellcheck source=scripts/compare/decide.sh
. "$VB_TOP/scripts/compare/decide.sh"
# shellcheck source=scripts/compare/blame.sh
. "$VB_TOP/scripts/compare/blame.sh"
# shellcheck source=scripts/lib/child.sh
. "$VB_TOP/scripts/lib/child.sh"
# shellcheck source=scripts/compare/measure.sh
. "$VB_TOP/scripts/compare/measure.sh"

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

parse_args()
{
	local opt names=()

	BEFORE='' AFTER='' NOISE='' OUT='' SEED=1 POLICY=any FORCE=false SHOW=text DRY_RUN=false
	KERNEL='' PATCHES=() MEASURE=() MEASURE_ID='' MAX_BOOTS='' PLAN='' KEEP_BEFORE=false
	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--force) FORCE=true ;;
		--dry-run) DRY_RUN=true ;;
		--keep-before) KEEP_BEFORE=true ;;
		--ktap|--json) SHOW=${1#--} ;;
		--patch)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			[[ $2 == - || ( -r $2 && ! -d $2 ) ]] || usage_error "--patch: cannot read $2"
			PATCHES+=("$2")
			shift
			;;
		--noise|--out|--policy|--seed|--kernel|--max-boots|--id)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			opt=${1#--}
			opt=${opt/#id/measure_id}
			opt=${opt/-/_}
			printf -v "${opt^^}" '%s' "$2"
			shift
			;;
		--*)
			[[ " $MEASURE_OPTIONS " == *" ${1#--} "* ]] || usage_error "unknown option: $1"
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			MEASURE+=("$1" "$2")
			shift
			;;
		-*) usage_error "unknown option: $1" ;;
		*) names+=("$1") ;;
		esac
		shift
	done
	if ((${#PATCHES[@]})); then
		[[ ${#names[@]} -eq 1 ]] || usage_error "--patch: give BEFORE only: AFTER is BEFORE with the patch"
		names+=("${names[0]}+$(patch_title "${PATCHES[0]}")")
	fi
	[[ $POLICY == any || $POLICY == scaling ]] ||
		usage_error "--policy: $POLICY is neither any nor scaling"
	[[ ${#names[@]} -eq 2 ]] || usage_error "give exactly two arguments, BEFORE and AFTER"
	BEFORE=${names[0]} AFTER=${names[1]}
	check_kernel
	if [[ ! $SEED =~ ^(0|[1-9][0-9]{0,9})$ ]] || ((SEED > 4294967295)); then
		usage_error "--seed: $SEED is not a whole number from 0 to 4294967295"
	fi
}

# default_out - a directory named after both sides.
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

	: >"$file" || exit 2
	"$VB_BUILD/tools/vb-compare" --format "$format" "${ARGS[@]}" "$@" \
		"${SIDE[BEFORE]}" "${SIDE[AFTER]}" >"$file" || rc=$?
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
		mv -fT -- "$TMP/$file" "$OUT/$file" || die "cannot write $OUT/$file"
	done
}

# check_seals - of every campaign that takes part.
check_seals()
{
	local side

	for side in "${SIDE[@]}" ${NOISE_SIDE:+"$NOISE_SIDE"}; do
		"$VB_TOP/scripts/seal.sh" --check "$(campaign_of "$side")" || exit 2
	done
}

# leave CODE - nothing half written stays. 1 is a verdict, and nothing else may end
# with it.
leave()
{
	local code=$1

	if [[ -n $TMP ]]; then
		rm -rf -- "$TMP" || true
		rmdir -- "$OUT" 2>/dev/null || true
	fi
	if [[ $code -eq 1 ]] && ! $DECIDED; then
		code=2
	fi
	exit "$code"
}

# find_sides - what the names on the command line mean.
find_sides()
{
	resolve BEFORE "$BEFORE"
	if ((${#PATCHES[@]})); then
		patched_from BEFORE
	else
		resolve AFTER "$AFTER"
	fi
	NOISE_SIDE=''
	check_noisy
	[[ -n $NOISE ]] || return 0
	NOISE_SIDE=$(campaign_side "$NOISE") ||
		usage_error "--noise: $NOISE is neither a campaign in $RESULTS nor a campaign directory"
	check_campaign "$(campaign_of "$NOISE_SIDE")"
}

# read_patches - ends the script unless there are patches in the files of --patch.
read_patches()
{
	local tmp

	((${#PATCHES[@]})) || return 0
	tmp=$(mktemp -d) || die "no temporary directory"
	(
		mkdir -- "$tmp/patches"
		split_patches "$tmp/patches" "${PATCHES[@]}"
	) || { rm -rf -- "$tmp"; exit 2; }
	rm -rf -- "$tmp"
}

# say_plan - what --dry-run prints.
say_plan()
{
	local side kind

	for side in BEFORE AFTER; do
		kind="${KIND[$side]} "
		printf '%-7s%s\n' "${side,,}" "${kind/campaign /}$(say_side "$side")"
	done
	[[ -z $NOISE_SIDE ]] || printf '%-7s%s\n' noise "$NOISE_SIDE"
	printf '%-7s%s\n' to "$OUT"
	say_measuring
	printf '%s\n' "$VB_BUILD/tools/vb-compare ${ARGS[*]} ${SIDE[BEFORE]-BEFORE} ${SIDE[AFTER]-AFTER}"
}

# compare_args - sets ARGS, options of vb-compare.
compare_args()
{
	ARGS=(--thresholds "$VB_TOP/tools/thresholds.tsv" --seed "$SEED" --policy "$POLICY")
	! $FORCE || ARGS+=(--force)
	[[ -z $NOISE_SIDE ]] || ARGS+=(--noise "$NOISE_SIDE")
	[[ -z $PLAN ]] || ARGS+=(--plan "$PLAN")
}

main()
{
	local rc=0 shown

	TMP='' OUT='' DECIDED=false
	trap 'leave $?' EXIT
	parse_args "$@"
	settle_measuring
	find_sides
	OUT=${OUT:-$(default_out)}
	[[ ! -e $OUT/campaign.json ]] || usage_error "--out: $OUT is a campaign"
	compare_args
	if $DRY_RUN; then
		read_patches
		say_plan
		return 0
	fi
	check_paths
	check_seals
	check_sandbox
	build_tools
	mkdir -p -- "$OUT" 2>/dev/null || die "cannot make $OUT"
	TMP=$(mktemp -d -- "$OUT/.tmp.XXXXXX") || die "cannot write to $OUT"
	! $KEEP_BEFORE || keep_before
	measure_sides "$TMP"
	compare_args
	write_all || rc=$?
	publish
	shown=$OUT/report.txt
	[[ $SHOW == text ]] || shown=$OUT/compare.$SHOW
	cat -- "$shown"
	info "$OUT/report.html"
	DECIDED=true
	return "$rc"
}

main "$@"
