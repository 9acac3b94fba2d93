#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# trials.bats - is what a guest ran into told from what it got through, and from what
# nobody can know? From made-up records, and in real guests the claim that needs it.

# Tests run in subshells; that is what they are for. jq has variables, too.
# shellcheck disable=SC2030,SC2031,SC2016

bats_require_minimum_version 1.5.0

load ../lib/common
load ../lib/verdicts
# shellcheck source=scripts/campaign/trial-data.sh
. "$TOP/scripts/campaign/trial-data.sh"

START='{"v":1,"type":"start","kernel":"6.1","cpus":2,"variant":"rewrite"}'
POINT='{"v":1,"type":"point","seq":1,"mode":"bare","workload":"verify"}'
SAMPLE='{"v":1,"type":"sample","run":1,"workload":"verify","ops_done":500,"mismatches":0}'
FAULT='{"v":1,"type":"error","run":1,"workload":"verify","errno":-12,"what":"vm_map_ram returned NULL","cpu":1,"op":2}'
END='{"v":1,"type":"end"}'
WARNING='[    1.234567] WARNING: CPU: 0 PID: 77 at mm/vmalloc.c:542 vmap_small_pages_range_noflush+0x1a/0x2b'

setup_file()
{
	export OUT=$VB_BUILD/test/trials
	rm -rf "$OUT"
	mkdir -p "$OUT"
}

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	mkdir -p run
	: >run/console.log
}

# records LINE... - of a guest that came to its end.
records()
{
	printf '%s\n' "$@" >run/events.jsonl
}

# outcome JQ
outcome()
{
	trial_outcome rewrite run x >outcome.json
	jq -e "$1" outcome.json >/dev/null || { echo "does not hold: $1"; cat outcome.json; return 1; }
}

@test "ok: every point has a result, and nobody complained" {
	records "$START" "$POINT" "$SAMPLE" "$END"
	printf '[    0.1] Linux version 6.1\r\n[    0.2] tsc: WARNING is not at the beginning\r\n' >run/console.log
	outcome '.outcome == "ok" and .faults == 0 and .inputs == "x"'
	outcome '.reason == "500 operations of verify, nothing wrong"'
}

@test "caught: an error of a workload, a mismatch, a complaint of the kernel" {
	records "$START" "$POINT" "$FAULT" "$END"
	outcome '.outcome == "caught" and .faults == 1 and .reason == "operation 2 of CPU 1: vm_map_ram returned NULL"'
	# It is in the log that init prints, too, and counts once; that of a kind twice.
	printf '%s\r\n%s\r\ndmesg: %s\r\n' "$WARNING" "$WARNING" "$WARNING" >run/console.log
	outcome '.faults == 3 and .reason == "operation 2 of CPU 1: vm_map_ram returned NULL; WARNING at mm/vmalloc.c:542 vmap_small_pages_range_noflush"'
	records "$START" "$POINT" "$SAMPLE" "$END"
	outcome '.outcome == "caught" and .faults == 2'
	: >run/console.log
	records "$START" "$POINT" "${SAMPLE/:0\}/:3\}}" "$END"
	outcome '.outcome == "caught" and .reason == "3 mismatches of verify"'
	for text in 'BUG: sleeping function called from invalid context at mm/vmap_rewrite.c:822' \
		'watchdog: BUG: soft lockup - CPU#1 stuck for 26s!' '[ BUG: Invalid wait context ]' \
		'rcu: INFO: rcu_sched self-detected stall on CPU' 'BUG kmalloc-64 (Not tainted): Poison overwritten' \
		'WARNING: inconsistent lock state' 'kernel BUG at mm/vmalloc.c:1!' \
		'Kernel panic - not syncing: Fatal exception'; do
		printf '[    1.5] %s\r\n' "$text" >run/console.log
		records "$START" "$POINT" "$SAMPLE" "$END"
		outcome ".outcome == \"caught\" and .faults == 1 and .reason == \"$text\""
	done
	# All count, and the line stays one.
	printf '[    1.5] WARNING: number %d\r\n' 1 2 3 4 5 6 >run/console.log
	outcome '.faults == 6 and .reason == ([range(1; 5) | "WARNING: number \(.)"] + ["and 2 more"] | join("; "))'
}

