#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# calibrate.bats - workloads whose parallel time is known beforehand. The
# clock of the sim machine is trusted only because these hold. Without costs, and
# then what each cost adds without caches; lines.bats has those.

load ../lib/common
load ../lib/calibration

CPUS=16

setup_file() {
	export OUT=$VB_BUILD/test/calibrate
	rm -rf "$OUT"
	mkdir -p "$OUT"
	plan >"$OUT/plan"
	calibrate plain --costs none
	calibrate charged --coherence off
	full_flushes
	sed 's/^insn_ns.*/insn_ns\t0.35/; s/^coherence\t1/coherence\t0/' "$TOP/sim/costs.tsv" >"$OUT/fast.tsv"
}

# full_flushes - a guest that does nothing but these; nothing else costs.
full_flushes() {
	awk -F'\t' -v OFS='\t' '/^#/ { next }
		$1 ~ /^(ipi_|tlb_|line_|atomic|l3_hit|coherence)/ { $2 = $1 == "tlb_flush_all" ? 1000 : 0 }
		{ print }' "$TOP/sim/costs.tsv" >"$OUT/flush.tsv"
	"$TOP/scripts/run/guest-run.sh" mainline "$OUT/flush" --cpus 1 --costs "$OUT/flush.tsv" \
		<<<"point bare aliases 64 1 100 2" >"$OUT/flush.log" 2>&1
}

# plan - every point.
plan() {
	cat <<-END
		point bare cal-alone 1 1 200 2
		point bare cal-alone 1 16 3200 2
		point bare cal-spinlock 1 1 200 2
		point bare cal-spinlock 1 4 800 2
		point bare cal-spinlock 1 16 3200 2
		point bare cal-two-locks 1 16 3200 2
		point bare cal-readers 1 1 200 2
		point bare cal-readers 1 16 3200 2
		point bare cal-writers 1 1 200 2
		point bare cal-writers 1 16 1600 2
		point bare cal-mutex 1 1 200 2
		point bare cal-mutex 1 4 400 2
		point bare cal-ipi 1 1 500 2
		point bare cal-ipi-empty 1 1 500 2
		point bare cal-idle 1 1 10 1
	END
}

# calibrate NAME OPTIONS... - a guest that does them all.
calibrate() {
	"$TOP/scripts/run/guest-run.sh" mainline "$OUT/$1" --cpus "$CPUS" "${@:2}" \
		<"$OUT/plan" >"$OUT/$1.log" 2>&1
}

# joined - a line for each point: its sample and, as .clock, its parallel time.
# Of the run without costs, unless RUN says which.
joined() {
	jq -cn --slurpfile clock "$OUT/${RUN:-plain}/clock.jsonl" '
		inputs | select(.type == "sample") | . as $s
		| .clock = ($clock[] | select(.run == $s.run))' "$OUT/${RUN:-plain}/events.jsonl"
}

# per_op WORKLOAD THREADS - ns of a thread's own time / its own operations.
per_op() {
	joined | jq -s -e --arg w "$1" --argjson t "$2" '
		.[] | select(.workload == $w and .threads == $t)
		| ([.clock.thread[].ns] | add) / ([.thread[].ops] | add)'
}

# costs_per_op WORKLOAD THREADS - ns that a thread was charged / its operations.
costs_per_op() {
	joined | jq -s -e --arg w "$1" --argjson t "$2" '
		.[] | select(.workload == $w and .threads == $t)
		| ([.clock.thread[].cost_ns] | add) / ([.thread[].ops] | add)'
}

# added_by_costs WORKLOAD THREADS - by how much an operation takes longer.
added_by_costs() {
	awk -v c="$(RUN=charged per_op "$1" "$2")" -v p="$(per_op "$1" "$2")" 'BEGIN { print c - p }'
}

# cost NAME - what the table says, ns.
cost() {
	table_row costs.tsv "$1"
}

# throughput WORKLOAD THREADS - ns of the window / all operations in it.
throughput() {
	joined | jq -s -e --arg w "$1" --argjson t "$2" '
		.[] | select(.workload == $w and .threads == $t) | .clock.window_ns / .ops_done'
}

# times FACTOR VALUE
times() {
	awk -v f="$1" -v v="$2" 'BEGIN { print f * v }'
}

