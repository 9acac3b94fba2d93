# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# do-fault.sh - fault panic|hang|oom|warn: go wrong on purpose, for the tests
# of the host's watchdog and of those that look for complaints.

case $1 in
panic)
	# The kernel panics when its first process leaves.
	exit 1
	;;
hang)
	while :; do :; done
	;;
oom)
	mkdir -p /tmp/fill
	# ramfs has no limit of its own.
	mount -t ramfs ramfs /tmp/fill
	dd if=/dev/zero of=/tmp/fill/x bs=1M 2>/dev/null
	;;
warn)
	# What the kernel itself prints for a debug check that failed.
	echo "<4>WARNING: CPU: 0 PID: 1 at fault warn" >/dev/kmsg
	;;
*)
	emit_error "fault $1: not one of panic, hang, oom, warn"
	;;
esac
