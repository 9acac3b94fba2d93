#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# i386.bats - a 32-bit kernel: its layer is right, its vmalloc space can be filled, and
# what the module counts is what /proc/vmallocinfo says.

# boot sets $log.
# shellcheck disable=SC2154

load ../lib/common
load ../lib/guest

setup_file() {
	export OUT=$VB_BUILD/test/i386
	rm -rf "$OUT"
	mkdir -p "$OUT"
}

# One CPU is what sim follows of a 32-bit kernel.
export GUEST_OPTIONS="--cpus 1"

# lines WHEN - of /proc/vmallocinfo then.
lines() {
	jq -r --arg when "$1" 'select(.type == "vmallocinfo" and .when == $when).line[]' "$log"
}

# pages WHEN PATTERN - in areas whose lines have it.
pages() {
	lines "$1" | awk -v pattern="$2" '$0 ~ pattern { n += $2 / 4096 } END { print n + 0 }'
}

# member NAME - of the module's record of the fill.
member() {
	jq "select(.type == \"sample\") | .values + .fill | .$1" "$log"
}

# gaps - pages between neighbouring blocks, each number once.
gaps() {
	lines full | grep ' vm_map_ram$' | while read -r range _; do
		printf '%d %d\n' "${range%-*}" "${range#*-}"
	done | awk 'NR > 1 { print ($1 - end) / 4096 } { end = $2 }' | sort -n | uniq
}

# A guest of 32 bits, filled. What the module counted has to be what its blocks hold.
filled() {
	boot "$1" fill
	has 1 '.type == "sample" and .workload == "fill" and .mismatches == 0'
	# Whole blocks, of 256 pages each with NR_CPUS=8, aligned to their size.
	[ "$(lines full | awk '/ vm_map_ram$/ { print $2 }' | sort -u)" = $((256 * 4096)) ]
	[ "$(lines full | grep -c '00000-.*00000 .* vm_map_ram$')" -eq "$(lines full | grep -c ' vm_map_ram$')" ]
	[ "$(member maps)" -eq "$(pages full ' vm_map_ram$')" ]
	# 128 MiB less the 8 that the kernel leaves unused below them, and two pages above.
	[ "$(member space_pages)" -eq $(((128 - 8) * 256)) ]
	# Lazily free and not purged: exactly what was undone at the limit.
	[ "$(member maps_freed)" -ge 1024 ]
	[ "$(member maps_freed)" -eq "$(pages freed ' unpurged vm_area$')" ]
	[ "$(member maps)" -eq "$(pages freed ' (vm_map_ram|unpurged vm_area)$')" ]
	# A map succeeds then, and all of it can be had again.
	[ "$(member maps_regained)" -eq "$(member maps_freed)" ]
	# Nothing is left behind.
	[ "$(pages end ' (vm_map_ram|unpurged vm_area)$')" -eq 0 ]
	# The steps hold all maps and add up to a time.
	[ "$(member 'step_ns | length')" -eq $((($(member maps) + 1023) / 1024)) ]
}

@test "rewrite-i386: verify clean, users, test_vmalloc and a failure well" {
	boot rewrite-i386 users \
		"point bare verify 4 1 1000 10" "point bare verify 40 1 200 5" \
		"test_vmalloc nr_threads=1 test_loop_count=5 run_test_mask=$((0x3ff & ~(1 << 1 | 1 << 2 | 1 << 6 | 1 << 7)))" \
		"fail fail_at 30 verify 4 1 500" "point bare ram 4 1 500 5" users unload
	has 2 '.type == "sample" and .workload == "verify" and .mismatches == 0'
	has 1 '.type == "test_vmalloc" and .pass == 6 and .fail == 0'
	has 2 '.type == "users" and .areas > 5 and .out_of_order == 0'
	has 1 '.type == "fail" and .failed and .live_pages == 0'
	has 1 '.type == "sample" and .workload == "ram"'
	has 1 '.type == "unload" and .rc == 0 and .still == false'
}

@test "rewrite-i386: full with every second block, as /proc/vmallocinfo has them" {
	filled rewrite-i386
	# Between two blocks there is one of which only a page was needed.
	[ "$(gaps | sed -n 1p)" -eq 256 ]
}

@test "rewrite-noguard-i386: full with blocks that touch" {
	filled rewrite-noguard-i386
	[ "$(gaps | sed -n 1p)" -eq 0 ]
}

@test "rewrite-i386: filled, undone and filled again, without a grace period" {
	boot rewrite-i386 "point bare refill 1 1 1 0" "point bare verify 4 1 500 10" unload
	has 1 '.type == "sample" and .workload == "refill" and .values.grace_periods == 0'
	# The same blocks as in one fill, and areas of 33 pages and one kept free.
	has 1 '.values.maps > 14000 and .values.maps_least >= .values.maps * 0.99'
	has 1 '.values.areas > 850 and .values.areas * 34 <= .values.space_pages and
		.values.areas_least >= .values.areas * 0.99'
	has 1 '.type == "areas" and .before == .after'
	has 1 '.type == "sample" and .workload == "verify" and .mismatches == 0'
	has 1 '.type == "unload" and .rc == 0 and .still == false'
}

@test "nothing counts in a 32-bit guest: said, and points are bare" {
	run "$TOP/scripts/kernel/build-vmapstat.sh" rewrite-i386
	[ "$status" -eq 0 ]
	[[ $output == *"vmapstat does not support its processor"* ]]
	run "$TOP/scripts/vmapbench" bench --dry-run --variants rewrite-i386 --workload fill --threads 1
	[ "$status" -eq 0 ]
	[[ $output == *"point bare fill 1 1 1 0"* ]]
	[[ $output != *traced* ]]
	[[ $output == *"1024 MB"* ]]
}

@test "a space of 64 bits is not filled" {
	boot rewrite "point bare fill 1 1 1 0" "point bare refill 1 1 1 0"
	has 2 '.type == "error" and .what == "vmalloc space is too large to be filled"'
}
