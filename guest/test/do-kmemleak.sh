# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# do-kmemleak.sh - kmemleak: look for memory that nobody points to any more.
# Objects younger than five seconds are not reported, and one scan may miss
# what a stale register pointed to, hence the wait and the second scan.

if [ -e /sys/kernel/debug/kmemleak ]; then
	sleep 6
	echo scan >/sys/kernel/debug/kmemleak
	sleep 6
	echo scan >/sys/kernel/debug/kmemleak
	cat /sys/kernel/debug/kmemleak >/dev/console
	emit "{\"v\":1,\"type\":\"kmemleak\",\"leaks\":$(grep -c '^unreferenced object' /sys/kernel/debug/kmemleak)}"
else
	emit_error "this kernel has no kmemleak"
fi
