#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# lines.bats - the simulated caches: workloads whose time follows from the table
# (sim/costs.tsv), measured curves of real machines, and a patch that no machine
# without caches finds.

load ../lib/common
load ../lib/calibration

CPUS=16

setup_file() {
	export OUT=$VB_BUILD/test/lines
	rm -rf "$OUT"
	mkdir -p "$OUT"
	plan >"$OUT/plan"
	"$TOP/scripts/run/guest-run.sh" mainline "$OUT/run" --cpus "$CPUS" \
		<"$OUT/plan" >"$OUT/log" 2>&1
	"$TOP/scripts/run/guest-run.sh" mainline "$OUT/nehalem" --cpus 8 \
		--costs "$TOP/tests/data/costs/nehalem-2s.tsv" <<-END >"$OUT/nehalem.log" 2>&1
		point bare line-counter 1 4 400 2
		point bare line-counter 1 8 1600 2
	END
	two_l3s >"$OUT/two-l3s.tsv"
	"$TOP/scripts/run/guest-run.sh" mainline "$OUT/two-l3s" --cpus 8 \
		--costs "$OUT/two-l3s.tsv" <<-END >"$OUT/two-l3s.log" 2>&1
		point bare line-own 1 8 800 2
		point bare line-counter 1 4 400 2
		point bare line-counter 1 8 1600 2
	END
}

# two_l3s - the table of a machine that has two L3 caches in its socket, four cores at each,
# and 100 ns from one to the other.
two_l3s() {
	sed 's/^\(cores_per_l3\t\)[0-9]*/\14/; s/^\(l3s_per_socket\t\)[0-9]*/\12/
		s/^\(line_socket\t\)[0-9]*/\1100/' "$TOP/sim/costs.tsv"
}

# plan - every point.
plan() {
	cat <<-END
		point bare line-own 1 1 200 2
		point bare line-own 1 16 1600 2
		point bare line-counter 1 1 200 2
		point bare line-counter 1 2 200 2
		point bare line-counter 1 8 800 2
		point bare line-counter 1 16 1600 2
		point bare line-neighbours 1 8 800 2
		point bare line-readers 1 9 900 2
		point bare line-rcu 1 1 1000 2
		point bare line-rcu 1 16 16000 2
		point bare cal-spinlock 1 1 200 2
		point bare cal-spinlock 1 2 400 2
		point bare cal-spinlock 1 4 800 2
		point bare cal-readers 1 1 200 2
		point bare cal-readers 1 16 3200 2
	END
}

# each WORKLOAD THREADS - ns of the window / what all threads did in it, 100 in an operation.
# Of the default machine, unless RUN says which.
each() {
	jq -cn --slurpfile clock "$OUT/${RUN:-run}/clock.jsonl" --arg w "$1" --argjson t "$2" '
		inputs | select(.type == "sample" and .workload == $w and .threads == $t) | . as $s
		| ($clock[] | select(.run == $s.run) | .window_ns) / $s.ops_done / 100
		' "$OUT/${RUN:-run}/events.jsonl"
}

# row NAME - what the table says.
row() {
	table_row costs.tsv "$1"
}

# half_transfers N - ns.
half_transfers() {
	awk -v n="$1" -v line="$(row line_l3)" 'BEGIN { print n * line / 2 }'
}

@test "counters in lines of their own: flat" {
	near "$(awk -v one="$(each line-own 16)" 'BEGIN { print 16 * one }')" "$(each line-own 1)" 10
}

@test "one counter of all CPUs: half a transfer each time" {
	for threads in 8 16; do
		near "$(each line-counter "$threads")" "$(half_transfers 1)" 5
	done
}

# P. McKenney, perfbook, count_atomic:u.hps.2019.10.23a: a Xeon Platinum 8176, one socket.
@test "one counter of all CPUs: a measured curve, within 30%" {
	near "$(each line-counter 2)" 31.9 30
	near "$(each line-counter 8)" 25.4 30
	near "$(each line-counter 16)" 23.2 30
}

# The same, count_atomic:u.hps.elm3b128.2009.05.29a: a Xeon X5550, two sockets.
@test "one counter, within a socket and of two: a measured curve, within 30%" {
	near "$(RUN=nehalem each line-counter 4)" 17.8 30
	near "$(RUN=nehalem each line-counter 8)" 23.9 30
	# The guest has seen them.
	grep 'Max logical packages: 2' "$OUT/nehalem/console.log"
}