@test "caught: a guest that its fault ends in the middle of a line" {
	printf '%s\n%s\n{"v":1,"type":"sam' "$START" "$POINT" >run/events.jsonl.part
	printf '%s\n[    1.3] Kernel panic - not syncing: Fatal exception\n' "$WARNING" >run/console.log
	printf 'panic: Fatal exception\n' >run/failed
	outcome '.outcome == "caught" and .faults == 2'
	outcome '.reason == "WARNING at mm/vmalloc.c:542 vmap_small_pages_range_noflush; Kernel panic - not syncing: Fatal exception"'
}

@test "not known: no boot, no end, no result, no such plan" {
	printf 'panic: VFS: Unable to mount root fs\n' >run/failed
	printf '[    1.3] Kernel panic - not syncing: VFS: Unable to mount root fs\n' >run/console.log
	outcome '.outcome == null and .reason == "the guest did not come to its plan: panic: VFS: Unable to mount root fs"'
	: >run/console.log
	printf 'hang: nothing heard from it for 630 s (--stall)\n' >run/failed
	printf '%s\n%s\n' "$START" "$POINT" >run/events.jsonl.part
	outcome '.outcome == null and .reason == "not known: hang: nothing heard from it for 630 s (--stall)"'
	rm run/failed run/events.jsonl.part
	records "$START" "$POINT" "$END"
	outcome '.outcome == null and .reason == "a point of the plan has no result"'
	records "$START" '{"v":1,"type":"error","errno":0,"what":"plan line 1: nothing does dance"}' "$END"
	outcome '.outcome == null and .reason == "the plan could not be done: plan line 1: nothing does dance"'
	# What a layer does not have, and what is out of range, was not tried.
	for errno in -22 -95; do
		records "$START" "$POINT" "${FAULT/-12/$errno}" "$END"
		outcome '.outcome == null and .reason == "the plan could not be done: vm_map_ram returned NULL"'
	done
	rm run/events.jsonl run/console.log
	outcome '.outcome == null'
}

@test "what a user may type wrong: exit 2, the option, the reason, and nothing is made" {
	export VB_RESULTS=$PWD/results VMAPBENCH_CACHE=$PWD/cache VB_BUILD=$PWD/build
	while IFS='|' read -r args text; do
		eval "set -- $args"
		run "$TOP/scripts/vmapbench" trial "$@"
		echo "trial $args: $status: $output"
		[ "$status" -eq 2 ]
		[[ $output == *"$text"* ]]
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
	|--do is missing
	--do "console off"|--id is missing
	--id x --do|--do needs a value
	--id ../x --do "users"|--id: ../x is not a plain name
	--id x --do "users" --variants linux|--variants: no variant linux; there are: 
	--id x --do "users" --cpus 0|--cpus: 0 is not a whole number from 1 to 128
	--id x --do "users" --variants "rewrite rewrite-i386"|--cpus: a 32-bit kernel has one CPU on sim, not 2
	--id x --do "users" --mem 1|--mem: 1 is not a whole number from 64
	--id x --do "users" --machine pdp11|--machine: no machine pdp11
	--id x --do "users" --json|--json: only with --dry-run
	--id x --ops 5|unknown argument: --ops
	END
	run "$TOP/scripts/vmapbench" trial --help
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == "trial.sh - "* ]]
	run "$TOP/scripts/vmapbench" trial --dry-run --json --id x --variants "rewrite rewrite" --debug \
		--do "console off" --do "point bare verify 4 1 10 1"
	[ "$status" -eq 0 ]
	jq -e '.command == "trial" and .variants == ["rewrite"] and .debug and .boots == 1 and
		.plan == ["console off", "point bare verify 4 1 10 1"]' <<<"$output"
	run "$TOP/scripts/vmapbench" trial --dry-run --id x --append "a=b" --do "console off"
	[ "$status" -eq 0 ]
	[[ $output == *"machine sim, 2 CPUs, 1024 MB, a=b"* ]]
	[ ! -e results ] && [ ! -e cache ] && [ ! -e build ]
}
