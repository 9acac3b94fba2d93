#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# compare.bats - the gate, on campaigns whose answer is known.

load ../lib/common
load ../lib/host-tools
load ../lib/verdicts
load ../lib/campaigns
load ../lib/page

setup_file()
{
	build_host_tools "$VB_BUILD/tools"
}

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	export VB_RESULTS=$PWD
	# Six boots that scatter by about 2%, and as many of another kernel.
	QUIET=(0.98 1.01 1.02 0.99 1.00 1.00)
}

@test "sim: a campaign against itself is identical, exit 0" {
	sim_campaign a
	sim_campaign b
	compare 0 a b
	[ "$(head -n 1 shown)" = "PASS: identical at 24 points" ]
	json '.verdict == "PASS" and .exact and .blamed == null and (.changes | length) > 200'
	json 'all(.changes[]; .delta == 0 and .verdict == "PASS")'
	grep -q '^# Totals: pass:168 fail:0 xfail:0 xpass:0 skip:0 error:0$' out/compare.ktap
}

# figure DIR VARIANT WORKLOAD THREADS METRIC - as it is in its table.
figure()
{
	awk -F'\t' -v v="$2" -v w="$3" -v t="$4" -v m="$5" \
		'$1 == v && $3 == w && $6 == t && $7 == m { print $10 }' "$1/summary.tsv"
}

@test "sim: one more purge in 1000 operations is a regression, blamed on purges" {
	sim_campaign a
	sim_campaign b
	other_kernel b
	edit_events b mainline 'if .type == "counts" then .purges += 16 else . end'
	compare 1 a b
	[ "$(head -n 1 shown)" = "REGRESSION: purges_per_kop at 8 of 24 points" ]
	json '.blamed == "purges_per_kop"'
	before=$(figure a mainline ram 1 purges_per_kop)
	change=$(awk -v b="$before" 'BEGIN { printf "%.3g +%.2fx", b + 1, (b + 1) / b }')
	shows "^ ram 4p 1t +$before +$change +exact +1\\+1  \\(R\\)\$"
	json '[.changes[] | select(.verdict == "REGRESSION") | .metric] | unique == ["purges_per_kop"]'
	[ "$(grep -c '^not ok .*purges_per_kop$' out/compare.ktap)" -eq 8 ]
	[ "$(grep -c '^not ok' out/compare.ktap)" -eq 8 ]
	# And the other way round it is an improvement, which is a PASS.
	compare 0 b a
	shows '^PASS: no regression at 24 points; better: purges_per_kop at 8 of 24 points$'
	change=$(awk -v b="$before" 'BEGIN { printf "%.3g +%s +%.1f%%", b + 1, b, -100 / (b + 1) }')
	shows "^ ram 4p 1t +$change +exact +1\\+1  \\(I\\)\$"
}

@test "sim: three events more are allowed, four are not" {
	sim_campaign a
	sim_campaign b
	other_kernel b
	edit_events b mainline 'if .type == "counts" then .flushes += 3 else . end'
	compare 0 a b
	edit_events b mainline 'if .type == "counts" then .flushes += 1 else . end'
	compare 1 a b
	shows '^REGRESSION: flushes_per_kop at 8 of 24 points$'
	# An IPI goes to each of the 7 other CPUs: 21 are three events.
	sim_campaign c
	other_kernel c
	edit_events c mainline 'if .type == "counts" then .ipis += 21 else . end'
	compare 0 a c
	edit_events c mainline 'if .type == "counts" then .ipis += 7 else . end'
	compare 1 a c
	shows '^REGRESSION: ipis_per_kop'
}

