# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# calibration.bash - what is seen beside what is expected. Loaded by suites of tests/guest.

# near SEEN EXPECTED PERCENT
near() {
	echo "seen $1, expected $2, tolerance $3%"
	awk -v s="$1" -v e="$2" -v p="$3" \
		'BEGIN { d = s > e ? s - e : e - s; exit !(s > 0 && d * 100 <= p * e) }'
}

# table_row TABLE NAME - what a table of sim/ says, ns.
table_row() {
	awk -F'\t' -v name="$2" '$1 == name { print $2 }' "$TOP/sim/$1"
}

# profile_sums RUNDIR CPUS - a line for each point: its window on all CPUs, ns, and what the
# profile has of it: executed, spun, charged and idle.
profile_sums() {
	paste -d' ' <(jq -r --argjson n "$2" '.window_ns * $n' "$1/clock.jsonl") \
		<(jq -r '([.symbols[] | .insns + .spin_ns + .cost_ns] | add) + .user_insns + .idle_ns' \
			"$1/profile.jsonl")
}
