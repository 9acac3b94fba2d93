#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# schema.bats - docs/schema describes what is written: the golden campaigns, the reference
# campaigns, and what compare makes of them. What lacks a member, or has one more, does not fit.

load ../lib/host-tools
load ../lib/schema

setup() {
	cd -- "$BATS_TEST_TMPDIR" || return
}

@test "campaigns and their records" {
	mapfile -t campaigns < <(find "$TOP"/tests/data/golden "$TOP"/results/reference -name campaign.json)
	mapfile -t events < <(find "$TOP"/tests/data/golden "$TOP"/results/reference -name events.jsonl)
	[ "${#campaigns[@]}" -gt 6 ] && [ "${#events[@]}" -gt 12 ]
	fits campaign "${campaigns[@]}"
	fits events "${events[@]}"
}

@test "claims" {
	fits claim "$TOP"/results/reference/claims/*.json
}

@test "comparisons" {
	for dir in sim tcg; do
		cp -r "$TOP/tests/data/golden/$dir" .
		"$TOOLS/vb-compare" --thresholds "$TOP/tools/thresholds.tsv" --force --format json \
			"$dir:vmlist" "$dir:rewrite" >"$dir.json" || [ "$?" -ne 2 ]
	done
	fits compare sim.json tcg.json
}

# spoilt SCHEMA JQ - none of the documents that jq makes of good.json fits any more.
spoilt() {
	jq -c "$2" good.json >bad.jsonl
	[ -s bad.jsonl ]
	"$TOP/tests/lib/schema.py" --none "$TOP/docs/schema/$1.schema.json" bad.jsonl
}

@test "what lacks a member, has an unknown one or one of another type does not fit" {
	cp -r "$TOP/tests/data/golden/sim" .
	jq 'del(.note)' sim/campaign.json >good.json
	fits campaign good.json
	spoilt campaign '. as $c | keys[] | . as $k | $c | del(.[$k])'
	spoilt campaign '. as $c | keys[] | . as $k | $c | .[$k] = []'
	spoilt campaign '(.more = 1), (.fingerprint.more = "x"), (.variants += ["../x"]), (.cpus = 0), (.boots = 1.5),
		(.machine = "a\u001b"), (.fingerprint.sources = { module: 1 })'
	sed -n '/"counts"/{p;q}' sim/vmlist/run-1/events.jsonl >good.json
	fits events good.json
	spoilt events '. as $c | (keys - ["point", "hits", "flush_ns"])[] | . as $k | $c | del(.[$k])'
	spoilt events '(.purges = -1), (.lost = "0"), (.type = "count"), (.locks[0].waits = null), (.ipis = 1e300)'
	sed -n '/"sample"/{p;q}' sim/vmlist/run-1/events.jsonl >good.json
	spoilt events '(.thread = []), (.more = 1), del(.thread[0].ns), (.values = { maps: "x" })'
	cp "$TOP/results/reference/claims/microbenchmark.json" good.json
	spoilt claim '. as $c | keys[] | . as $k | $c | del(.[$k])'
	spoilt claim '(.verdict = "holds"), (.relations = []), (.relations[0].op = "="), del(.relations[0].holds),
		(.relations[0].holds = null), (.table.rows[0][0] = {})'
	"$TOOLS/vb-compare" --thresholds "$TOP/tools/thresholds.tsv" --format json sim:vmlist sim:vmlist >good.json
	fits compare good.json
	spoilt compare '. as $c | (keys - ["resamples", "attribution", "unlike"])[] | . as $k | $c | del(.[$k])'
	spoilt compare '(.changes[0].verdict = "OK"), (.changes[0].more = 1), (.exact = 1)'
}

@test "every schema is valid; each member of campaign.json says what it is" {
	for schema in "$TOP"/docs/schema/*.schema.json; do
		echo '{}' >empty.json
		run "$TOP/tests/lib/schema.py" "$schema" empty.json
		[ "$status" -eq 1 ]
		[[ $output == *"is a required property"* ]]
		jq -e '.title and .description' "$schema"
		# And one that is none is told.
		jq '.type = "objekt"' "$schema" >wrong.json
		run "$TOP/tests/lib/schema.py" wrong.json empty.json
		[ "$status" -eq 2 ]
	done
	# Names that say it themselves need no more.
	jq -r '.properties | to_entries[] | select(.value.description or .value."$ref" or .value.const or .value.enum | not) | .key' \
		"$TOP/docs/schema/campaign.schema.json" >undescribed
	[ ! -s undescribed ]
}
