#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# selftest.bats - the counters proved on real kernels, and what one wrong count
# does.

load ../lib/common

setup_file() {
	export VB_RESULTS=$VB_BUILD/test/selftest
	rm -rf "$VB_RESULTS"
}

setup() {
	run_of=$VB_RESULTS/selftest
	copy=$BATS_TEST_TMPDIR/run
}

# verify VARIANT [RUN [TWINS]] - what the selftest says of a run of 2 CPUs.
verify() {
	bash -c 'VB_NAME=verify; . "$TOP/scripts/lib/lib.sh"; . "$TOP/scripts/campaign/selftest-check.sh"
		selftest_verify "$2" "$1" 2 "$3"' - "$1" "${2:-$copy}" "${3:-}"
}

# change FILTER - a copy of mainline's run, its events changed.
change() {
	rm -rf "$copy"
	cp -r "$run_of/mainline/selftest" "$copy"
	jq -c "$1" "$run_of/mainline/selftest/events.jsonl" >"$copy/events.jsonl"
}

@test "every variant: exact counts, by vmapstat and by the simulator" {
	run "$TOP/scripts/vmapbench" selftest --cpus 2
	echo "$output"
	[ "$status" -eq 0 ]
	for v in vmlist rewrite mainline; do
		[[ $output == *"$v: selftest: "*" counts are exact"* ]]
		[ "$(grep -c ' ok$' "$run_of/$v/selftest/selftest.txt")" -ge 14 ]
		# Both looked at the fights.
		grep -qE '^st-fight .* 53 +53 +53 +-  ok$' "$run_of/$v/selftest/selftest.txt"
		# Some waits in interrupts were counted by second programs only.
		[ "$(grep -cE '^st-nest .* 211 +211 +422 +-  ok$' "$run_of/$v/selftest/selftest.txt")" -eq 2 ]
		jq -se 'any(.[]; .type == "counts" and (.point | test(" st-nest ")) and .second > 0)' \
			"$run_of/$v/selftest/events.jsonl"
	done
	[ "$(awk 'length > 79' <<<"$output" | grep -vc '^selftest: \|^run-guest: \|^build')" -eq 0 ]
}

@test "again: the finished runs are kept" {
	before=$(stat -c %Y "$run_of/mainline/selftest/events.jsonl")
	run "$TOP/scripts/vmapbench" selftest --cpus 2 --variants mainline
	[ "$status" -eq 0 ]
	[ "$(stat -c %Y "$run_of/mainline/selftest/events.jsonl")" = "$before" ]
}

@test "a count that is off by one is named, expected against seen" {
	change '.'
	run verify mainline
	[ "$status" -eq 0 ]
	change 'if .type == "counts" and .flushes == 101 then .flushes = 100 else . end'
	run verify mainline
	[ "$status" -eq 1 ]
	[[ $output == *"mainline: selftest: st-flush: flushes: expected 101, vmapstat saw 100"* ]]
	[[ $output == *"not to be believed (log: $copy/selftest.txt)"* ]]
	change 'if .type == "counts" and .calls.vmap == 503 then .calls.vmap = 504 else . end'
	run verify mainline
	[ "$status" -eq 1 ]
	[[ $output == *"vmap: calls.vmap: expected 503, vmapstat saw 504"* ]]
}

@test "what the simulator saw counts too" {
	change '.'
	jq -c '(.symbols[] | select(.name == "vm_map_ram") | .calls) += 1' \
		"$run_of/mainline/selftest/profile.jsonl" >"$copy/profile.jsonl"
	run verify mainline
	[ "$status" -eq 1 ]
	[[ $output == *"ram: calls.vm_map_ram: expected 1009, the simulator saw 1010"* ]]
	# A machine without a simulator has its counts only.
	rm "$copy/profile.jsonl"
	run verify mainline
	[ "$status" -eq 0 ]
	grep -qE '^ram +calls.vm_map_ram +1009 +1009 +- +-  ok$' "$copy/selftest.txt"
}

@test "on request the scripts of bpftrace see the same, or it is said" {
	run "$TOP/scripts/vmapbench" selftest --cpus 2 --variants rewrite --twins
	echo "$output"
	[ "$status" -eq 0 ]
	# Every event that has a script has been counted by it.
	[ "$(awk '$NF == "ok" && $6 != "-"' "$run_of/rewrite/selftest/selftest.txt" | wc -l)" -eq 14 ]
	twins=$BATS_TEST_TMPDIR/twins
	mkdir "$twins"
	jq -c '(select(.type == "twin" and .name == "purges").out[] | select(.type == "map").data |
		select(has("@areas"))["@areas"]) += 1' "$run_of/rewrite/twins/events.jsonl" >"$twins/events.jsonl"
	cp -r "$run_of/rewrite/selftest" "$copy"
	run verify rewrite "$copy" "$twins"
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"st-purge: areas_purged: expected 101, purges:@areas of bpftrace saw 102"* ]]
	jq -c 'if .type == "twin" and .name == "lock-waits" then
		{ v: 1, type: "error", what: "lock-waits: exit 1" } else . end' \
		"$run_of/rewrite/twins/events.jsonl" >"$twins/events.jsonl"
	run verify rewrite "$copy" "$twins"
	[ "$status" -eq 1 ]
	[[ $output == *"st-fight: lock-waits: exit 1"* ]]
	[[ $output == *"lock-waits:@spin of bpftrace saw nothing"* ]]
}

@test "nothing counted, events lost, a workload that failed" {
	change 'select(.type != "counts")'
	run verify mainline
	[ "$status" -eq 1 ]
	[[ $output == *"st-purge: purges: expected 101, vmapstat saw nothing"* ]]
	change 'if .type == "counts" then .lost = 3 else . end'
	run verify mainline
	[ "$status" -eq 1 ]
	[[ $output == *"ram: 3 events were lost"* ]]
	change 'if .type == "sample" then { v: 1, type: "error", errno: -12, what: "no memory" } else . end'
	run verify mainline
	[ "$status" -eq 1 ]
	[[ $output == *"st-fight: no memory"* ]]
}

@test "what a kernel does not have is said and not compared" {
	change 'if .type == "counts" then .purges = 0 | .missing = ["__purge_vmap_area_lazy"] else . end'
	run verify mainline
	[ "$status" -eq 0 ]
	grep -qE '^st-purge +purges .* no __purge_vmap_area_lazy$' "$copy/selftest.txt"
}

@test "a campaign does not begin with counters that are wrong" {
	sed 's/^st-purge	101	4	\*	flushes	1/st-purge	101	4	*	flushes	2/' "$TOP/scripts/selftest.tsv" \
		>"$BATS_TEST_TMPDIR/table"
	run env VB_SELFTEST_TABLE="$BATS_TEST_TMPDIR/table" "$TOP/scripts/vmapbench" bench \
		--variants mainline --threads 1 --cpus 2 --ops 100 --workload ram --id wrong
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"expected 202, vmapstat saw 101"* ]]
	[ ! -e "$VB_RESULTS/wrong/mainline/run-1" ]
	[ ! -e "$VB_RESULTS/wrong/summary.tsv" ]
}
