#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# decide.bats - boots are added until it is known: what is asked of bench, and what
# becomes of it. Boots take no time here (stub-bench.sh); machines.bats has real ones.

load ../lib/common
load ../lib/host-tools
load ../lib/verdicts

setup_file()
{
	build_host_tools "$VB_BUILD/tools"
	# This checkout with another bench.
	export FAKE=$BATS_FILE_TMPDIR/top
	mkdir -p "$FAKE"
	ln -s "$TOP"/* "$FAKE/"
	rm "$FAKE/scripts"
	cp -r "$TOP/scripts" "$FAKE/"
	cp "$TOP/tests/lib/stub-bench.sh" "$FAKE/scripts/bench.sh"
	for script in kernel module vmapstat; do
		printf '#!/bin/sh\n' >"$FAKE/scripts/kernel/build-$script.sh"
	done
}

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	export VB_RESULTS=$PWD/results STUB=$PWD/stub
	mkdir -p "$VB_RESULTS" "$STUB"
	QUIET="0.99 1.01 1.00 1.005 0.995 1.00 1.01 0.99"
	NOISY="0.7 1.4 1.0 0.8 1.3 1.1 0.9 1.2"
}

# decide CODE ARGS... - compare on tcg has to exit with that.
decide()
{
	exits "$1" "$FAKE/scripts/vmapbench" compare --machine tcg --id gate --out out "${@:2}"
}

calls()
{
	diff - "$STUB/calls"
}

@test "equal kernels on a quiet machine: noise first, then four boots of each, PASS" {
	echo "$QUIET" >"$STUB/vmlist"
	echo "1.00 1.01 0.99 0.995 1.005 1.01" >"$STUB/rewrite"
	decide 0 vmlist rewrite
	calls <<-'TEXT'
	gate-noise: vmlist: 4
	gate: vmlist rewrite: 4
	TEXT
	[ "$(head -n 1 shown)" = "PASS: no regression at 4 points" ]
	says "up to 28 boots: 4 for the noise, then up to 12 of each side"
	says "Noise of 4 boots of vmlist, machine tcg, 4 CPUs"
	says "4 boots of each: PASS"
	json '.plan == { first: 4, step: 2, most: 12, look: 1, looks: 5, alpha_of_all: 0.05 }'
	json '(.alpha - 0.05 / 3 | fabs) < 1e-9'
	json '.noise.campaign == "gate-noise"'
	[ ! -e "$VB_RESULTS/gate/look.json" ]
	run ! grep -E '.{76}' shown
}

@test "more boots are added until it is known" {
	echo "0.90 1.10 1.00 1.00 1.00 1.00 1.00 1.00" >"$STUB/vmlist"
	echo "1.20 1.45 1.30 1.30 1.30 1.30 1.30 1.30" >"$STUB/rewrite"
	decide 1 vmlist rewrite
	calls <<-'TEXT'
	gate-noise: vmlist: 4
	gate: vmlist rewrite: 4
	gate: vmlist rewrite: 6
	TEXT
	says "4 boots of each: INCONCLUSIVE"
	says "6 boots of each: REGRESSION: ns_per_op at 4 of 4 points"
	json '.verdict == "REGRESSION" and .plan.look == 2 and all(.changes[]; .before_boots | length == 6)'
}

@test "what cannot be known is said after as many boots as were announced" {
	echo "$NOISY" >"$STUB/vmlist"
	echo "1.1 0.8 1.4 0.9 1.0 0.7 1.3 1.2" >"$STUB/rewrite"
	decide 3 vmlist rewrite --max-boots 7
	calls <<-'TEXT'
	gate-noise: vmlist: 4
	gate: vmlist rewrite: 4
	gate: vmlist rewrite: 6
	gate: vmlist rewrite: 7
	TEXT
	[ "$(head -n 1 shown)" = "INCONCLUSIVE: ns_per_op at 4 of 4 points" ]
	grep -q '^What these boots can show$' shown
	grep -q '^- flushes_per_kop: boots do not scatter$' shown
	# The same command does not boot anything more.
	rm "$STUB/calls"
	cp shown first
	decide 3 vmlist rewrite --max-boots 7
	calls <<-'TEXT'
	gate-noise: vmlist: 4
	gate: vmlist rewrite: 7
	TEXT
	cmp shown first
	# Nor is it looked at more often than was said.
	decide 2 vmlist rewrite --max-boots 9
	says "campaign gate was started with at most 7 boots of each, not 9: choose another --id"
}

@test "counts decide where times say nothing" {
	echo "$NOISY" >"$STUB/vmlist"
	echo "1.1 0.8 1.4 0.9 1.0 0.7 1.3 1.2" >"$STUB/rewrite"
	echo "1.3 1.3 1.31 1.3" >"$STUB/rewrite.flushes"
	decide 1 vmlist rewrite
	[[ $(head -n 1 shown) == "REGRESSION: flushes_per_kop at 4 of 4 points"* ]]
	json '.blamed == "flushes_per_kop" and .plan.look == 1'
}

@test "a kernel against itself: every other boot for each side, never a regression" {
	echo "$QUIET" >"$STUB/rewrite"
	decide 0 rewrite rewrite
	calls <<-'TEXT'
	gate-noise: rewrite: 4
	gate: rewrite: 8
	TEXT
	# In the order first second second first.
	json '(.changes[] | select(.metric == "ns_per_op" and .threads == 1 and .workload == "ram")) |
		.before_boots == [990, 1005, 995, 990] and .after_boots == [1010, 1000, 1000, 1010]'
	json '.changed == [] and .before.campaign == "gate.first" and .after.campaign == "gate.second"'
	# Whoever gets the campaign gets its runs, not links.
	[ -z "$(find "$VB_RESULTS/gate" -type l)" ]
	echo "$NOISY" >"$STUB/rewrite"
	rm -r "$VB_RESULTS"/gate*
	decide 3 rewrite rewrite --max-boots 6
}

@test "a dry run; another number of boots is another campaign" {
	run "$FAKE/scripts/vmapbench" compare --dry-run --machine tcg vmlist rewrite
	[ "$status" -eq 0 ]
	[[ $output == *"4 for the noise, then 12 of each at most"* ]]
	[ ! -e "$STUB/calls" ]
	echo "$QUIET" | tee "$STUB/vmlist" >"$STUB/rewrite"
	for most in 4 6; do
		"$FAKE/scripts/vmapbench" compare --machine tcg --max-boots "$most" --out out vmlist rewrite
	done
	[ "$(cut -d: -f1 "$STUB/calls" | sort -u | wc -l)" -eq 4 ]
}

@test "a guest that failed twice: no verdict, exit 2, and the same command goes on" {
	echo "$QUIET" | tee "$STUB/vmlist" >"$STUB/rewrite"
	echo 1 >"$STUB/fail"
	decide 2 vmlist rewrite
	says "no verdict: campaign gate-noise is unfinished; finished boots are kept"
	[ ! -s shown ]
	rm "$STUB/fail"
	decide 0 vmlist rewrite
}

@test "a guest of AFTER that failed twice, or counters that are wrong: what a bisection skips" {
	echo 1 >"$STUB/fail"
	for machine in tcg sim; do
		rm -rf "$VB_RESULTS" "$STUB/left" out
		mkdir -p "$STUB/left/rewrite/run-1"
		echo "panic: out of luck" >"$STUB/left/rewrite/run-1/failed"
		VB_UNFIT=125 decide 125 --machine "$machine" vmlist rewrite
		says "compare: error: AFTER (rewrite) does not run: panic: out of luck (log: "
		says "/rewrite/run-1/console.log)"
		# A guest of BEFORE is no commit to skip.
		rm -rf "$VB_RESULTS" out
		mv "$STUB/left/rewrite" "$STUB/left/vmlist"
		VB_UNFIT=125 decide 2 --machine "$machine" vmlist rewrite
		says "compare: error: BEFORE (vmlist) does not run: panic: out of luck"
		rm -rf "$VB_RESULTS" "$STUB/left" out
		mkdir -p "$STUB/left/rewrite/selftest"
		printf 'st-purge: purges: vmapstat saw 3\nmore\n' >"$STUB/left/rewrite/selftest/wrong"
		VB_UNFIT=125 decide 125 --machine "$machine" vmlist rewrite
		says "compare: error: AFTER (rewrite) cannot be measured: selftest: st-purge: purges: vmapstat saw 3 (log: "
		# Without any of it the host may be at fault.
		rm -rf "$VB_RESULTS" "$STUB/left" out
		VB_UNFIT=125 decide 2 --machine "$machine" vmlist rewrite
	done
}

@test "a signal goes to the child, and the exit code says which it was" {
	cat >child <<-'TEXT'
	trap 'kill "$nap"; echo kept >&2; exit 9' TERM
	sleep 20 &
	nap=$!
	echo >up
	wait
	TEXT
	for signal in INT:130 TERM:143 HUP:129; do
		# shellcheck disable=SC2016
		env --default-signal="${signal%:*}" bash -c '. "$1/scripts/lib/lib.sh"
			. "$1/scripts/lib/child.sh"; run_child bash child' - "$TOP" 2>err 3>&- &
		pid=$!
		until [ -e up ]; do
			sleep 0.1
		done
		rm up
		kill "-${signal%:*}" "$pid"
		rc=0
		wait "$pid" || rc=$?
		echo "$signal: $rc"
		[ "$rc" -eq "${signal#*:}" ]
		says kept
	done
}

# baseline JQ - the finished campaign base of vmlist, changed.
baseline()
{
	"$FAKE/scripts/bench.sh" --id base --variants vmlist --boots 1
	jq "$1" "$VB_RESULTS/base/campaign.json" >new
	mv new "$VB_RESULTS/base/campaign.json"
	"$TOP/scripts/seal.sh" "$VB_RESULTS/base"
	rm "$STUB"/*
}

@test "a kernel against a campaign is measured as that was, with the CPUs it was told" {
	baseline '.possible_cpus = 16'
	run "$FAKE/scripts/vmapbench" compare --out out base rewrite
	echo "$output"
	[ "$status" -eq 3 ]
	grep -E -- '--cpus 4 --possible-cpus 16 --threads 1 4 ' "$STUB/options"
	# The same command goes on with the same campaign, costs of its own or not.
	baseline '.machine = "sim" | .costs = { ipi_delivery: 1, line_transfer: 2, tlb_flush_page: 3,
		tlb_flush_all: 4 }'
	for n in 1 2; do
		run "$FAKE/scripts/vmapbench" compare --force --out "out-$n" base rewrite
		grep -e --costs "$STUB/options"
	done
	[ "$(sort -u "$STUB/calls" | wc -l)" -eq 1 ]
	baseline .
	run "$FAKE/scripts/vmapbench" compare --out out base rewrite
	run ! grep -e --possible-cpus "$STUB/options"
	run "$FAKE/scripts/vmapbench" compare --dry-run --possible-cpus 16 vmlist rewrite
	[ "$status" -eq 0 ]
	[[ $output == *"bench --possible-cpus 16"* ]]
}

# gate CODE - compare with a baseline that is kept has to exit with that. The bench of
# here has boots that scatter, on sim, too: one of each decides nothing.
gate()
{
	exits "$1" "$OTHER/scripts/vmapbench" compare --keep-before --out out --id after vmlist rewrite
}

@test "a baseline is kept until something of vmapbench that it was taken with changes" {
	OTHER=$PWD/top
	cp -r "$FAKE" "$OTHER"
	for directory in sim module; do
		rm "$OTHER/$directory"
		cp -r "$TOP/$directory" "$OTHER/"
	done
	gate 3
	[ "$(wc -l <"$STUB/calls")" -eq 2 ]
	gate 3
	[ "$(wc -l <"$STUB/calls")" -eq 3 ]
	for file in sim/Makefile module/vmap_bench.h sim/costs.tsv; do
		case $file in
		*.tsv) sed -i 's/^\(line_transfer\t\).*/\1777/' "$OTHER/$file" ;;
		*) echo >>"$OTHER/$file" ;;
		esac
		rm "$STUB/calls"
		gate 3
		[ "$(cut -d: -f2 "$STUB/calls" | paste -sd' ')" = " vmlist  rewrite" ]
	done
}