@test "every point was measured" {
	cat "$OUT"/*.log
	[ "$(joined | wc -l)" -eq 15 ]
	[ "$(RUN=charged joined | wc -l)" -eq 15 ]
}

@test "no CPU was ever two quanta away from the slowest" {
	for run in plain charged; do
		jq -c --arg run "$run" '[$run, .run, .max_skew_ns]' "$OUT/$run/clock.jsonl"
		jq -s -e 'all(.[]; .max_skew_ns < 2 * .quantum_ns)' "$OUT/$run/clock.jsonl"
	done
}

@test "no sharing: flat" {
	near "$(per_op cal-alone 16)" "$(per_op cal-alone 1)" 2
}

@test "one spinlock: the section once for each thread" {
	one=$(per_op cal-spinlock 1)
	near "$(per_op cal-spinlock 4)" "$(times 4 "$one")" 5
	near "$(per_op cal-spinlock 16)" "$(times 16 "$one")" 5
}

@test "two locks: half of that" {
	near "$(per_op cal-two-locks 16)" "$(times 8 "$(per_op cal-spinlock 1)")" 5
}

@test "reader-writer lock: readers flat, writers one after the other" {
	near "$(per_op cal-readers 16)" "$(per_op cal-readers 1)" 5
	near "$(per_op cal-writers 16)" "$(times 16 "$(per_op cal-writers 1)")" 5
}

# A mutex may be taken again by who has just released it, so the times of the
# threads differ; but one section at a time there is.
@test "a mutex, slept on: the section once for each operation" {
	near "$(throughput cal-mutex 4)" "$(throughput cal-mutex 1)" 5
}

# Between the section and the section after on_each_cpu() of nothing: what the
# other CPUs need to wake up and what the caller does meanwhile overlap. Ticks of 16
# CPUs fall into the window: 500 operations, so that they are below 1% of it.
@test "on_each_cpu(): the section once, on all CPUs at the same time" {
	seen=$(per_op cal-ipi 1)
	section=$(per_op cal-alone 1)
	empty=$(per_op cal-ipi-empty 1)
	echo "seen $seen, section $section, of nothing $empty"
	awk -v s="$seen" -v a="$section" -v e="$empty" 'BEGIN { exit !(s > a && s < 1.05 * (a + e)) }'
}

@test "an idle machine: the time of the timer" {
	near "$(per_op cal-idle 1)" 20000000 2
}

# From here on, what costs add.

@test "costs: nothing to work that shares nothing" {
	# The ticks share something, and how many of them there are is the guest's phase.
	near "$(RUN=charged per_op cal-alone 16)" "$(per_op cal-alone 16)" 1
}

# How much of it shows depends on the turns of the CPUs, which are a good deal
# longer: the whole is exact to a part of them.
@test "costs: a lock that is handed on is one cache line for each thread" {
	near "$(RUN=charged costs_per_op cal-spinlock 4)" "$(cost line_transfer)" 2.5
	near "$(RUN=charged per_op cal-spinlock 4)" \
		"$(awk -v a="$(per_op cal-spinlock 4)" -v c="$(cost line_transfer)" 'BEGIN { print a + 4 * c }')" 1
	awk -v a="$(added_by_costs cal-spinlock 4)" -v c="$(cost line_transfer)" 'BEGIN { exit !(a > 3 * c) }'
}

@test "costs: on_each_cpu() waits for the delivery of its IPI" {
	charged=$(RUN=charged costs_per_op cal-ipi-empty 1)
	expected=$(awk -v a="$(($(cost ipi_delivery) + $(cost ipi_lines)))" -v b="$charged" 'BEGIN { print a + b }')
	near "$(added_by_costs cal-ipi-empty 1)" "$expected" 5
}

# QEMU's processor has no INVPCID: the kernel flushes by two writes to CR4.
@test "a full flush is charged once" {
	cat "$OUT/flush.log"
	flushes=$(jq '.symbols[] | select(.name == "flush_tlb_kernel_range").calls' "$OUT/flush/profile.jsonl")
	[ "$flushes" -ge 100 ]
	jq -e --argjson n "$flushes" '([.symbols[].cost_ns] | add) == 1000 * $n' "$OUT/flush/profile.jsonl"
	jq -e --argjson n "$flushes" '([.thread[].cost_ns] | add) >= 1000 * 100' "$OUT/flush/clock.jsonl"
}

@test "an instruction that takes 0.35 ns: times of it, and they add up" {
	export VB_RESULTS=$OUT/results
	run "$TOP/scripts/vmapbench" bench --id fast --costs "$OUT/fast.tsv" --variants mainline \
		--workload ram --threads "1 2" --ops 2000
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(grep -c PROBLEMS "$OUT/results/fast/report.txt")" -eq 0 ]
	# One thread: instructions, and a charge now and then.
	awk -F'\t' '$6 == 1 { value[$7] = $10 }
		END { exit !(value["ns_per_op"] - value["cost_ns_per_op"] > 0.33 * value["insn_per_op"] &&
			value["ns_per_op"] - value["cost_ns_per_op"] < 0.36 * value["insn_per_op"]) }' \
		"$OUT/results/fast/summary.tsv"
	jq -e '.insn_ps == 350' "$OUT/results/fast/mainline/run-1/profile.jsonl"
}

# The profile has nothing that the clock does not have: what is executed, spun,
# charged and idle is the time of all CPUs.
@test "the profile adds up to the time of the machine" {
	for run in plain charged; do
		profile_sums "$OUT/$run" "$CPUS" >"$BATS_TEST_TMPDIR/sums"
		cat "$BATS_TEST_TMPDIR/sums"
		[ "$(wc -l <"$BATS_TEST_TMPDIR/sums")" -eq 15 ]
		awk '$1 != $2 { exit 1 }' "$BATS_TEST_TMPDIR/sums"
	done
}

# 200 sections of 4000 instructions on each of 16 CPUs, and those of the cool-down.
@test "the profile finds the section where it is" {
	local name calls insns

	read -r name calls insns < <(jq -r -s '.[1].symbols[0] | "\(.name) \(.calls) \(.insns)"' \
		"$OUT/plain/profile.jsonl")
	echo "$name: $insns instructions in $calls calls"
	[ "$name" = section ]
	[ "$calls" -ge 3200 ] && [ "$calls" -le 3520 ]
	near "$insns" $((calls * 4000)) 0.5
}
