# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# symbolise.sh - from the addresses a simulator has counted to symbols. Sourced
# after lib.sh and tools.sh.

# symbolise_file RUNDIR NAME COMMAND... - RUNDIR/NAME.raw becomes NAME.jsonl, if
# there is one. Fails with exit code 2; NAME.raw stays then, and it can be done
# again.
symbolise_file()
{
	local name=$1/$2
	shift 2

	[[ -e $name.raw ]] || return 0
	build_tools
	# It says itself which file is wrong.
	if ! "$VB_BUILD/tools/$1" "${@:2}" "$name.raw" >"$name.jsonl.new"; then
		rm -f -- "$name.jsonl.new"
		exit 2
	fi
	mv -T -- "$name.jsonl.new" "$name.jsonl"
	rm -f -- "$name.raw"
}

# symbolise RUNDIR KERNEL [MODULE] - all that the simulator has left in RUNDIR.
symbolise()
{
	local dir=$1 kernel=$2 module=${3:-}

	symbolise_file "$dir" profile vb-symbolise --map "$kernel/System.map" --events "$dir/events.jsonl"
	symbolise_file "$dir" stacks vb-stacks --map "$kernel/System.map" --events "$dir/events.jsonl" \
		--vmlinux "$kernel/vmlinux" ${module:+--module "$module"}
}