@test "sim: 12 lock waits more are phase, 14 are a regression" {
	sim_campaign a
	sim_campaign b
	other_kernel b
	edit_events b mainline 'if .type == "counts" then .locks[0].waits += 12 else . end'
	compare 0 a b
	edit_events b mainline 'if .type == "counts" then .locks[0].waits += 2 else . end'
	compare 1 a b
	# At each point where 14 are more than 12 and 5% of those in 16000 operations before.
	points=$(awk -F'\t' '$1 == "mainline" && $7 == "lock_waits_per_kop" &&
		14 > 12 + 0.05 * $10 * 16 { n++ } END { print n }' a/summary.tsv)
	shows "^REGRESSION: lock_waits_per_kop at $points of 24 points\$"
}

@test "sim: times may differ by 2%, where threads wait for locks by 4%" {
	sim_campaign a
	sim_campaign b
	other_kernel b
	edit_clock b rewrite 1.019
	compare 0 a:rewrite b:rewrite
	shows '^ns_per_op, ns, on sim; allowed: 2%, 4% where threads wait for locks$'
	edit_clock b rewrite 1.011
	compare 1 a:rewrite b:rewrite
	# Those without lock waits: all of ram, and vmap with one thread.
	points=$(awk -F'\t' -v waiting="$(sed -n 's/^#define VB_WAITING[^0-9]*\([0-9.]*\).*/\1/p' "$TOP"/tools/*/*.h)" \
		'$1 == "rewrite" && $7 == "lock_waits_per_kop" && $10 < waiting { n++ } END { print n }' a/summary.tsv)
	shows "^REGRESSION: ns_per_op at $points of 8 points\$"
	compare 0 b:rewrite a:rewrite
	shows "^PASS: no regression at 8 points; better: ns_per_op at $points of 8 points\$"
	edit_clock b rewrite 1.02
	compare 1 a:rewrite b:rewrite
	shows '^REGRESSION: ns_per_op at 8 of 8 points$'
}

# says_in_all TEXT - somewhere in what was shown, wherever lines end.
says_in_all()
{
	tr -s ' \n' ' ' <shown | grep -F -- "$1" >/dev/null || { echo "not shown: $1"; cat shown; false; }
}

@test "sim: a verdict says whether there were caches, and when it can depend on them" {
	for side in a b; do
		sim_campaign "$side"
		edit_campaign "$side" '.costs.coherence = 0'
	done
	compare 0 a b
	says_in_all 'sim has no caches here'
	says_in_all 'A verdict with more than one thread can depend on that: --coherence on'
	for side in a b; do
		edit_campaign "$side" '.costs.coherence = 1'
	done
	compare 0 a b
	says_in_all 'sim has caches here, by a table, and no memory bandwidth'
	run grep -c 'no caches here' shown
	[ "$output" -eq 0 ]
	"$TOP/scripts/report.sh" a >/dev/null 2>&1
	grep -q '^- sim has the caches of the table above' a/report.txt
	run grep -c '^- sim has no caches' a/report.txt
	[ "$output" -eq 0 ]
}

@test "sim: more instructions are a price where time improves, and a regression where not" {
	sim_campaign a
	sim_campaign b
	other_kernel b
	edit_threads b rewrite 8 0.91
	edit_events b rewrite 'if .type == "sample" and .threads == 8 then .window_ns = (.window_ns * 1.05 | round) else . end'
	compare 0 a:rewrite b:rewrite
	says_in_all 'PASS: no regression at 8 points; better: ns_per_op at 2 of 8 points; at a price: insn_per_op at 2 of 8 points'
	says_in_all '- ram, 4 pages, 8 threads: insn_per_op +5.00%, and less time (-9.00%)'
	# In the table of what changed, and in that of the metric.
	[ "$(grep -c '[(]T[)]$' shown)" -eq 4 ]
	json '[.changes[] | select(.verdict == "TRADE-OFF") | .metric] == ["insn_per_op", "insn_per_op"]'
	json '.policy == "any" and (.trade_offs | length) == 2'
	grep -q '^# Totals: pass:56 fail:0 ' out/compare.ktap
	# Time within what is allowed pays for nothing.
	edit_threads b rewrite 8 1.1
	compare 1 a:rewrite b:rewrite
	shows '^REGRESSION: insn_per_op at 2 of 8 points'
}

@test "sim: slower alone, faster with many threads: a regression by policy any, a price by scaling" {
	sim_campaign a
	sim_campaign b
	other_kernel b
	edit_threads b rewrite 1 1.037
	edit_threads b rewrite 8 0.92
	compare 1 a:rewrite b:rewrite
	shows '^REGRESSION: ns_per_op at 2 of 8 points; better: ns_per_op at 2 of 8 points$'
	says_in_all '- ram, 4 pages: slower alone (+3.70%), faster with 8 threads (-8.00%)'
	compare 1 a:rewrite b:rewrite --policy any
	compare 0 a:rewrite b:rewrite --policy scaling
	says_in_all 'PASS: no regression at 8 points; better: ns_per_op at 2 of 8 points; at a price: ns_per_op at 2 of 8 points'
	json '.policy == "scaling"'
	# The other way round the most threads are slower: no policy takes that.
	compare 1 b:rewrite a:rewrite --policy scaling
	says_in_all '- ram, 4 pages: slower with 8 threads (+8.70%), faster alone (-3.57%)'
	run "$TOP/scripts/vmapbench" compare --policy fair a b
	[ "$status" -eq 2 ]
	[[ $output == *"--policy: fair is neither any nor scaling"* ]]
}

@test "sim: slower alone and faster with many threads: time is blamed, not the instructions" {
	sim_campaign a
	sim_campaign b
	other_kernel b
	edit_threads b rewrite 1 1.037
	edit_threads b rewrite 4 0.95
	edit_threads b rewrite 8 0.92
	edit_events b rewrite 'if .type == "sample" then .window_ns = (.window_ns * 1.05 | round) else . end'
	compare 1 a:rewrite b:rewrite
	reads '^REGRESSION: ns_per_op at 2 of 8 points, also insn_per_op; better: ns_per_op at 4 of 8 points; at a price: insn_per_op at 4 of 8 points '
	json '.blamed == "ns_per_op" and .policy == "any"'
	json '[.changes[] | select(.metric == "insn_per_op" and .verdict == "REGRESSION") | .threads] | unique == [1, 2]'
	json '.trade_offs | any(. == "ram, 4 pages: slower alone (+3.70%), faster from 4 threads on (-8.00% with 8)")'
	# Where the most threads gain nothing, instructions are blamed.
	edit_threads b rewrite 8 1.087
	compare 1 a:rewrite b:rewrite
	json '.blamed == "insn_per_op"'
	json '.trade_offs | any(. == "ram, 4 pages: slower alone (+3.70%), faster with 4 threads (-5.00%)")'
}

@test "thresholds that cannot be read to their end are an error, not fewer thresholds" {
	sim_campaign a
	vb_compare() {
		"$VB_BUILD/tools/vb-compare" --thresholds "$1" a a
	}
	exits 0 vb_compare "$TOP/tools/thresholds.tsv"
	mkdir directory
	exits 2 vb_compare directory
	says 'directory: Is a directory'
	# A program's own memory can be opened, and its first bytes cannot be read.
	exits 2 vb_compare /proc/self/mem
	says '/proc/self/mem: Input/output error'
	: >empty
	exits 2 vb_compare empty
	says 'empty: no thresholds'
}

@test "sim: what readers may have in addition is that of all their operations" {
	cp -r "$TOP/results/reference/xfs64" a
	cp -r a b
	edit_campaign a '.id = "a" | del(.fingerprint.sources)'
	edit_campaign b '.id = "b" | del(.fingerprint.sources)'
	other_kernel b
	# 86 operations of each of 64 readers: three flushes more are 0.545 of 1000.
	edit_events b rewrite 'if .type == "counts" then .flushes += 3 else . end'
	compare 0 a:rewrite b:rewrite
	edit_events b rewrite 'if .type == "counts" then .flushes += 1 else . end'
	compare 1 a:rewrite b:rewrite
	shows '^REGRESSION: flushes_per_kop at 1 of 1 point$'
	shows '^flushes_per_kop, 1/kop, on sim; allowed: 5% and 0.545$'
}

@test "docs name each member of compare.json and each verdict" {
	sim_campaign a
	sim_campaign b
	compare 0 a b
	for word in $(jq -r 'keys[]' out/compare.json) $(jq -r '.changes[0] | keys[]' out/compare.json) \
		TRADE-OFF IMPROVEMENT; do
		case $word in v|type) continue ;; esac
		sed -n '/^## compare.json/,/^## Lit/p' "$TOP/docs/compare.md" | grep -F "\`$word\`" >/dev/null ||
			{ echo "not documented: $word"; return 1; }
	done
}

