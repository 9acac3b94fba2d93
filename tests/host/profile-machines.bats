#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# profile-machines.bats - profiles on machines that are no simulator: perf takes
# samples in the guest. First from records whose figures are made up
# (tests/data/golden/README), then in real guests.

# Tests run in subshells; that is what they are for. jq has variables, too.
# shellcheck disable=SC2030,SC2031,SC2016

load ../lib/common
load ../lib/host-tools

setup_file()
{
	build_host_tools "$BATS_FILE_TMPDIR/tools"
	export VB_RESULTS=$VB_BUILD/test/profile-machines
	rm -rf "$VB_RESULTS"
	mkdir -p "$VB_RESULTS"
}

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	golden=$TOP/tests/data/golden/sampled
	run=$golden/vmlist/run-1
}

# convert SCRIPT - of the golden run; the records are in profile and stacks, what was
# said in err, the exit code is rc.
convert()
{
	rc=0
	"$TOOLS/vb-samples" --map "$golden/System.map" --events "$run/events.jsonl" --run 3 --cpus 2 \
		--stacks stacks "$1" >profile 2>err || rc=$?
}

# refused TEXT - it says that and nothing else, exit 2.
refused()
{
	convert script
	cat err
	[ "$rc" -eq 2 ]
	[ "$(cat err)" = "vb-samples: error: $1" ]
}

# useless TEXT - the samples are of no use: exit 1, and both records say why.
useless()
{
	convert script
	cat err
	[ "$rc" -eq 1 ]
	[ "$(cat err)" = "vb-samples: script: run 3: $1: no profile of it" ]
	[ "$(cat profile)" = "{\"v\":1,\"type\":\"profile\",\"run\":3,\"failed\":\"$1\"}" ]
	[ "$(cat stacks)" = "{\"v\":1,\"type\":\"stacks\",\"run\":3,\"failed\":\"$1\"}" ]
}

# campaign - the golden one.
campaign()
{
	cp -r "$golden" sampled
	rm -r sampled/expected
	export VB_RESULTS=$PWD VB_BUILD=$BATS_FILE_TMPDIR/build
}

@test "samples in the region become a profile and stacks" {
	convert "$run/script"
	cat err
	[ "$rc" -eq 0 ]
	[ ! -s err ]
	diff -u "$run/profile.jsonl" profile
	diff -u "$run/stacks.jsonl" stacks
	# Nothing gets lost: those before and after the region are not in it.
	in_region=$(awk '/vb_begin/ { on = 1 } /vb_end/ { on = 0 } on && /cpu-clock/' "$run/script" | wc -l)
	[ "$in_region" -eq 18 ]
	[ "$(jq '(.idle_ns + .user_ns + ([.symbols[].sampled_ns] | add)) / .sampled.every_ns' profile)" -eq 18 ]
	[ "$(jq '.user + .idle_ns / .every_ns + ([.stacks[][1]] | add)' stacks)" -eq 18 ]
}

@test "samples that are of no use: exit 1, no figures, and why" {
	{
		cat "$run/script"
		printf '    0 [001]     1.000900000: PERF_RECORD_LOST lost 5\n'
		printf '   -1     0.000000000: PERF_RECORD_LOST_SAMPLES lost 7\n'
	} >script
	useless "perf lost 12 samples"
	sed '/vb_end/,$d' "$run/script" >script
	useless "perf saw the region begin 1 times and end 0 times, not once"
	cat "$run/script" "$run/script" >script
	useless "perf saw the region begin 2 times and end 2 times, not once"
	awk '/cpu-clock/ { skip = 1 } !skip; /^$/ { skip = 0 }' "$run/script" >script
	useless "no sample was taken in the region, which took 1000000 ns"
	: >script
	useless "perf saw the region begin 0 times and end 0 times, not once"
}

