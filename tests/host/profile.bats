#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# profile.bats - from the simulator's profile by address to readable ones, on
# files whose figures are made up (tests/data/golden/README).

# Tests run in subshells; that is what they are for. jq has variables, too.
# shellcheck disable=SC2030,SC2031,SC2016

load ../lib/host-tools

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	golden=$TOP/tests/data/golden/profile
	cp "$golden"/{System.map,events.jsonl,profile.raw} .
}

# symbolise - out and err hold what the tool said, rc its exit code.
symbolise()
{
	rc=0
	"$TOOLS/vb-symbolise" --map System.map --events events.jsonl profile.raw >out 2>err || rc=$?
}

# refused TEXT - it says that and nothing else, exit 2.
refused()
{
	symbolise
	cat err
	[ "$rc" -eq 2 ]
	[ "$(cat err)" = "vb-symbolise: error: $1" ]
}

# profile OPTION... - of a point with 4 pages in the run here.
profile()
{
	cp "$golden/expected/profile.jsonl" .
	"$TOOLS/vb-profile" . --pages 4 "$@"
}

# edit_raw JQ - change the first region.
edit_raw()
{
	cp "$golden/profile.raw" .
	jq -c "if .run == 1 then $1 else . end" profile.raw >changed
	mv changed profile.raw
}

# campaign - the golden campaign on sim, with profiles of two of its variants. What
# threads did is not in them: it would not be the time of its points.
campaign()
{
	cp -r "$TOP/tests/data/golden/sim" .
	rm -r sim/expected sim/mainline/run-1/profile.jsonl
	export VB_RESULTS=$PWD
	for variant in vmlist rewrite; do
		jq -c --slurpfile p "$golden/expected/profile.jsonl" \
			'select(.type == "sample") | .run as $run | $p[0] | .run = $run |
				del(.thread_user_insns, .thread_halt_ns)' \
			"sim/$variant/run-1/events.jsonl" >"sim/$variant/run-1/profile.jsonl"
	done
}

@test "blocks are added up by symbol" {
	symbolise
	cat err
	[ "$rc" -eq 0 ]
	[ ! -s err ]
	diff -u "$golden/expected/profile.jsonl" out
}

@test "nothing gets lost, whatever the map does not know" {
	grep -E '_stext|_spin_|_etext' "$golden/System.map" >System.map
	jq -c 'select(.type != "symbols")' "$golden/events.jsonl" >events.jsonl
	symbolise
	[ "$rc" -eq 0 ]
	sums='[.[] | transpose | map(add)]'
	before=$(jq -cs "[.[] | [.blocks[] | .[2:]]] | $sums" profile.raw)
	[ "$(jq -cs "[.[] | [.symbols[] | [.insns, .spin_ns, .cost_ns,
		.thread_insns, .thread_spin_ns, .thread_cost_ns]]] | $sums" out)" = "$before" ]
	[ "$before" = '[[2600,3073,561,1299,1536,280],[90,0,0,45,0,0],[1,0,0,0,0,0]]' ]
	# _stext itself: a section's name, if there is no better one
	[ "$(jq -cs '.[0].symbols | map(.name)' out)" = \
		'["[unknown]","_raw_spin_lock","_stext","queued_spin_lock_slowpath"]' ]
}

@test "a region without code has no symbols" {
	edit_raw '.blocks = []'
	symbolise
	[ "$rc" -eq 0 ]
	[ "$(head -n 1 out)" = \
		'{"v":1,"type":"profile","run":1,"idle_ns":4000,"user_insns":50,"thread_user_insns":25,"thread_halt_ns":2000,"symbols":[]}' ]
	: >profile.raw
	symbolise
	[ "$rc" -eq 0 ]
	[ ! -s out ]
}

@test "files that cannot be read are named" {
	mv System.map map
	refused "System.map: No such file or directory"
	mkdir System.map
	refused "System.map: Is a directory"
	rmdir System.map
	mv map System.map
	mv events.jsonl events
	refused "events.jsonl: no such file"
	mv events events.jsonl
	rm profile.raw
	refused "profile.raw: no such file"
}