@test "sim: with nothing changed even a small difference forbids a PASS" {
	sim_campaign a
	sim_campaign b
	edit_events b rewrite 'if .type == "counts" then .purges += 1 else . end'
	compare 3 a b
	shows '^INCONCLUSIVE: no regression at 24 points, but see the warnings$'
	tr -s ' \n' ' ' <shown | grep 'purges_per_kop of rewrite, ram, 4 pages, 1 threads differs, and nothing else does'
	other_kernel b
	compare 0 a b
}

# from_to WORKLOAD FORMAT PLUS TIMES - of local: ns_per_op of vmlist and of rewrite with 8
# threads, and (rewrite / vmlist + PLUS) * TIMES, as a regular expression.
from_to()
{
	awk -F'\t' -v workload="$1" -v format="$2" -v plus="$3" -v times="$4" '
		$3 == workload && $6 == 8 && $7 == "ns_per_op" { ns[$1] = $10 }
		END {
			printf "%.0f +%.0f +" format, ns["vmlist"], ns["rewrite"],
				(ns["rewrite"] / ns["vmlist"] + plus) * times
		}' local/summary.tsv
}

@test "sim: two variants of one campaign; a pair needs a name on both sides" {
	sim_campaign local
	compare 1 vmlist rewrite
	shows '^before:  local:vmlist$'
	shows '^REGRESSION: insn_per_op at 4 of 8 points, also lock_waits_per_kop,$'
	shows "^ ram 4p 8t +$(from_to ram '%.1f%%' -1 100) +exact +1\\+1  \\(I\\)$"
	shows "^ vmap 4p 8t +$(from_to vmap '%.2fx' 0 1) +exact +1\\+1  \\(R\\)$"
	shows '^- vmlist before has no __purge_vmap_area_lazy'
	cp shown first
	compare 1 local:vmlist "$PWD/local:rewrite"
	cmp shown first
	compare 2 local:vmlist local
	says "local has several variants"
	compare 2 local:vmlist local:linux
	says "campaign local has no variant linux; there are: vmlist rewrite mainline"
}