@test "damaged text of perf script: the line, exit 2" {
	while IFS='|' read -r change text; do
		echo "# $change"
		sed "$change" "$run/script" >script
		refused "script:$text"
	done <<-END
	2s/ffff/zzzz/|2: not what perf script prints
	2s/\$/ff/|2: not what perf script prints
	1s/: .*//|1: not what perf script prints
	1s/0.999950000/0.99995/|1: not what perf script prints
	1s/cpu-clock:/cpu-clock/|1: not what perf script prints
	8s/kprobes:vb_begin/instructions/|8: samples of another event: instructions
	11s/100000/100001/|11: another period than before
	1s/100000/999999999999999999/|1: not what perf script prints
	8s/1.000000000/999999999.000000000/|8: not what perf script prints
	END
	# Samples, of which each stands for the time of all that is counted.
	sed 's/ 100000 cpu/ 9007199254740992 cpu/' "$run/script" >script
	refused "script: 16 times 9007199254740992 ns: counts too large to be added up"
	{ printf '    1     1.000000001:     100000 cpu-clock: \n'; seq -f '	ffffffff81%06.0f' 200; } >script
	refused "script:162: not what perf script prints"
	rm script
	refused "script: No such file or directory"
	for args in "" "--map m --events e --run 3 --cpus 2 s" "--run 0" "--cpus x" "--map" "--frob"; do
		# shellcheck disable=SC2086
		run "$TOOLS/vb-samples" $args
		echo "$output"
		[ "$status" -eq 2 ]
		[[ $output == *"try --help"* ]]
	done
	"$TOOLS/vb-samples" --help | grep '^usage:'
}

@test "profile.txt and flame graphs say that they are of samples, and how good" {
	campaign
	"$TOP/scripts/report.sh" --id sampled
	diff -u "$golden/expected/profile.txt" sampled/profile.txt
	for f in before after diff; do
		cmp "$golden/expected/flame-$f.svg" "sampled/plots/flame-$f.svg"
	done
	diff -u "$golden/expected/vmlist-vmap-4p-2t.txt" sampled/profiles/vmlist-vmap-4p-2t.txt
	run ! grep -E '.{77}' sampled/profile.txt
	run ! grep -iE 'instructions|exact' sampled/profile.txt
}

@test "a point without figures: none are printed, why, and exit 1" {
	campaign
	why='{"v":1,"type":"profile","run":3,"failed":"perf lost 12 samples"}'
	printf '%s\n' "$why" >sampled/rewrite/run-1/profile.jsonl
	printf '%s\n' "${why/profile/stacks}" >sampled/rewrite/run-1/stacks.jsonl
	run "$TOP/scripts/report.sh" --id sampled
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"/rewrite/run-1/profile.jsonl:1: perf lost 12 samples"* ]]
	[[ $output == *"no stacks of rewrite, vmap, 4 pages, 2 threads"* ]]
	[ ! -s sampled/profile.txt ]
	[ ! -e sampled/plots/flame-diff.svg ]
	# One side counted and one sampled is no pair.
	cp "$golden/rewrite/run-1/stacks.jsonl" sampled/rewrite/run-1/
	jq -c 'del(.sampled, .user_ns) | .user_insns = 0 | .symbols = []' \
		"$golden/rewrite/run-1/profile.jsonl" >sampled/rewrite/run-1/profile.jsonl
	run "$TOP/scripts/report.sh" --id sampled
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == *"sampled: the two sides were not sampled in the same way"* ]]
}

@test "the plan has each point once more where the guest takes samples, and only there" {
	export VB_BUILD=$PWD/build VMAPBENCH_CACHE=$PWD/cache
	run "$TOP/scripts/vmapbench" profile --machine tcg --threads 2 --ops 70 --dry-run
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "machine tcg, 2 CPUs, 1192 MB" ]
	[ "${lines[4]}" = "point traced ram 4 2 70 50" ]
	[ "${lines[5]}" = "point sampled ram 4 2 70 50 103007" ]
	run "$TOP/scripts/vmapbench" bench --machine tcg --stacks 200000 --workload xfs-dir --threads 1 --dry-run
	echo "$output"
	[[ ${lines[5]} == "readers sampled xfs-dir 16 1 2 1 "*" first 200000" ]]
	run "$TOP/scripts/vmapbench" bench --machine tcg --dry-run
	[[ $output != *sampled* ]]
	run "$TOP/scripts/vmapbench" profile --dry-run
	[[ $output != *sampled* ]]
	run "$TOP/scripts/vmapbench" profile --machine tcg --stacks 99999
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == *"--stacks on tcg: 99999 is not a whole number from 100000 to 100000000"* ]]
	[ ! -e build ] && [ ! -e cache ]
}
