#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# vmapstat.bats - the counters against the kernel's own probe events, and what
# happens when something is missing, too small or asked for wrongly.

load ../lib/common
load ../lib/guest

setup_file() {
	export OUT=$VB_BUILD/test/vmapstat
	rm -rf "$OUT"
	mkdir -p "$OUT"
}

# load WORKLOAD PAGES THREADS OPS - words for a guest's shell that run it.
load_of() {
	echo "cd /sys/kernel/debug/vmap_bench; echo $1 >workload; echo $2 >pages; echo $3 >threads; echo $4 >ops; echo 1 >run"
}

# said N - what the Nth command line of the plan, from 0, printed.
said() {
	jq -rs "[.[] | select(.type == \"sh\")][$1] | .out[]" "$log"
}

# ended N STATUS - how it ended.
ended() {
	local rc
	rc=$(jq -s "[.[] | select(.type == \"sh\")][$1].rc" "$log")
	[ "$rc" -eq "$2" ] && return 0
	echo "line $1: exit status $rc, not $2"
	said "$1"
	return 1
}

# field N KEY - of the last JSON record that it printed.
field() {
	said "$1" | grep '^{"v":1' | tail -n 1 | jq -r "$2"
}

# holds N CONDITION - true of that record.
holds() {
	[ "$(field "$1" "$2")" = true ] && return 0
	echo "line $1: not true: $2"
	said "$1"
	return 1
}

