#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# unit.bats - the cmocka tests, built and run.

load common

@test "cmocka tests" {
	run make -C "$TOP/tests/unit" OUT="$VB_BUILD/unit" check
	echo "$output"
	[ "$status" -eq 0 ]
	! grep -E 'FAILED|not ok' <<<"$output"
}
