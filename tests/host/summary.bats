#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# summary.bats - from records to tables, on golden campaigns whose figures are
# made up (tests/data/golden/README).

# Tests run in subshells; that is what they are for.
# shellcheck disable=SC2030,SC2031

load ../lib/host-tools
load ../lib/verdicts

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	cp -r "$TOP/tests/data/golden/sim" "$TOP/tests/data/golden/tcg" "$TOP/tests/data/golden/usl" .
	rm -r sim/expected tcg/expected usl/expected
	sim=sim/vmlist/run-1/events.jsonl
}

# summarise DIR - out and err hold what the tool said, rc its exit code.
summarise()
{
	rc=0
	"$TOOLS/vb-summarise" "$1" >out 2>err || rc=$?
}

# edit_event FILE LINE JQ - change one record.
edit_event()
{
	awk -v n="$2" 'NR == n' "$1" | jq -c "$3" >record
	awk -v n="$2" 'NR == n { while ((getline l < "record") > 0) print l; next } { print }' \
		"$1" >changed
	mv changed "$1"
}

# bad_record LINE JQ TEXT - with that record the tool writes nothing, exit 2.
bad_record()
{
	edit_event "$sim" "$1" "$2"
	summarise sim
	[ "$rc" -eq 2 ]
	[ ! -s out ]
	says "$3"
}

golden()
{
	summarise "$1"
	[ "$rc" -eq 0 ]
	[ ! -s err ]
	diff -u "$TOP/tests/data/golden/$1/expected/summary.tsv" out
	cp out "$1/summary.tsv"
	"$TOOLS/vb-attribute" --parts "$TOP/tools/parts.tsv" "$1" >"$1/attribution.tsv"
	diff -u "$TOP/tests/data/golden/$1/expected/attribution.tsv" "$1/attribution.tsv"
	"$TOOLS/vb-report" --published "$TOP/published" --expected "$TOP/kernel-patches/expected.tsv" \
		"$1" >"$1/report.txt"
	diff -u "$TOP/tests/data/golden/$1/expected/report.txt" "$1/report.txt"
}

@test "golden campaign on sim: summary and report" {
	golden sim
}

@test "golden campaign with three runs: medians and intervals" {
	golden tcg
}

@test "golden campaign with five numbers of threads: the scalability law" {
	golden usl
	grep -qE '^ vmlist +ram +4 +5 +1000000 +0.1 +0.01 +9.5 +0.00$' usl/report.txt
	grep -qE '^ rewrite +ram +4 +5 +5000000 +0 +0 +none +0.00$' usl/report.txt
	grep -qE '^ vmlist +vmap +4 +5 +1000000 +1 +0 +none +0.00$' usl/report.txt
}

@test "scalability law: too few points, a time of 0, a peak that is far away" {
	# One curve with three points; one with a time of 0; and in one the time
	# with 16 threads is cut, so that the peak lies above the 8 that remain.
	awk -F '\t' -v OFS='\t' '
	$7 != "ns_per_op" || !($3 == "ram" && $1 == "vmlist" && $6 > 8) {
		if ($7 == "ns_per_op" && $3 == "vmap" && $1 == "vmlist" && $6 > 4) next
		if ($7 == "ns_per_op" && $3 == "vmap" && $1 == "rewrite" && $6 == 4) $10 = $11 = $12 = 0
		print
	}' "$TOP/tests/data/golden/usl/expected/summary.tsv" >usl/summary.tsv
	"$TOOLS/vb-report" usl >report
	grep -qE '^ vmlist +ram +4 +4 +1000000 +0.1 +0.01 +\(9.5\) +0.00$' report
	grep -qE '^ vmlist +vmap +4 +3 +- +- +- +- +-$' report
	grep -qE '^ rewrite +vmap +4 +5 +- +- +- +- +-$' report
}

@test "published figures: only beside a campaign that measured the same" {
	cp "$TOP/tests/data/golden/sim/expected/summary.tsv" sim/
	cp sim/campaign.json .
	for edit in '.variants = ["vmlist", "mainline"]' '.variants = ["rewrite"]' \
		'.workloads = ["vmap"]' '.pages = [16]'; do
		jq "$edit" campaign.json >sim/campaign.json
		rc=0		# 1: there are no points with 16 pages
		"$TOOLS/vb-report" --published "$TOP/published" sim >report || rc=$?
		[ "$rc" -le 1 ]
		run ! grep -q published report
	done
	jq '.variants = ["rewrite", "vmlist"]' campaign.json >sim/campaign.json
	for option in "" --main; do
		# shellcheck disable=SC2086
		"$TOOLS/vb-report" $option --published "$TOP/published" sim >report
		grep -qE '^ +8 +70631 +2900 +24.36x +8000 +200.0 +40.00x$' report
	done
	"$TOOLS/vb-report" sim >report
	run ! grep -q published report
}

@test "published figures: what is missing on our side shows -, and growth leaves it out" {
	awk -F '\t' '!($1 == "rewrite" && $3 == "ram" && $6 == 8)' \
		"$TOP/tests/data/golden/sim/expected/summary.tsv" >sim/summary.tsv
	"$TOOLS/vb-report" --published "$TOP/published" sim >report
	grep -qE '^ +8 +70631 +2900 +24.36x +8000 +- +-$' report
	grep -qE '^ +2 / 1 +2.29x +1.03x +2.00x +1.00x$' report
	awk -F '\t' '!($1 == "rewrite" && $3 == "ram" && $6 > 1)' \
		"$TOP/tests/data/golden/sim/expected/summary.tsv" >sim/summary.tsv
	"$TOOLS/vb-report" --published "$TOP/published" sim >report
	grep -qE '^ +8 +70631 ' report
	run ! grep -qE '^ +[0-9]+ / [0-9]' report
}

