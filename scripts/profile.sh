#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# profile.sh - where a workload spends its time before and after a change: two
# variants, every symbol of the kernel, flame graphs.
#
# usage: vmapbench profile [options]
#
#   --variants LIST   two kernels, before and after (default: vmlist rewrite)
#   --workload NAME   operation loop (default: ram)
#   --threads LIST    threads (default: 8); --readers is another name of it
#   --machine NAME    how they are run: sim (default), exact; or tcg, kvm or auto,
#                     where perf takes samples in the guest
#   --stacks NS       a sample of the stack every so many ns of a CPU's clock,
#                     on average (default: 10007 on sim, 103007 elsewhere)
#   --id NAME         the campaign's directory under results/ (default:
#                     profile-WORKLOAD)
#   --dry-run         say what would be run, build and run nothing
#
# It is a campaign like any other: all further options are those of vmapbench
# bench, and an interrupted one goes on when the same command is given again.
# results/ID gets profile.txt, both sides in a table for each point, and
# plots/flame-before.svg, flame-after.svg and flame-diff.svg of that with most
# threads; vmapbench report makes them again. Exit codes: 0 done, 1 a guest failed
# twice or something is missing, 2 usage or environment.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=profile
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib/lib.sh"
# shellcheck source=scripts/lib/options.sh
. "$VB_TOP/scripts/lib/options.sh"
# shellcheck source=scripts/lib/child.sh
. "$VB_TOP/scripts/lib/child.sh"

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

# parse_args ARGUMENT... - sets ID, DRY_RUN and BENCH, the arguments for bench,
# which checks all of them.
parse_args()
{
	local variants="vmlist rewrite" workload=ram threads=8 stacks=default
	local rest=() count

	ID='' DRY_RUN=false
	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--variants|--workload|--threads|--readers|--stacks|--id)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			;;&
		--dry-run) DRY_RUN=true ;;&
		--variants) variants=$2; shift ;;
		--workload) workload=$2; shift ;;
		--threads|--readers) threads=$2; shift ;;
		--stacks) stacks=$2; shift ;;
		--id) ID=$2; shift ;;
		*) rest+=("$1") ;;
		esac
		shift
	done
	count=$(tidy_list "$variants" | wc -w)
	[[ $count -eq 2 ]] || usage_error "--variants: give two, before and after, not $count"
	[[ $(tidy_list "$workload" | wc -w) -eq 1 ]] || usage_error "--workload: give one workload"
	ID=${ID:-profile-$workload}
	BENCH=(--variants "$variants" --workload "$workload" --threads "$threads" --stacks "$stacks"
		--id "$ID" "${rest[@]+"${rest[@]}"}")
}

# say_result DIR - the areas of each point, and where the rest is.
say_result()
{
	grep -E -e ' -> .*: workload |% of kernel (instructions|samples)$' "$1/profile.txt" || true
	printf 'every symbol:  %s\n' "$1/profile.txt"
	printf 'flame graph:   %s\n' "$1"/plots/flame-*.svg
}

main()
{
	local dir rc=0

	parse_args "$@"
	if $DRY_RUN; then
		exec "$VB_TOP/scripts/bench.sh" "${BENCH[@]}"
	fi
	dir=$RESULTS/$ID
	# What bench prints at the end is about time per operation.
	run_child "$VB_TOP/scripts/bench.sh" "${BENCH[@]}" >/dev/null || rc=$?
	# One from before a campaign that failed is not its own.
	[[ $rc -le 1 && $dir/profile.txt -nt $dir/campaign.json ]] || exit "$rc"
	say_result "$dir"
	exit "$rc"
}

main "$@"
