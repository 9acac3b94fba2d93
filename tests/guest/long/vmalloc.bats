#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# vmalloc.bats - every case of the kernel's own test_vmalloc.ko on every
# variant with 1, 4 and 8 workers. Not part of make check: two of the cases
# keep up to 16384 areas a worker, and the list of vmlist is walked for each,
# so its time grows with the square of them.

load ../../lib/common
load ../../lib/guest

setup_file() {
	# One CPU, because full_fit_alloc_test takes more areas with each.
	export OUT=$VB_BUILD/test/vmalloc
	export GUEST_OPTIONS="--machine tcg --cpus 1 --mem 3072 --stall 7000 --timeout 14000"
	rm -rf "$OUT"
	mkdir -p "$OUT"
}

# A vmalloc() that fails prints a call trace, and one is meant to fail.
SPLAT=${SPLAT/|Call Trace/}

# align_shift_alloc_test asks for alignments up to 2^63 and is meant to fail.
every_case() {
	boot "$1" "test_vmalloc nr_threads=$2 test_loop_count=10"
	has 1 ".type == \"test_vmalloc\" and .workers == $2 and .pass == 9 * $2 and .fail == $2"
	has 1 'any(.cases[]?; .name == "align_shift_alloc_test") and
		all(.cases[]?; (.failed > 0) == (.name == "align_shift_alloc_test"))'
}

@test "mainline, 1 worker" { every_case mainline 1; }
@test "mainline, 4 workers" { every_case mainline 4; }
@test "mainline, 8 workers" { every_case mainline 8; }
@test "rewrite, 1 worker" { every_case rewrite 1; }
@test "rewrite, 4 workers" { every_case rewrite 4; }
@test "rewrite, 8 workers" { every_case rewrite 8; }
@test "vmlist, 1 worker" { every_case vmlist 1; }
@test "vmlist, 4 workers" { every_case vmlist 4; }
@test "vmlist, 8 workers" { every_case vmlist 8; }
