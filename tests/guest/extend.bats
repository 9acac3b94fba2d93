#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# extend.bats - the examples of docs/extending.md that need a kernel: the workload and the
# probe in a guest of one variant.

load ../lib/common
load ../lib/guest
load ../lib/extended

setup_file() {
	export OUT=$BATS_FILE_TMPDIR/out COPY=$BATS_FILE_TMPDIR/copy
	mkdir -p "$OUT"
	extended "$COPY" workload probe
}

@test "a new workload runs, and a new probe counts" {
	TOP=$COPY VB_BUILD=$BATS_FILE_TMPDIR/build boot rewrite "point bare touch 4 2 100 1" \
		"point selftest touch 4 2 100 1" "point selftest fix_size_alloc_test 1 1 100 0"
	has 0 '.type == "error"'
	has 2 '.type == "sample" and .workload == "touch" and .ops_done >= 100'
	has 2 '.type == "counts" and (.missing | index("vfree") | not)'
	# Each operation of the one workload has a vfree(), none of the other.
	has 1 '.type == "counts" and .vfrees >= 100'
	has 1 '.type == "counts" and .vfrees == 0'
}
