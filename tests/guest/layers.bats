#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# layers.bats - every variant boots, keeps vmalloc's users going, passes the
# kernel's own test, runs verify clean, and the module's manners are good.

load ../lib/common
load ../lib/guest

setup_file() {
	export OUT=$VB_BUILD/test/layers
	rm -rf "$OUT"
	mkdir -p "$OUT"
}

# Every case but those that fill the address space, whose time grows with the
# square of the areas on vmlist (make check-vmalloc runs them), and
# align_shift_alloc_test, which asks for the impossible: bits 1, 2 and 6. With
# several workers without pcpu_alloc_test, bit 7, the slowest of the rest.
QUICK=$((0x3ff & ~(1 << 1 | 1 << 2 | 1 << 6)))
QUICKER=$((QUICK & ~(1 << 7)))

good_layer() {
	boot "$1" users \
		"point bare verify 4 4 2000 10" \
		"point bare verify 70 2 200 5" \
		"test_vmalloc nr_threads=1 test_loop_count=20 run_test_mask=$QUICK" \
		"test_vmalloc nr_threads=4 test_loop_count=20 run_test_mask=$QUICKER" \
		"test_vmalloc nr_threads=8 test_loop_count=20 run_test_mask=$QUICKER" \
		"fail fail_at 30 ram 4 4 500" "fail fail_at 30 vmap 4 4 500" \
		"fail fail_at 30 verify 4 4 500" "point bare ram 4 4 500 5" \
		users unload
	has 2 '.type == "sample" and .workload == "verify" and .mismatches == 0'
	has 1 '.type == "test_vmalloc" and .workers == 1 and .pass == 7 and .fail == 0'
	for workers in 4 8; do
		has 1 ".type == \"test_vmalloc\" and .workers == $workers and .pass == 6 * $workers and .fail == 0"
	done
	# Where its functions are: once, and all of them.
	has 1 '.type == "symbols" and .module == "vmap_bench" and (.symbol | length) > 20'
	has 2 '.type == "users" and .areas > 5 and .out_of_order == 0'
	# A failed allocation ends the run with a record and leaks nothing.
	has 3 '.type == "error" and .errno == -12'
	has 3 '.type == "fail" and .failed and .live_pages == 0'
	has 1 '.type == "sample" and .workload == "ram"'
	has 1 '.type == "unload" and .rc == 0 and .still == false'
}

@test "vmlist: boots, verify clean, users, test_vmalloc and failures well" {
	good_layer vmlist
}

@test "rewrite: boots, verify clean, users, test_vmalloc and failures well" {
	good_layer rewrite
}

@test "mainline: boots, verify clean, users, test_vmalloc and failures well" {
	good_layer mainline
}

# A variant of a layer differs from it in little: less is enough for it.
good_variant() {
	boot "$1" users \
		"point bare verify 4 4 1000 10" \
		"point bare verify 70 2 100 5" \
		"test_vmalloc nr_threads=4 test_loop_count=10 run_test_mask=$QUICKER" \
		"fail fail_at 30 verify 4 4 500" "point bare ram 4 4 500 5" users unload
	has 2 '.type == "sample" and .workload == "verify" and .mismatches == 0'
	has 1 '.type == "test_vmalloc" and .workers == 4 and .pass == 24 and .fail == 0'
	has 2 '.type == "users" and .areas > 5 and .out_of_order == 0'
	has 1 '.type == "fail" and .failed and .live_pages == 0'
	has 1 '.type == "sample" and .workload == "ram"'
	has 1 '.type == "unload" and .rc == 0 and .still == false'
}

@test "rewrite-noguard: boots, verify clean, users, test_vmalloc and a failure well" {
	good_variant rewrite-noguard
}

@test "rewrite-irq: boots, verify clean, users, test_vmalloc and a failure well" {
	good_variant rewrite-irq
}

@test "xfs-deferred: boots, verify clean, users, test_vmalloc and a failure well" {
	good_variant xfs-deferred
}

@test "vmap-pages: boots, verify clean, users, test_vmalloc and a failure well" {
	good_variant vmap-pages
}

# overlaps NUMBER - of rewrite-as-posted, its kernel has found PTEs already set at least
# so many times.
overlaps() {
	[ "$(grep -aEc '^\[.*WARNING: .* at mm/vmalloc.c:[0-9]+ vmap_small_pages_range_noflush' \
		"$OUT/rewrite-as-posted-$BATS_TEST_NUMBER/console.log")" -ge "$1" ]
}

# On this machine the lowest area is a table of ACPI, mapped for good. With these
# words it is memory of the console's line discipline, which "console off" frees.
FREE_BOTTOM="hpet=disable acpi_force_table_verification acpi=copy_dsdt"

@test "rewrite-as-posted: the hole search misses an area; with rewrite all is well" {
	export GUEST_APPEND=$FREE_BOTTOM GUEST_OPTIONS="--cpus 2"
	run boot rewrite-as-posted "console off" "point bare verify 8 1 500 10" "console on"
	[ "$status" -ne 0 ]
	[[ $output == *"the kernel complained"* ]]
	overlaps 1
	log=$OUT/rewrite-as-posted-$BATS_TEST_NUMBER/events.jsonl
	has 1 '.type == "error" and .workload == "verify" and .errno == -12 and .fail_at == 0'
	has 1 '.type == "end"'
	has 1 '.type == "error" and .what == "vm_map_ram returned NULL" and .op == 2'
	boot rewrite "console off" "point bare verify 8 1 500 10" "console on"
	has 1 '.type == "sample" and .ops_done == 500 and .mismatches == 0'
}