@test "a map that is empty, damaged, or no kernel's" {
	: >System.map
	refused "System.map: empty"
	for line in ffffffff81000100 "ffffffff81000100 t" "ffffffff8100010g t x" "81 tt x" "81 t x y" "" \
		"81 1 x"; do
		sed "6s/.*/$line/" "$golden/System.map" >System.map
		refused "System.map:6: not a symbol"
	done
	sed '/_stext/d' "$golden/System.map" >System.map
	refused "System.map: not a kernel's: _stext is not in it"
}

@test "a damaged raw profile: file and line, exit 2" {
	block='profile.raw:1: a block that is not ["address", calls, insns, spin_ns, cost_ns, thread_insns, thread_spin_ns, thread_cost_ns]'
	while IFS='|' read -r edit text; do
		echo "# $edit"
		edit_raw "$edit"
		refused "$text"
	done <<-END
	.blocks[3][0] = "nowhere"|$block
	.blocks[3][0] = 4096|$block
	.blocks[3] += [1]|$block
	.blocks[3] = {}|$block
	.blocks[3] = .blocks[3][:4]|$block
	.blocks[3][2] = -1|profile.raw:1: a block with something that is not a count
	.blocks[3][3] = "x"|profile.raw:1: a block with something that is not a count
	.blocks[3][7] = -1|profile.raw:1: a block with something that is not a count
	.blocks[3][2] = 9223372036854775000|profile.raw:1: a block with something that is not a count
	.blocks[3][2] = 9007199254740992|profile.raw:1: counts too large to be added up
	.blocks[3,4][1] = 9007199254740992|profile.raw:1: counts too large to be added up
	.blocks[3][5] = 65|profile.raw:1: a block in which threads have more than all CPUs together
	.blocks[3][6] = 1|profile.raw:1: a block in which threads have more than all CPUs together
	.blocks[3][7] = 1|profile.raw:1: a block in which threads have more than all CPUs together
	del(.thread_user_insns)|profile.raw:1: "thread_user_insns" is missing or is not a count
	del(.thread_halt_ns)|profile.raw:1: "thread_halt_ns" is missing or is not a count
	del(.thread_user_insns, .thread_halt_ns)|profile.raw:1: "thread_user_insns" is missing or is not a count
	del(.blocks)|profile.raw:1: "blocks" is missing or is not a list
	del(.idle_ns)|profile.raw:1: "idle_ns" is missing or is not a count
	.run = -1|profile.raw:1: "run" is missing or is not a count
	.type = "clock"|profile.raw:1: not a profile record
	.v = 2|profile.raw:1: "v" is not 1: written by another version of vmapbench
	END
	cp "$golden/profile.raw" .
	truncate -s -10 profile.raw
	symbolise
	[ "$rc" -eq 2 ]
	grep -q '^vb-symbolise: error: profile.raw:3: ' err
}

@test "a damaged symbols record: file and line, exit 2" {
	for edit in '.symbol[0] = ["x", "ram_op"]' '.symbol[0] = ["1"]' '.symbol[0][1] = 3'; do
		jq -c "if .type == \"symbols\" then $edit else . end" "$golden/events.jsonl" >events.jsonl
		refused 'events.jsonl:3: a symbol that is not ["address", "name"]'
	done
	jq -c 'if .type == "symbols" then del(.symbol) else . end' "$golden/events.jsonl" >events.jsonl
	refused 'events.jsonl:3: "symbol" is missing or is not a list'
}

@test "a module loaded twice: at the same place, and elsewhere" {
	jq -c 'if .type == "symbols" then ., . else . end' "$golden/events.jsonl" >events.jsonl
	symbolise
	[ "$rc" -eq 0 ]
	diff -u "$golden/expected/profile.jsonl" out
	jq -c 'if .type == "symbols" then ., (.symbol[0][0] = "ffffffffc0008000") else . end' \
		"$golden/events.jsonl" >events.jsonl
	refused "events.jsonl:4: the module was loaded again, at another address"
}

