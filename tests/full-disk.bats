#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# full-disk.bats - a disk that is full in the middle of it: exit 2, nothing that was
# whole is lost, and nothing that is not whole is taken for it later.

# Tests run in subshells; that is what they are for. A script of ours has variables, too.
# shellcheck disable=SC2030,SC2031,SC2016

load common
load host-tools

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	golden=$TOP/tests/golden/sampled
	# shellcheck source=scripts/guest-files.sh
	. "$TOP/scripts/guest-files.sh"
}

teardown()
{
	umount "$BATS_TEST_TMPDIR/small" 2>/dev/null || true
}

# small KB - a disk of that size, in the folder small.
small()
{
	[ "$(id -u)" -eq 0 ] || skip "needs root to mount a small tmpfs"
	mkdir small
	mount -t tmpfs -o size="$1k" none small || skip "cannot mount"
}

# perf_stub SCRIPT - a perf that has this to say of any samples.
perf_stub()
{
	mkdir -p bin
	printf '#!/bin/sh\ncat %q\n' "$PWD/$1" >bin/perf
	chmod +x bin/perf
	PATH=$PWD/bin:$PATH
}

# convert - the samples in small, as run-guest.sh has them converted.
convert()
{
	run bash -c '
		for part in lib tools guest-files perf-records; do
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
	convert
	[ "$status" -eq 2 ]
	[ "${lines[-1]}" = "vmapbench: error: cannot write to small: no space left?" ]
	cmp before small/events.jsonl
	[ ! -e small/events.jsonl.new ]
	mount -o remount,size=256k small
	perf_stub nothing
	: >nothing
	convert
	grep -v '"file"' before | cmp - small/events.jsonl
}

@test "records of nothing but files: none are left" {
	printf '{"v":1,"type":"file","name":"x"}\n' >events.jsonl
	drop_files .
	[ -e events.jsonl ] && [ ! -s events.jsonl ]
}
