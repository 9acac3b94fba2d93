#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# watchdog.bats - how far a guest is, from its plan and what it has sent.

load ../lib/common

@test "progress counts points, twins and directories, and quotes the console" {
	cd "$BATS_TEST_TMPDIR"
	printf '%s\n' 'point bare ram 4 1 100 5' 'sh true' 'readers bare xfs-dir 16 1 1 0 3 3000 all' \
		'twin purges vmap 4 2 100' unload >plan
	# shellcheck disable=SC2034 # watchdog.sh speaks of them
	(
		. "$TOP/scripts/lib/lib.sh"
		. "$TOP/scripts/run/watchdog.sh"
		VB_NAME=bench VARIANT=rewrite PLAN=plan OUT=.
		run progress 3
		[ "$output" = "bench: rewrite: 3 s, point 0 of 3: booting" ]
		printf '{"v":1,"type":"%s"}\n' start point sample point >events.jsonl.part
		printf '[    1.0] one\r\n[    2.0] two\r\n' >console.log
		run progress 60
		echo "$output"
		[ "$output" = "bench: rewrite: 60 s, point 2 of 3: [    2.0] two" ]
	)
}