@test "elsewhere: equal kernels pass with enough boots, and are left open with few" {
	tcg_campaign a "${QUIET[@]}"
	tcg_campaign b 1.00 0.99 1.02 1.02 0.98 1.00
	compare 0 a b
	[ "$(head -n 1 shown)" = "PASS: no regression at 4 points" ]
	json '.exact == false and all(.changes[] | select(.metric == "ns_per_op"); .verdict == "PASS" and .tests.p_no_regression < 0.05)'
	shows '^ ram 4p 1t +1000 +1002 +\+0.1[0-9]% +-[0-9.]+% \.\. \+[0-9.]+% +6\+6$'
	tcg_campaign c 0.95 1.05 1.00
	tcg_campaign d 1.04 0.96 1.00
	compare 3 c d
	shows '^INCONCLUSIVE: ns_per_op at 4 of 4 points$'
	[ "$(grep -c '^ok .*ns_per_op # SKIP inconclusive: 3 and 3 boots leave it open' out/compare.ktap)" -eq 4 ]
	tcg_campaign e 1.00 1.00
	compare 3 a e
	tr -s ' \n' ' ' <shown | grep 'fewer than 3 boots of each'
}

@test "elsewhere: slower is a regression, faster an improvement, with their intervals" {
	tcg_campaign a "${QUIET[@]}"
	tcg_campaign slow 1.18 1.21 1.22 1.19 1.20 1.20
	compare 1 a slow
	[ "$(head -n 1 shown)" = "REGRESSION: ns_per_op at 4 of 4 points" ]
	shows '^ ram 4p 1t +1000 +1200 +\+20.0% +\+1[78].[0-9]% \.\. \+2[12].[0-9]% +6\+6  \(R\)$'
	json 'all(.changes[] | select(.verdict == "REGRESSION"); .tests.p_regression_holm < 0.05 and .tests.p_regression_holm > .tests.p_regression)'
	compare 0 slow a
	shows '^PASS: .*; better: ns_per_op at 4 of 4'
	# Within the margin nothing is shown, and nothing is ruled out.
	tcg_campaign close 1.03 1.06 1.07 1.04 1.05 1.05
	compare 3 a close
}

@test "elsewhere: counts of 0 and counts that never vary" {
	tcg_campaign a "${QUIET[@]}"
	tcg_campaign b 1.00 0.99 1.02 1.02 0.98 1.00
	edit_events b vmlist 'if .type == "counts" then .purges += 1 else . end'
	compare 0 a b
	edit_events b vmlist 'if .type == "counts" then .purges += 9 else . end'
	compare 1 a b
	shows '^REGRESSION: purges_per_kop at 4 of 4 points$'
	shows '^ ram 4p 1t +0 +10.00 +\+10.00 +\+10.00 \.\. \+10.00 +6\+6  \(R\)$'
}

@test "elsewhere: what a noisy machine shows by itself is no regression" {
	tcg_campaign a "${QUIET[@]}"
	tcg_campaign slow 1.10 1.11 1.12 1.13 1.11 1.11
	tcg_campaign noisy 0.7 1.4 1.0 0.8 1.3 1.1
	compare 1 a slow
	compare 3 --noise noisy a slow
	tr -s ' \n' ' ' <shown | grep -E 'a regression, but within the noise floor of [0-9.]+%'
	json '.noise.campaign == "noisy" and .changes[0].tests.noise_floor_percent != null'
	tcg_campaign calm 1.00 1.01 0.99 1.00
	compare 1 --noise calm a slow
	edit_campaign calm '.fingerprint.qemu = "another"'
	compare 2 --noise calm a slow
	says "qemu differs: 0.0 (example) in a, another in calm"
}

@test "elsewhere: the same seed gives the same bytes, another one another interval" {
	tcg_campaign a "${QUIET[@]}"
	tcg_campaign b 1.03 0.97 1.01 1.02 0.98 1.00
	compare 0 a b
	cp -r out first
	compare 0 a b
	diff -r first out
	compare 0 --seed 2 a b
	[ "$(jq .changes[].lo first/compare.json)" != "$(jq .changes[].lo out/compare.json)" ]
	[ "$(jq .seed out/compare.json)" = 2 ]
}

@test "campaigns copied from elsewhere compare as they did at home" {
	sim_campaign a
	sim_campaign b
	other_kernel b
	compare 0 a b
	mkdir -p "else where"
	cp -r a b "else where/"
	mv out first
	compare 0 "else where/a" "$PWD/else where/b"
	diff -r first out
}

