#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# stray.bats - pages that are freed while they are mapped: what the audit finds in
# guests, what becomes of its records, and the kernels that are about them.

# jq has variables, too; boot sets log.
# shellcheck disable=SC2016,SC2154

load ../lib/common
load ../lib/guest

AUDIT=/sys/kernel/debug/vmap_bench/audit

setup_file() {
	export OUT=$VB_BUILD/test/stray TOOLS=$VB_BUILD/tools
	rm -rf "$OUT"
	mkdir -p "$OUT"
	make -s -C "$TOP/tools" OUT="$TOOLS"
}

setup() {
	cd -- "$BATS_TEST_TMPDIR" || return
}

# a_run WORKLOAD - the plan's line that audits 50 operations of one thread; a line of
# what it prints is the record.
a_run() {
	printf 'sh cd %s && echo %s >workload && echo 1 >threads && echo 50 >ops && echo 0 >warmup &&' \
		"${AUDIT%/*}" "$1"
	printf ' echo 1 >audit && echo 1 >run && echo 0 >audit && cat audit\n'
}

# audits N FILTER - of so many records that a shell printed jq's FILTER is true.
audits() {
	[ "$(jq -s "[.[] | select(.type == \"sh\" and .rc == 0) | .out[] | fromjson? |
		select(.type == \"audit\" and ($2))] | length" "$log")" -eq "$1" ] && return 0
	echo "not $1 audits: $2"
	cut -c1-300 "$log"
	return 1
}

@test "the audit finds the pages that are freed while mapped, each of them, and no other" {
	GUEST_OPTIONS="--machine tcg" boot mainline "point bare ram 4 1 10 0" \
		"$(a_run st-stray)" "$(a_run st-held)" "$(a_run st-stray)"
	audits 2 '.aliased_pages == 50 and .freed_pages >= 50 and .v == 1'
	audits 1 '.aliased_pages == 0 and .freed_pages >= 50'
}

@test "a lazy layer leaves aliases of what was unmapped until it purges" {
	GUEST_OPTIONS="--machine tcg" boot rewrite "point bare ram 4 1 10 0" "$(a_run st-stray)" "$(a_run st-held)"
	audits 1 '.aliased_pages >= 50'
	audits 1 '.aliased_pages == 0 and .freed_pages >= 50'
}

@test "it counts in regions only, is on or off, and goes with the module" {
	GUEST_OPTIONS="--machine tcg" boot vmlist "point bare ram 4 1 10 0" "$(a_run st-stray)" \
		"sh echo 1 >$AUDIT && ls /bin >/tmp/list && echo 0 >$AUDIT && cat $AUDIT" \
		"sh echo 1 >$AUDIT; echo 1 >$AUDIT" "sh echo 0 >$AUDIT; echo 0 >$AUDIT" \
		"sh echo maybe >$AUDIT" "fail fail_at 30 st-stray 4 2 100" \
		"sh echo 1 >$AUDIT" unload "sh ls /bin >/tmp/list"
	audits 1 '.aliased_pages == 50'
	audits 1 '.freed_pages == 0 and .aliased_pages == 0'
	has 1 '.type == "sh" and .rc != 0 and (.out | any(test("Operation already in progress")))'
	has 1 '.type == "sh" and .rc != 0 and (.out | any(test("Invalid argument")))'
	has 1 '.type == "fail" and .failed and .live_pages == 0'
	has 1 '.type == "unload" and .rc == 0 and .still == false'
	has 5 '.type == "sh" and .rc == 0'
}

# 4 rounds of 3 blocks of 16 pages, after one to warm up.
@test "XFS in batches: aliases, none when the pages are held, and nothing left of either" {
	local variant point="xfs-audit 16 1 4 1 3 3000 first"

	for variant in xfs-deferred vmap-pages; do
		GUEST_FLAGS="--readers 3000" GUEST_OPTIONS="--machine tcg --append brd.rd_size=307200" \
			boot "$variant" "readers bare $point" "sh grep -c . /proc/vmallocinfo" \
			"readers bare $point" "sh grep -c . /proc/vmallocinfo" "readers traced $point"
		has 3 '.type == "sample" and .workload == "xfs-audit" and .ops_done == 12'
		has 0 '.type == "error"'
		# 64 do not come together, so nothing was unmapped before the unmount.
		has 1 '.type == "counts" and .calls.vmap == 12 and .flushes == 0'
		jq -se '[.[] | select(.type == "sh").out[0]] | length == 2 and .[0] == .[1]' "$log"
		case $variant in
		xfs-deferred) has 3 '.type == "audit" and .aliased_pages == 12 * 16' ;;
		*) has 3 '.type == "audit" and .aliased_pages == 0 and .freed_pages < 12 * 16' ;;
		esac
	done
}

# audited FILE LINE RECORD - that record behind that line of a golden run.
audited() {
	sed -i "$2a $3" "$1"
}

@test "an audit's record becomes two metrics, and one at the wrong place is a broken file" {
	local record='{"v":1,"type":"audit","freed_pages":300,"aliased_pages":20}' events sample ops

	cp -r "$TOP/tests/data/golden/sim" sim
	rm -r sim/expected
	events=sim/vmlist/run-1/events.jsonl
	sample=$(grep -n '"type":"sample"' "$events" | sed -n 1p | cut -d: -f1)
	ops=$(sed -n "${sample}p" "$events" | jq .ops_done)
	cp "$events" good
	audited "$events" "$sample" "$record"
	"$TOP/scripts/report.sh" sim
	value() { awk -F '\t' -v metric="$1" '$7 == metric { print $10; n++ } END { exit n != 1 }' sim/summary.tsv; }
	jq -ne "$(value freed_pages_per_kop) == 300000 / $ops and $(value aliased_pages_per_kop) == 20000 / $ops"
	grep -q '^aliased_pages_per_kop: pages freed while mapped' sim/report.txt

	audited "$events" "$sample" "$record"
	run "$TOOLS/vb-space" sim
	[ "$status" -eq 2 ]
	[[ $output == *"events.jsonl:$((sample + 2)): an audit record that belongs to no sample" ]]
	cp good "$events"
	audited "$events" "$((sample - 1))" "$record"
	run "$TOOLS/vb-space" sim
	[ "$status" -eq 2 ]
	[[ $output == *"events.jsonl:$sample: an audit record that belongs to no sample" ]]
	cp good "$events"
	audited "$events" "$sample" '{"v":1,"type":"audit","freed_pages":300}'
	run "$TOOLS/vb-space" sim
	[ "$status" -eq 2 ]
	[[ $output == *"\"aliased_pages\" is missing"* ]]
}
