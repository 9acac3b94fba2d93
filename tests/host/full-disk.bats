#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# full-disk.bats - a disk that is full in the middle of it: exit 2, nothing that was
# whole is lost, and nothing that is not whole is taken for it later.

# Tests run in subshells; that is what they are for. A script of ours has variables, too.
# shellcheck disable=SC2030,SC2031,SC2016

load ../lib/common
load ../lib/host-tools
load ../lib/campaigns

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	export VB_RESULTS=$PWD
	golden=$TOP/tests/data/golden/sampled
	# shellcheck source=scripts/run/guest-files.sh
	. "$TOP/scripts/run/guest-files.sh"
}

teardown()
{
	umount "$BATS_TEST_TMPDIR/small" 2>/dev/null || true
}

# small KB - a disk of that size, in the directory small.
small()
{
	[ "$(id -u)" -eq 0 ] || skip "needs root to mount a small tmpfs"
	mkdir small
	mount -t tmpfs -o size="$1k" none small || skip "cannot mount"
}

# fill KB - so much of it is somebody else's.
fill()
{
	dd if=/dev/zero of=small/other bs=1k count="$1" 2>/dev/null
}

# perf_stub SCRIPT - a perf that has this to say of any samples.
perf_stub()
{
	mkdir -p bin
	printf '#!/bin/sh\ncat %q\n' "$(realpath "$1")" >bin/perf
	chmod +x bin/perf
	PATH=$PWD/bin:$PATH
}

# convert - the samples in small, as run-guest.sh has them converted.
convert()
{
	run bash -c '
		for part in lib/lib lib/tools run/guest-files run/perf-records; do
			. "$1/scripts/$part.sh"
		done
		convert_samples small "$2" 2' - "$TOP" "$golden"
	echo "$status: $output"
}

@test "records with files in them: they are as they were, and the same again takes them" {
	small 64
	# The only records of the run, more than there is room for twice.
	seq -f '{"v":1,"type":"other","n":%030.0f}' 700 >small/events.jsonl
	echo x | gzip -c >x.gz
	printf '{"v":1,"type":"file","name":"perf-3.data",%s}\n' '"bytes":2' \
		"\"data\":\"$(base64 -w 0 x.gz)\"" >>small/events.jsonl
	cp small/events.jsonl before
	# What nobody asked for is not read.
	convert
	[ "$status" -eq 2 ]
	[[ $output == *"the guest sent samples, and small/plan asks for none"* ]]
	echo 'point sampled vmap 4 2 10 1 1000' >small/plan
	convert
	[ "$status" -eq 2 ]
	[ "${lines[-1]}" = "vmapbench: error: cannot write to small: no space left?" ]
	cmp before small/events.jsonl
	[ ! -e small/events.jsonl.new ]
	mount -o remount,size=256k small
	perf_stub /dev/null
	convert
	grep -v '"file"' before | cmp - small/events.jsonl
}

@test "records of nothing but files: none are left" {
	printf '{"v":1,"type":"file","name":"x"}\n' >events.jsonl
	drop_files .
	[ -e events.jsonl ] && [ ! -s events.jsonl ]
}

# converted - what was converted is that of one region, both files of it.
converted()
{
	[ "$(jq -s -c 'map(.run)' small/profile.jsonl)" = "[3]" ]
	[ "$(jq -s -c 'map(.run)' small/stacks.jsonl)" = "[3]" ]
	[ "$(find small -type d | wc -l)" -eq 1 ]
}

@test "samples: both records or none, and the same again makes them" {
	small 64
	cp "$golden/vmlist/run-1/events.jsonl" small/
	echo x | gzip -c >small/perf-3.data.gz
	# Stacks that are deep, and each another one: they take more room than the profile.
	awk '/cpu-clock/ { n += 6 } { print }
		/81000350$/ { for (i = 0; i < n; i++) print "\tffffffff81000650" }' \
		"$golden/vmlist/run-1/script" >script
	perf_stub script
	fill 48
	convert
	[ "$status" -eq 2 ]
	[ "$(find small -type f -printf '%f\n' | sort | paste -sd' ')" = \
		"events.jsonl other perf-3.data.gz" ]
	[ "$(find small -type d | wc -l)" -eq 1 ]
	rm small/other
	# What somebody who was killed has left is not added to.
	mkdir small/samples.tmp
	echo x | tee small/samples.tmp/stacks.jsonl >small/samples.tmp/profile.jsonl
	convert
	[ "$status" -eq 0 ]
	converted
	[ "$(wc -c <small/stacks.jsonl)" -gt 8192 ]
}

@test "samples that are cut off: said, and no records of them" {
	mkdir small
	cp "$golden/vmlist/run-1/events.jsonl" small/
	seq 10000 | gzip -c >perf.gz
	head -c 9000 perf.gz >small/perf-3.data.gz
	perf_stub "$golden/vmlist/run-1/script"
	convert
	[ "$status" -eq 2 ]
	[[ $output == *"small/perf-3.data.gz cannot be unpacked"* ]]
	[ ! -e small/profile.jsonl ] && [ ! -e small/stacks.jsonl ]
}

# full CODE ARGS... - that command, with nowhere to say anything, exits with that.
full()
{
	local code=$1
	shift
	status=0
	"$TOP/scripts/vmapbench" "$@" 2>err >/dev/full || status=$?
	[ "$status" -eq "$code" ] || { echo "exit $status, not $code"; cat err; return 1; }
}

@test "a claim that cannot be shown or kept: exit 2, and not the 1 that is a verdict" {
	sim_campaign a
	"$TOP/scripts/vmapbench" claim microbenchmark --from ./a --out out >shown
	full 2 claim microbenchmark --from ./a --out out
	full 2 claim microbenchmark --from ./a --out out --json
	# In the place of a file that cannot be replaced.
	rm out/claim.json
	mkdir -p out/claim.json/claim.json.new
	run "$TOP/scripts/vmapbench" claim microbenchmark --from ./a --out out
	echo "$output"
	[ "$status" -eq 2 ]
	# The page of all, here of one that cannot be read.
	mkdir claims
	echo '{' >claims/broken.claim
	export VB_CLAIMS=$PWD/claims
	full 2 claim --all
	[ -s claims/claims.txt ]
}

@test "a comparison that cannot be shown: exit 2, and not the 1 that is a verdict" {
	sim_campaign a
	full 2 compare --out out a a
	[ "$(head -n 1 out/report.txt)" = "PASS: identical at 24 points" ]
}