# same N KEY EVENTS [SLACK] - KEY of line N's record is what the probe events
# after it add up to, or more by what those missed, and by SLACK.
same() {
	local ours hand
	ours=$(field "$1" "$2")
	hand=$(jq -rs "[.[] | select(.type == \"sh\" or .type == \"kprobes\")] |
		[range(length) as \$i | select(.[\$i].type == \"sh\") | .[\$i + 1]][$1] |
		\"\([$3] | map(. // 0) | add) \(.missed + ${4:-0}) \(.dropped)\"" "$log")
	echo "line $1: $2: $ours, by hand (missed, dropped): $hand"
	# shellcheck disable=SC2086 # three numbers
	set -- "$ours" $hand
	(($1 >= $2 && $1 <= $2 + $3 && $4 == 0))
}

# The marks count for the region alone, so both see the same window.
as_by_hand() {
	local n=$1
	ended "$n" 0
	same "$n" .flushes '.flush_tlb_kernel_range, .flush_tlb_all'
	same "$n" .flush_runs '.do_kernel_range_flush, .do_flush_tlb_all'
	same "$n" '.flushes_all + .flushes_range + .other_calls' .smp_call_function_many_cond
	same "$n" .aliases .vm_unmap_aliases
	same "$n" .purge_calls .__purge_vmap_area_lazy
	same "$n" .purges .effective
	same "$n" .calls.vm_map_ram .vm_map_ram
	same "$n" .calls.vm_unmap_ram .vm_unmap_ram
	same "$n" .calls.vmap .vmap
	same "$n" .calls.vunmap .vunmap
	same "$n" '[.locks[].waits] | add' \
		'.queued_spin_lock_slowpath, .queued_write_lock_slowpath, .queued_read_lock_slowpath'
	# Every probe that is attached once or, with its return, twice.
	same "$n" .hits '.flush_tlb_kernel_range, .flush_tlb_all, .do_kernel_range_flush,
		.do_flush_tlb_all, .free_vmap_area_noflush, .alloc_vmap_area, .free_vmap_block,
		.remove_vm_area, ((.smp_call_function_many_cond, .vm_unmap_aliases,
		.__purge_vmap_area_lazy, .vm_map_ram, .vm_unmap_ram, .vmap, .vunmap,
		.queued_spin_lock_slowpath, .queued_write_lock_slowpath,
		.queued_read_lock_slowpath) | ., .)'
	# What is known of a flush from its asker and from those who did it agrees.
	holds "$n" '.flushes_all + .flushes_range == .flushes'
	holds "$n" '.ipis == 3 * .flushes and .flush_runs == 4 * .flushes'
	holds "$n" '([.functions[] | select(.name | test("flush_tlb_all|kernel_range")).ipis] | add // 0) == .ipis'
	holds "$n" '(.purge_hist | add // 0) == .purges and (.flush_hist | add // 0) == .flushes'
	holds "$n" '([.callers[].calls] | add // 0) == .purge_calls'
}

# What calls vm_unmap_aliases() and has all CPUs do other things than flush: a
# tracer comes and goes, and its trampoline with it. In an instance of its own,
# because a change of tracer empties the trace, where the marks go.
TRACER='cd /sys/kernel/tracing; echo begin >trace_marker; cd instances/x; echo schedule >set_ftrace_filter; for i in 1 2 3; do echo function >current_tracer; echo nop >current_tracer; done; echo end >../../trace_marker'

# against_kprobes VARIANT - one boot: areas that come and go, blocks, other
# things going on; then who it was, filters, and tables that are too small.
against_kprobes() {
	boot "$1" "point bare ram 4 2 100 5" "kprobes on" \
		"sh vmapstat --json --region -- sh -c '$(load_of vmap 64 2 2000)'" \
		"kprobes sum" "kprobes on" \
		"sh vmapstat --json --region -- sh -c '$(load_of ram 4 2 3000)'" \
		"kprobes sum" "sh mkdir /sys/kernel/tracing/instances/x" "kprobes on" \
		"sh vmapstat --json -p aliases,ipi -- sh -c '$TRACER'" \
		"kprobes sum" "kprobes off" \
		"sh vmapstat --json -p purge -- sh -c '$(load_of vmap 64 2 2000)'" \
		"sh vmapstat --json --stacks --per-cpu -- sh -c '$(load_of vmap 4 4 3000)'" \
		"sh vmapstat --stacks --per-cpu -- sh -c '$(load_of vmap 4 4 3000)'" \
		"sh vmapstat --json -c 0,2-3 -p purge,flush,lock,map --per-cpu -- sh -c '$(load_of ram 4 2 1000)'" \
		"sh vmapstat --json --map-size 1 -p map -- sh -c '$(load_of ram 4 4 1000)'" \
		"sh vmapstat --json --map-size 1 --stacks -p lock -- sh -c '$(load_of vmap 4 4 3000)'" \
		"sh vmapstat --json --caller ram_op -p map -- sh -c '$(load_of ram 4 2 500)'" \
		"sh vmapstat --json --caller vmap_op -p map -- sh -c '$(load_of ram 4 2 500)'"
	as_by_hand 0
	holds 0 '.calls.vmap >= 2000 and .calls_hist.vmap["64"] != null and .calls_hist.vunmap["64"] != null'
	as_by_hand 1
	# Two of its own may come between the window and the mark.
	ended 3 0
	holds 3 '.lost == 0 and .aliases > 0 and .other_calls > 0 and .flushes == 0'
	holds 3 '(.aliases_hist | add) == .aliases and .aliases_ns > 0'
	same 3 .aliases .vm_unmap_aliases 2
	same 3 .hits '(.smp_call_function_many_cond, .vm_unmap_aliases) | ., .' 8
	holds 1 '.calls.vm_map_ram >= 3000 and .calls_hist.vm_unmap_ram["4"] != null'
	# A lock that was waited for has a stack; most of them are of the test.
	ended 5 0
	holds 5 '[.stacks[].frames[]] | any(test("^vmap_op\\+0x"))'
	holds 5 '[.stacks[].frames[]] | all(test("bpf_trampoline|lock_slowpath") | not)'
	holds 5 '(.cpus | length) == 4 and ([.cpus[].hits] | add) == .hits'
	said 6 | grep 'came this way:'
	said 6 | grep -E '^ +CPU +PURGES +FLUSHES'
	[ -z "$(said 6 | awk 'length >= 80')" ]
	# The second thread of the load runs on CPU 1, which was not asked for.
	ended 7 0
	holds 7 '([.cpus[].cpu] == [0, 2, 3]) and .calls.vm_map_ram >= 490 and .calls.vm_map_ram <= 600'
	# Too small a table loses; it says so and how much.
	ended 8 3
	holds 8 '.lost > 0 and .calls.vm_map_ram < 1000'
	said 8 | grep "^vmapstat: $(field 8 .lost) events were lost\$"
	ended 9 3
	holds 9 '.lost > 0'
	ended 10 0
	ended 11 0
	holds 11 '.calls.vm_map_ram == 0'
}

@test "vmlist: counts as the kernel's own probe events; who, where, what is lost" {
	against_kprobes vmlist
	holds 0 '.flushes >= 2000 and .purges == 0 and .missing == ["__purge_vmap_area_lazy",
		"free_vmap_area_noflush", "vmap_lazy_nr", "vmap_block_queue"]'
	# There vm_map_ram() is vmap(), which somebody else calls.
	holds 0 '.calls.vm_map_ram == 0 and .calls.vmap >= 2000'
	holds 1 '.calls.vm_map_ram == .calls.vmap and .calls.vm_unmap_ram == .calls.vunmap'
	holds 10 '.calls.vm_map_ram >= 500 and .calls.vmap == 0'
	said 4 | grep '^vmapstat: no __purge_vmap_area_lazy: purges not counted$'
}

@test "rewrite: counts as the kernel's own probe events; who, where, what is lost" {
	against_kprobes rewrite
	holds 0 '.purges > 0 and .missing == []'
	holds 1 '.blocks_new > 0 and .blocks_freed > 0 and .blocks_purged == 0'
	# The module has everything purged before its region and after its run.
	holds 4 '[.callers[] | select(.purges > 0).name] == ["purge_if_due", "_vm_unmap_aliases"]'
	holds 10 '.calls.vm_map_ram >= 500'
}

@test "mainline: counts as the kernel's own probe events; who, where, what is lost" {
	against_kprobes mainline
	holds 0 '.purges > 0 and .missing == []'
	same 1 .blocks_freed .free_vmap_block
	holds 1 '.blocks_new > 0 and .blocks_freed > 0'
	holds 4 '[.callers[] | select(.purges > 0).name] == ["drain_vmap_area_work", "_vm_unmap_aliases"]'
	# 64 pages and the guard page; each purge takes what came since the last.
	holds 4 '.pages_purged <= .areas_purged * 65 and .pages_purged >= .areas_purged * 60'
	holds 4 '.lazy_pages_max > 24576 and .lazy_pages < .lazy_pages_max'
	holds 10 '.calls.vm_map_ram >= 500'
}

@test "options: help, intervals, Ctrl-C, one group, what is wrong" {
	boot mainline "point bare ram 4 2 100 5" \
		"sh vmapstat --help" \
		"sh vmapstat --nosuch" "sh vmapstat 0" "sh vmapstat -c 3-1" "sh vmapstat -p purges" \
		"sh vmapstat 1 2 3" "sh vmapstat --" "sh vmapstat --stacks -p map" \
		"sh vmapstat --caller nosuch" "sh vmapstat --map-size 0" \
		"sh vmapstat -o /nosuch/file" \
		"sh vmapstat -T -p purge 1 2" \
		"sh vmapstat --json -p lock 1 2" \
		"sh vmapstat & sleep 3; kill -INT \$!; wait \$!; echo ended \$?" \
		"sh vmapstat -- sh -c 'exit 3'" \
		"sh vmapstat --region -- sh -c :" \
		"sh echo 0 >/proc/sys/kernel/ftrace_enabled; vmapstat; rc=\$?; echo 1 >/proc/sys/kernel/ftrace_enabled; exit \$rc" \
		unload "sh vmapstat --region -- sh -c :"
	ended 0 0
	said 0 | grep '^EXAMPLES:$'
	[ -z "$(said 0 | awk 'length >= 80')" ]
	for i in 1 2 3 4 5 6 7 8 9 10; do
		ended "$i" 2
	done
	said 2 | grep -x 'vmapstat: invalid interval: 0'
	said 3 | grep -x 'vmapstat: invalid list of CPUs: 3-1'
	said 4 | grep -x 'vmapstat: invalid list of probes: purges'
	said 5 | grep -x 'vmapstat: too many arguments: 3'
	said 6 | grep -x 'vmapstat: no command after --'
	said 7 | grep -x 'vmapstat: --stacks needs the probes lock'
	said 8 | grep -x 'vmapstat: no function nosuch in this kernel'
	said 9 | grep -x 'vmapstat: invalid size of maps: 0'
	said 10 | grep -x 'vmapstat: cannot open /nosuch/file: No such file or directory'
	# Two intervals and the total, in both forms.
	ended 11 0
	[ "$(said 11 | grep -c '^TIME')" -eq 3 ]
	[ "$(said 11 | grep -cE '^[0-9]{2}:[0-9]{2}:[0-9]{2} ')" -eq 3 ]
	[ "$(said 11 | grep -cx Total)" -eq 1 ]
	ended 12 0
	[ "$(said 12 | jq -r .type | tr '\n' ' ')" = "interval interval counts " ]
	holds 12 '.probes == ["lock"] and .hits == ([.locks[].waits] | add) * 2'
	said 13 | grep -x 'ended 0'
	said 13 | grep 'runs of probes$'
	ended 14 1
	said 14 | grep -x 'vmapstat: sh: exit status 3'
	ended 15 2
	said 15 | grep -x 'vmapstat: the region was never entered: nothing to report'
	ended 16 2
	said 16 | grep -x 'vmapstat: cannot attach to any function: kernel.ftrace_enabled is 0'
	ended 17 2
	said 17 | grep 'is module vmap_bench loaded?$'
}
