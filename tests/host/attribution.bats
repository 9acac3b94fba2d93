#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# attribution.bats - what an operation's time is spent on, what the layers'
# sources say, and what tracing costs, on golden campaigns whose figures are made
# up (tests/data/golden/README). Their whole reports are in summary.bats.

# Tests run in subshells; that is what they are for.
# shellcheck disable=SC2030,SC2031

load ../lib/host-tools

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	cp -r "$TOP/tests/data/golden/sim" "$TOP/tests/data/golden/tcg" .
	for golden in sim tcg; do
		mv "$golden/expected/summary.tsv" "$golden"
		rm -r "$golden/expected"
	done
	cp "$TOP/tools/parts.tsv" "$TOP/kernel-patches/expected.tsv" .
	profile=sim/vmlist/run-1/profile.jsonl
}

attribute()
{
	"$TOOLS/vb-attribute" --parts parts.tsv "$1" >"$1/attribution.tsv"
}

# report DIR - as report, with the whole text on one line as flat; rc its exit code.
report()
{
	rc=0
	"$TOOLS/vb-report" --expected expected.tsv "$1" >report || rc=$?
	tr -s '\n ' ' ' <report >flat
}

# rows VARIANT WORKLOAD THREADS - its parts and their ns, a line each.
rows()
{
	awk -F '\t' -v v="$1" -v w="$2" -v t="$3" '$1 == v && $2 == w && $4 == t { print $5 "=" $6 }' \
		sim/attribution.tsv
}

@test "attribution: every part from its symbols, all of the thread's time" {
	attribute sim
	[ "$(rows vmlist ram 2 | paste -sd' ')" = \
		"flush and IPIs=1000 lock wait=400 free-space search=200 page tables=300 rest=80 user mode=0 halted=20" ]
	# What the CPUs did elsewhere is not in it, nor what was traced.
	jq -c '.symbols[] |= (.insns += 1000000 | .spin_ns += 5)' "$profile" >p
	mv p "$profile"
	cp sim/attribution.tsv before
	attribute sim
	cmp before sim/attribution.tsv
	report sim
	[ "$rc" -eq 0 ]
}

@test "attribution: user mode and unknown code are in it" {
	jq -c '.thread_user_insns = .symbols[0].thread_insns | .symbols[0].thread_insns = 0 |
		.symbols[1].name = "[unknown]"' "$profile" >p
	mv p "$profile"
	attribute sim
	report sim
	[ "$rc" -eq 0 ]
	[[ $(rows vmlist ram 8 | paste -sd' ') == *"user mode=1200 halted=80" ]]
}

@test "attribution: parts that are not the whole are a problem" {
	jq -c 'if .run == 3 then .symbols[0].thread_insns += 1 else . end' "$profile" >p
	mv p "$profile"
	attribute sim
	report sim
	[ "$rc" -eq 1 ]
	grep -qF 'attribution.tsv: the parts of vmlist, ram, 4 pages, 2 threads add up to 2000.001 ns, and ns_per_op is 2000' flat
	[ "$(grep -o 'add up to' flat | wc -l)" -eq 2 ]	# the section's text says so, too
	jq -c 'if .run == 3 then .thread_halt_ns -= 1000 else . end' "$profile" >p
	mv p "$profile"
	attribute sim
	report sim
	[ "$rc" -eq 1 ]
}

@test "attribution: what is printed adds up, whatever was rounded" {
	attribute sim
	awk -F '\t' -v OFS='\t' 'NR > 1 && $4 == 8 && $5 !~ /^(user|halt)/ {
		$6 = sprintf("%.9g", $6 + ($5 == "rest" ? -1.36 : 0.34)) } { print }' \
		sim/attribution.tsv >changed
	mv changed sim/attribution.tsv
	report sim
	awk '/of it$/ { n = 0; for (i in sum) delete sum[i]; tables++ }
	$1 == "together" {
		if (sprintf("%.1f %.1f %.1f", sum[4], sum[3], sum[2]) != $2 " " $3 " " $4) bad++
	}
	/^ (flush and IPIs|lock wait|free-space search|page tables|rest|halted) +-?[0-9]/ {
		for (i = 2; i <= 4; i++) sum[i] += $(NF - i + 1)
	}
	END { exit bad || tables != 2 }' report
	# Rounded by themselves they would be 4000.3, 1600.3, 800.3, 1200.3 and 318.6.
	[ "$(sed -n '/threads, ns.op/,/together/p' report | sed 1,2d | sed -n 1,7p |
		awk '{ print $(NF - 3) }' | paste -sd' ')" = \
		"4000.3 1600.4 800.3 1200.4 318.6 80.0 8000.0" ]
}

