#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# scaling.bats - a patch that Linux took for its scalability (U. Rezki, linux-mm, 2023-03-30:
# an xarray of blocks for each CPU, 64 threads), written anew, is found to be faster with 64
# threads on a machine with caches. Two boots of 64 CPUs.

load ../../lib/common

# compare_trees PAGES OPS - of 64 threads.
compare_trees() {
	out=$VB_BUILD/test/scaling-$1
	rm -rf "$out"
	"$TOP/scripts/vmapbench" compare mainline --workload ram --pages "$1" \
		--threads 64 --ops "$2" --out "$out" --patch "$TOP/tests/data/scaling/block-trees.patch"
	jq -e '.verdict == "PASS" and all(.changes[]; .verdict != "REGRESSION")
		and all(.changes[] | select(.metric == "lock_waits_per_kop"); .verdict == "IMPROVEMENT")
		' "$out/compare.json"
}

@test "a tree of blocks for each CPU, 5 pages: faster with 64 threads" {
	compare_trees 5 256000
	jq -e 'any(.changes[] | select(.metric == "ns_per_op"); .verdict == "IMPROVEMENT")' "$out/compare.json"
}

# A block is mapped once in 1024 operations. With fewer of them in all, a purge more or less is
# more of the time than what the tree costs.
@test "the same, 1 page: faster with 64 threads" {
	compare_trees 1 1024000
	jq -e 'any(.changes[] | select(.metric == "ns_per_op"); .verdict == "IMPROVEMENT")' "$out/compare.json"
}
