#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# extend.bats - what docs/extending.md says is enough for a new claim, figure, metric and so
# on: its examples are applied to a copy of the tree and used. Those that need a kernel are
# used in tests/guest/extend.bats.

load ../lib/host-tools
load ../lib/extended

setup_file() {
	unset CDPATH
	TOP=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)
	export LC_ALL=C TOP COPY=$BATS_FILE_TMPDIR/copy VB_BUILD=$BATS_FILE_TMPDIR/build VB_RESULTS=$BATS_FILE_TMPDIR/results
	unset VB_TOOLS
	mapfile -t examples < <(cd "$TOP/tests/host/extend" && ls -- *.patch)
	extended "$COPY" "${examples[@]%.patch}"
	make -s -j2 -C "$COPY/tools" OUT="$VB_BUILD/tools"
}

setup() {
	cd -- "$BATS_TEST_TMPDIR" || return
	cp -r "$TOP/tests/data/golden/sim" .
	rm -r sim/expected
}

@test "an example for each row of the table, with its numbers of files" {
	grep -E '^\| .*\| [0-9]+ \| [0-9]+ \|' "$TOP/docs/extending.md" |
		sed -E 's/^\| [^|]* \| ([0-9]+) \| ([0-9]+) \|.*\| `([a-z]+)` \|$/\3 \1 \2/' | sort >told
	for patch in "$TOP"/tests/host/extend/*.patch; do
		new=$(grep -c '^new file mode' "$patch" || true)
		all=$(grep -c '^diff --git' "$patch")
		printf '%s %s %s\n' "$(basename "$patch" .patch)" "$new" $((all - new))
	done | sort >there
	[ "$(wc -l <there)" -ge 9 ]
	diff told there
}

@test "a workload, a variant and a machine are known to bench" {
	run "$COPY/scripts/vmapbench" bench --dry-run --machine rr --variants rewrite-hz1000 --workload touch
	[ "$status" -eq 0 ]
	[[ $output == *"point bare touch 4 1 16000 50"* ]]
	run "$TOP/scripts/vmapbench" bench --dry-run --machine rr --variants rewrite --workload ram
	[ "$status" -eq 2 ]
	for words in "--variants rewrite-hz1000" "--workload touch"; do
		# shellcheck disable=SC2086
		run "$TOP/scripts/vmapbench" bench --dry-run $words
		[ "$status" -eq 2 ]
	done
	# Each workload has its row in docs.
	(cd "$COPY" && [ "$(grep -c '^| `touch` |' docs/workloads.md)" -eq 1 ])
}

@test "a metric is in the summary, and its figure is drawn" {
	"$COPY/scripts/report.sh" sim
	rows() { cut -f 7 sim/summary.tsv | grep -cx "$1"; }
	[ "$(rows flush_runs_per_kop)" -eq "$(rows flushes_per_kop)" ]
	[ -s sim/plots/spin.svg ] && [ -s sim/plots/spin.png ]
	grep -qF 'the part spent spinning' sim/plots/spin.svg
}

@test "published figures are in the report" {
	"$COPY/scripts/report.sh" sim
	tr -s ' \n' ' ' <sim/report.txt | grep -F 'an example of how figures are added'
}

@test "a claim is listed, and its names are checked" {
	"$COPY/scripts/vmapbench" claim --list | grep '^example  *vm_map_ram() gets no slower'
	run "$COPY/scripts/vmapbench" claim --dry-run --small example
	[ "$status" -eq 0 ]
	[[ $output == *"'--workload' 'ram'"* ]]
}

@test "a command of the host program is listed, and runs" {
	"$VB_BUILD/tools/vmapbench" --help | grep '^  kernels  *the release of each kernel'
	[ "$("$VB_BUILD/tools/vmapbench" kernels sim | sed -n 1p)" = "$(printf 'vmlist\t1\t0.0.0-example')" ]
}

@test "a counter is in the record that vmapstat prints" {
	make -s -C "$COPY/tests/unit" OUT="$VB_BUILD/unit" "$VB_BUILD/unit/test_vmapstat_report"
	"$VB_BUILD/unit/test_vmapstat_report"
}
