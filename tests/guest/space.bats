#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# space.bats - the address space in use, as a guest notes it.

load ../lib/common
load ../lib/guest

@test "in a guest: what is mapped, held and lazily free, and nothing stays behind" {
	OUT=$VB_BUILD/test/space
	mkdir -p "$OUT"
	boot vmlist "point bare mixed 128 1 1000 20" "fail fail_at 30 mixed 4 2 500" unload
	# One before the first map, which is what a user sees, and one every 16 operations.
	has 64 '.type == "space"'
	has 1 '.type == "space" and .live_pages == 0'
	jq -se 'map(select(.type == "space"))[0].areas == map(select(.type == "areas"))[0].before' "$log"
	# That layer frees at once, and each of its maps is an area with a guard page.
	jq -se 'map(select(.type == "space")) | .[0] as $before | all(.lazy_pages == 0 and
		.pages - $before.pages == .live_pages + .areas - $before.areas)' "$log"
	has 1 '.type == "areas" and .before == .after'
	has 1 '.type == "fail" and .failed and .live_pages == 0'
	has 1 '.type == "unload" and .rc == 0 and .still == false'
}
