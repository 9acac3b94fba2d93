#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# phase.bats - ten guest images that differ in a file that no program reads: none of them is
# a regression against another. Prints the largest differences, which thresholds have to
# exceed. Ten campaigns of two variants with 1, 2, 8 and 16 threads; PHASE_OPTIONS are
# further options of bench, as --ops 1024000 for the long window of docs/compare.md.

load ../../lib/common

IMAGES=10

setup_file() {
	export VB_RESULTS=$VB_BUILD/test/phase
	for ((i = 0; i < IMAGES; i++)); do
		VB_PHASE=$((i * 4099)) "$TOP/scripts/vmapbench" bench --id "phase-$i" \
			--variants "rewrite mainline" --threads "1 2 8 16" ${PHASE_OPTIONS:-} >"$BATS_FILE_TMPDIR/log" 2>&1 ||
			{ cat "$BATS_FILE_TMPDIR/log"; return 1; }
	done
}

# spread - of each metric the largest difference between two images: in % of the median,
# and in events of a window; with one thread, and with more.
spread() {
	awk -F'\t' '
	FNR == 1 { next }
	{
		key = $1 FS $3 FS $4 FS $6 FS $7
		if (!(key in min) || $10 < min[key]) min[key] = $10
		if (!(key in max) || $10 > max[key]) max[key] = $10
		metric[key] = $7
		more[key] = $6 > 1
		where[key] = $1 " " $3 " " $6
	}
	END {
		for (key in min) {
			m = metric[key] FS more[key]
			d = max[key] - min[key]
			pct = min[key] > 0 ? 100 * d / min[key] : 0
			if (!(m in abs) || d > abs[m]) { abs[m] = d; at[m] = where[key] " from " min[key] " to " max[key] }
			if (!(m in rel) || pct > rel[m]) rel[m] = pct
		}
		for (m in abs) {
			split(m, f, FS)
			printf "%-24s %-7s %10.4g %8.2f%%  %s\n", f[1], f[2] ? "more" : "one", abs[m], rel[m], at[m]
		}
	}' "$VB_RESULTS"/phase-*/summary.tsv | sort
}

@test "the largest differences between ten images" {
	spread | tee "$VB_RESULTS/spread.txt" >&3
	# They are ten, not one.
	[ "$(cat "$VB_RESULTS"/phase-*/summary.tsv | grep -c 'insn_per_op')" -gt 0 ]
	[ "$(awk '$1 == "ns_per_op" && $3 > 0' "$VB_RESULTS/spread.txt" | wc -l)" -eq 2 ]
}

@test "none of them is a regression against the first" {
	for ((i = 1; i < IMAGES; i++)); do
		run "$TOP/scripts/vmapbench" compare --force "phase-0" "phase-$i" --out "$VB_RESULTS/compare-$i"
		echo "$output"
		[ "$status" -eq 0 ]
	done
}
