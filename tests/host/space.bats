#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# space.bats - the address space in use while a run goes on: noted in a guest, and from
# the records to a table, metrics and a figure.

load ../lib/host-tools

# noted FILE LINE - space records behind that line of a golden run: 100 pages were there
# before, 10 of them lazily free.
noted() {
	awk -v n="$2" '{ print } NR == n { while ((getline line < "notes") > 0) print line }' "$1" >changed
	mv changed "$1"
}

setup() {
	cd -- "$BATS_TEST_TMPDIR" || return
	cat >notes <<-'END'
	{"v":1,"type":"space","ops":0,"live_pages":0,"areas":5,"pages":100,"lazy_pages":10}
	{"v":1,"type":"space","ops":100,"live_pages":40,"areas":6,"pages":200,"lazy_pages":30}
	{"v":1,"type":"space","ops":200,"live_pages":50,"areas":7,"pages":300,"lazy_pages":10}
	{"v":1,"type":"space","ops":300,"live_pages":100,"areas":8,"pages":260,"lazy_pages":20}
	{"v":1,"type":"space","ops":400,"live_pages":100,"areas":8,"pages":340,"lazy_pages":0}
	END
	cp -r "$TOP/tests/data/golden/sim" sim
	rm -r sim/expected
	events=sim/vmlist/run-1/events.jsonl
	sample=$(grep -n '"type":"sample"' "$events" | sed -n 1p | cut -d: -f1)
}

@test "notes of the space become a table, metrics and a figure" {
	noted "$events" "$sample"
	"$TOP/scripts/report.sh" sim
	[ "$(head -n 1 sim/space.tsv | tr '\t' ' ')" = \
		"variant workload pages threads ops live_pages areas space_pages lazy_pages" ]
	[ "$(sed 1d sim/space.tsv | cut -f 1,5- | tail -n 1 | tr '\t' ' ')" = "vmlist 400 100 8 340 0" ]
	[ "$(wc -l <sim/space.tsv)" -eq 6 ]
	value() { awk -F '\t' -v metric="$1" '$7 == metric { print $10 }' sim/summary.tsv; }
	[ "$(value space_per_page)" = 2 ]
	[ "$(value space_growth)" = 1.2 ]
	[ "$(value lazy_pages_max)" = 30 ]
	grep -q '^space_growth: growth of the space in use of the run$' sim/report.txt
	[ -s sim/plots/space.svg ] && [ -s sim/plots/space.png ]
}

@test "without notes there is neither" {
	"$TOP/scripts/report.sh" sim
	[ ! -e sim/space.tsv ] && [ ! -e sim/plots/space.svg ]
	run ! grep -q 'space_\|lazy_pages_max' sim/summary.tsv
}

@test "a note in front of its sample, or without a number, is a broken file" {
	cp "$events" good
	noted "$events" $((sample - 1))
	run "$TOOLS/vb-space" sim
	[ "$status" -eq 2 ]
	[[ $output == *"events.jsonl:$sample: a space record in front of its sample" ]]
	cp good "$events"
	sed -i '3s/"areas":7,//' notes
	noted "$events" "$sample"
	run "$TOOLS/vb-space" sim
	[ "$status" -eq 2 ]
	[[ $output == *"events.jsonl:$((sample + 3)): \"areas\" is missing"* ]]
}
