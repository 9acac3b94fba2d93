# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# selftest-check.sh - known events in, exact counts out: the plan of a selftest
# and what its records have to say. Sourced after lib.sh.

# What is known.
SELFTEST_TABLE=${VB_SELFTEST_TABLE:-$VB_TOP/scripts/selftest.tsv}
# So that no first time is counted.
SELFTEST_WARMUP=2

# Workloads that one of the kernels cannot have (lacking.sh): left out everywhere.
SELFTEST_WITHOUT=''

# selftest_plan CPUS - each workload of the table once. Nobody holds a lock
# against a single CPU.
selftest_plan()
{
	awk -F'\t' -v cpus="$1" -v warmup="$SELFTEST_WARMUP" -v without=" $SELFTEST_WITHOUT " '
	/^#/ || !NF || index(without, " " $1 " ") || ($1 ~ /^st-(fight|nest)$/ && cpus < 2) { next }
	!($1 in seen) {
		seen[$1]
		print "point", "selftest", $1, $3, 1, $2, warmup
	}' "$SELFTEST_TABLE"
}

# selftest_twins_plan CPUS - each script of bpftrace that the table names, with
# each of the workloads it is named for.
selftest_twins_plan()
{
	awk -F'\t' -v cpus="$1" '
	/^#/ || !NF || $8 == "-" || ($1 ~ /^st-(fight|nest)$/ && cpus < 2) { next }
	{ script = $8; sub(/:.*/, "", script) }
	!((script, $1) in seen) {
		seen[script, $1]
		print "twin", script, $1, $3, 1, $2
	}' "$SELFTEST_TABLE"
}

# selftest_counts RUN - what vmapstat said, and what went wrong: "counts",
# workload, key, value, a line each.
selftest_counts()
{
	jq -rn '
	def numbers: . as $c | paths(type == "number") |
		select(all(.[]; type == "string")) as $p | [($p | join(".")), ($c | getpath($p))];
	def waits: .locks | group_by(.name)[] | ["lock." + .[0].name, (map(.waits) | add)];
	foreach inputs as $r ("-"; if $r.type == "point" then $r.workload else . end;
		. as $workload | $r |
		if .type == "counts" then
			(numbers, waits, (.missing[] | ["missing", .])) | ["counts", $workload] + .
		elif .type == "error" then ["counts", $workload, "error", .what]
		else empty end | @tsv)' "$1/events.jsonl"
}

# selftest_calls RUN - the same as the simulator saw it, if it was one:
# "calls", workload, function, times.
selftest_calls()
{
	[[ -s $1/profile.jsonl ]] || return 0
	jq -rn --slurpfile events "$1/events.jsonl" '
	(reduce $events[] as $r ({};
		if $r.type == "point" then .now = $r.workload
		elif $r.type == "sample" then .of[$r.run | tostring] = .now
		else . end) | .of) as $of |
	inputs | . as $p | .symbols[] | select(.calls > 0) |
	["calls", $of[$p.run | tostring], .name, .calls] | @tsv' "$1/profile.jsonl"
}

# selftest_twins RUN - the same as bpftrace saw it: "twin", workload, script:@map,
# value; a map with keys is the sum of its values.
selftest_twins()
{
	[[ -s $1/events.jsonl ]] || return 0
	jq -rn '
	def total: if type == "number" then . else [.. | numbers] | add // 0 end;
	foreach inputs as $r ("-"; if $r.type == "point" then $r.workload else . end;
		. as $workload | $r |
		if .type == "twin" then .name as $name | .out[] | select(.type == "map") | .data |
			to_entries[] | ["twin", $workload, $name + ":" + .key, (.value | total)]
		elif .type == "error" then ["counts", $workload, "error", .what]
		else empty end | @tsv)' "$1/events.jsonl"
}

