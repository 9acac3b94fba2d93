#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# trials.bats - is what a guest ran into told from what it got through, and from what
# nobody can know? From made-up records, and in real guests the claim that needs it.

# Tests run in subshells; that is what they are for. jq has variables, too.
# shellcheck disable=SC2030,SC2031,SC2016

bats_require_minimum_version 1.5.0

load common
load verdicts
# shellcheck source=scripts/trial-data.sh
. "$TOP/scripts/trial-data.sh"

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
	--id ../x --do "users"|--id: ../x is no plain name
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

@test "bug-as-posted, in real guests: both faults are caught, the rewrite passes" {
	export VB_RESULTS=$OUT
	claim 0 --small bug-as-posted
	[ "$(head -n 1 shown)" = "HOLDS: bug-as-posted (small size)" ]
	reads 'holds: the hole search of rewrite-as-posted is caught operation 2 of CPU 0: vm_map_ram returned NULL; WARNING at mm/vmalloc.c:[0-9]+ vmap_small_pages_range_noflush: 2 > 0'
	reads 'holds: rewrite passes the same 500 operations of verify, nothing wrong: 0 == 0'
	# Whose memory the race hits first is another thing with another image.
	reads 'holds: the static pointer of rewrite-as-posted is caught (WARNING|BUG:|kernel BUG|rcu: INFO:) .*: [1-9][0-9]* > 0'
	reads 'holds: it is not the search .* 2000 operations of verify, nothing wrong: 0 == 0'
	run ! grep -E '.{80}' shown
	for dir in "$OUT"/claim-bug-as-posted-small{,-pointer}; do
		"$TOP/scripts/seal.sh" --check "$dir"
		jq -e '[.trials[] | .outcome] == ["caught", "ok"]' "$dir/trials.json"
		for variant in rewrite-as-posted rewrite; do
			[ -s "$dir/$variant/run-1/console.log" ] && [ -s "$dir/$variant/run-1/qemu-cmd" ]
			# The guest of the race ends in its fault.
			compgen -G "$dir/$variant/run-1/events.jsonl*"
		done
	done
	# The evidence is sealed.
	cp -r "$OUT/claim-bug-as-posted-small" changed
	sed -i 's/mm.vmalloc.c:[0-9]*/mm\/vmalloc.c:1/' changed/rewrite-as-posted/run-1/console.log
	claim 3 --from changed --from pointer="$OUT/claim-bug-as-posted-small-pointer" \
		--from alone="$OUT/claim-bug-as-posted-small-alone" bug-as-posted
	reads 'In doubt: - main: rewrite-as-posted/run-1/console.log: was changed after it was sealed'
	# That nothing was found says nothing where nobody looked.
	sed 's/\bfaults("rewrite")/debug_&/' "$TOP/claims/bug-as-posted.claim" >looked.claim
	claim 3 --from claim-bug-as-posted-small --from pointer=claim-bug-as-posted-small-pointer \
		--from alone=claim-bug-as-posted-small-alone --out looked ./looked.claim
	reads 'CANNOT TELL: rewrite passes the same rewrite: no debug kernel'
	run "$TOP/scripts/vmapbench" report --id claim-bug-as-posted-small
	[ "$status" -eq 2 ]
	[[ $output == *"is a trial"* ]]
}

@test "the rewrite in the place of rewrite-as-posted: DOES NOT HOLD" {
	export VB_RESULTS=$OUT
	# In the claim's own file: what was seen before it was changed is kept.
	sed 's/rewrite-as-posted/rewrite/g' "$TOP/claims/bug-as-posted.claim" >bug-as-posted.claim
	claim 1 --small ./bug-as-posted.claim
	[ "$(head -n 1 shown)" = "DOES NOT HOLD: bug-as-posted (small size)" ]
	reads 'DOES NOT HOLD: the hole search of rewrite is caught 500 operations of verify, nothing wrong: 0 > 0'
	grep -q 'campaign main was asked for something else (variants is rewrite-as-posted rewrite there, rewrite here): kept as ' err
	old=$OUT/claim-bug-as-posted-small
	jq -e '.verdict == "HOLDS"' "$old-old-1/claim.json"
	for name in '' -pointer -alone; do
		"$TOP/scripts/seal.sh" --check "$old$name-old-1"
		rm -r "${old:?}$name"
		mv "$old$name-old-1" "$old$name"
	done
}

@test "a guest that does not boot reads nothing: CANNOT TELL" {
	export VB_RESULTS=$OUT
	sed 's,"hpet=disable ,"rdinit=/nowhere hpet=disable ,' "$TOP/claims/bug-as-posted.claim" >noboot.claim
	run ! cmp -s noboot.claim "$TOP/claims/bug-as-posted.claim"
	claim 3 --small ./noboot.claim
	[ "$(head -n 1 shown)" = "CANNOT TELL: noboot (small size)" ]
	reads 'CANNOT TELL: the hole search of rewrite-as-posted is caught rewrite-as-posted: the guest did not come to its plan: panic: VFS: '
	# What is said of values that are there stays.
	reads 'holds: the static pointer of rewrite-as-posted is caught'
}

@test "interrupted, gone on with: the boot that was finished is kept" {
	export VB_RESULTS=$OUT
	again=$OUT/claim-bug-as-posted-small
	rm "$again"/seal "$again"/trials.json "$again"/rewrite/run-1/trial.json
	before=$(stat -c %Y "$again/rewrite-as-posted/run-1/events.jsonl")
	mapfile -t words < <(jq -r '"--cpus", .cpus, "--append", .append, (.plan[] | "--do", .)' "$again/campaign.json")
	"$TOP/scripts/vmapbench" trial --id claim-bug-as-posted-small --variants "rewrite-as-posted rewrite" \
		"${words[@]}" >log 2>&1 3>&- &
	pid=$!
	for ((i = 0; i < 600; i++)); do
		[ ! -e "$again/rewrite/run-1/events.jsonl.part" ] || break
		sleep 0.1
	done
	kill -TERM "$pid"
	rc=0
	wait "$pid" || rc=$?
	cat log
	# It may have been done with all by then.
	[ "$rc" -eq 143 ] || [ "$rc" -eq 0 ]
	claim 0 --small bug-as-posted
	grep -q 'rewrite-as-posted: kept: ' err
	[ "$(stat -c %Y "$again/rewrite-as-posted/run-1/events.jsonl")" = "$before" ]
}