@test "what was cut off, edited, lost or never finished is refused, the file named" {
	sim_campaign a
	sim_campaign good
	while IFS='|' read -r command text; do
		rm -rf b
		cp -r good b
		(cd b && eval "$command")
		compare 2 a b
		says "$text"
		[ ! -s shown ]
		compare 2 b a
		[ ! -e out ]
	done <<-'END'
	truncate -s -100 vmlist/run-1/events.jsonl|b/vmlist/run-1/events.jsonl: was changed after it was sealed
	sed -i s/1,/1,,/ rewrite/run-1/clock.jsonl|b/rewrite/run-1/clock.jsonl: was changed after it was sealed
	sed -i '2s/$/0/' summary.tsv|b/summary.tsv: was changed after it was sealed
	sed -i s/10.0.13/10.0.14/ campaign.json|b/campaign.json: was changed after it was sealed
	truncate -s 100 campaign.json|b/campaign.json is damaged
	rm mainline/run-1/events.jsonl|b/mainline/run-1/events.jsonl: is missing
	printf 'x\n' >attribution.tsv|b/attribution.tsv: was changed after it was sealed
	rm attribution.tsv; "$TOP/scripts/seal.sh" .; printf 'x\n' >attribution.tsv|b/attribution.tsv: was not sealed
	sed -i /mainline.*events/d seal|b/seal is truncated or was changed
	truncate -s -30 seal|b/seal is truncated or was changed
	rm seal|b has no seal: the campaign is unfinished
	END
}

@test "a copied boot and swapped counts are refused, however they are sealed" {
	tcg_campaign a "${QUIET[@]}"
	tcg_campaign b "${QUIET[@]}"
	cp b/vmlist/run-2/events.jsonl b/vmlist/run-5/events.jsonl
	seal b
	compare 2 a b
	says "error: $PWD/b/vmlist/run-5 is a copy of vmlist/run-2: "
	[ ! -e out ]
	tcg_campaign c "${QUIET[@]}"
	compare 2 --noise b a c
	says "error: $PWD/b/vmlist/run-5 is a copy of vmlist/run-2: "
	edit_events c vmlist 'if .type == "counts" then .point |= sub("traced ram"; "traced vmap") else . end'
	compare 2 a c
	says "error: $PWD/c/vmlist/run-1/events.jsonl:6: the counts are of the point "
	# The gate itself looks, whoever calls it.
	exits 2 "$VB_BUILD/tools/vb-compare" --thresholds "$TOP/tools/thresholds.tsv" a b
	says "error: b/vmlist/run-5 is a copy of vmlist/run-2: "
}

@test "a seal is made again with the tables, and not over edited records" {
	sim_campaign a
	sim_campaign b
	printf 'edited\n' >>a/summary.tsv
	compare 2 a b
	"$TOP/scripts/report.sh" a
	compare 0 a b
	sed -i 's/"ops_done":16000/"ops_done":16001/' a/vmlist/run-1/events.jsonl
	run "$TOP/scripts/report.sh" a
	[ "$status" -eq 1 ]
	[[ $output == *"a/vmlist/run-1/events.jsonl: was changed after it was sealed"* ]]
	compare 2 a b
}

@test "unlike things are not compared, unless by force, which is said" {
	sim_campaign a
	while IFS='|' read -r edit name; do
		rm -rf b
		sim_campaign b
		edit_campaign b "$edit"
		compare 2 a b
		says "$name differs: "
		says "not compared"
		[ "$(grep -c differs: err)" -eq 1 ]
		compare 0 --force a b
		head -n 1 shown | grep -E '^PASS: .*FORCED'
		shows "^- $name:"
		json '.forced and (.unlike | length) == 1'
	done <<-'END'
	.fingerprint.qemu = "QEMU emulator version 10.1.0"|qemu
	.fingerprint.cpu_model = "max"|cpu_model
	.fingerprint.compiler = "gcc 13"|compiler
	.fingerprint.lock_flavour.mainline = "paravirt qspinlock"|lock_flavour.mainline
	.fingerprint.bpf.vmlist = "0"|bpf.vmlist
	.fingerprint.module.vmlist = "0"|module.vmlist
	.costs.line_transfer = 99|costs
	.fingerprint.news = 1|news
	del(.fingerprint.pahole)|pahole
	END
	# What was done is in the records, too.
	rm -rf b
	sim_campaign b
	for variant in vmlist rewrite mainline; do
		edit_events b "$variant" 'if .warmup then .warmup = 60 else . end |
			if .point then .point |= sub(" 50$"; " 60") else . end'
	done
	edit_campaign b '.warmup = 60'
	compare 2 a b
	says "warmup differs: 50 in a, 60 in b"
	# The same work by other numbers of another directory.
	while IFS='|' read -r edit name; do
		rm -rf first all
		cp -r "$TOP/results/reference/xfs64" first
		cp -r first all
		edit_campaign first '.id = "first"'
		edit_campaign all '.id = "all" | '"$edit"
		compare 2 first all
		says "$name differs: "
		[ "$(grep -c differs: err)" -eq 1 ]
	done <<-'END'
	.files = 200000|files
	.dir_block = 32768|dir_block
	.rounds = 2|rounds
	.names = "all"|names
	END
	says "names differs: first in first, all in all"
	cp -r all again
	compare 0 all again
	edit_campaign b 'del(.fingerprint)'
	compare 2 --force a b
	says 'b/campaign.json: "kernel_version" is missing in its fingerprint'
}