@test "attribution: a new part and a new symbol are a line each" {
	printf '%s\t%s\t%s\n' allocator slab kfree benchmark loop "touch\\[vmap_bench\\]" | cat - parts.tsv >p
	mv p parts.tsv
	attribute sim
	[[ $(rows vmlist ram 1 | paste -sd' ') == \
		"allocator=40 benchmark=200 "*" rest=0 user mode=0 halted=10" ]]
	report sim
	[ "$rc" -eq 0 ]
	grep -qE '^ allocator +320.0 +40.0 +280.0 +3.6$' report
	# The first pattern that fits decides.
	printf '%s\t%s\t%s\n' "page tables" vmap kfree | cat parts.tsv - >p
	mv p parts.tsv
	cp sim/attribution.tsv before
	attribute sim
	cmp before sim/attribution.tsv
}

@test "attribution: profiles of an earlier version, or none: no data, and no error" {
	for v in vmlist rewrite; do
		jq -c 'del(.thread_user_insns, .thread_halt_ns) | .symbols[] |= del(.calls,
			.thread_insns, .thread_spin_ns, .thread_cost_ns)' "sim/$v/run-1/profile.jsonl" >p
		mv p "sim/$v/run-1/profile.jsonl"
	done
	for step in old none; do
		attribute sim
		[ "$(wc -l <sim/attribution.tsv)" -eq 1 ]
		report sim
		[ "$rc" -eq 0 ]
		grep -q 'There is no data for this' report
		rm -f sim/*/run-1/profile.jsonl
	done
	rm sim/attribution.tsv
	report sim
	[ "$rc" -eq 0 ]
	grep -q 'There is no data for this' report
}

@test "attribution elsewhere: from counts, medians over runs, and the rest" {
	attribute tcg
	[ "$(awk -F '\t' '$1 == "rewrite" && $2 == "vmap" && $4 == 4 { print $5 "=" $6 }' \
		tcg/attribution.tsv | paste -sd' ')" = "flush and IPIs=0.5 lock wait=1.5 rest=598" ]
	report tcg
	[ "$rc" -eq 0 ]
	# A guest that does not time its flushes: they are in the rest.
	for file in tcg/*/run-*/events.jsonl; do
		jq -c 'del(.flush_ns)' "$file" >e
		mv e "$file"
	done
	attribute tcg
	[ "$(awk -F '\t' '$1 == "rewrite" && $2 == "vmap" && $4 == 4 { print $5 "=" $6 }' \
		tcg/attribution.tsv | paste -sd' ')" = "lock wait=1.5 rest=598.5" ]
	report tcg
	[ "$rc" -eq 0 ]
}