# Of eight CPUs in two L3s, four of the other seven are behind the other one; who is next is
# the order of their requests, so two transfers of a round at least cross, and all at most.
@test "two L3 caches in a socket: within one as ever, the distance between them beyond" {
	near "$(RUN=two-l3s each line-counter 4)" "$(half_transfers 1)" 5
	seen=$(RUN=two-l3s each line-counter 8)
	echo "seen $seen"
	awk -v s="$seen" -v l3="$(row line_l3)" \
		'BEGIN { exit !(s > 0.95 * (6 * l3 + 2 * 100) / 16 && s < 1.05 * 100 / 2) }'
}

@test "the profile adds up to the time of the machine, caches included" {
	for run in run:$CPUS nehalem:8 two-l3s:8; do
		profile_sums "$OUT/${run%:*}" "${run#*:}" >"$BATS_TEST_TMPDIR/sums"
		cat "$BATS_TEST_TMPDIR/sums"
		[ "$(wc -l <"$BATS_TEST_TMPDIR/sums")" -eq "$(wc -l <"$OUT/${run%:*}/clock.jsonl")" ]
		awk '!$1 || $1 != $2 { exit 1 }' "$BATS_TEST_TMPDIR/sums"
	done
}

@test "false sharing: counters of their own in one line are one counter" {
	near "$(each line-neighbours 8)" "$(each line-counter 8)" 5
}

# The same, rwlockscale.hps.2020.03.22a: readers of a pthread rwlock, nothing under it.
@test "readers of one lock: four half transfers, and a measured curve within 30%" {
	near "$(each line-readers 9)" "$(half_transfers 4)" 15
	near "$(each line-readers 9)" 134 30
}

# handed_over THREADS - ns between the sections of two holders of one spinlock.
handed_over() {
	awk -v many="$(each cal-spinlock "$1")" -v one="$(each cal-spinlock 1)" \
		'BEGIN { print 100 * (many - one) }'
}

# The store that gives it up takes the line from the next, which looks, and half of that is
# done when the look begins.
@test "a queued spinlock is handed over in one transfer and a half" {
	for threads in 2 4; do
		near "$(handed_over "$threads")" "$(half_transfers 3)" 10
	done
}

# middle WORKLOAD THREADS - ns of an operation on the CPU in the middle: a guest that makes a
# kernel thread meanwhile does it on one of them.
middle() {
	jq -cn --slurpfile clock "$OUT/run/clock.jsonl" --arg w "$1" --argjson t "$2" '
		inputs | select(.type == "sample" and .workload == $w and .threads == $t) | . as $s
		| [$clock[] | select(.run == $s.run).thread[].ns] | sort[length / 2 | floor]
			/ ($s.ops / $t)' "$OUT/run/events.jsonl"
}

@test "readers of a kernel's rwlock with a long section: a transfer to take it, one to give it back" {
	near "$(middle cal-readers 16)" \
		"$(awk -v one="$(middle cal-readers 1)" -v line="$(row line_l3)" 'BEGIN { print one + 2 * line }')" 3
}

@test "what nobody writes is read under RCU at no cost" {
	near "$(awk -v one="$(each line-rcu 16)" 'BEGIN { print 16 * one }')" "$(each line-rcu 1)" 10
}

@test "a plain counter that all CPUs share is a regression, with many threads only" {
	run "$TOP/scripts/vmapbench" compare mainline --workload ram \
		--threads "1 16" --ops 16000 --out "$OUT/compare" \
		--patch "$TOP/tests/data/scaling/shared-counter.patch"
	[ "$status" -eq 1 ]
	jq -e '[.changes[] | select(.decides and .verdict == "REGRESSION")
		| [.metric, .threads]] == [["ns_per_op", 16]]' \
		"$OUT/compare/compare.json"
}

# U. Rezki, linux-mm, 2023-03-30, written anew; long/scaling.bats has it with 64 threads.
@test "a tree of blocks for each CPU, which Linux took: fewer waits, no regression" {
	run "$TOP/scripts/vmapbench" compare mainline --workload ram --pages 1 \
		--threads 16 --ops 64000 --out "$OUT/trees" \
		--patch "$TOP/tests/data/scaling/block-trees.patch"
	echo "$output"
	[ "$status" -eq 0 ]
	jq -e '.verdict == "PASS"
		and all(.changes[] | select(.metric == "ns_per_op"); .delta < 0)
		and all(.changes[] | select(.metric == "lock_waits_per_kop"); .verdict == "IMPROVEMENT")
		' "$OUT/trees/compare.json"
}