@test "published figures: a new posting is a new file, a broken one is named, exit 2" {
	cp "$TOP/tests/data/golden/sim/expected/summary.tsv" sim/
	cp -r "$TOP/published" .
	file=published/vmap-rewrite-2008.tsv
	cp "$file" good
	sed 's/^# list: .*/# list: elsewhere/; s/70631/12345/' good >published/z.tsv
	"$TOOLS/vb-report" --published published sim >report
	grep -q elsewhere report
	[ "$(grep -cE '^ +8 +(70631|12345) ' report)" -eq 2 ]
	rm published/z.tsv
	while IFS='|' read -r edit text; do
		echo "# $edit"
		sed "$edit" good >"$file"
		run "$TOOLS/vb-report" --published published sim
		[ "$status" -eq 2 ]
		[ "$output" = "vb-report: error: $file$text" ]
	done <<-'END'
	/^# mail/d|: no line "# mail: ..."
	/^# pages/d|: no line "# pages: ..."
	s/^# pages: 4/# pages: four/|:12: "pages" is not a count
	s/ns_per_op/ns/|: "ns" is not a metric
	s/^# date: .*/# date: 200`id`/|: "date" is not a date, 2008-08-18 or 2008-08
	s/^# date: .*/# date: 2008/|: "date" is not a date, 2008-08-18 or 2008-08
	s/^threads/thread/|:14: not the header "threads BEFORE AFTER"
	s/14700/0/|:15: not a row of published figures
	s/14700/nan/|:15: not a row of published figures
	s/14700/147oo/|:15: not a row of published figures
	s/^4/4.5/|:17: not a row of published figures
	$s/2900/2900	1/|:18: not a row of published figures
	/^[0-9]/d|: no figures
	END
	cp good "$file"
	cp -r published '[p]*?\'
	"$TOOLS/vb-report" --published '[p]*?\' sim >report
	grep -q 70631 report
	run "$TOOLS/vb-report" --published nowhere sim
	[ "$status" -eq 2 ]
	[ "$output" = "vb-report: error: nowhere: No such file or directory" ]
	run "$TOOLS/vb-report" --published
	[ "$status" -eq 2 ]
	[ "$output" = "vb-report: --published needs a value (try --help)" ]
}

