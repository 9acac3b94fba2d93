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
# Building a commit runs its Makefiles, in a sandbox where that works; compare --help
# says more.
#
# Any other option is one of vmapbench compare. Exit codes: 0 good, 1 bad, 125
# cannot be tested: the commit does not build or boot, or the comparison is
# INCONCLUSIVE; 128 and above end the bisection: 128 usage, environment, or BEFORE
# does not build or boot; 130 and the like interrupted.

# Until leave() takes over: whatever ends us is no bad commit.
trap 'exit 128' EXIT

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=bisect
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/lib.sh"
# shellcheck source=scripts/kernel/variants.sh
. "$VB_TOP/scripts/kernel/variants.sh"
# shellcheck source=scripts/kernel/subjects.sh
. "$VB_TOP/scripts/kernel/subjects.sh"

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
	BEFORE='' KERNEL='' OPTIONS=() DRY_RUN=false
	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--dry-run) DRY_RUN=true ;;
		--force|--ktap|--json) OPTIONS+=("$1") ;;
		--before|--kernel)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			[[ $1 == --before ]] || KERNEL=$2
			[[ $1 == --kernel ]] || BEFORE=$2
			shift
			;;
		--*)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			OPTIONS+=("$1" "$2")
			shift
			;;
		*) usage_error "unknown argument: $1" ;;
		esac
		shift
	done
	[[ -n $BEFORE ]] || usage_error "--before is missing"
	[[ -n $KERNEL ]] || usage_error "--kernel is missing"
	[[ -d $KERNEL ]] || usage_error "--kernel: no such directory: $KERNEL"
	only_read "$KERNEL" rev-parse --verify --quiet HEAD >/dev/null ||
		usage_error "--kernel: $KERNEL is not a git repository with a commit"
	! is_sim || OPTIONS+=(--keep-before)
	! $DRY_RUN || OPTIONS+=(--dry-run)
}

# is_sim - boots of the other machines belong together in time, so that BEFORE is
# measured again beside each commit.
is_sim()
{
	[[ " ${OPTIONS[*]} " != *" --machine "* || " ${OPTIONS[*]} " == *" --machine sim "* ]]
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
	JUDGED=true
	VB_UNFIT=$SKIP "$VB_TOP/scripts/compare.sh" --kernel "$KERNEL" "${OPTIONS[@]}" "$BEFORE" HEAD
}

main "$@"