@test "another kernel may have another module, if it is known to be of the same source" {
	sim_campaign a
	sim_campaign b
	other_kernel b
	edit_campaign b '.fingerprint.module.vmlist = "0"'
	compare 2 a b
	says "module.vmlist differs"
	sim_campaign c
	edit_campaign c '.fingerprint.sources = { module: "1", vmapstat: "1", guest: "1" }'
	compare 0 a c
	rm -r b
	sim_campaign b
	for c in a b; do
		edit_campaign $c '.fingerprint.sources = { module: "1", vmapstat: "1", guest: "1" }'
	done
	edit_campaign b '.fingerprint.module.vmlist = "0"'
	compare 2 a b
	says "module.vmlist differs"
	edit_campaign b '.fingerprint.kernel.vmlist = "vmlist-0"'
	compare 0 a b
	shows '^- kernel.vmlist: vmlist-[0-9a-f]{16} before, vmlist-0 after$'
	edit_campaign b '.fingerprint.sources.module = "2"'
	compare 2 a b
	says "sources differs"
}

@test "points and variants of one side only are left out, and named" {
	sim_campaign a
	sim_campaign b
	edit_campaign b '.threads = [1, 2, 4] | .variants = ["rewrite", "mainline"]'
	compare 0 a b
	[ "$(head -n 1 shown)" = "PASS: identical at 12 points" ]
	shows '^- variant vmlist is only in a$'
	shows '^- point vmap, 4 pages, 8 threads is only in a$'
	edit_campaign b '.threads = [16] | .cpus = 16'
	compare 2 --force a b
	[[ $(cat err) == *error* ]]
}

@test "a point that failed, or boots that differ on sim, forbid a PASS" {
	sim_campaign a
	sim_campaign b
	other_kernel b
	edit_events b rewrite 'if .type == "sample" and .run == 1 then .mismatches = 2 else . end'
	compare 3 a b
	shows '^INCONCLUSIVE: no regression at 24 points, but see the warnings$'
	tr -s ' \n' ' ' <shown | grep 'b: rewrite/run-1/events.jsonl:4: bare point ram, 4 pages, 1 threads left out: 2 mismatches'
	grep -q '^ok [0-9]* records # SKIP inconclusive' out/compare.ktap
	# Of a variant that is not compared it does not matter.
	compare 0 a:mainline b:mainline
}

@test "points to be taken with care are said, of the variants that are compared" {
	sim_campaign a
	sim_campaign b
	other_kernel b
	for variant in vmlist rewrite; do
		jq -c 'if input_line_number == 1 then .max_skew_ns = 99999 else . end' \
			"b/$variant/run-1/clock.jsonl" >clock.new
		mv clock.new "b/$variant/run-1/clock.jsonl"
	done
	seal b
	compare 0 a:rewrite b:rewrite
	tr -s ' \n' ' ' <shown >words
	grep 'b: rewrite/run-1/clock.jsonl:1: .* CPUs were up to 99999 ns apart' words
	grep -qF 'CPUs were up to 99999 ns apart' out/report.html
	json '[.notes[] | select(test("99999 ns apart"))] | length == 1'
	# Two sides of one campaign have the same, which is said once.
	compare 1 b:rewrite b:vmlist
	json '[.notes[] | select(test("99999 ns apart"))] | length == 2'
	compare 0 b:vmlist b:vmlist
	json '[.notes[] | select(test("99999 ns apart"))] | length == 1'
	compare 0 a:mainline b:mainline
	json 'all(.notes[]; test("99999 ns apart") | not)'
}

@test "the table pastes into a mail, JSON and KTAP are what they should be" {
	sim_campaign local
	tcg_campaign a "${QUIET[@]}"
	tcg_campaign slow 1.18 1.21 1.22 1.19 1.20 1.20
	for pair in "vmlist rewrite" "a slow"; do
		# shellcheck disable=SC2086
		compare 1 $pair
		cmp shown out/report.txt
		run ! grep -E '.{76}| $' shown
		jq -e '.v == 1 and .type == "comparison"' out/compare.json
		# shellcheck disable=SC2086
		compare 1 --json $pair
		cmp shown out/compare.json
		# shellcheck disable=SC2086
		compare 1 --ktap $pair
		[ "$(head -n 1 shown)" = "KTAP version 1" ]
		[ "$(sed -n 2p shown)" = "1..$(grep -cE '^(not )?ok [0-9]+ [^ ]+( # SKIP .*)?$' shown)" ]
	done
}

@test "the page: valid, nothing loaded, fits a telephone, the verdict first" {
	sim_campaign local
	tcg_campaign a "${QUIET[@]}"
	tcg_campaign slow 1.18 1.21 1.22 1.19 1.20 1.20
	for pair in "vmlist rewrite" "a slow"; do
		# shellcheck disable=SC2086
		compare 1 $pair
		show_page out/report.html
		[ "$(page_fact figures)" -ge 1 ]
		[[ $(page_fact heading) == "REGRESSION: "* ]]
		# On a dark page its figures are light.
		run ! grep -E " (fill|stroke|color) *= *[\"'](black|white|rgb\( *(0|34), *(0|34), *(0|34)\))" out/report.html
		# Several figures have names in common, until each gets a prefix.
		[ "$(grep -oE ' id=.[^ >]*' out/report.html | sort | uniq -d | wc -l)" -eq 0 ]
	done
}

