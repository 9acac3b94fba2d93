#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# profile-machines.bats - perf samples real guests on machines that are not simulated.
# Records with known figures are in tests/host/profile-machines.bats.

# jq has variables.
# shellcheck disable=SC2016

load ../lib/common

setup_file()
{
	export VB_RESULTS=$VB_BUILD/test/profile-machines
	rm -rf "$VB_RESULTS"
	mkdir -p "$VB_RESULTS"
}

# samples DIR RUN PATTERN - of a region, those whose stack matches.
samples()
{
	jq -r --argjson run "$2" 'select(.run == $run) | .stacks[] | "\(.[1]) \(.[0])"' "$1/stacks.jsonl" |
		awk -v p="$3" '$2 ~ p { n += $1 } END { print n + 0 }'
}

@test "a guest: the module's loops and readers are sampled, and what cannot be is said" {
	dir=$VB_RESULTS/guest
	"$TOP/scripts/run/guest-run.sh" --tools --readers 4000 vmlist "$dir" --machine tcg --mem 1600 \
		--append "brd.rd_nr=1 brd.rd_size=307200" <<-'END'
		point sampled ram 4 2 500 20 100003
		readers sampled xfs-dir 16 1 60 1 4 4000 first 100003
		point bare ram 4 1 10 2
		point sampled nosuch 4 1 10 2 100003
		point sampled ram 4 1 10 2 x
		sh mv /bin/perf /bin/fperf
		point sampled ram 4 1 10 2 100003
		readers sampled xfs-dir 16 1 60 1 4 4000 first 100003
	END
	[ ! -e "$dir/perf-3.data.gz" ]
	[ "$(gzip -dc "$dir/perf-1.data.gz" | dd bs=8 count=1 2>/dev/null)" = PERFILE2 ]
	[ "$(jq -s 'map(.run)' -c "$dir/profile.jsonl")" = '[1,2]' ]
	[ "$(jq -s 'map(select(.type == "file")) | length' "$dir/events.jsonl")" -eq 0 ]
	# Who waits for the lock of the list was called by whom it must have been.
	all=$(samples "$dir" 1 .)
	op=$(samples "$dir" 1 'vmap_bench_thread_fn_.*;ram_op_')
	echo "ram: $op of $all samples"
	[ "$op" -ge $((all / 2)) ]
	waits=$(samples "$dir" 1 'queued_write_lock_slowpath')
	known=$(samples "$dir" 1 '(__get_vm_area_node;vmap_layer_insert|remove_vm_area);queued_write_lock_slowpath')
	echo "waiting for a lock: $waits, for that of the list: $known"
	[ "$known" -gt 100 ]
	[ "$known" -ge $((waits * 95 / 100)) ]
	# The workload of programs: system calls that list a directory.
	[ "$(samples "$dir" 2 'entry_SYSCALL_64.*getdents')" -gt 0 ]
	# Not more samples than were due; the region is that of the module, which looks at
	# its clock inside of it: a host with more to do can stop a CPU in between.
	window=$(jq -s 'map(select(.type == "sample" and .run == 1))[0].window_ns' "$dir/events.jsonl")
	jq -es --argjson window "$window" '.[0].sampled | .samples <= .due + 4 and
		(.due * .every_ns / (2 * $window) | . > 0.98 and . < 1.5)' "$dir/profile.jsonl"
	run jq -r 'select(.type == "error").what' "$dir/events.jsonl"
	echo "$output"
	[[ $output == *"the module refused workload=nosuch"* ]]
	[[ $output == *"perf record: exit "* ]]
	[[ $output == *"there is no perf in this guest"*"there is no perf in this guest"* ]]
	# No run's record comes twice, as that of a point that did not run.
	[ "$(jq -s -c 'map(select(.type == "sample").run)' "$dir/events.jsonl")" = '[1,2,3]' ]
}

@test "vmapbench profile --machine tcg: areas before and after, flame graphs, what was sampled" {
	# After, 1000 operations take 2 ms, in which the timer of a guest on a busy host may not
	# come once.
	run "$TOP/scripts/vmapbench" profile --machine tcg --threads 2 --ops 8000 --id p
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"% of kernel samples"* ]]
	dir=$VB_RESULTS/p
	grep -qE '^Sampled, not counted: [1-9][0-9]* and [1-9][0-9]* samples, one every 103007 ns' "$dir/profile.txt"
	grep -q 'accelerator$' "$dir/profile.txt" || grep -q 'tcg,thread=multi' "$dir/profile.txt"
	[ -s "$dir/plots/flame-diff.svg" ]
	# Before, all CPUs wait for the lock and for each other's flush; after, they do not.
	share() { sed -n "s/^$1: *\([0-9]*\)\.[0-9]*% -> *\([0-9]*\)\..*/\\$2/p" "$dir/profile.txt"; }
	before=$(($(share 'TLB flush' 1) + $(share locks 1)))
	after=$(($(share 'TLB flush' 2) + $(share locks 2)))
	echo "flushes and locks: $before% -> $after%"
	[ "$before" -gt 50 ]
	[ "$after" -lt $((before / 2)) ]
	# The same files again, from the records alone.
	cp -r "$dir" "$BATS_TEST_TMPDIR/first"
	rm "$dir/profile.txt" "$dir"/plots/flame-*
	"$TOP/scripts/report.sh" --id p
	diff -r "$BATS_TEST_TMPDIR/first" "$dir"
}
