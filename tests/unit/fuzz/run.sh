#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# run.sh FUZZ SECONDS RUNS [TARGET...] - fuzz each parser for so long or so often, whatever
# ends first, from known files and with seed 1, and print TAP. FUZZ is the program of the
# Makefile. What breaks a parser stays beside it as crash-*, timeout-* or oom-*.
# Exit code: 0 all went well, 1 a parser broke.

set -eu

fuzz=$(realpath -- "$1") seconds=$2 runs=$3
shift 3
top=$(realpath -- "$(dirname -- "$0")/../../..")
golden=$top/tests/data/golden
# A disk would be most of the time.
tmp=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf -- "$tmp"' EXIT

# seeds TARGET - files to begin with.
seeds()
{
	case $1 in
	attribution) echo "$golden"/*/expected/attribution.tsv ;;
	campaign) echo "$golden"/*/campaign.json ;;
	claim) echo "$top"/results/reference/claims/*.json ;;
	claim-words) echo "$top"/claims/*.claim ;;
	clock) echo "$golden"/sim/*/run-1/clock.jsonl ;;
	events) echo "$golden"/sim/*/run-1/events.jsonl ;;
	map) echo "$golden"/profile/System.map ;;
	module-symbols) echo "$golden"/profile/events.jsonl ;;
	expected) echo "$top"/kernel-patches/expected.tsv ;;
	orc) echo ;;
	parts) echo "$top"/tools/parts.tsv ;;
	perf-script) echo "$golden"/sampled/vmlist/run-1/script ;;
	plan) printf '4,2,12' >"$tmp/plan"; echo "$tmp/plan" ;;
	profile) echo "$golden"/*/expected/profile.jsonl "$golden"/*/vmlist/run-1/profile.jsonl ;;
	published) echo "$top"/published/*.tsv ;;
	published-profile) echo "$top"/published/profiles/*.tsv ;;
	stacks) echo "$golden"/*/vmlist/run-1/stacks.jsonl ;;
	summary) echo "$golden"/*/expected/summary.tsv ;;
	thresholds) echo "$top"/tools/thresholds.tsv ;;
	esac
}

all=$*
[ -n "$all" ] || all=$("$fuzz" 2>&1 | sed 1d) || true
cd "$(dirname -- "$fuzz")"
n=0 failed=0
for target in $all; do
	n=$((n + 1))
	mkdir "$tmp/$n" "$tmp/$n/corpus" "$tmp/$n/seeds" "$tmp/$n/dir"
	cp -r "$golden/sim/." "$tmp/$n/dir/"
	rm -rf "$tmp/$n/dir/expected"
	i=0
	for seed in $(seeds "$target"); do
		i=$((i + 1))
		[ ! -e "$seed" ] || cp "$seed" "$tmp/$n/seeds/$i"
	done
	case $target in
	published*) rm -rf "$tmp/$n/dir"; mkdir "$tmp/$n/dir" ;;
	esac
	rc=0
	ASAN_OPTIONS=detect_leaks=0 FUZZ_TARGET=$target FUZZ_DIR=$tmp/$n/dir ./fuzz -seed=1 \
		-max_total_time="$seconds" -runs="$runs" -max_len=65536 -timeout=20 -rss_limit_mb=3000 \
		-close_fd_mask=1 -artifact_prefix="$PWD/" "$tmp/$n/corpus" "$tmp/$n/seeds" \
		>"$target.log" 2>&1 || rc=$?
	if [ "$rc" -eq 0 ]; then
		echo "ok $n - fuzz $target: $(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\) .*/\1 runs in \2 s/p' "$target.log")"
	else
		echo "not ok $n - fuzz $target (log: $PWD/$target.log)"
		grep -E 'ERROR|runtime error|SUMMARY|Test unit written|^    #[0-9] ' "$target.log" | sed -n '1,12s/^/# /p'
		failed=1
	fi
	rm -rf "${tmp:?}/$n"
done
echo "1..$n"
exit "$failed"
