#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# plots.bats - from a summary to figures, on golden campaigns whose figures are
# made up (tests/data/golden/README).

bats_require_minimum_version 1.5.0

setup()
{
	unset CDPATH
	TOP=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)
	export LC_ALL=C
	cd -- "$BATS_TEST_TMPDIR" || return
	for c in sim tcg usl; do
		mkdir "$c"
		cp "$TOP/tests/data/golden/$c/expected/summary.tsv" "$c/"
	done
}

@test "plots: every figure in both formats, twice the same bytes" {
	"$TOP/scripts/report/plot.sh" sim
	[ "$(find sim/plots -mindepth 1 -printf "%f\n" | sort | tr '\n' ' ')" = \
		"insn.png insn.svg ipis.png ipis.svg lock-waits.png lock-waits.svg purges.png purges.svg time.png time.svg " ]
	cp -r sim/plots first
	"$TOP/scripts/report/plot.sh" sim
	diff -r first sim/plots
	for text in "machine sim, 8 CPUs, 4 pages per operation, n = 1 run" "a clock for each CPU" \
		vmlist rewrite mainline "workload ram" "workload vmap" threads; do
		grep -qF "$text" sim/plots/ipis.svg
	done
}

# key_of FIGURE - the text that says what the hollow points are, if it is there.
key_of()
{
	grep -o 'published [0-9 ]*, another machine' "$1"
}

@test "plots: published points, only where time per operation is that of the posting" {
	golden=$TOP/tests/data/golden/usl/expected/summary.tsv
	mkdir pages before vmap
	awk -F '\t' -v OFS='\t' '{ print } NR > 1 { $4 = 16; print }' "$golden" >pages/summary.tsv
	awk -F '\t' '$1 != "rewrite"' "$golden" >before/summary.tsv
	awk -F '\t' '$3 != "ram"' "$golden" >vmap/summary.tsv
	for c in usl pages before vmap; do
		"$TOP/scripts/report/plot.sh" "$c" 2>err || { cat err; return 1; }
		[ ! -s err ]
	done
	[ "$(key_of usl/plots/time.svg)" = "published 2008, another machine" ]
	[ "$(key_of pages/plots/time-4pages.svg)" = "published 2008, another machine" ]
	for figure in usl/plots/ipis pages/plots/time-16pages before/plots/time vmap/plots/time; do
		[ -s "$figure.svg" ]
		run ! key_of "$figure.svg"
	done
	# In a colour of its own, in the panel of ram: four points and the key's.
	[ "$(grep -o "<use[^>]*'rgb(228, 150,  89)'" usl/plots/time.svg | wc -l)" -eq 5 ]
	run ! grep -q "<use[^>]*'rgb(228, 150,  89)'" before/plots/time.svg
}