@test "vb-profile prints a point as readprofile does" {
	profile --workload ram --threads 2 >out
	diff -u "$golden/expected/ram.txt" out
	run ! grep -E '.{77}| $' out
	# parts without anything in them are left out
	profile --workload ram --threads 2 --mode traced >out
	[ "$(grep -c '^# .*count, symbol' out)" -eq 1 ]
	grep -qxF '    90 [unknown]' out
}

@test "vb-profile: a profile of an earlier version, without threads" {
	jq -c 'del(.thread_user_insns, .thread_halt_ns) | .symbols[] |= del(.calls, .thread_insns,
		.thread_spin_ns, .thread_cost_ns)' "$golden/expected/profile.jsonl" >profile.jsonl
	"$TOOLS/vb-profile" . --pages 4 --workload ram --threads 2 >out
	diff -u "$golden/expected/ram.txt" out
}

@test "calls are those of a symbol's first instruction" {
	symbolise
	# Two blocks that begin there, and one in the middle.
	[ "$(jq -s '.[0].symbols | map(select(.name == "_raw_spin_lock"))[0].calls' out)" = 13 ]
	[ "$(jq -s '.[0].symbols | map(select(.name == "unmap_area"))[0].calls' out)" = 10 ]
	[ "$(jq -s '.[0].symbols | map(select(.name == "init_once"))[0].calls' out)" = 0 ]
	# All of them count, also where nothing made progress.
	edit_raw '.blocks = [["ffffffff81000400", 5, 0, 0, 0, 0, 0, 0]]'
	symbolise
	[ "$(jq -sc '.[0].symbols | map([.name, .calls])' out)" = '[["queued_spin_lock_slowpath",5]]' ]
}

@test "vb-profile: a long name is cut, so that no line is too wide" {
	jq -c '.symbols[0].name = "a" * 70 | .symbols[1].insns = 123456789012' \
		"$golden/expected/profile.jsonl" >profile.jsonl
	"$TOOLS/vb-profile" . --pages 4 --workload ram --threads 2 >out
	cat out
	run ! grep -E '.{77}' out
	grep -qE '^        1008 a{45}~ +0.2500$' out
}

@test "vb-profile: folded lines, every ns once" {
	profile --workload ram --threads 2 --folded >out
	diff -u "$golden/expected/ram.folded" out
	[ "$(awk '{ sum += $NF } END { print sum }' out)" = \
		"$(jq -s '.[0] | .idle_ns + .user_insns + (.blocks | map(.[2] + .[3] + .[4]) | add)' \
			profile.raw)" ]
}

@test "vb-profile: a point without a profile is exit 1, and it is said why" {
	while IFS='|' read -r args text; do
		rc=0
		# shellcheck disable=SC2086
		profile $args >out 2>err || rc=$?
		cat err
		[ "$rc" -eq 1 ]
		[ ! -s out ]
		[ "$(cat err)" = "vb-profile: .: $text" ]
	done <<-END
	--workload ram --threads 9|bare point ram, 4 pages, 9 threads: not in this run
	--workload vmap --threads 2|bare point vmap, 4 pages, 2 threads: it has no sample that can be used
	--workload ram --threads 1|bare point ram, 4 pages, 1 threads: no profile of it in profile.jsonl
	END
	sed -i '$d' events.jsonl
	run profile --workload ram --threads 2
	[ "$status" -eq 1 ]
	[[ $output == *"the run has no end record" ]]
}

@test "vb-profile: files that are not what they should be are exit 2" {
	jq -c '., .' "$golden/expected/profile.jsonl" >profile.jsonl
	run "$TOOLS/vb-profile" . --pages 4 --workload ram --threads 2
	[ "$status" -eq 2 ]
	[ "$output" = "vb-profile: error: ./profile.jsonl:2: a second profile of the same run" ]
	for edit in 'del(.symbols)' '.symbols[1].insns = -1' 'del(.symbols[0].name)' \
		'.symbols[0].module = 1' 'del(.symbols[2].calls)' 'del(.symbols[2].thread_spin_ns)'; do
		jq -c "$edit" "$golden/expected/profile.jsonl" >profile.jsonl
		run "$TOOLS/vb-profile" . --pages 4 --workload ram --threads 2
		[ "$status" -eq 2 ]
		[[ $output == "vb-profile: error: ./profile.jsonl:1: "* ]]
	done
	rm events.jsonl
	run "$TOOLS/vb-profile" . --pages 4 --workload ram --threads 2
	[ "$status" -eq 2 ]
	[ "$output" = "vb-profile: error: ./events.jsonl: no such file" ]
}

