#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# trials.bats - the claim that needs trials, in real guests. How outcomes are read from
# records is in tests/host/trials.bats.

# Tests run in subshells.
# shellcheck disable=SC2030,SC2031

bats_require_minimum_version 1.5.0

load ../lib/common
load ../lib/verdicts

setup_file()
{
	export OUT=$VB_BUILD/test/trials
	rm -rf "$OUT"
	mkdir -p "$OUT"
}

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
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
	reads 'Warnings: - main: rewrite-as-posted/run-1/console.log: was changed after it was sealed'
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
	# The boot that is interrupted is to be computed.
	export VB_STORE=off
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
