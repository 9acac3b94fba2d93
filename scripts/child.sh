# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# child.sh - run another command of this project to its end. Sourced after lib.sh.

# run_child COMMAND... - in the background and waited for, so that a signal to us is
# passed on at once; the child says what then becomes of its work. Returns its status.
run_child()
{
	local child rc=0

	"$@" &
	child=$!
	# shellcheck disable=SC2064 # this very process
	trap "kill -TERM $child 2>/dev/null; wait $child; exit 143" INT TERM HUP
	wait "$child" || rc=$?
	trap - INT TERM HUP
	return "$rc"
}