@test "usage errors are exit 2, --help is 0, a full disk is an error" {
	for tool in vb-symbolise vb-profile; do
		"$TOOLS/$tool" --help | grep '^usage:'
	done
	while read -r args; do
		# shellcheck disable=SC2086
		run "$TOOLS"/$args
		echo "$output"
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == *"try --help"* ]]
	done <<-END
	vb-symbolise
	vb-symbolise profile.raw
	vb-symbolise --map System.map profile.raw
	vb-symbolise --map System.map --events events.jsonl
	vb-symbolise --map System.map --events events.jsonl profile.raw more
	vb-symbolise --map
	vb-symbolise --no-such-option
	vb-profile
	vb-profile .
	vb-profile . --workload ram --pages 4
	vb-profile . --workload ram --pages 0 --threads 2
	vb-profile . --workload ram --pages 4x --threads 2
	vb-profile . --workload ram --pages 4 --threads 2 --mode both
	vb-profile . --workload ram --pages 4 --threads 2 more
	vb-profile --pages
	vb-profile --no-such-option
	END
	rc=0
	"$TOOLS/vb-symbolise" --map System.map --events events.jsonl profile.raw 2>err >/dev/full || rc=$?
	[ "$rc" -eq 2 ]
	grep -q 'cannot write the output: No space left on device' err
}

@test "after a run: profile.raw becomes profile.jsonl, or stays" {
	mkdir kernel run
	mv System.map kernel/
	mv events.jsonl profile.raw run/
	hook() {
		bash -c '. "$TOP/scripts/lib/lib.sh"; . "$TOP/scripts/lib/tools.sh"
			. "$TOP/scripts/run/symbolise.sh"; symbolise run kernel'
	}
	mv kernel/System.map .
	run hook
	[ "$status" -eq 2 ]
	[[ $output == *"kernel/System.map: No such file"* ]]
	[ "$(cd run && echo *)" = "events.jsonl profile.raw" ]
	mv System.map kernel/
	hook
	[ "$(cd run && echo *)" = "events.jsonl profile.jsonl" ]
	cmp run/profile.jsonl "$golden/expected/profile.jsonl"
	# nothing to do
	hook
	cmp run/profile.jsonl "$golden/expected/profile.jsonl"
}

@test "run-guest.sh: profile by symbol with the run, also of a run that is kept" {
	cat >qemu <<-END
	#!/bin/sh
	[ "\$1" = --version ] && echo "QEMU emulator version 10.0" && exit
	[ "\$1" = -L ] && echo $PWD && exit
	cp $PWD/profile.raw .
	cp $PWD/events.jsonl events.jsonl.part
	echo booted >>$PWD/boots
	END
	chmod +x qemu
	mkdir kernel
	touch kernel/bzImage initrd plan bios-256k.bin kvmvapic.bin linuxboot_dma.bin
	guest() {
		VB_QEMU=$PWD/qemu "$TOP/scripts/run/run-guest.sh" --kernel kernel --initrd initrd --plan plan \
			--cpus 2 --mem 64 --machine tcg --out run --keep
	}
	# The map is missing: the run is kept, its profile is not there yet.
	run guest
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == *"kernel/System.map: No such file"* ]]
	[ -e run/events.jsonl ]
	[ -e run/profile.raw ]
	cp System.map kernel/
	guest
	[ "$(wc -l <boots)" -eq 1 ]
	cmp run/profile.jsonl "$golden/expected/profile.jsonl"
	[ ! -e run/profile.raw ]
	# Another plan: another run, whose simulator writes no profile.
	echo "# nothing" >plan
	sed -i '/profile.raw/d' qemu
	guest
	[ "$(wc -l <boots)" -eq 2 ]
	[ ! -e run/profile.jsonl ]
}