@test "plots: what is published and what is ideal, in numbers" {
	for pages in 4 16; do
		mkdir -p "x$pages"
		awk -F '\t' -v metric=ns_per_op -v pages="$pages" -v dir="x$pages" \
			-f "$TOP/plots/vars.awk" -f "$TOP/plots/extract.awk" published=1 "$TOP"/published/*.tsv published=0 \
			<(sed 's/\tvmap\t4\t/\tvmap\t16\t/' "$TOP/tests/data/golden/usl/expected/summary.tsv")
	done
	[ "$(tr '\t\n' ' ,' <x4/published-ram-vmlist.tsv)" = "1 14700,2 33600,4 49500,8 70631," ]
	[ "$(tr '\t\n' ' ,' <x4/published-ram-rewrite.tsv)" = "1 2900,2 3000,4 2800,8 2900," ]
	[ "$(tr '\t\n' ' ,' <x4/published-vmap-vmlist.tsv)" = "1 NaN," ]
	[ "$(tr '\t\n' ' ,' <x16/published-ram-vmlist.tsv)" = "1 NaN," ]
	# is NAME VALUE DIR - a row for gnuplot.
	is() { grep -qxF "$(printf '%s\t%s' "$1" "$2")" "$3/vars.txt"; }
	is years 2008 x4
	is years '' x16
	# a campaign without that workload keeps its own axis
	mkdir vmap
	grep -v "$(printf '\tram\t')" usl/summary.tsv | awk -F '\t' -v metric=ns_per_op -v pages=4 -v dir=vmap \
		-f "$TOP/plots/vars.awk" -f "$TOP/plots/extract.awk" published=1 "$TOP"/published/*.tsv published=0 -
	is years '' vmap
	# the axis holds 70631, and a line of text above it
	awk -F '\t' '{ v[$1] = $2 } END { exit !(v["ymin"] < 200 && v["ymax"] > 1.9 * 70631) }' x4/vars.txt
	is "lowest 1" 200 x4 && is "lowest 2" 1000 x16
	[ "$(cat x4/vars.txt x16/vars.txt | grep -c '^lowest ')" -eq 2 ]
}

@test "plots: with many numbers of threads only powers of two have a label" {
	awk -F '\t' -v OFS='\t' '
	NR == 1
	NR > 1 && $7 == "ns_per_op" && $6 == 1 {
		n = split("1 2 3 4 6 8 12 16 64", t, " ")
		for (i = 1; i <= n; i++) { $6 = t[i]; print }
	}' "$TOP/tests/data/golden/usl/expected/summary.tsv" >usl/summary.tsv
	"$TOP/scripts/report/plot.sh" usl
	for label in 1 2 4 8 16 64; do
		grep -qF ">$label</tspan>" usl/plots/time.svg
	done
	run ! grep -qE '>(3|6|12)</tspan>' usl/plots/time.svg
}

@test "plots: a machine without a metric has no such figure" {
	"$TOP/scripts/report/plot.sh" tcg
	[ -s tcg/plots/time.svg ]
	[ ! -e tcg/plots/insn.svg ]
	grep -q '95% interval' tcg/plots/time.svg
}

@test "plots: holes, one point, nothing but zeros, two numbers of pages" {
	golden=$TOP/tests/data/golden/sim/expected/summary.tsv
	mkdir holes one zeros pages
	awk -F '\t' '$1 != "rewrite" || $3 != "ram"' "$golden" >holes/summary.tsv
	awk -F '\t' 'NR == 1 || $3 == "ram" && $6 == 1 && $1 == "vmlist"' "$golden" >one/summary.tsv
	awk -F '\t' -v OFS='\t' 'NR > 1 { $10 = $11 = $12 = 0 } 1' "$golden" >zeros/summary.tsv
	awk -F '\t' -v OFS='\t' '{ print } NR > 1 { $4 = 16; print }' "$golden" >pages/summary.tsv
	for c in holes one zeros pages; do
		"$TOP/scripts/report/plot.sh" "$c" 2>err || { cat err; return 1; }
		[ ! -s err ]
	done
	[ -s pages/plots/ipis-4pages.png ]
	[ -s pages/plots/ipis-16pages.svg ]
}

@test "plots: figures that no double holds are refused, and it ends" {
	cp "$TOP/tests/data/golden/sim/expected/summary.tsv" good
	mkdir far
	for figure in 1e999 1e-999 1e100 "$(printf '%0400d' 0 | tr 0 9)"; do
		awk -F '\t' -v OFS='\t' -v x="$figure" 'NR == 2 { $10 = $11 = $12 = x } 1' good >far/summary.tsv
		run timeout 20 "$TOP/scripts/report/plot.sh" far
		echo "$output"
		[ "$status" -eq 2 ]
		[[ $output == *"far/summary.tsv:2: "* ]]
	done
	# The widest axis there is.
	awk -F '\t' -v OFS='\t' 'NR == 2 { $10 = $11 = $12 = "1e99" } NR == 3 { $10 = $11 = $12 = "1e-99" } 1' good >far/summary.tsv
	mkdir out
	timeout 20 awk -F '\t' -v metric="$(awk -F '\t' 'NR == 2 { print $7 }' good)" -v pages=4 -v dir=out \
		-f "$TOP/plots/vars.awk" -f "$TOP/plots/extract.awk" published=1 published=0 far/summary.tsv
	[ -s out/vars.txt ]
	# Of published figures, too. Hidden files are not read, by whatever reads them.
	mkdir checkout
	cp -r "$TOP/scripts" "$TOP/plots" "$TOP/published" checkout
	cp good far/summary.tsv
	cp checkout/published/vmap-rewrite-2008.tsv paper
	sed 's/70631/1e999/' paper >checkout/published/.hidden.tsv
	mkdir checkout/published/more
	cp checkout/published/.hidden.tsv checkout/published/more/x.tsv
	timeout 60 checkout/scripts/report/plot.sh far
	sed 's/70631/1e999/' paper >checkout/published/vmap-rewrite-2008.tsv
	run timeout 60 checkout/scripts/report/plot.sh far
	[ "$status" -eq 2 ]
	[[ $output == *"vmap-rewrite-2008.tsv:"*": not a row of published figures"* ]]
}

@test "plots: nothing counted at one number of pages: no such figure, and the others" {
	mkdir pages
	awk -F '\t' -v OFS='\t' '{ print } NR > 1 && $7 !~ /_per_kop$/ { $4 = 16; print }' \
		"$TOP/tests/data/golden/sim/expected/summary.tsv" >pages/summary.tsv
	"$TOP/scripts/report/plot.sh" pages 2>err || { cat err; return 1; }
	[ ! -s err ]
	[ -s pages/plots/ipis-4pages.svg ]
	[ ! -e pages/plots/ipis-16pages.svg ]
	[ -s pages/plots/time-4pages.svg ] && [ -s pages/plots/time-16pages.svg ]
}

@test "plots: a bar for each variant, a piece for each part, twice the same bytes" {
	golden=$TOP/tests/data/golden/sim/expected/attribution.tsv
	cp "$golden" sim/
	"$TOP/scripts/report/plot.sh" sim 2>err || { cat err; return 1; }
	[ ! -s err ]
	[ -s sim/plots/attribution.png ]
	for text in "machine sim, 8 CPUs, 4 pages per operation, 8 threads" "a clock for each CPU" vmlist rewrite \
		"workload ram" "workload vmap" "flush and IPIs" "lock wait" "free-space search" \
		"page tables" rest halted; do
		grep -qF "$text" sim/plots/attribution.svg
	done
	# Nobody was in user mode.
	run ! grep -q "user mode" sim/plots/attribution.svg
	cp -r sim/plots first
	"$TOP/scripts/report/plot.sh" sim
	diff -r first sim/plots
	# No rows, no figure; two numbers of pages, two figures.
	head -n 1 "$golden" >sim/attribution.tsv
	rm -r sim/plots
	"$TOP/scripts/report/plot.sh" sim
	[ ! -e sim/plots/attribution.svg ]
	awk -F '\t' -v OFS='\t' '{ print } NR > 1 { $3 = 16; print }' "$golden" >sim/attribution.tsv
	"$TOP/scripts/report/plot.sh" sim
	[ -s sim/plots/attribution-4pages.svg ]
	[ -s sim/plots/attribution-16pages.png ]
}

@test "plots: pieces of a bar, in numbers; a hole, and a part below 0" {
	golden=$TOP/tests/data/golden/sim/expected
	mkdir x
	stack() {
		awk -F '\t' -v pages=4 -v dir=x -f "$TOP/plots/vars.awk" -f "$TOP/plots/stacks.awk" "$golden/summary.tsv" "$1"
	}
	stack "$golden/attribution.tsv"
	[ "$(tr '\t\n' ' ,' <x/ram.tsv)" = \
		"1 8000 4000 5600 6400 7600 7920 8000,2 200 0 0 100 160 200 200," ]
	grep -qxF "$(printf 'parts\t6')" x/vars.txt
	awk -F '\t' -v OFS='\t' '$1 != "rewrite" || $2 != "ram" {
		if ($2 == "ram" && $5 == "rest") $6 = -100
		print }' "$golden/attribution.tsv" >holes
	stack holes
	[ "$(tr '\t\n' ' ,' <x/ram.tsv)" = "1 7580 4000 5600 6400 7600 7600 7680,2 NaN," ]
	grep -q 'parts below 0 are not drawn' x/vars.txt
	cp holes sim/attribution.tsv
	"$TOP/scripts/report/plot.sh" sim 2>err || { cat err; return 1; }
	[ ! -s err ]
}

@test "plots: a new figure is a new file" {
	cp -r "$TOP/scripts" "$TOP/plots" "$TOP/published" .
	sed 's/ipis_per_kop/flushes_per_kop/; s/^title.*/title = "Flushes"/' \
		plots/fig-ipis.gnuplot >plots/fig-flushes.gnuplot
	scripts/report/plot.sh sim
	grep -q 'Flushes' sim/plots/flushes.svg
}

@test "plots: what gnuplot executes is in the checkout, what is made of a campaign is data" {
	# A word of gnuplot's in whatever may be text stays text.
	awk -F '\t' -v OFS='\t' -v pwned="$PWD/PWNED" 'NR > 1 && $5 == "rest" {
		$5 = "system(\047touch " pwned "\047) `touch " pwned "` @x" } 1' \
		"$TOP/tests/data/golden/sim/expected/attribution.tsv" >sim/attribution.tsv
	cp "$TOP/tests/data/golden/sim/expected/summary.tsv" sim/summary.tsv
	"$TOP/scripts/report/plot.sh" sim
	[ ! -e PWNED ]
	tr -d '\n' <sim/plots/attribution.svg | grep -F "touch $PWD/PWNED\`" >/dev/null
	run ! grep -n '\beval\b\|@[a-z]\|system(\|\bload "[^p]' "$TOP"/plots/*.gnuplot
}
