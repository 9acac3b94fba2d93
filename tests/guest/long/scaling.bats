#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# scaling.bats - a patch that Linux took for its scalability (U. Rezki, linux-mm, 2023-03-30:
# an xarray of blocks for each CPU, 64 threads), written anew, is found to be faster with 64
# threads on a machine with caches. Two boots of 64 CPUs.

load ../../lib/common

@test "a tree of blocks for each CPU: fewer waits and less time with 64 threads, no regression" {
	out=$VB_BUILD/test/scaling
	rm -rf "$out"
	"$TOP/scripts/vmapbench" compare mainline --workload ram --pages "1 5" \
		--threads 64 --ops 256000 --out "$out" --patch "$TOP/tests/data/scaling/block-trees.patch"
	jq -e '.verdict == "PASS"
		and all(.changes[] | select(.metric == "ns_per_op"); .delta < 0)
		and all(.changes[] | select(.metric == "lock_waits_per_kop"); .verdict == "IMPROVEMENT")
		and any(.changes[] | select(.metric == "ns_per_op"); .pages == 5 and .verdict == "IMPROVEMENT")
		' "$out/compare.json"
}
