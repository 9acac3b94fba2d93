#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# tables.bats - `vmapbench tables` makes everything of one reading of a campaign: what the
# commands for single tables write, all of it or nothing.

load ../lib/host-tools

setup() {
	cd -- "$BATS_TEST_TMPDIR" || return
	cp -r "$TOP/tests/data/golden/"{sim,tcg,usl,pair,sampled,fill} .
	rm -rf ./*/expected
}

# tables DIR
tables() {
	"$TOOLS/vmapbench" tables --parts "$TOP/tools/parts.tsv" --published "$TOP/published" \
		--expected "$TOP/kernel-patches/expected.tsv" "$1"
}

# single NAME ARGUMENT... - that command's stdout; what is missing has been told by then.
single() {
	"$TOOLS/vmapbench" "$@" 2>/dev/null || [ "$?" -eq 1 ]
}

# is_as FILE COMMAND... - does the file hold what that command writes?
is_as() {
	single "${@:2}" | cmp - "$1"
}

@test "each table is the one that its own command writes" {
	parts=(--parts "$TOP/tools/parts.tsv")
	for dir in sim tcg usl pair sampled fill; do
		tables "$dir" >made 2>err || [ "$?" -eq 1 ]
		is_as "$dir/summary.tsv" summarise "$dir"
		is_as "$dir/report.txt" report --published "$TOP/published" \
			--expected "$TOP/kernel-patches/expected.tsv" "$dir"
		if grep -x attribution.tsv made; then
			is_as "$dir/attribution.tsv" attribute "${parts[@]}" "$dir"
		fi
	done
	for dir in pair sampled; do
		is_as "$dir/areas.tsv" pair "${parts[@]}" --tsv "$dir"
		is_as "$dir/profile.txt" pair "${parts[@]}" --published "$TOP/published/profiles" "$dir"
	done
	point=(--workload xfs-dir --pages 4 --threads 2)
	is_as pair/plots/flame-before.svg flame "${parts[@]}" --variant vmlist "${point[@]}" pair
	is_as pair/plots/flame-diff.svg flame "${parts[@]}" --variant vmlist --after rewrite "${point[@]}" pair
	is_as pair/profiles/vmlist-xfs-dir-4p-2t.txt profile pair/vmlist/run-1 "${point[@]}"
	is_as pair/profiles/vmlist-xfs-dir-4p-2t.folded profile --folded pair/vmlist/run-1 "${point[@]}"
	cmp fill/fill.tsv "$TOP/tests/data/golden/fill/expected/fill.tsv"
}

@test "the names of the tables that were made are printed" {
	[ "$(tables pair | sort | tr '\n' ' ')" = "areas.tsv attribution.tsv space.tsv summary.tsv " ]
	[ "$(tables fill | sort | tr '\n' ' ')" = "attribution.tsv fill.tsv space.tsv summary.tsv " ]
}

@test "the last file that cannot be made leaves all others as they were" {
	tables pair
	cp -r pair before
	sed -i 's/"window_ns":[0-9]*/"window_ns":1000001/' pair/rewrite/run-1/events.jsonl
	echo '{}' >>pair/rewrite/run-1/stacks.jsonl
	cp pair/rewrite/run-1/*.jsonl before/rewrite/run-1/
	run tables pair
	[ "$status" -eq 2 ]
	[[ $output == "report: error: pair/rewrite/run-1/stacks.jsonl:2: "* ]]
	diff -r before pair
}

@test "a file that cannot be written leaves all others as they were" {
	tables pair
	sed -i 's/"window_ns":[0-9]*/"window_ns":1000001/' pair/rewrite/run-1/events.jsonl
	for file in profile.txt.new profile.txt; do
		rm -rf before pair/profile.txt*
		mkdir "pair/$file"
		cp -r pair before
		run tables pair
		[ "$status" -eq 2 ]
		[ "$output" = "report: error: cannot write pair/profile.txt: Is a directory" ]
		diff -r before pair
	done
}

@test "no link below the directory is followed, and no pipe waited for" {
	mkdir out
	echo mine >out/mine.txt
	ln -s ../out pair/profiles
	run timeout 20 "$BATS_TEST_DIRNAME/../../scripts/report.sh" pair
	[ "$status" -eq 2 ]
	run tables pair
	[ "$status" -eq 2 ]
	[[ $output == "report: error: cannot write pair/profiles/"* ]]
	[ "$(ls out)" = mine.txt ]
	[ -z "$(find pair -name '*.new')" ]
	rm pair/profiles
	# What stands in the way of a new file is replaced, and nothing is written to it.
	ln out/mine.txt pair/summary.tsv.new
	mkfifo pair/report.txt.new
	tables pair
	[ "$(cat out/mine.txt)" = mine ]
}