@test "what changed comes first, as a table; what did not change has no figure" {
	sim_campaign a
	sim_campaign b
	other_kernel b
	edit_threads b rewrite 8 1.2
	compare 1 a:rewrite b:rewrite
	# The table stands before the pair's own tables, and has the two points alone.
	sed -n '/^What changed by more than is allowed$/,/^rewrite -> rewrite$/p' shown >news
	[ "$(grep -cE '^ ns_per_op +(ram|vmap) 4p 8t .*[(]R[)]$' news)" -eq 2 ]
	[ "$(grep -c '[(].[)]$' news)" -eq 2 ]
	show_page out/report.html
	[ "$(page_fact figures)" -eq 1 ]
	[ "$(grep -o '<h2>[^<]*' out/report.html | sed -n 1p)" = "<h2>What changed by more than is allowed: rewrite against rewrite" ]
	compare 0 a:rewrite a:rewrite
	run grep -c 'What changed by more' shown
	[ "$output" -eq 0 ]
	show_page out/report.html
	[ "$(page_fact figures)" -eq 0 ]
	# Two pairs: each has a table of its own.
	compare 1 a b
	[ "$(grep -c '^What changed by more than is allowed, rewrite -> rewrite$' shown)" -eq 1 ]
}

@test "the page: whatever a campaign is called stays text" {
	tcg_campaign a "${QUIET[@]}"
	tcg_campaign slow 1.18 1.21 1.22 1.19 1.20 1.20
	edit_campaign slow '.id = "<img src=x onerror=alert(1)>&\"'\''" | .fingerprint.machine = "</dl><b>"'
	edit_campaign a '.fingerprint.machine = "</dl><b>"'
	compare 1 a slow
	run ! grep -E '<img|<b>' out/report.html
	grep -qF '&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;' out/report.html
	tidy -quiet -errors out/report.html
	# What names a directory is no such text.
	mv slow/vmlist 'slow/<b>&'
	jq '.variants = ["<b>&"]' slow/campaign.json >campaign.new
	mv campaign.new slow/campaign.json
	# seal.sh refuses the name; a stranger seals with something else.
	(
		cd slow
		files=(campaign.json summary.tsv '<b>&'/run-*/events.jsonl)
		sha256sum -- "${files[@]}" >seal
		echo "# ${#files[@]} files" >>seal
	)
	compare 2 a slow
	cat err
	grep -E '"variants" holds something that is not a name|campaign.json is damaged' err
}

@test "where the time went: from the attribution of both, most first" {
	sim_campaign a
	sim_campaign b
	other_kernel b
	for c in a b; do
		printf 'variant\tworkload\tpages\tthreads\tpart\tns_per_op\n' >$c/attribution.tsv
	done
	rest=$(awk -v ns="$(figure a vmlist ram 8 ns_per_op)" 'BEGIN { print ns - 20000 }')
	printf 'vmlist\tram\t4\t8\t%s\n' $'lock wait\t20000' $'rest\t'"$rest" >>a/attribution.tsv
	printf 'vmlist\tram\t4\t8\t%s\n' $'lock wait\t50000' $'rest\t'"$(awk -v r="$rest" 'BEGIN { print r - 100 }')" >>b/attribution.tsv
	edit_clock b vmlist 3
	seal a
	compare 1 a b
	shows '^Where the time went$'
	shows '^ lock wait +20000 +50000 +\+30000$'
	[ "$(grep -n 'lock wait' shown | cut -d: -f1)" -lt "$(grep -n '^ rest' shown | cut -d: -f1)" ]
	json '.attribution[0].part == "lock wait"'
}

@test "thresholds: the line that is wrong is named" {
	tcg_campaign a "${QUIET[@]}"
	good=$TOP/tools/thresholds.tsv
	while IFS='|' read -r edit; do
		sed "$edit" "$good" >t.tsv
		run "$VB_BUILD/tools/vb-compare" --thresholds t.tsv a a
		echo "$edit: $output"
		[ "$status" -eq 2 ]
		[[ $output =~ ^vb-compare:\ error:\ t.tsv(:[0-9]+)?:\ (not\ a\ threshold|no\ thresholds)$ ]]
	done <<-'END'
	s/^ns_per_op/ns/
	s/^ns_per_op.lower/ns_per_op	less/
	s/^\(ns_per_op.*\)decides/\1decide/
	s/^\(ns_per_op.*\)	5	-/\1	0	-/
	s/^\(ns_per_op.*\)	4	/\1	-5	/
	s/^\(ns_per_op.*\)	1	/\1	1001	/
	s/	peers$/	others/
	s/	3	6	1$/	three	6	1/
	s/	6	1$/	six	1/
	s/^insn_per_op/ns_per_op/
	/^[a-z]/d
	END
	run "$VB_BUILD/tools/vb-compare" --thresholds nowhere a a
	[ "$status" -eq 2 ]
}