# selftest_compare RUN VARIANT CPUS [TWINS] - expected beside seen, a line for each
# of the table; fails when one does not agree, or was not seen. TWINS is the run
# with the scripts of bpftrace. How many flushes and purges a subject makes is what
# it is measured for: there the instruments have to agree with each other only.
selftest_compare()
{
	{
		selftest_counts "$1" && selftest_calls "$1" && selftest_twins "${4:-/nonexistent}"
	} | plain_lines | awk -F'\t' -v variant="$2" -v cpus="$3" -v twins="${4:+1}" \
		-v subject="$(! is_subject "$2" || echo 1)" -v without="$SELFTEST_WITHOUT" '
	function has(list, word) { return index(" " list " ", " " word " ") > 0 }
	function differs(what, seen) {
		printf "%s: %s: expected %d, %s %s\n", workload, key, expected, what, seen
		wrong++
	}
	NR == FNR {
		if ($1 == "calls") { calls[$2, $3] += $4; sim = 1 }
		else if ($1 == "twin") twin[$2, $3] = $4
		else if ($3 == "error") { printf "%s: %s\n", $2, $4; wrong++ }
		else if ($3 == "missing") missing[$4]
		else if ($3 == "lost" && $4) { printf "%s: %d events were lost\n", $2, $4; wrong++ }
		else seen[$2, $3] = $4
		next
	}
	/^#/ || !NF || has(without, $1) || ($1 ~ /^st-(fight|nest)$/ && cpus < 2) { next }
	$4 != "*" && !has($4, variant) { next }
	{
		workload = $1; key = $5
		factor = $6 == "cpus" ? cpus : $6 == "cpus-1" ? cpus - 1 : $6
		expected = $2 * factor
		n = split($7, function_, " ")
		there = total = 0
		for (i = 1; i <= n; i++) {
			bare = function_[i]
			sub(/^[~+]/, "", bare)
			if (!(bare in missing)) there++
			total += calls[workload, bare]
		}
		compared = sim && $7 !~ /^[~-]/
		by_script = twins && $8 != "-"
		# Others may do the same meanwhile, which they do not tell apart.
		at_least = $7 ~ /^[+]/
		row = sprintf("%-10s %-26s %8d", workload, key, expected)
		if (!there) {
			gsub(/[~+]/, "", $7)
			rows[++nrows] = row "  no " $7
			next
		}
		value = (workload, key) in seen ? seen[workload, key] : "nothing"
		script = (workload, $8) in twin ? twin[workload, $8] : "nothing"
		row = row sprintf(" %8s %8s %8s", value, compared ? total : "-", by_script ? script : "-")
		checked++
		if (subject && key !~ /^(calls|lock)\./) expected = compared ? total : value + 0
		if (value != expected) differs("vmapstat saw", value)
		else if (compared && (at_least ? total < expected : total != expected)) differs("the simulator saw", total)
		else if (by_script && (script == "nothing" || (at_least ? script + 0 < expected : script != expected)))
			differs($8 " of bpftrace saw", script)
		else row = row "  ok"
		rows[++nrows] = row
	}
	END {
		printf "%-10s %-26s %8s %8s %8s %8s\n", "WORKLOAD", "EVENT", "EXPECTED", "VMAPSTAT",
			"SIM", "BPFTRACE" >"/dev/stderr"
		for (i = 1; i <= nrows; i++) print rows[i] >"/dev/stderr"
		if (!checked) { print "nothing was compared"; wrong++ }
		exit wrong > 0
	}' - "$SELFTEST_TABLE"
}

# selftest_verify RUN VARIANT CPUS [TWINS] - the table to RUN/selftest.txt; says what
# does not agree, also in RUN/wrong, and fails.
selftest_verify()
{
	local run=$1 variant=$2 wrong line

	rm -f -- "$run/wrong"
	if wrong=$(selftest_compare "$run" "$variant" "$3" "${4:-}" 2>"$run/selftest.txt"); then
		info "$variant: selftest: $(grep -c ' ok$' "$run/selftest.txt") counts are exact"
		return 0
	fi
	printf '%s\n' "$wrong" >"$run/wrong" || true
	while IFS= read -r line; do
		printf '%s: error: %s: selftest: %s\n' "$VB_NAME" "$variant" "$line" >&2
	done <<<"$wrong"
	printf '%s: error: %s: the counters are not to be believed (log: %s)\n' "$VB_NAME" "$variant" \
		"$run/selftest.txt" >&2
	return 1
}
