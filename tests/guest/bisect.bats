#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# bisect.bats - git bisect run finds the commit that planted a regression in a
# small history of a real kernel.

bats_require_minimum_version 1.5.0

load ../lib/common

LITTLE=(--workload vmap --threads 1 --ops 2000)

setup_file() {
	export VB_RESULTS=$VB_BUILD/test/bisect
	rm -rf "$VB_RESULTS"
	TREE=$("$TOP/scripts/kernel/fetch-source.sh" linux-6.1 2>/dev/null)
	# Always the same directory, so that there is one checkout of it in the cache.
	export REPO=$VB_CACHE/test/history
	rm -rf "$REPO"
	"$TOP/tests/lib/kernel-repo.sh" "$TREE" "$REPO"
}

teardown_file() {
	rm -rf "$REPO"
}

setup() {
	cd -- "$REPO" || return
	git bisect reset >/dev/null 2>&1 || true
	git checkout -q main
}

@test "the planted commit is found" {
	git bisect start comment-2 mended
	run git bisect run "$TOP/scripts/vmapbench" bisect --before base --kernel . "${LITTLE[@]}"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"$(git rev-parse planted) is the first bad commit"* ]]
	[ "$(git rev-parse refs/bisect/bad)" = "$(git rev-parse planted)" ]
	# BEFORE was measured once.
	[ "$(jq -r '.variants[]' "$VB_RESULTS"/gate-*/campaign.json | grep -c '^base-')" -eq 1 ]
	[ -z "$(git status --porcelain)" ]
	[ "$(git worktree list | wc -l)" -eq 1 ]
}

@test "a commit that does not build is skipped" {
	git checkout -q broken
	run "$TOP/scripts/vmapbench" bisect --before base --kernel . "${LITTLE[@]}"
	echo "$output"
	[ "$status" -eq 125 ]
	[[ $output == *"error: AFTER (HEAD) does not build: "*"mm/vmalloc.c:"*"lazy_max_pages"* ]]
}

@test "when BEFORE does not build, the bisection ends" {
	run "$TOP/scripts/vmapbench" bisect --before broken --kernel . "${LITTLE[@]}"
	echo "$output"
	[ "$status" -eq 128 ]
	[[ $output == *"error: BEFORE (broken) does not build: "* ]]
}