@test "options: help, a dry run, and what is wrong, exit 2" {
	sim_campaign a
	run "$TOP/scripts/vmapbench" compare --help
	[ "$status" -eq 0 ]
	[[ $output == *"usage: vmapbench compare"* && $output != *shellcheck* ]]
	run "$TOP/scripts/vmapbench" compare --dry-run a a:vmlist
	[ "$status" -eq 0 ]
	[[ $output == *"after  $PWD/a:vmlist"*"$PWD/compare-a-a-vmlist"* ]]
	[ ! -e compare-a-a-vmlist ]
	while IFS='|' read -r args text; do
		# shellcheck disable=SC2086
		run "$TOP/scripts/vmapbench" compare $args
		[ "$status" -eq 2 ]
		[[ $output == *"$text"* ]] || { echo "$output"; false; }
		[ "${#lines[@]}" -eq 1 ]
	done <<-'END'
	a|give exactly two arguments, BEFORE and AFTER
	a a a|give exactly two arguments, BEFORE and AFTER
	--frob a a|unknown option: --frob
	a a --seed|--seed needs a value
	a a --seed -1|--seed: -1 is not a whole number
	a a --seed 1e3|--seed: 1e3 is not a whole number
	a nothing|nothing is none of these: a campaign in
	a a:|a: is none of these: a campaign in
	a a --noise nothing|nothing is neither a campaign in
	a a --out a|--out: a is a campaign
	END
	for args in "" "a" "--thresholds x" "--frob a a" "--format pdf a a" "--seed x a a"; do
		# shellcheck disable=SC2086
		run "$VB_BUILD/tools/vb-compare" $args
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
	done
	for args in "" "a a" "--frob" "nowhere"; do
		# shellcheck disable=SC2086
		run "$TOP/scripts/seal.sh" $args
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
	done
}

@test "the reference campaigns are as they were sealed" {
	for campaign in "$TOP"/results/reference/*/campaign.json; do
		campaign=${campaign%/*}
		"$TOP/scripts/seal.sh" --check "$campaign"
	done
}

@test "a full disk: exit 2, and nothing half written" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to mount a small tmpfs"
	sim_campaign a
	mkdir small
	mount -t tmpfs -o size=16k none small || skip "cannot mount"
	run "$TOP/scripts/vmapbench" compare --out small/out a a
	left=$(find small -type f | wc -l)
	umount small
	echo "$output"
	[ "$status" -eq 2 ]
	[ "$left" -eq 0 ]
	[[ $output == *"space"* ]]
}

@test "which patches were applied: in campaign.json, in each form of the report" {
	# As bench writes it.
	(
		# shellcheck disable=SC2030
		export VB_BUILD=$PWD/stub
		VB_SUBJECTS=$PWD/subjects
		. "$TOP/scripts/kernel/subjects.sh"
		. "$TOP/scripts/campaign/campaign.sh"
		mkdir -p "$VB_SUBJECTS/mainline+x"
		printf 'mainline+x\n' >"$VB_SUBJECTS/mainline+x/row"
		printf '%s\n' '[PATCH 1/2] mm: a <b> & "c"' '[PATCH 2/2] mm: d' >"$VB_SUBJECTS/mainline+x/patches.applied"
		fingerprint() { printf '{}\n'; }
		parameters() { printf '{}\n'; }
		lacks_json() { printf '{}\n'; }
		plan_text() { :; }
		selftest_plan() { :; }
		ID=x VARIANTS='mainline mainline+x' CPUS=1
		write_campaign campaign.json
	)
	applied=$(jq -c .applied campaign.json)
	[ "$applied" = '{"mainline+x":["[PATCH 1/2] mm: a <b> & \"c\"","[PATCH 2/2] mm: d"]}' ]
	rm campaign.json
	sim_campaign a
	sim_campaign b
	other_kernel b
	edit_campaign b '.applied = { mainline: $a["mainline+x"] }' --argjson a "$applied"
	compare 0 a b
	shows '^- applied to after: \[PATCH 1/2\] mm: a <b> & "c"$'
	shows '^- applied to after: \[PATCH 2/2\] mm: d$'
	json '[.. | strings | select(startswith("applied to after: "))] == [
		"applied to after: [PATCH 1/2] mm: a <b> & \"c\"", "applied to after: [PATCH 2/2] mm: d"]'
	grep -q 'applied to after: \[PATCH 1/2\] mm: a &lt;b&gt; &amp; ' out/report.html
	run ! grep -q 'a <b>' out/report.html
	compare 0 b a
	shows '^- applied to before: \[PATCH 2/2\] mm: d$'
}