@test "two points whose files would have one name are refused" {
	cp -r sim named
	jq '.variants = ["a", "a-b", "mainline"] | .workloads = ["b-c", "c"]' sim/campaign.json |
		sed 's/"vmlist"/"a"/; s/"rewrite"/"a-b"/' >named/campaign.json
	mv named/vmlist named/a
	mv named/rewrite named/a-b
	for run in named/*/run-1; do
		variant=$(basename "${run%/run-1}")
		sed -i -E "s/\"workload\":\"ram\"/\"workload\":\"b-c\"/; s/\"workload\":\"vmap\"/\"workload\":\"c\"/
			s/\"variant\":\"[a-z]*\"/\"variant\":\"$variant\"/; s/(\"point\":\"[0-9]+ [a-z]+) ram/\1 b-c/
			s/(\"point\":\"[0-9]+ [a-z]+) vmap/\1 c/" "$run/events.jsonl"
		[ -e "$run/profile.jsonl" ] || cp sim/vmlist/run-1/profile.jsonl "$run/"
	done
	run tables named
	[ "$status" -eq 2 ]
	[[ $output == *"/profiles/a-b-c-"*": two points would have this file: rename a variant or a workload" ]]
	[ ! -e named/report.txt ]
}

@test "a profile that no memory holds is refused" {
	truncate -s 300M pair/vmlist/run-1/profile.jsonl
	run tables pair
	[ "$status" -eq 2 ]
	[ "$output" = "report: error: pair/vmlist/run-1/profile.jsonl: larger than 256 MB" ]
}

@test "a stack that no kernel has is refused before it is drawn" {
	frames=$(awk 'BEGIN { for (i = 0; i < 2000; i++) printf "f;"; print "f" }')
	jq -c --arg f "$frames" '.stacks[0][0] = $f' pair/vmlist/run-1/stacks.jsonl >deep
	mv deep pair/vmlist/run-1/stacks.jsonl
	run tables pair
	[ "$status" -eq 2 ]
	[[ $output == *"stacks.jsonl:1: a stack that is deeper than any can be" ]]
}

@test "what an earlier report had and this one has not is gone" {
	tables pair
	touch pair/profiles/old-{a.txt,a.folded,keep.md} pair/plots/{flame-old,time}.svg pair/space.tsv
	tables pair
	[ "$(cd pair && echo profiles/old-* plots/flame-old* plots/time* space*)" = \
		"profiles/old-keep.md plots/flame-old* plots/time.svg space*" ]
}

@test "where profiles were not kept, what was made of them stays" {
	tables pair
	cp -r pair before
	rm pair/*/run-1/{profile,stacks}.jsonl before/*/run-1/{profile,stacks}.jsonl
	[ "$(tables pair | sort | tr '\n' ' ')" = "space.tsv summary.tsv " ]
	diff -r before/plots pair/plots
	cmp before/attribution.tsv pair/attribution.tsv
	cmp before/areas.tsv pair/areas.tsv
	diff -r before/profiles pair/profiles
}

@test "--check writes nothing, and says what differs, is left out or needs care" {
	check() {
		"$TOOLS/vmapbench" tables --check --parts "$TOP/tools/parts.tsv" --published "$TOP/published" \
			--expected "$TOP/kernel-patches/expected.tsv" "$1"
	}
	tables pair
	cp -r pair before
	[ -z "$(check pair)" ]
	sed -i '2s/1/2/' pair/areas.tsv
	printf 'more\n' >>pair/summary.tsv
	[ "$(check pair)" = "$(printf 'differs\tsummary.tsv\ndiffers\tareas.tsv')" ]
	cp before/summary.tsv before/areas.tsv pair/
	truncate -s -1 pair/summary.tsv
	[ "$(check pair)" = "$(printf 'differs\tsummary.tsv')" ]
	rm pair/summary.tsv pair/areas.tsv
	[ "$(check pair)" = "$(printf 'differs\tsummary.tsv')" ]
	[ ! -e pair/summary.tsv ]
	# Without the word "stacks", too, areas are held against profiles.
	cp before/summary.tsv before/areas.tsv pair/
	sed -i '2s/1/2/' pair/areas.tsv
	jq 'del(.stacks)' before/campaign.json >pair/campaign.json
	[ "$(check pair)" = "$(printf 'differs\tareas.tsv')" ]
	cp before/campaign.json pair/
	# A point that a boot lacks, and a guest that was booted twice.
	tables sim 2>err
	touch sim/rewrite/run-1/first-failure.log
	sed -i '/"seq":1,/,/"seq":2,/{/"seq":2,/!d}' sim/mainline/run-1/events.jsonl
	check sim >said
	grep -q "^problem$(printf '\t')mainline/run-1" said
	grep -q "^warning$(printf '\t')rewrite/run-1: the guest failed" said
}

@test "the program: its commands, and what is none" {
	run "$TOOLS/vmapbench" --help
	[ "$status" -eq 0 ]
	[[ $output == "usage: vmapbench COMMAND [options]"*"  tables  "* ]]
	[ "$(wc -L <<<"$output")" -lt 77 ]
	for name in "$TOP"/tools/cmd-*.c; do
		name=${name##*/cmd-}
		"$TOOLS/vmapbench" "${name%.c}" --help | grep '^usage: v'
	done
	run "$TOOLS/vmapbench"
	[ "$status" -eq 2 ]
	for args in none --none "tables" "tables --parts p --published d --expected o" "tables --none" \
		"tables --parts p --published d --expected o one two"; do
		# shellcheck disable=SC2086
		run "$TOOLS/vmapbench" $args
		[ "$status" -eq 2 ]
		[[ $output == *"(try --help)" ]]
	done
}