@test "attribution: files that are not what they should be are exit 2" {
	run "$TOOLS/vb-attribute" --parts nowhere sim
	[ "$status" -eq 2 ]
	[ "$output" = "vb-attribute: error: nowhere: no such file" ]
	for line in "lock wait" $'user mode\tb\tx*' $'halted\tb\tx*' $'a\trest\tx*' $'a\tb' $'a\tb\t' \
		$'a\t\tx' $'\tb\tx' $'a\tb\tc\td'; do
		printf '# comment\n%s\n' "$line" >broken
		run "$TOOLS/vb-attribute" --parts broken sim
		[ "$status" -eq 2 ]
		[ "$output" = "vb-attribute: error: broken:2: not a part, a subsystem and a pattern" ]
	done
	attribute sim
	cp sim/attribution.tsv good
	while IFS='|' read -r edit text; do
		echo "# $edit"
		sed "$edit" good >sim/attribution.tsv
		run "$TOOLS/vb-report" sim
		[ "$status" -eq 2 ]
		[ "$output" = "vb-report: error: sim/attribution.tsv:$text" ]
	done <<-'END'
	1d|1: not the header line
	1s/part/parts/|1: not the header line
	2s/500/many/|2: not a row of an attribution
	2s/500/nan/|2: not a row of an attribution
	2s/$/	1/|2: not a row of an attribution
	2s/	4	/	four	/|2: not a row of an attribution
	2p|3: not a row of an attribution
	END
	: >sim/attribution.tsv
	run "$TOOLS/vb-report" sim
	[ "$status" -eq 2 ]
	[ "$output" = "vb-report: error: sim/attribution.tsv:1: not the header line" ]
}

@test "report.sh: attribution.tsv stays when the profiles were not kept" {
	"$TOP/scripts/report.sh" sim
	cp sim/report.txt sim/attribution.tsv .
	rm sim/*/run-1/profile.jsonl
	"$TOP/scripts/report.sh" sim
	cmp report.txt sim/report.txt
	cmp attribution.tsv sim/attribution.tsv
	# Elsewhere it is made of the records, whatever was there.
	echo old >tcg/attribution.tsv
	"$TOP/scripts/report.sh" tcg
	cmp tcg/attribution.tsv "$TOP/tests/data/golden/tcg/expected/attribution.tsv"
}

@test "expected counts: purges and flushes follow CPUs, pages and operations" {
	report sim
	# 16 CPUs: fls 5, 40960 pages; 8 CPUs: 4, 32768.
	grep -qE '^ mainline +8 +0.122 +0 +0 +0.122 +0 +0$' report
	jq '.cpus = 16' sim/campaign.json >c && mv c sim/campaign.json
	sed -i 's/"cpus":8/"cpus":16/' sim/*/run-1/events.jsonl
	sed -i 's/\t4\t8\t/\t4\t16\t/' sim/summary.tsv
	report sim
	[ "$rc" -eq 0 ]
	grep -qE '^ mainline +8 +0.0977 +0 +0 ' report
	grep -qF 'an operation leaves 5 pages to a purge, one is due above fls(16) x 32 MiB = 40960,' flat
	# One purge more: the ratio says so.
	sed -i 's/"purges":1,/"purges":2,/' sim/rewrite/run-1/events.jsonl
	cp report before
	report sim
	grep -qE '^ rewrite +1 +0.122 +2 +16.38 +0.122 +1 +8.19$' report
	grep -qE '^ rewrite +1 +0.122 +1 +8.19 ' before
}

@test "expected counts: a layer without a rule has no expectation, a new one is a line" {
	sed -i '/^mainline\tvmap/d' expected.tsv
	report sim
	[ "$rc" -eq 0 ]
	grep -qE '^ mainline +8 +- +1 +- +- +1 +-$' report
	grep -qF 'mainline: no rule in expected.tsv.' flat
	printf 'mainline\tvmap\t0\t4\t64\tunmap\tsomewhere\n' >>expected.tsv
	report sim
	grep -qE '^ mainline +8 +0.061 +1 +16.38 +1000 +1 +0.001$' report
	"$TOOLS/vb-report" sim >report
	run ! grep -q 'what the source says' report
}