@test "rewrite-as-posted: callers get each other's area; with one thread all is well" {
	# What the guest does depends on whose memory the race hits: a WARNING, or CPUs that go
	# round in circles in a tree, which RCU notices.
	export GUEST_APPEND="panic_on_warn=1 rcupdate.rcu_cpu_stall_timeout=3 sysctl.kernel.panic_on_rcu_stall=1"
	run boot rewrite-as-posted "point bare verify 4 1 2000 10" "point bare verify 4 4 2000 10"
	[ "$status" -ne 0 ]
	[[ $output == *"the guest failed: panic: "*panic_on_warn* || $output == *"the guest failed: panic: "*"RCU Stall"* ]]
	overlaps 1 || grep 'rcu: INFO: .* stall' "$OUT/rewrite-as-posted-$BATS_TEST_NUMBER/console.log"
	grep -q '"type":"sample".*"threads":1,.*"mismatches":0' \
		"$OUT/rewrite-as-posted-$BATS_TEST_NUMBER/events.jsonl.part"
}

@test "rewrite-irq: maps and unmaps in interrupts; elsewhere only the unmap is tried" {
	boot rewrite-irq "point bare interrupt 4 4 2000 10" "point bare interrupt 70 2 200 5" \
		"point bare storm 4 4 8000 10" "fail fail_at 30 interrupt 4 2 500" \
		"fail fail_at 30 storm 4 2 5000" unload
	has 2 '.type == "sample" and .workload == "interrupt" and .mismatches == 0'
	has 1 '.type == "sample" and .workload == "storm" and .mismatches == 0'
	has 2 '.type == "fail" and .failed and .live_pages == 0'
	has 1 '.type == "unload" and .rc == 0 and .still == false'
	# One thread: two that flush in interrupts could wait for each other.
	boot rewrite "point bare interrupt 4 1 200 10" "point bare storm 4 1 200 10" \
		"point bare storm 65 1 200 10" unload
	has 1 '.type == "sample" and .workload == "interrupt" and .ops_done == 200'
	has 2 '.type == "error" and .workload == "storm" and .errno == -95'
	has 1 '.type == "unload" and .rc == 0 and .still == false'
}

# cases_well VARIANT CASE... - of the kernel's own test, as workloads.
cases_well() {
	local variant=$1 name plan=()
	shift
	for name in "$@"; do
		plan+=("point bare $name 1 2 60 2")
	done
	boot "$variant" "${plan[@]}" "point bare pcpu_alloc_test 1 1 1 0" \
		"fail fail_at 5 fix_size_alloc_test 4 2 50" unload
	for name in "$@"; do
		has 1 ".type == \"sample\" and .workload == \"$name\" and .ops_done >= 60"
	done
	has 1 '.type == "sample" and .workload == "pcpu_alloc_test" and .ops_done == 1'
	has 1 '.type == "fail" and .failed and .live_pages == 0'
	has 1 '.type == "unload" and .rc == 0 and .still == false'
}

@test "the cases of test_vmalloc are workloads: all on mainline, the quick ones on the others" {
	quick=({fix_size,random_size,fix_align,random_size_align}_alloc_test kvfree_rcu_{1,2}_arg_vmalloc_test)
	GUEST_OPTIONS="--cpus 2 --mem 2048"
	cases_well rewrite "${quick[@]}"
	cases_well vmlist "${quick[@]}"
	cases_well mainline "${quick[@]}" full_fit_alloc_test long_busy_list_alloc_test
	# None is missing, and the one that asks for the impossible does so here, too.
	SPLAT=${SPLAT/|Call Trace/}
	boot mainline "point bare align_shift_alloc_test 1 1 1 0" \
		"sh sed 's/ .*//' /sys/kernel/debug/vmap_bench/workloads"
	has 1 '.type == "error" and .workload == "align_shift_alloc_test" and .what == "vmalloc returned NULL"'
	for name in $(sed -n 's/^\t{ "\([a-z0-9_]*_test\)",.*/\1/p' \
		"$("$TOP/scripts/kernel/fetch-source.sh" linux-6.1 2>/dev/null)/lib/test_vmalloc.c"); do
		has 1 ".type == \"sh\" and any(.out[]; . == \"$name\")"
	done
}

@test "verify sees overlapping maps and changed data; nothing crashes" {
	boot rewrite "fail overlap_at 20 verify 4 2 500" "fail corrupt_at 20 verify 4 2 500"
	has 2 '.type == "error" and .errno == -5'
	has 2 '.type == "fail" and .failed'
}

@test "parameters out of range are refused by name" {
	boot mainline "param pages 0" "param pages 1025" "param threads 0" "param threads 5" \
		"param ops 0" "param ops 100000001" "param warmup 1000001" "param workload nosuch" \
		"param ops 4000000000000"
	has 9 '.type == "param" and .taken == false'
	for name in pages threads ops warmup workload; do
		has "$(grep -c "^param $name " "$OUT/mainline-$BATS_TEST_NUMBER.plan")" \
			".type == \"param\" and .name == \"$name\" and (.said | test(\"vmap_bench: .*$name\"))"
	done
}
