# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# symbolise.sh - from the addresses a simulator has counted to symbols. Sourced
# after lib.sh and tools.sh.

# symbolise RUNDIR KERNEL - RUNDIR/profile.raw becomes profile.jsonl, if there is
# one. Fails with exit code 2; profile.raw stays then, and it can be done again.
symbolise()
{
	local dir=$1 kernel=$2

	[[ -e $dir/profile.raw ]] || return 0
	build_tools
	# It says itself which file is wrong.
	if ! "$VB_BUILD/tools/vb-symbolise" --map "$kernel/System.map" --events "$dir/events.jsonl" \
		"$dir/profile.raw" >"$dir/profile.jsonl.new"; then
		rm -f -- "$dir/profile.jsonl.new"
		exit 2
	fi
	mv -- "$dir/profile.jsonl.new" "$dir/profile.jsonl"
	rm -f -- "$dir/profile.raw"
}