@test "no line of a report is wider than 76 columns or ends in a blank" {
	run ! grep -E '.{77}| $' "$TOP"/tests/data/golden/*/expected/report.txt
}

@test "the summary's columns are those that other tools rely on" {
	summarise sim
	[ "$(head -n 1 out | tr '\t' ' ')" = \
		"variant machine workload pages cpus threads metric unit n median lo hi" ]
	awk -F '\t' 'NF != 12 { exit 1 }' out
	# campaign order, metrics in the order of their table
	[ "$(cut -f 1 out | uniq | tr '\n' ' ')" = "variant vmlist rewrite mainline " ]
	[ "$(awk -F '\t' '$1 == "rewrite"' out | cut -f 3,6 | uniq | tr '\t\n' ' ,')" = \
		"ram 1,ram 2,ram 8,vmap 1,vmap 2,vmap 8," ]
}

@test "a run without its end record is not used, and named" {
	sed -i '$d' "$sim"
	summarise sim
	[ "$rc" -eq 1 ]
	says "sim/vmlist/run-1/events.jsonl: no end record"
	run ! grep -q '^vmlist' out
	[ "$(grep -c '^rewrite' out)" -eq 66 ]
}

@test "a run that is not there is named; a .part file is no run" {
	mv "$sim" "$sim.part"
	summarise sim
	[ "$rc" -eq 1 ]
	says "sim/vmlist/run-1/events.jsonl: no such file"
	[ "$(wc -l <err)" -eq 1 ]
	run ! grep -q '^vmlist' out
}

@test "one of three runs is not whole: n is 2" {
	sed -i '$d' tcg/rewrite/run-2/events.jsonl
	summarise tcg
	[ "$rc" -eq 1 ]
	says "tcg/rewrite/run-2/events.jsonl: no end record"
	# 190 and 210: median 200, half width 10 * t(1) = 127.06
	[ "$(awk -F '\t' '$1 == "rewrite" && $3 == "ram" && $6 == 1 && $7 == "ns_per_op"' out |
		cut -f 9-12 | tr '\t' ' ')" = "2 200 72.9379526 327.062047" ]
	[ "$(awk -F '\t' '$1 == "vmlist" { print $9 }' out | sort -u)" = 3 ]
	cp out tcg/summary.tsv
	rc=0
	"$TOOLS/vb-report" tcg >report || rc=$?
	[ "$rc" -eq 1 ]
	grep -q 'n = 2 to 3 runs' report
}

@test "an interval does not reach below 0" {
	sed -i '$d' tcg/rewrite/run-2/events.jsonl
	edit_event tcg/rewrite/run-1/events.jsonl 3 '.thread[0].ns = 100000'
	summarise tcg
	# 100 and 210: median 155, half width 55 * 12.706
	grep -qP 'rewrite\ttcg\tram\t4\t4\t1\tns_per_op\tns\t2\t155\t0\t853.84126' out
}

@test "an error record leaves its point out and says why" {
	edit_event "$sim" 3 '{v:1,type:"error",workload:"ram",errno:-12,
		what:"vm_map_ram returned NULL",cpu:3,op:123}'
	summarise sim
	[ "$rc" -eq 1 ]
	says "sim/vmlist/run-1/events.jsonl:3: bare point ram, 4 pages, 1 threads left out: the guest reports: vm_map_ram returned NULL (errno -12)"
	[ "$(wc -l <err)" -eq 1 ]
	run ! grep -qP 'vmlist\tsim\tram\t4\t8\t1\tinsn' out
	grep -qP 'vmlist\tsim\tram\t4\t8\t1\tipis' out
	cp out sim/summary.tsv
	rc=0
	"$TOOLS/vb-report" sim >report || rc=$?
	[ "$rc" -eq 1 ]
	grep -q '^PROBLEMS' report
	grep -q 'returned NULL' report
	grep -qE '^ +1 +- +200.0 +200.0 +- +-$' report
}

@test "an error record of a traced point, with and without counts after it" {
	edit_event "$sim" 5 '{v:1,type:"error",workload:"ram",errno:-5,what:"it broke",cpu:0,op:1}'
	summarise sim
	[ "$rc" -eq 1 ]
	says "traced point ram, 4 pages, 1 threads left out: the guest reports: it broke"
	sed -i '6d' "$sim"
	summarise sim
	[ "$rc" -eq 1 ]
	says "it broke"
	run ! grep -qP 'vmlist\tsim\tram\t4\t8\t1\tipis' out
}

@test "an error record of no point is reported" {
	edit_event "$sim" 1 '., {v:1,type:"error",errno:-2,what:"no module"}'
	summarise sim
	[ "$rc" -eq 1 ]
	says "sim/vmlist/run-1/events.jsonl:2: the guest reports: no module"
}

@test "a point that is not there is named" {
	sed -i '2,3d' "$sim"
	summarise sim
	[ "$rc" -eq 1 ]
	says "sim/vmlist/run-1/events.jsonl: the bare point ram, 4 pages, 1 threads is missing"
	[ "$(wc -l <err)" -eq 1 ]
	run ! grep -qP 'vmlist\tsim\tram\t4\t8\t1\tinsn' out
}

@test "a point without its sample, or without its counts, is left out" {
	sed -i '6d' "$sim"
	summarise sim
	[ "$rc" -eq 1 ]
	says "traced point ram, 4 pages, 1 threads left out: no counts record"
	sed -i '3d' "$sim"
	summarise sim
	says "bare point ram, 4 pages, 1 threads left out: no sample record"
}

@test "counts with lost events are left out" {
	edit_event "$sim" 6 '.lost = 7'
	summarise sim
	[ "$rc" -eq 1 ]
	says "the counters lost 7 events"
	run ! grep -qP 'vmlist\tsim\tram\t4\t8\t1\tipis' out
}

@test "a sample with mismatches is left out" {
	edit_event "$sim" 3 '.mismatches = 2'
	summarise sim
	[ "$rc" -eq 1 ]
	says "2 mismatches"
	run ! grep -qP 'vmlist\tsim\tram\t4\t8\t1\tinsn' out
}

@test "sim runs that differ are reported: it is deterministic" {
	jq '.boots = 2' sim/campaign.json >c && mv c sim/campaign.json
	for v in vmlist rewrite mainline; do cp -r sim/$v/run-1 sim/$v/run-2; done
	summarise sim
	[ "$rc" -eq 0 ]
	awk -F '\t' 'NR > 1 && ($9 != 2 || $10 != $11 || $10 != $12) { exit 1 }' out
	edit_event sim/rewrite/run-2/events.jsonl 3 '.window_ns += 1000'
	summarise sim
	[ "$rc" -eq 1 ]
	says "rewrite: insn_per_op of ram, 4 pages, 1 threads is 200 in one run and 201 in another"
	grep -qP "rewrite\tsim\tram\t4\t8\t1\tinsn_per_op\tinsn\t2\t200.5\t200.5\t200.5" out
	[ "$(wc -l <err)" -eq 1 ]
	run "$TOP/scripts/report.sh" sim
	[ "$status" -eq 1 ]
	grep -q 'insn_per_op of ram, 4 pages, 1 threads is 200 in one run' sim/report.txt
}

@test "a point without its clock record is left out" {
	sed -i 1d sim/vmlist/run-1/clock.jsonl
	summarise sim
	[ "$rc" -eq 1 ]
	says "sim/vmlist/run-1/clock.jsonl: bare point ram, 4 pages, 1 threads left out: no clock record"
	run ! grep -qP 'vmlist\tsim\tram\t4\t8\t1\tns_per_op' out
	rm sim/rewrite/run-1/clock.jsonl
	summarise sim
	[ "$rc" -eq 1 ]
	run ! grep -q '^rewrite' out
}

@test "CPUs too far apart: the point is kept, and marked in the report" {
	# A thousandth of the window.
	edit_event sim/vmlist/run-1/clock.jsonl 1 '.max_skew_ns = 1000'
	"$TOP/scripts/report.sh" sim
	run ! grep -q '^Warnings' sim/report.txt
	edit_event sim/vmlist/run-1/clock.jsonl 1 '.max_skew_ns = 1001'
	"$TOP/scripts/report.sh" sim
	grep -q '^Warnings' sim/report.txt
	tr -s ' \n' ' ' <sim/report.txt | grep \
		'vmlist/run-1/clock.jsonl:1: bare point ram, 4 pages, 1 threads: CPUs were up to 1001 ns apart'
	grep -qP 'vmlist\tsim\tram\t4\t8\t1\tns_per_op' sim/summary.tsv
}

@test "too much executed before the other CPUs were there: marked in the report" {
	# 2% of a million instructions, and one more.
	edit_event sim/vmlist/run-1/clock.jsonl 1 '.thread[0].early_insns = 20000'
	"$TOP/scripts/report.sh" sim
	run ! grep -q '^Warnings' sim/report.txt
	edit_event sim/vmlist/run-1/clock.jsonl 1 '.thread[0].early_insns = 20001'
	"$TOP/scripts/report.sh" sim
	tr -s ' \n' ' ' <sim/report.txt | grep '20001 of 1000000 instructions, more than 2%'
}

@test "a clock record that does not fit its sample: file and line, exit 2" {
	for edit in '.thread = []' '.thread[0].cpu = 7' '.max_skew_ns = -1' '.run = 2'; do
		cp "$TOP/tests/data/golden/sim/vmlist/run-1/clock.jsonl" sim/vmlist/run-1/
		edit_event sim/vmlist/run-1/clock.jsonl 1 "$edit"
		summarise sim
		[ "$rc" -eq 2 ]
		says "sim/vmlist/run-1/clock.jsonl:"
	done
}

@test "malformed JSON: file and line, exit 2, nothing written" {
	sed -i '3s/.*/{"v":1,"type":"sam/' "$sim"
	summarise sim
	[ "$rc" -eq 2 ]
	[ ! -s out ]
	says "sim/vmlist/run-1/events.jsonl:3: "
}

@test "malformed records: file and line, exit 2, nothing written" {
	good=$sim.good
	cp "$sim" "$good"
	while IFS='|' read -r line edit text; do
		cp "$good" "$sim"
		echo "# $edit"
		bad_record "$line" "$edit" "events.jsonl:$text"
	done <<-'END'
	3|del(.ops_done)|3: "ops_done" is missing
	3|.ops_done = 0|3: a sample without operations
	3|.ops_done = -1|3: "ops_done" is missing or is not a count
	3|.window_ns = "x"|3: "window_ns" is missing
	3|.thread = []|3: "thread" does not have one entry per thread
	3|.threads = 2|3: the sample is of another point
	3|.type = "sampel"|3: unknown record type "sampel"
	3|.v = 2|3: "v" is not 1
	3|[.]|3: not a JSON object
	3|., .|4: a sample record that belongs to no point
	2|.mode = "both"|2: "mode" is neither
	6|del(.locks)|6: "locks" is missing
	6|del(.lost)|6: "lost" is missing
	6|., .|7: a counts record that belongs to no traced point
	1|.variant = "rewrite"|1: the run is of another variant
	1|.cpus = 4|1: the run has another number of CPUs
	1|.type = "point"|1: the first record is not a start record
	1|., .|2: a second start record
	32|., .|33: a record after the end record
	END
}

@test "a broken campaign.json: file and what is wrong, exit 2" {
	echo '{' >sim/campaign.json
	summarise sim
	[ "$rc" -eq 2 ]
	says "sim/campaign.json:"
	cp tcg/campaign.json .
	for edit in 'del(.variants)' '.threads = []' '.threads = ["1"]' '.cpus = 0' '.v = 2' \
		'.variants = ["../up"]' '.machine = ""'; do
		jq "$edit" campaign.json >tcg/campaign.json
		summarise tcg
		[ "$rc" -eq 2 ]
		says "tcg/campaign.json: \""
	done
	summarise nowhere
	[ "$rc" -eq 2 ]
	says "nowhere/campaign.json"
}

@test "usage errors are exit 2, --help is 0" {
	for tool in vb-summarise vb-report; do
		"$TOOLS/$tool" --help | grep '^usage:'
		for args in "" "--no-such-option sim" "sim tcg"; do
			# shellcheck disable=SC2086
			run "$TOOLS/$tool" $args
			[ "$status" -eq 2 ]
			[ "${#lines[@]}" -eq 1 ]
		done
	done
}

@test "a full disk is an error, not a short file" {
	rc=0
	"$TOOLS/vb-summarise" sim 2>err >/dev/full || rc=$?
	[ "$rc" -eq 2 ]
	says "cannot write the output: No space left on device"
}

@test "vb-report: a broken summary is named with its line" {
	cp "$TOP/tests/data/golden/sim/expected/summary.tsv" sim/
	sed -i '5s/\t[^\t]*$/\tmany/' sim/summary.tsv
	run "$TOOLS/vb-report" sim
	[ "$status" -eq 2 ]
	[[ $output == *"sim/summary.tsv:5: not a row"* ]]
	rm sim/summary.tsv
	run "$TOOLS/vb-report" sim
	[ "$status" -eq 2 ]
}

@test "vb-report --main: the tables that a campaign ends with" {
	cp "$TOP/tests/data/golden/sim/expected/summary.tsv" sim/
	"$TOOLS/vb-report" --main sim >main
	grep -qE '^ +8 +8000 +200.0 +200.0 +40.00x +40.00x$' main
	run ! grep -q '^Limits' main
}

@test "report.sh makes everything again, byte for byte" {
	export VB_RESULTS=$PWD
	"$TOP/scripts/report.sh" --id sim
	diff "$TOP/tests/data/golden/sim/expected/summary.tsv" sim/summary.tsv
	diff "$TOP/tests/data/golden/sim/expected/attribution.tsv" sim/attribution.tsv
	diff "$TOP/tests/data/golden/sim/expected/report.txt" sim/report.txt
	cp -r sim first
	rm -r sim/plots sim/report.txt
	"$TOP/scripts/report.sh" "$PWD/sim"
	diff -r first sim
}

@test "report.sh: a campaign with holes is exit 1, a broken one 2 and nothing changes" {
	sed -i '$d' sim/vmlist/run-1/events.jsonl
	run "$TOP/scripts/report.sh" sim
	[ "$status" -eq 1 ]
	[[ $output == *"no end record"* ]]
	grep -q 'no end record' sim/report.txt
	[ -s sim/plots/ipis.svg ]
	cp -r sim first
	echo '{' >>sim/rewrite/run-1/events.jsonl
	cp sim/rewrite/run-1/events.jsonl first/rewrite/run-1/
	run "$TOP/scripts/report.sh" sim
	[ "$status" -eq 2 ]
	diff -r first sim
}

@test "report.sh: options" {
	"$TOP/scripts/report.sh" --help | grep '^usage:'
	for args in "" "--no-such-option" "--id" "--id ../sim" "--id nowhere" "nowhere" "sim tcg"; do
		# shellcheck disable=SC2086
		run "$TOP/scripts/report.sh" $args
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
	done
	cp -r sim first
	run "$TOP/scripts/report.sh" --dry-run sim
	[ "$status" -eq 0 ]
	[[ $output == *"vmapbench tables "*" sim"* ]]
	diff -r first sim
}

@test "the reference campaigns' tables and figures are what their records give" {
	for campaign in "$TOP"/results/reference/*/campaign.json; do
		campaign=${campaign%/*}
		id=$(basename "$campaign")
		cp -r "$campaign" ref
		rm ref/summary.tsv ref/report.txt
		"$TOP/scripts/report.sh" "$PWD/ref"
		cmp ref/summary.tsv "$campaign/summary.tsv"
		cmp ref/report.txt "$campaign/report.txt"
		# Flame graphs are of samples, which are too many to be kept.
		for figure in ref/plots/*.svg "$TOP/plots/reference/$id"/[!f]*.svg; do
			cmp "ref/plots/${figure##*/}" "$TOP/plots/reference/$id/${figure##*/}"
		done
		rm -r ref
	done
}

# contradiction TEXT FILE JQ - vb-summarise refuses the golden campaign sim after that change.
contradiction()
{
	rm -rf changed
	cp -r "$TOP/tests/data/golden/sim" changed
	jq -c "$3" "$TOP/tests/data/golden/sim/$2" >"changed/$2"
	exits 2 "$TOOLS/vb-summarise" changed
	grep -F "$1" err || { echo "not said: $1"; cat err; return 1; }
}

# The clock of one point, where a thread's time is what it is made of.
@test "a clock whose times are not what they are made of is refused, the file and the line named" {
	clock=vmlist/run-1/clock.jsonl
	made='is not what its instructions, spinning, halts and costs take'
	for edit in '.thread[0].ns *= 0.5' '.thread[0].ns -= 1' '.thread[-1].insns += 1' '.thread[0].spin_ns += 1' \
		'.thread[0].halt_ns += 1' '.thread[0].cost_ns += 1'; do
		contradiction "$clock:1: \"ns\" of a thread $made" "$clock" "$edit"
	done
	contradiction "$clock:1: a thread that took longer than all of them" "$clock" '.window_ns -= 1'
	contradiction "$clock:1: more instructions that were early" "$clock" '.thread[0].early_insns = 1000001'
	# Where an instruction is no whole ns, a begin and an end are rounded, and what is left
	# out of each of the 1000 operations, up to four times.
	rm -r changed
	jq '.costs.insn_ns = 0.5' sim/campaign.json >c
	mv c sim/campaign.json
	for variant in vmlist rewrite mainline; do
		jq -c '.thread |= map(.insns *= 2)' "sim/$variant/run-1/clock.jsonl" >c
		mv c "sim/$variant/run-1/clock.jsonl"
	done
	edit_event "sim/$clock" 1 '.thread[0].ns -= 4003'
	summarise sim
	[ "$rc" -eq 0 ]
	edit_event "sim/$clock" 1 '.thread[0].ns -= 1'
	summarise sim
	[ "$rc" -eq 2 ]
	says "sim/$clock:1: \"ns\" of a thread $made"
	for ns in 0 1e300 '"1"' null; do
		contradiction 'campaign.json: "insn_ns" of its costs is not from 0.01 to 100' campaign.json ".costs.insn_ns = $ns"
	done
}

@test "what the campaign was asked for is what its points did" {
	events=vmlist/run-1/events.jsonl
	contradiction "$events:2: \"ops\" of the point are not those of the campaign" campaign.json '.ops = 1'
	contradiction "$events:2: \"warmup\" of the point is not that of the campaign" campaign.json '.warmup = 1'
	contradiction "$events:2: \"ops\" is missing" $events 'if .type == "point" then del(.ops) else . end'
	contradiction "$events:3: the sample is of another point" $events 'if .type == "sample" then .ops = 1 else . end'
	# Programs that read directories do not share them.
	contradiction "$events:7: \"ops\" of the point are not those of the campaign" campaign.json '.files = 100000'
	cp -r "$TOP/results/reference/xfs64" .
	"$TOOLS/vb-summarise" --check xfs64
	jq 'del(.files)' xfs64/campaign.json >c
	mv c xfs64/campaign.json
	exits 2 "$TOOLS/vb-summarise" xfs64
	says "events.jsonl:2: \"ops\" of the point are not those of the campaign"
}

# uneven DIR OPS - the threads of a point of that campaign share OPS operations, rounded up.
uneven()
{
	local file

	jq --argjson ops "$2" '.ops = $ops' "$1/campaign.json" >c
	mv c "$1/campaign.json"
	for file in "$1"/*/run-*/events.jsonl; do
		edit_records "$file" "map(if .ops then .ops = $2 else . end |
			if .point then .point |= sub(\" 1000 10\$\"; \" $2 10\") else . end |
			if .thread then .threads as \$n | ((.ops + \$n - 1) / \$n | floor) as \$share |
				.thread |= map(.ops = \$share | .ops_done = \$share) | .ops_done = \$share * \$n else . end)"
	done
}

@test "operations that the threads do not divide: each does its share, rounded up" {
	uneven sim 1001
	summarise sim
	cat err
	[ "$rc" -eq 0 ]
	edit_records "$sim" 'map(if .threads == 8 and .thread then .thread[0].ops -= 1 else . end)'
	summarise sim
	[ "$rc" -eq 2 ]
	says "the threads did not do the operations of the point"
	# Less than one for each thread.
	setup
	uneven sim 5
	summarise sim
	[ "$rc" -eq 0 ]
	# The sum alone is not enough.
	setup
	edit_records "$sim" 'map(if .threads == 8 and .thread then .thread[0].ops += 1 | .thread[1].ops -= 1 else . end)'
	summarise sim
	[ "$rc" -eq 2 ]
	setup
	edit_event "$sim" 2 '.threads = 0'
	bad_record 3 '.threads = 0 | .thread = []' '3: "thread" does not have one entry per thread'
}

@test "a campaign says which kernel it is of, and of which machine" {
	missing='campaign.json: "kernel_version" is missing in its fingerprint, or is not that of vmlist'
	for edit in 'del(.fingerprint.kernel_version)' '.fingerprint.kernel_version = ""' 'del(.fingerprint)' \
		'.fingerprint.kernel_version = { rewrite: "0.0.0-example" }' '.fingerprint.kernel_version = 6'; do
		contradiction "$missing" campaign.json "$edit"
	done
	for name in foo host SIM; do
		contradiction "campaign.json: \"machine\" is $name, and there are: kvm sim tcg" campaign.json ".machine = \"$name\""
	done
	contradiction 'clock.jsonl: is of a simulated machine, and the campaign'"'"'s machine is tcg' campaign.json '.machine = "tcg"'
	other='"machine" is sim, and "machine_flags" are not those of it'
	contradiction "$other" campaign.json '.fingerprint.machine_flags = "-accel tcg,thread=multi"'
	contradiction "$other" campaign.json '.fingerprint.machine_flags = "-accel kvm -icount shift=0"'
	contradiction "$other" campaign.json '.fingerprint.machine_flags = 1'
	cp -r "$TOP/results/reference/default" ref
	rm ref/*/run-1/clock.jsonl
	for name in tcg kvm; do
		jq --arg name "$name" '.machine = $name' "$TOP/results/reference/default/campaign.json" >ref/campaign.json
		exits 2 "$TOOLS/vb-summarise" ref
		says "ref/campaign.json: \"machine\" is $name, and \"machine_flags\" are not those of it"
	done
}

@test "sums that are too large are refused, and no nonsense is printed" {
	events=vmlist/run-1/events.jsonl
	large='counts too large to be added up'
	for key in waits wait_ns; do
		contradiction "$events:6: $large" $events "if .locks then .locks[0,1].$key = 9007199254740992 else . end"
	done
	contradiction "$events:8: $large" $events 'if .thread and .threads == 2 then .thread[0,1].ops = 9007199254740992 else . end'
	# Of records that are good by themselves.
	cp "$TOP/tests/data/golden/sim/expected/summary.tsv" sim/
	for key in flushes ipis; do
		jq -c "if .type == \"counts\" then .$key = 9007199254740992 else . end" \
			"$TOP/tests/data/golden/sim/$events" >"sim/$events"
		exits 2 "$TOOLS/vb-report" sim
		says "sim: counts of all runs: $large"
	done
	jq '.boots = 2' sim/campaign.json >c
	mv c sim/campaign.json
	for variant in vmlist rewrite mainline; do
		jq -c 'if .locks then .locks |= map(.waits = 0) | .locks[0].waits = 9007199254740992 else . end' \
			"$TOP/tests/data/golden/sim/$variant/run-1/events.jsonl" >"sim/$variant/run-1/events.jsonl"
		cp -r "sim/$variant/run-1" "sim/$variant/run-2"
	done
	exits 2 "$TOOLS/vb-report" sim
	says "sim: counts of all runs: $large"
	run ! grep -e -9223372 shown
}

@test "the steps of a fill are whole, and those of its maps" {
	# 100 maps in steps of 40.
	edit_event "$sim" 3 '.values = {space_pages: 1000, maps: 100} |
		.fill = {first_ns: 5, step_maps: 40, step_ns: [10, 20, 30], block_ns: [1, 0, 3]}'
	summarise sim
	[ "$rc" -eq 0 ]
	cp "$sim" filled
	while IFS='|' read -r edit text; do
		cp filled "$sim"
		bad_record 3 "$edit" "events.jsonl:3: $text"
	done <<-'END'
	.fill.step_ns[1] = -1|"step_ns" of the fill is not a list of 3 counts, one for each step
	.fill.step_ns[1] = 1.5|"step_ns" of the fill is not a list of 3 counts
	.fill.step_ns[1] = "x"|"step_ns" of the fill is not a list of 3 counts
	.fill.step_ns += [1]|"step_ns" of the fill is not a list of 3 counts
	.fill.block_ns[2] = -1|"block_ns" of the fill is not a list of 3 counts
	.fill.block_ns = 1|"block_ns" of the fill is not a list of 3 counts
	.fill.step_maps = -40|"step_maps" is missing or is not a count
	.fill.step_maps = 0.5|"step_maps" is missing or is not a count
	.fill.step_maps = 0|a fill without maps
	.fill.step_maps = 41000|"step_ns" of the fill is not a list of 1 counts
	.values.maps = 60|"step_ns" of the fill is not a list of 2 counts
	.values.maps = 1e17|"maps" is missing or is not a count
	.fill = 1|"first_ns" is missing or is not a count
	del(.values)|"space_pages" is missing or is not a count
	END
}

@test "lists that are longer than anything can be measured are refused at once" {
	for edit in '.pages = [range(1; 100001)] | .threads = [range(1; 1025)]' '.pages = [range(1; 100001)]' \
		'.workloads = [range(0; 2000) | "w\(.)"]' '.variants = [range(0; 2000) | "v\(.)"]'; do
		jq "$edit" "$TOP/tests/data/golden/sim/campaign.json" >sim/campaign.json
		exits 2 timeout 5 "$TOOLS/vb-summarise" sim
		grep -E 'sim/campaign.json: "(pages|workloads|variants)" holds more than can be measured' err
	done
	jq '.pages = [range(1; 129)] | .threads = [range(1; 17)]' "$TOP/tests/data/golden/sim/campaign.json" >sim/campaign.json
	exits 2 timeout 5 "$TOOLS/vb-summarise" sim
	says "sim/campaign.json: 4096 points (workloads x pages x threads), and a boot measures at most 1024"
	jq '.variants = [range(0; 100) | "v\(.)"] | .pages = [range(1; 101)]' "$TOP/tests/data/golden/sim/campaign.json" >sim/campaign.json
	exits 2 timeout 5 "$TOOLS/vb-summarise" sim
	says "sim/campaign.json: 60000 points of all variants, at most 16384 are read"
	jq '.variants = [range(0; 100) | "v\(.)"] | .boots = 1000' "$TOP/tests/data/golden/sim/campaign.json" >sim/campaign.json
	exits 2 timeout 5 "$TOOLS/vb-summarise" sim
	says "sim/campaign.json: 100000 boots of all variants, at most 4096 are read"
}

@test "records that contradict themselves are refused, the file and the line named" {
	events=vmlist/run-1/events.jsonl
	contradiction '"ops_done" is not what the threads have done' $events 'if .ops_done then .ops_done *= 10 else . end'
	contradiction 'a CPU that is there twice' $events 'if .thread then .thread |= map(.cpu = 0) else . end'
	contradiction 'a thread that took longer than all of them' $events 'if .thread then .thread[0].ns = .window_ns + 1 else . end'
	contradiction 'a CPU that is there twice' vmlist/run-1/clock.jsonl 'if .thread then .thread |= map(.cpu = 0) else . end'
	contradiction 'holds a name twice' campaign.json '.variants += [.variants[0]]'
	contradiction 'holds a count twice' campaign.json '.threads += [.threads[0]]'
	contradiction 'the run is of another kernel' campaign.json '.fingerprint.kernel_version = "5.0"'
	# The first point and its records once more.
	rm -rf changed
	cp -r "$TOP/tests/data/golden/sim" changed
	jq -c 'select(.type == "point" or .type == "sample")' "$TOP/tests/data/golden/sim/$events" | sed -n 1,2p >again
	sed -i '/"type":"end"/d' "changed/$events"
	cat again >>"changed/$events"
	echo '{"v":1,"type":"end"}' >>"changed/$events"
	exits 2 "$TOOLS/vb-summarise" changed
	grep -F 'the point was measured before' err
}

# edit_records FILE JQ - change the list of all its records.
edit_records()
{
	jq -cs "$2 | .[]" "$1" >changed.jsonl
	mv changed.jsonl "$1"
}

# The places of the counts records in a list of records.
places='[to_entries[] | select(.value.type == "counts") | .key]'

@test "counts that stand in another point than they are of are refused, the file and the line named" {
	edit_records "$sim" "$places as \$k | [.[\$k[0]], .[\$k[2]]] as [\$a, \$b] | .[\$k[0]] = \$b | .[\$k[2]] = \$a"
	summarise sim
	[ "$rc" -eq 2 ]
	[ ! -s out ]
	says "sim/vmlist/run-1/events.jsonl:6: the counts are of the point \"6 traced ram 4 8 1000 10\", and stand in \"2 traced ram 4 1 1000 10\""
	run "$TOP/scripts/report.sh" sim
	[ "$status" -eq 2 ]
	# Those of another mode, of another place in the plan, and no text.
	for edit in '.point |= sub("traced"; "bare")' '.point |= sub("^2 "; "3 ")' '.point = 1' '.point = null'; do
		setup
		bad_record 6 "$edit" "sim/vmlist/run-1/events.jsonl:6: "
	done
	setup
	edit_event "$sim" 5 '.mismatches = 2'
	bad_record 6 '.point |= sub("ram"; "vmap")' "sim/vmlist/run-1/events.jsonl:6: the counts are of the point"
}

@test "counts without a name: of earlier versions, marked; beside others that have one, refused" {
	setup
	bad_record 11 'del(.point)' "sim/vmlist/run-1/events.jsonl:11: not all counts of this run say which point they are of"
	setup
	bad_record 6 'del(.point)' "sim/vmlist/run-1/events.jsonl:11: not all counts of this run"
	edit_records "$sim" 'map(del(.point))'
	summarise sim
	[ "$rc" -eq 2 ]
	says "sim/vmlist/run-1/events.jsonl: not as rewrite/run-1: its counts do not say which point they are of: remove this run"
	for variant in rewrite mainline; do
		edit_records "sim/$variant/run-1/events.jsonl" 'map(del(.point))'
	done
	"$TOP/scripts/report.sh" sim
	cmp sim/summary.tsv "$TOP/tests/data/golden/sim/expected/summary.tsv"
	tr -s ' \n' ' ' <sim/report.txt | grep 'Warnings .* counts do not say which point they are of'
}

# copied TEXT - every reader of the campaign tcg says that, and ends with 2.
copied()
{
	for command in "$TOOLS/vb-summarise" "$TOOLS/vb-summarise --check" "$TOOLS/vb-report" \
		"$TOP/scripts/report.sh" "$TOP/scripts/seal.sh --check"; do
		"$TOP/scripts/seal.sh" tcg
		# shellcheck disable=SC2086
		exits 2 $command tcg
		[ ! -s shown ]
		says "error: tcg/$1"
		says "points have the same times to the nanosecond"
	done
}

@test "a boot in real time that is a copy of another one is refused" {
	cp "$TOP/tests/data/golden/tcg/expected/summary.tsv" tcg/
	"$TOP/scripts/seal.sh" tcg
	"$TOP/scripts/seal.sh" --check tcg
	cp tcg/vmlist/run-1/events.jsonl tcg/vmlist/run-3/events.jsonl
	copied 'vmlist/run-3 is a copy of vmlist/run-1'
	# Whatever else of it was changed.
	edit_records tcg/vmlist/run-3/events.jsonl 'map(if .flushes then .flushes += 1 elif .type == "areas" then empty else . end)'
	copied 'vmlist/run-3 is a copy of vmlist/run-1'
	# As a boot of another kernel.
	setup
	sed 's/vmlist/rewrite/' tcg/vmlist/run-2/events.jsonl >tcg/rewrite/run-1/events.jsonl
	copied 'rewrite/run-1 is a copy of vmlist/run-2'
	# One thread of one point took longer, or most threads of less than half of the points.
	edit_records tcg/rewrite/run-1/events.jsonl '.[-3].thread[3].ns += 1'
	copied 'rewrite/run-1 is a copy of vmlist/run-2: 7 of its 8 points have the same times'
	points='[to_entries[] | select(.value.type == "sample") | .key]'
	edit_records tcg/rewrite/run-1/events.jsonl "$points as \$k | reduce \$k[:2][] as \$i (.; .[\$i].window_ns += 1)"
	copied 'rewrite/run-1 is a copy of vmlist/run-2: 5 of its 8 points have the same times'
	# Some can be the same by chance, where points are short.
	edit_records tcg/rewrite/run-1/events.jsonl "$points as \$k | .[\$k[2]].window_ns += 1"
	summarise tcg
	[ "$rc" -eq 0 ]
	# In another place of the plan.
	setup
	sed 's/vmlist/rewrite/' tcg/vmlist/run-2/events.jsonl >tcg/rewrite/run-1/events.jsonl
	edit_records tcg/rewrite/run-1/events.jsonl 'map(if .workload == "ram" then .workload = "vmap" elif .workload == "vmap" then .workload = "ram" else . end |
		if .point then .point |= (if test("ram") then sub("ram"; "vmap") else sub("vmap"; "ram") end) else . end)'
	copied 'rewrite/run-1 is a copy of vmlist/run-2'
}

@test "boots without a time are no copies, nor are those that did not end, nor those on sim" {
	for n in 1 3; do
		edit_records "tcg/vmlist/run-$n/events.jsonl" 'map(if .type == "point" then ., {v: 1, type: "error", what: "no", errno: 1}
			elif .type == "sample" or .type == "counts" then empty else . end)'
	done
	summarise tcg
	[ "$rc" -eq 1 ]
	setup
	for n in 1 3; do
		sed '$d' "$TOP/tests/data/golden/tcg/vmlist/run-1/events.jsonl" >"tcg/vmlist/run-$n/events.jsonl"
	done
	summarise tcg
	[ "$rc" -eq 1 ]
	jq '.boots = 2' sim/campaign.json >c
	mv c sim/campaign.json
	for variant in vmlist rewrite mainline; do
		cp -r "sim/$variant/run-1" "sim/$variant/run-2"
	done
	"$TOOLS/vb-summarise" --check sim
}

@test "numbers out of bounds are refused, and not wrapped or cut off" {
	events=vmlist/run-1/events.jsonl
	contradiction '"window_ns" is missing or is not a count' $events 'if .window_ns then .window_ns = 9007199254740993000 else . end'
	contradiction '"pages" is missing or is not a count' $events 'if .pages then .pages = 4.7 else . end'
	contradiction '"boots" is missing or is not a count' campaign.json '.boots = 1000000000000000000'
	contradiction '"cpus" is missing or is not a count' campaign.json '.cpus = 100000'
	cp sim/expected/summary.tsv sim/ 2>/dev/null || cp "$TOP/tests/data/golden/sim/expected/summary.tsv" sim/
	for edit in 's/\t4\t/\t4.7\t/' 's/\tns\t1\t/\tns\t0.5\t/'; do
		sed "2$edit" "$TOP/tests/data/golden/sim/expected/summary.tsv" >sim/summary.tsv
		exits 2 "$TOOLS/vb-report" sim
		grep -F 'summary.tsv:2: not a row of a summary' err
	done
}
