# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# child.sh - run another command of this project to its end. Sourced after lib.sh.

# stop_child PID CODE - it says what is kept.
stop_child()
{
	trap - INT TERM HUP
	kill -TERM "$1" 2>/dev/null || true
	wait "$1" || true
	exit "$2"
}

# run_child COMMAND... - in the background and waited for, so that a signal to us is
# passed on at once; the child says what then becomes of its work. Returns its status.
run_child()
{
	local child rc=0

	"$@" &
	child=$!
	trap 'stop_child "$child" 130' INT
	trap 'stop_child "$child" 143' TERM
	trap 'stop_child "$child" 129' HUP
	wait "$child" || rc=$?
	trap - INT TERM HUP
	return "$rc"
}