@test "records that are wrong are not made right by more boots" {
	echo "$QUIET" | tee "$STUB/vmlist" >"$STUB/rewrite"
	decide 0 vmlist rewrite
	rm "$STUB/calls"
	for n in 1 2 3 4; do
		file=$VB_RESULTS/gate/rewrite/run-$n/events.jsonl
		jq -c 'if .type == "sample" and .run == 1 then .mismatches = 2 else . end' "$file" >new
		mv new "$file"
	done
	decide 3 vmlist rewrite
	calls <<-'TEXT'
	gate-noise: vmlist: 4
	gate: vmlist rewrite: 4
	TEXT
}

@test "wrong options: exit 2, before anything is measured" {
	while IFS='|' read -r args text; do
		# shellcheck disable=SC2086
		decide 2 $args
		says "$text"
	done <<-'TEXT'
	vmlist linux|linux is none of these: a campaign in
	vmlist|give exactly two arguments, BEFORE and AFTER
	--max-boots 2 vmlist rewrite|--max-boots: 2 is not a whole number from 3 to 500
	--machine pdp11 vmlist rewrite|--machine: no machine pdp11
	--noise x vmlist rewrite|--noise: boots for it are measured as well
	vmlist rewrite --threads|--threads needs a value
	TEXT
	[ ! -e "$STUB/calls" ]
}
