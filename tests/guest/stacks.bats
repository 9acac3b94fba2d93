#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# stacks.bats - samples of stacks, taken in real guests: known chains of callers,
# as often as the exact profile says, the same every time, and without any effect
# on what is measured.

load ../lib/common
load ../lib/guest

PLAN=("point bare ram 4 4 2000 20" "point bare vmap 4 2 500 20")

setup_file() {
	# These boots are to be computed.
	export VB_STORE=off
	export OUT=$VB_BUILD/test/stacks
	rm -rf "$OUT"
	mkdir -p "$OUT"
	for variant in vmlist rewrite; do
		sampled "$variant" "$OUT/$variant" || return 1
	done
}

# sampled VARIANT DIR - a run with samples.
sampled() {
	printf '%s\n' "${PLAN[@]}" |
		"$TOP/scripts/run/guest-run.sh" "$1" "$2" --cpus 4 --stacks 1009 \
			--module "$VB_BUILD/module/$1/vmap_bench.ko" 2>"$2.err" ||
		{ cat "$2.err" >&2; return 1; }
}

# folded DIR RUN - "samples frames", a line for each stack of a point.
folded() {
	jq -r --argjson run "$2" 'select(.run == $run) | .stacks[] | "\(.[1]) \(.[0])"' "$1/stacks.jsonl"
}

# number DIR RUN PATTERN - samples whose stack matches.
number() {
	folded "$1" "$2" | awk -v p="$3" '$2 ~ p { n += $1 } END { print n + 0 }'
}

@test "stacks are whole: they end where a thread began or the kernel was entered" {
	begin='^(ret_from_fork;|secondary_startup_64_no_verify;|x86_64_start_kernel;|secondary_startup_64;|entry_SYSCALL_64_after_hwframe;|asm_)'
	for variant in vmlist rewrite; do
		for run in 1 2; do
			all=$(number "$OUT/$variant" "$run" .)
			lost=$(number "$OUT/$variant" "$run" '^[[]lost]')
			echo "$variant, run $run: $all samples, $lost lost"
			[ "$all" -gt 500 ]
			# The tables are wrong behind a call that changes the stack, in asm_*.
			[ "$lost" -le $((all / 200)) ]
			[ "$(number "$OUT/$variant" "$run" "$begin")" -eq $((all - lost)) ]
		done
		# All CPUs have a measured thread in the first point.
		all=$(number "$OUT/$variant" 1 .)
		[ "$(number "$OUT/$variant" 1 '^ret_from_fork;kthread;vmap_bench_thread_fn_')" -ge $((all * 98 / 100)) ]
	done
}

@test "known chains: who waits for the list lock, maps or unmaps" {
	lock='queued_write_lock_slowpath'
	waits=$(number "$OUT/vmlist" 1 "$lock")
	[ "$waits" -gt 1000 ]
	# vm_map_ram() and vm_unmap_ram() of vmlist end in jumps to vmap() and vunmap().
	[ "$(number "$OUT/vmlist" 1 "vmap_bench_thread_fn_[[]vmap_bench];ram_op_[[]vmap_bench];(vm_map_ram;)?(vmap|vm_unmap_ram|vunmap|__vunmap|remove_vm_area);(.*;)?$lock")" -eq "$waits" ]
	# Each unmap flushes, inside the lock, in that order of calls.
	sends=$(number "$OUT/vmlist" 1 '_thread_fn_.*;smp_call_function_many_cond')
	[ "$sends" -gt 100 ]
	[ "$(number "$OUT/vmlist" 1 '_thread_fn_.*;remove_vm_area;flush_tlb_kernel_range;on_each_cpu_cond_mask;smp_call_function_many_cond')" -eq "$sends" ]
	# An interrupt that came while its CPU spun: both are there.
	[ "$(number "$OUT/vmlist" 1 "$lock;.*asm_sysvec_call_function;.*do_kernel_range_flush")" -gt 100 ]
	# No lock is waited for, and the blocks are searched.
	[ "$(number "$OUT/rewrite" 1 "$lock")" -eq 0 ]
	[ "$(number "$OUT/rewrite" 1 ';ram_op_[[]vmap_bench];vm_map_ram;')" -gt 1000 ]
}

