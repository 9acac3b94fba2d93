#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bisect.sh - the gate for git bisect: is what is checked out a regression?
#
# usage: git bisect run .../vmapbench bisect --before BEFORE --kernel DIR [options]
#
#   --before BEFORE   what the commit is compared with: anything that vmapbench
#                     compare takes. It is measured once, and kept for the steps
#                     to come
#   --kernel DIR      the repository that is bisected: its HEAD is compared. It is
#                     only read, and files that are not committed do not count
#   --dry-run         say what would be compared, and do nothing
#
# Any other option is one of vmapbench compare. Exit codes: 0 good, 1 bad, 125
# cannot be tested: the commit does not build or boot, or the comparison is
# INCONCLUSIVE; 128 and above end the bisection: 128 usage, environment, or BEFORE
# does not build or boot; 130 and the like interrupted.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=bisect
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=variants.sh
. "$VB_TOP/scripts/variants.sh"
# shellcheck source-path=SCRIPTDIR source=subjects.sh
. "$VB_TOP/scripts/subjects.sh"
# shellcheck source-path=SCRIPTDIR source=options.sh
. "$VB_TOP/scripts/options.sh"
# shellcheck source-path=SCRIPTDIR source=sides.sh
. "$VB_TOP/scripts/sides.sh"
# shellcheck source-path=SCRIPTDIR source=campaign.sh
. "$VB_TOP/scripts/campaign.sh"

# What git bisect run takes for "this commit cannot be tested".
SKIP=125
# What it takes for "stop": 128 and above.
STOP=128

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

parse_args()
{
	BEFORE='' KERNEL='' MEASURE=() PATCHES=() OTHERS=() DRY_RUN=false
	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--dry-run) DRY_RUN=true ;;
		--force) OTHERS+=("$1") ;;
		--before|--kernel|--seed|--noise|--out)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			case $1 in
			--before) BEFORE=$2 ;;
			--kernel) KERNEL=$2 ;;
			*) OTHERS+=("$1" "$2") ;;
			esac
			shift
			;;
		--*)
			[[ " $MEASURE_OPTIONS " == *" ${1#--} "* ]] || usage_error "unknown option: $1"
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			MEASURE+=("$1" "$2")
			shift
			;;
		*) usage_error "unknown argument: $1" ;;
		esac
		shift
	done
	[[ -n $BEFORE ]] || usage_error "--before is missing"
	[[ -n $KERNEL ]] || usage_error "--kernel is missing"
	check_kernel
	is_ref HEAD || usage_error "--kernel: $KERNEL has no commit"
}

# is_sim - boots of the other machines belong together in time, so that BEFORE is
# measured again beside each commit.
is_sim()
{
	[[ " ${MEASURE[*]-} " != *" --machine "* || " ${MEASURE[*]} " == *" --machine sim "* ]]
}

# is_fresh CAMPAIGN - finished, and taken with what a new one would be taken with.
is_fresh()
{
	[[ -f $1/seal ]] && "$VB_TOP/scripts/seal.sh" --check "$1" 2>/dev/null &&
		[[ $(jq -Sc .fingerprint.sources "$1/campaign.json") == "$(sources_json | jq -Sc .)" ]]
}

# baseline - BEFORE as a finished campaign, in SIDE.
baseline()
{
	local id

	KIND[AFTER]=campaign
	name_kernels
	id=$(campaign_id "${KERNEL_NAME[BEFORE]}")
	if is_fresh "$RESULTS/$id"; then
		SIDE[BEFORE]=$RESULTS/$id
	else
		measure "$id" "${KERNEL_NAME[BEFORE]}"
	fi
	MEASURE=()
}

# compare - what bisect is there for; its exit code.
compare()
{
	local before=$BEFORE

	resolve BEFORE "$BEFORE"
	if [[ ${KIND[BEFORE]} != campaign ]] && is_sim; then
		baseline
		before=${SIDE[BEFORE]}
	fi
	JUDGED=true
	VB_UNFIT=$SKIP "$VB_TOP/scripts/compare.sh" --kernel "$KERNEL" ${OTHERS[@]+"${OTHERS[@]}"} \
		${MEASURE[@]+"${MEASURE[@]}"} "$before" HEAD
}

# leave CODE - with what git bisect run understands, whatever it was that ended us.
leave()
{
	local code=$1

	# Before that, 1 is a fault of ours, and no bad commit.
	[[ $code -ne 1 ]] || $JUDGED || code=$STOP
	case $code in
	0|1|"$SKIP") ;;
	3) code=$SKIP ;;
	*) ((code > STOP)) || code=$STOP ;;
	esac
	exit "$code"
}

main()
{
	JUDGED=false
	trap 'leave $?' EXIT
	parse_args "$@"
	info "$(only_read "$KERNEL" log -1 --format='%h %s' HEAD)"
	if $DRY_RUN; then
		printf '%s\n' "before $BEFORE" "after  $(only_read "$KERNEL" rev-parse HEAD)" \
			"exit   0 good, 1 bad, $SKIP skip, $STOP stop"
		return 0
	fi
	compare
}

main "$@"
