#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# perf.bats - a profile taken by perf in the guest and read by perf on the host.

load ../lib/common

setup_file() {
	export VB_RESULTS=$VB_BUILD/test/perf
	rm -rf "$VB_RESULTS"
}

# share PATTERN - of the samples, in whole percent, by the report on the host.
share() {
	awk -v p="$1" '$1 ~ /%$/ && $3 ~ p { sum += $1 } END { printf "%d\n", sum }' \
		"$VB_RESULTS/perf/vmlist/report.txt"
}

@test "vmlist: the profile says who waits, with the symbols of kernel and module" {
	run "$TOP/scripts/vmapbench" perf --variant vmlist --ops 1000
	echo "$output"
	[ "$status" -eq 0 ]
	dir=$VB_RESULTS/perf/vmlist
	[ -s "$dir/perf.data" ]
	[ "$(share '.')" -gt 95 ]
	# Waiting for the lock, and for the other CPUs to flush.
	[ "$(share '^(queued_(spin|write)_lock_slowpath|smp_call_function_many_cond)$')" -gt 50 ]
	grep -q '\[k\] queued_spin_lock_slowpath' "$dir/report.txt"
	# Who called it is a function of the module.
	perf report -i "$dir/perf.data" --kallsyms "$dir/kallsyms" --stdio --no-children \
		-G --sort symbol >"$dir/callers.txt" 2>/dev/null
	grep -q 'ram_op' "$dir/callers.txt"
	# The files are no records any more, and the rest are still there.
	[ "$(jq -s '[.[] | select(.type == "file")] | length' "$dir/events.jsonl")" -eq 0 ]
	[ "$(jq -s '[.[] | select(.type == "sample")] | length' "$dir/events.jsonl")" -eq 1 ]
	[ "$(tail -n 1 "$dir/events.jsonl")" = '{"v":1,"type":"end"}' ]
}

@test "a workload that there is not: said, exit 1" {
	run "$TOP/scripts/vmapbench" perf --variant vmlist --workload nosuch --threads 1
	echo "$output"
	[ "$status" -eq 1 ]
	[[ "$output" == *"perf: the guest: perf record: "* ]]
	[ ! -e "$VB_RESULTS/perf/vmlist/perf.data" ]
}