@test "the share of each function is that of the exact profile" {
	# Each sample is taken with the probability of its function's share: the number
	# is binomial, and 5 standard deviations off is one case in 1.7 million.
	for variant in vmlist rewrite; do
		jq -sr --slurpfile p "$OUT/$variant/profile.jsonl" '
			.[] | . as $s | ($p[] | select(.run == $s.run)) as $p |
			([$s.stacks[][1]] | add + $s.user) as $n |
			([$p.symbols[] | .insns + .spin_ns + .cost_ns] | add + $p.user_insns) as $all |
			($s.stacks | map({ symbol: (.[0] | sub(";\\[(spinning|cost)\\]$"; "") | split(";")[-1]), n: .[1] }) |
				group_by(.symbol) | map({ (.[0].symbol): (map(.n) | add) }) | add) as $leaf |
			"total \($n) \($all / $s.every_ns) \($n)",
			($p.symbols | group_by(.name + (.module // "")) | .[] |
				(.[0].name + (if .[0].module then "_[\(.[0].module)]" else "" end)) as $name |
				"\($name) \($leaf[$name] // 0) \((map(.insns + .spin_ns + .cost_ns) | add) / $all * $n) \($n)")
			' "$OUT/$variant/stacks.jsonl" >"$OUT/$variant.shares"
		awk '
		$1 == "total" { if ($2 < 0.95 * $3 || $2 > 1.05 * $3) bad = bad " " $0; totals++; next }
		{
			tested++
			sigma = sqrt($3 * (1 - $3 / $4))
			d = $2 - $3
			# Of what hardly ever runs a few samples may be there.
			if ((d > 5 * sigma + 2) || (d < -5 * sigma - 2)) bad = bad "\n" $0
			if ($3 >= 5) { squares += d * d / sigma ^ 2; many++ }
		}
		END {
			printf "%d functions, %d with 5 or more samples, mean square %.2f%s\n", tested, many, squares / many, bad
			# All together the deviations are those of chance.
			exit bad != "" || totals != 2 || many < 15 || squares / many > 2
		}' "$OUT/$variant.shares"
	done
}

@test "every symbol of profile and stacks is in System.map or the module" {
	for variant in vmlist rewrite; do
		map=$(kernel_dir "$variant")/System.map
		{
			awk '{ print $3 }' "$map"
			jq -r 'select(.type == "symbols") | .symbol[] | "\(.[1])_[vmap_bench]"' "$OUT/$variant/events.jsonl"
			printf '[%s]\n' spinning cost lost
		} | sort -u >"$OUT/known"
		{
			jq -r '.stacks[][0] | split(";")[]' "$OUT/$variant/stacks.jsonl"
			jq -r '.symbols[] | .name + (if .module then "_[\(.module)]" else "" end)' "$OUT/$variant/profile.jsonl"
		} | sort -u | comm -23 - "$OUT/known" >"$OUT/strange"
		cat "$OUT/strange"
		[ ! -s "$OUT/strange" ]
	done
}

@test "two runs have the same stacks, and samples change nothing else" {
	sampled vmlist "$OUT/again"
	cmp "$OUT/vmlist/stacks.jsonl" "$OUT/again/stacks.jsonl"
	boot vmlist "${PLAN[@]}"
	for file in clock profile events; do
		cmp "$OUT/vmlist/$file.jsonl" "${log%/*}/$file.jsonl"
	done
	[ ! -e "${log%/*}/stacks.jsonl" ]
}

@test "without the module's tables stacks end in it, and say so" {
	GUEST_OPTIONS="--stacks 1009" boot rewrite "${PLAN[0]}"
	all=$(number "${log%/*}" 1 .)
	lost=$(number "${log%/*}" 1 '^[[]lost];.*_[[]vmap_bench]')
	[ "$all" -gt 500 ]
	[ "$lost" -ge $((all * 95 / 100)) ]
}

@test "run-guest.sh and the plugin refuse what cannot be sampled" {
	run "$TOP/scripts/run/guest-run.sh" vmlist "$OUT/refused" --stacks 7 </dev/null
	[ "$status" -eq 2 ]
	[[ $output == *"--stacks on sim: 7 is not a whole number from 100 to 100000000"* ]]
	run "$TOP/scripts/run/guest-run.sh" vmlist "$OUT/refused" --stacks 100000 --machine tcg </dev/null
	[ "$status" -eq 2 ]
	[[ $output == *"--stacks: the machine tcg takes no samples; a point of mode sampled does"* ]]
	run "$TOP/scripts/run/guest-run.sh" vmlist "$OUT/refused" --module /nonexistent </dev/null
	[ "$status" -eq 2 ]
	[[ $output == *"cannot read /nonexistent"* ]]
	files=clock=/dev/null,profile=/dev/null,speed=/dev/null
	for every in 0 x 9999999999; do
		run timeout 20 "$("$TOP/scripts/setup/qemu-path.sh")" -M none -accel tcg,thread=single -display none \
			-plugin "file=$VB_BUILD/sim/vmapsim.so,$files,stacks=/dev/null,stacks-every=$every"
		[ "$status" -eq 1 ]
		[[ $output == *"vmapsim: error: stacks-every=$every: a number of ns from 1 to 1000000000 is needed"* ]]
	done
}
