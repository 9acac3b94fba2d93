#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# mutants.bats - the gate on patches of which it is known what they do
# (tests/data/mutants/mutants.tsv). With MUTANTS=all every one of them, else a few.

load ../lib/common
load ../lib/schema

setup_file() {
	export VB_RESULTS=$VB_BUILD/test/mutants-results
	rm -rf "$VB_RESULTS"
	"$TOP/scripts/vmapbench" bench --variants rewrite --workload "ram vmap" --threads "1 4" \
		--ops 8000 --id before
}

# rows VERDICT - patches with that verdict, with the metric to blame, as asked for.
rows() {
	awk -F'\t' -v verdict="$1" -v all="${MUTANTS:-}" '
		!/^#/ && $2 == verdict && ($4 == "yes" || all == "all") { print $1, $3 }
		' "$TOP/tests/data/mutants/mutants.tsv"
}

# compare_with PATCH CODE - the campaign before, and the same with that patch.
compare_with() {
	local rc=0

	"$TOP/scripts/vmapbench" compare --patch "$TOP/tests/data/mutants/$1.patch" \
		--out "$VB_RESULTS/compare-$1" before || rc=$?
	[ "$rc" -eq "$2" ] || { echo "$1: exit code $rc, not $2"; return 1; }
}

@test "every planted regression is caught, and the right metric is blamed" {
	local patch blamed n=0

	while read -r patch blamed; do
		compare_with "$patch" 1
		[ "$(jq -r .blamed "$VB_RESULTS/compare-$patch/compare.json")" = "$blamed" ]
		n=$((n + 1))
	done < <(rows REGRESSION)
	[ "$n" -ge 2 ]
	fits compare "$VB_RESULTS"/compare-*/compare.json
}

@test "what changes nothing passes" {
	local patch n=0

	while read -r patch _; do
		compare_with "$patch" 0
		n=$((n + 1))
	done < <(rows PASS)
	[ "$n" -ge 1 ]
}
