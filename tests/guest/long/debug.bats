#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# debug.bats - the layers on kernels with DEBUG_VM, DEBUG_PAGEALLOC,
# PROVE_LOCKING, DEBUG_ATOMIC_SLEEP and kmemleak. Not part of make check.

load ../../lib/common
load ../../lib/guest

setup_file() {
	export OUT=$VB_BUILD/test/debug GUEST_FLAGS=--debug GUEST_OPTIONS="--mem 2048"
	rm -rf "$OUT"
	mkdir -p "$OUT"
}

QUICK=$((0x3ff & ~(1 << 1 | 1 << 2 | 1 << 6)))

clean_layer() {
	boot "$1" users \
		"point bare verify 4 4 1000 10" \
		"point bare ram 4 4 2000 10" \
		"point bare ram 100 2 50 2" \
		"point bare vmap 4 4 1000 10" \
		"point traced vmap 4 2 200 10" \
		"fail fail_at 30 verify 4 4 500" \
		"test_vmalloc nr_threads=2 test_loop_count=10 run_test_mask=$QUICK" \
		users unload kmemleak
	has 5 '.type == "sample" and .mismatches == 0'
	has 1 '.type == "fail" and .failed and .live_pages == 0'
	has 1 '.type == "test_vmalloc" and .pass == 14 and .fail == 0'
	has 1 '.type == "unload" and .rc == 0'
	has 1 '.type == "kmemleak" and .leaks == 0'
}

@test "vmlist: no warning, no lockdep splat, no leak" {
	clean_layer vmlist
}

@test "rewrite: no warning, no lockdep splat, no leak" {
	clean_layer rewrite
}

@test "rewrite-irq: no warning, no lockdep splat, no leak" {
	clean_layer rewrite-irq
}

@test "rewrite-irq: maps and unmaps in interrupts, no lockdep splat" {
	boot rewrite-irq "point bare interrupt 4 4 2000 10" "point bare interrupt 70 2 200 5" \
		"point bare storm 4 4 8000 10" "point bare storm 32 2 500 10" unload kmemleak
	has 4 '.type == "sample" and .mismatches == 0'
	has 1 '.type == "unload" and .rc == 0'
	has 1 '.type == "kmemleak" and .leaks == 0'
}

@test "rewrite: the same unmaps are caught" {
	run boot rewrite "point bare interrupt 4 1 200 10"
	[ "$status" -ne 0 ]
	[[ $output == *"the kernel complained"* ]]
	grep -aE '^\[.*BUG: sleeping function called from invalid context at mm/vmap_rewrite.c' \
		"$OUT/rewrite-$BATS_TEST_NUMBER/console.log"
	grep -aE '^\[.*WARNING: inconsistent lock state' "$OUT/rewrite-$BATS_TEST_NUMBER/console.log"
}

@test "mainline: no warning, no lockdep splat, no leak" {
	clean_layer mainline
}

@test "these kernels do complain: warnings on a console are found" {
	run boot rewrite "fault warn"
	[ "$status" -ne 0 ]
	[[ $output == *"the kernel complained"* ]]
}
