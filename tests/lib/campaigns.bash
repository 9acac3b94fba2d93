# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016
#
# campaigns.bash - campaigns with known answers, for the suites that compare. Loaded
# after common.bash, in a directory of the test's own.

# sim_campaign DIR - the default reference campaign, to be changed and sealed.
sim_campaign()
{
	cp -r "$TOP/results/reference/default" "$1"
	rm "$1/report.txt"
	edit_campaign "$1" '.id = $id | del(.fingerprint.sources)' --arg id "$(basename "$1")"
}

# edit_campaign DIR JQ [OPTION...] - change campaign.json, and seal it.
edit_campaign()
{
	jq "${@:3}" "$2" "$1/campaign.json" >campaign.new
	mv campaign.new "$1/campaign.json"
	seal "$1"
}

# edit_events DIR VARIANT JQ - change every record of that variant, and seal it.
edit_events()
{
	local file

	for file in "$1/$2"/run-*/events.jsonl; do
		jq -c "$3" "$file" >events.new
		mv events.new "$file"
	done
	seal "$1"
}

# edit_clock_with DIR VARIANT FACTOR JQ - multiply that variant's times on sim and all that
# they are made of, in records of which that holds, and seal it.
edit_clock_with()
{
	local file=$1/$2/run-1/clock.jsonl

	jq -c --argjson f "$3" '
		def scaled: .insns = (.insns * $f | round) | .spin_ns = (.spin_ns * $f | round) |
			.halt_ns = (.halt_ns * $f | round) | .cost_ns = (.cost_ns * $f | round) |
			.early_insns = (.early_insns * $f | floor) |
			.ns = .insns + .spin_ns + .halt_ns + .cost_ns;
		if '"$4"' then .thread |= map(scaled) | .window_ns = ([.window_ns, .thread[].ns] | max)
		else . end' "$file" >clock.new
	mv clock.new "$file"
	seal "$1"
}

# edit_clock DIR VARIANT FACTOR - with all numbers of threads.
edit_clock()
{
	edit_clock_with "$1" "$2" "$3" true
}

# edit_threads DIR VARIANT THREADS FACTOR - with so many threads only.
edit_threads()
{
	edit_clock_with "$1" "$2" "$4" "(.thread | length) == $3"
}

seal()
{
	"$TOP/scripts/seal.sh" "$1"
}

# other_kernel DIR - the campaign says it is of another kernel: that is the change.
other_kernel()
{
	edit_campaign "$1" '.fingerprint |= (.patches |= with_entries(.value = "0123456789abcdef")
		| .fragments |= (. // {} | with_entries(.value = "0123456789abcdef")))'
}

# tcg_campaign DIR FACTOR... - a boot for each factor, which its times are multiplied
# by. One variant, two workloads, 1 and 4 threads; every other figure is the same, but
# for windows, by a ns: boots in real time are never the same.
tcg_campaign()
{
	local dir=$1 n=0 factor
	shift

	mkdir -p "$dir"
	cp "$TOP/tests/data/golden/tcg/campaign.json" "$dir/"
	for factor in "$@"; do
		n=$((n + 1))
		mkdir -p "$dir/vmlist/run-$n"
		jq -c --argjson f "$factor" --argjson n "$n" '
			if .type == "sample" then
				.window_ns = (.window_ns * $f | round) + $n |
				.thread |= map(.ns = (.ns * $f | round))
			else . end' "$TOP/tests/data/golden/tcg/vmlist/run-2/events.jsonl" \
			>"$dir/vmlist/run-$n/events.jsonl"
	done
	printf 'none\n' >"$dir/summary.tsv"
	edit_campaign "$dir" '.id = $id | .boots = $n | .variants = ["vmlist"] |
		.fingerprint.kernel = { vmlist: $id }' \
		--arg id "$(basename "$dir")" --argjson n "$n"
}