@test "expected counts: files that are not what they should be are exit 2" {
	run "$TOOLS/vb-report" --expected nowhere sim
	[ "$status" -eq 2 ]
	[ "$output" = "vb-report: error: nowhere: no such file" ]
	cp expected.tsv good
	first=$(grep -n '^vmlist' good | sed -n 1p | cut -d: -f1)
	for edit in 's/unmap/never/' 's/\t1\t0\t0/\t-1\t0\t0/' 's/\t1\t0\t0/\t1\tx\t0/' \
		's/\t1\t0\t0/\t1\t0\t1.5/' 's/\t1\t0\t0/\t1\t0\t9007199254740992/' 's/unmap\t.*/unmap\t/' 's/unmap\t.*/unmap/' 's/^vmlist//'; do
		sed "${first}$edit" good >expected.tsv
		run "$TOOLS/vb-report" --expected expected.tsv sim
		[ "$status" -eq 2 ]
		[ "$output" = "vb-report: error: expected.tsv:$first: not a rule of a layer" ]
	done
	sed "${first}p" good >expected.tsv
	run "$TOOLS/vb-report" --expected expected.tsv sim
	[ "$status" -eq 2 ]
	[ "$output" = "vb-report: error: expected.tsv:$((first + 1)): not a rule of a layer" ]
	run "$TOOLS/vb-report" --expected
	[ "$status" -eq 2 ]
	[ "$output" = "vb-report: --expected needs a value (try --help)" ]
}

@test "every layer that can be built has a rule for every workload that is measured" {
	# It is put beside what was counted.
	for variant in $(bash -c '. "$TOP/scripts/lib/lib.sh"; . "$TOP/scripts/kernel/variants.sh"
		. "$TOP/scripts/kernel/arch.sh"; counted_variants'); do
		for workload in ram vmap xfs-dir; do
			grep -qP "^$variant\t$workload\t" expected.tsv
		done
	done
}

@test "cost of tracing: bare, traced, hits; and one line at a glance" {
	report sim
	grep -qE '^ vmlist +2 +2000 +2500 +500.0 +10.00 +50.00$' report
	grep -qF 'Tracing costs with 1 thread, ns an operation (ns a probe hit): vmlist 500.0 (50.00), rewrite 50.00 (50.00), mainline 50.00 (50.00).' flat
	"$TOOLS/vb-report" --main sim | grep '^Tracing costs'
	# A guest that does not count hits; one that had none.
	for file in sim/{vmlist,rewrite}/run-1/events.jsonl; do
		jq -c 'if .hits then del(.hits) else . end' "$file" >e
		mv e "$file"
	done
	sed -i 's/"hits":[0-9]*/"hits":0/' sim/mainline/run-1/events.jsonl
	report sim
	[ "$rc" -eq 0 ]
	grep -qE '^ vmlist +2 +2000 +2500 +500.0 +- +-$' report
	grep -qE '^ mainline +2 +200.0 +250.0 +50.00 +0 +-$' report
	grep -qF 'vmlist 500.0 (-), rewrite 50.00 (-), mainline 50.00 (-).' flat
}

@test "cost of tracing: medians over runs, and a dash where a point is missing" {
	# Run 2 is traced 100 ns an operation slower, of one thread that is 1000 operations.
	jq -c 'if .type == "sample" and .run % 2 == 0 then .thread[].ns += 100 * .thread[0].ops else . end' \
		tcg/vmlist/run-2/events.jsonl >e
	mv e tcg/vmlist/run-2/events.jsonl
	report tcg
	grep -qE '^ vmlist +1 +1000 +1010 +10.00 +- +-$' report
	sed -i '/"mode":"traced","workload":"vmap"/,/"type":"counts"/d' sim/vmlist/run-1/events.jsonl
	report sim
	[ "$rc" -eq 1 ]
	grep -qE '^ vmlist +2 +2000 +- +- +- +-$' report
}

@test "vb-attribute: usage errors are exit 2, --help is 0, a full disk is an error" {
	"$TOOLS/vb-attribute" --help | grep '^usage:'
	for args in "" "sim" "--parts" "--parts parts.tsv" "--parts parts.tsv sim tcg" "--no-such-option sim"; do
		# shellcheck disable=SC2086
		run "$TOOLS/vb-attribute" $args
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == *"try --help"* ]]
	done
	rc=0
	"$TOOLS/vb-attribute" --parts parts.tsv sim 2>err >/dev/full || rc=$?
	[ "$rc" -eq 2 ]
	grep -q 'cannot write the output: No space left on device' err
}