@test "the guest sends the functions of the module, and no one else's" {
	printf '%s\n' 'ffffffff81000000 T _stext' \
		$'ffffffffc0000000 t ram_op\t[vmap_bench]' $'ffffffffc0000fc0 T touch\t[vmap_bench]' \
		$'ffffffffc0002000 d data\t[vmap_bench]' $'ffffffffc0004000 t op\t[vmap_bench2]' >kallsyms
	sed "s#/proc/kallsyms#$PWD/kallsyms#" "$TOP/guest/lib.sh" >lib.sh
	# As in the guest: no programs but busybox's.
	mkdir bin
	ln -s /bin/busybox bin/awk
	ln -s /bin/busybox bin/grep
	PATH=$PWD/bin /bin/busybox sh -c 'exec 3>&1; . ./lib.sh; emit_symbols vmap_bench' >out
	diff <(jq -c 'select(.type == "symbols")' events.jsonl) out
}

@test "summary and report take the symbols record in the middle of a point" {
	campaign
	awk -v record="$(jq -c 'select(.type == "symbols")' events.jsonl)" \
		'{ print } NR == 2 { print record }' sim/vmlist/run-1/events.jsonl >changed
	mv changed sim/vmlist/run-1/events.jsonl
	"$TOOLS/vb-summarise" sim >out
	cmp out "$TOP/tests/data/golden/sim/expected/summary.tsv"
}

@test "report.sh: profiles of the points with most threads, the same bytes again" {
	campaign
	mkdir sim/profiles
	echo old | tee sim/profiles/gone-ram-4p-8t.txt >sim/profiles/gone-ram-4p-8t.folded
	"$TOP/scripts/report.sh" --id sim
	[ "$(cd sim/profiles && echo *)" = "$(for v in rewrite vmlist; do
		for w in ram vmap; do echo $v-$w-4p-8t.folded $v-$w-4p-8t.txt; done; done | paste -sd' ')" ]
	# The example's run is of vmlist, too.
	cmp sim/profiles/vmlist-vmap-4p-8t.folded "$golden/expected/ram.folded"
	[ "$(head -n 1 sim/profiles/rewrite-ram-4p-8t.txt)" = \
		"# rewrite: workload ram, 4 pages, 8 threads, bare" ]
	cp -r sim first
	rm -r sim/profiles/*
	"$TOP/scripts/report.sh" --id sim
	diff -r first sim
	# Where profiles were not kept, what was made of them stays.
	rm {sim,first}/*/run-1/profile.jsonl
	"$TOP/scripts/report.sh" --id sim
	diff -r first/profiles sim/profiles
}

@test "report.sh: a profile that is not there, or damaged" {
	campaign
	sed -i '/"run":11,/d' sim/vmlist/run-1/profile.jsonl
	run "$TOP/scripts/report.sh" --id sim
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"no profile of it in profile.jsonl"* ]]
	[ "$(find sim/profiles -type f | wc -l)" -eq 6 ]
	cp -r sim/profiles first
	echo '{' >>sim/rewrite/run-1/profile.jsonl
	run "$TOP/scripts/report.sh" --id sim
	[ "$status" -eq 2 ]
	[[ $output == *"sim/rewrite/run-1/profile.jsonl:"* ]]
	diff -r first sim/profiles
	# A run that is missing has none; that it is missing is in the report.
	rm sim/rewrite/run-1/events.jsonl
	run "$TOP/scripts/report.sh" --id sim
	[ "$status" -eq 1 ]
	[ "$(cd sim/profiles && echo *)" = "$(echo vmlist-{ram,vmap}-4p-8t.{folded,txt} |
		tr ' ' '\n' | grep -v "$(jq -r 'select(.run == 11) | .workload' sim/vmlist/run-1/events.jsonl)" | paste -sd' ')" ]
}
