#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# xfs.bats - the workloads of large directories: the image, what a campaign of
# them counts, and what goes wrong without a number coming out.

load ../lib/common
load ../lib/guest

FILES=3000
BLOCKS=3
OPTIONS=(--variants "vmlist rewrite" --workload "xfs-dir tmpfs-dir" --threads "1 2" --files "$FILES")

setup_file() {
	export VB_RESULTS=$VB_BUILD/test/xfs-results OUT=$VB_BUILD/test/xfs
	rm -rf "$VB_RESULTS" "$OUT"
	mkdir -p "$OUT"
}

setup() {
	PATH=$PATH:/usr/sbin
}

bench() {
	"$TOP/scripts/vmapbench" bench "${OPTIONS[@]}" "$@"
}

image() {
	"$TOP/scripts/image/build-xfs-image.sh" --files "$1" --dir-block "$2" 2>/dev/null
}

# bmap IMAGE - the root directory's extents: offset, length and where, in blocks of
# 4 KiB.
bmap() {
	xfs_db -r -c "sb 0" -c "addr rootino" -c bmap "$1" | awk '$1 == "data" { print $3, $8, $5 }'
}

# each_sample FILTER - of every sample of both runs, with its point and counts,
# is jq's FILTER true? At least one.
each_sample() {
	local variant

	for variant in vmlist rewrite; do
		jq -es "reduce .[] as \$r ([];
			if \$r.type == \"point\" then . + [{point: \$r}]
			elif \$r.type == \"sample\" or \$r.type == \"counts\" then .[-1][\$r.type] = \$r
			else . end) | map(select(.sample)) |
			length == 8 and all($1)" "$VB_RESULTS/first/$variant/run-1/events.jsonl" >/dev/null ||
			{ echo "$variant: not of every sample: $1"; return 1; }
	done
}

# value VARIANT WORKLOAD THREADS METRIC - its median.
value() {
	awk -F'\t' -v v="$1" -v w="$2" -v t="$3" -v m="$4" '
	$1 == v && $3 == w && $6 == t && $7 == m { print $10; n++ }
	END { exit n != 1 }' "$VB_RESULTS/first/summary.tsv"
}

@test "at full size the directory has about 1700 blocks of 4 KiB and one btree level" {
	dir=$(image 100000 65536)
	blocks=$(bmap "$dir/image" | awk '{ n += $2 } END { print n }')
	echo "$blocks blocks"
	[ "$blocks" -eq 1712 ]
	xfs_db -r -c "sb 0" -c "addr rootino" -c "print u.bmbt.level" "$dir/image" | grep -x "u.bmbt.level = 1"
	# 86 directory blocks have the entries, as one traversal maps them.
	[ "$(bmap "$dir/image" | awk '$1 < 2 ^ 23 { n += $2 } END { print n / 16 }')" = 86 ]
}

@test "a campaign maps and unmaps every directory block in every traversal, exactly" {
	run bench --id first
	echo "$output"
	[ "$status" -eq 0 ]
	each_sample ".sample.ops_done == .point.ops and .sample.pages == 16 and
		.point.ops == 2 * $BLOCKS * .point.threads and
		([.sample.thread[].cpu] == [range(.point.threads)])"
	each_sample '.point.mode == "bare" or .counts.lost == 0'
	each_sample '.point.mode == "bare" or .point.workload != "xfs-dir" or
		(.counts.calls.vm_map_ram == .point.ops and .counts.calls.vm_unmap_ram == .point.ops)'
	# The flushes of the old layer, and none of the new one in so short a time.
	[ "$(value vmlist xfs-dir 2 flushes_per_kop)" = 1000 ]
	[ "$(value rewrite xfs-dir 2 flushes_per_kop)" = 0 ]
	jq -e '.names == "first"' "$VB_RESULTS/first/campaign.json" >/dev/null
	jq -e ".files == $FILES and .dir_block == 65536 and .rounds == 2 and .pages == [16]" \
		"$VB_RESULTS/first/campaign.json" >/dev/null
}

@test "where nothing is mapped the variants do the same" {
	each_sample '.point.mode == "bare" or .point.workload != "tmpfs-dir" or
		([.counts.calls[]] | add) == 0 and .counts.flushes == 0'
	for threads in 1 2; do
		old=$(value vmlist tmpfs-dir "$threads" insn_per_op)
		new=$(value rewrite tmpfs-dir "$threads" insn_per_op)
		echo "$threads threads: $old, $new instructions"
		awk -v a="$old" -v b="$new" 'BEGIN { exit !(a > 0.98 * b && a < 1.02 * b) }'
	done
}

@test "what is finished is kept, and nothing else has its name" {
	run bench --id first
	[ "$status" -eq 0 ]
	[[ "$output" == *"kept: "*"/vmlist/run-1"* ]]
	[[ "$output" == *"kept: "*"/rewrite/run-1"* ]]
	run bench --id first --rounds 3
	[ "$status" -eq 2 ]
	[[ "$output" == *"rounds is 2 there, 3 here"* ]]
}

# The plan's words of a point that is good.
GOOD="xfs-dir 16 1 1 0 $BLOCKS $FILES all"

@test "readers that fail leave an error and no sample" {
	GUEST_FLAGS="--readers $FILES" GUEST_OPTIONS="--machine tcg --append brd.rd_size=307200" \
		boot rewrite "readers bare nosuch 16 1 1 0 $BLOCKS $FILES all" "readers odd $GOOD" \
		"readers bare xfs-dir 16 1 1 0 $BLOCKS $((FILES + 1)) all" \
		"sh sparse unpack /vmapbench/xfs.sparse /dev/ram77" \
		"readers bare $GOOD" \
		"readers bare xfs-dir 16 1 1 0 $((BLOCKS + 1)) $FILES first" \
		"sh dd if=/dev/zero of=/dev/ram0 bs=4096 count=1" "readers bare $GOOD" \
		"sh readers xfs-dir 16 1 0 $BLOCKS $FILES all /nowhere" \
		"sh readers xfs-dir 16 1 0 $BLOCKS 2 all /tmp" \
		"sh readers xfs-dir 16 1 0 $BLOCKS 2 some /tmp"
	has 1 '.type == "error" and .what == "nothing makes the directories of nosuch"'
	has 1 '.type == "error" and .what == "mode odd is neither bare nor traced nor sampled"'
	has 1 ".type == \"error\" and (.what | startswith(\"readers: /dirs/xfs-0: has $((FILES + 2)) entries, not $((FILES + 3))\"))"
	has 1 '.type == "sh" and .rc == 1 and .out == ["sparse: /dev/ram77: No such file or directory"]'
	has 1 '.type == "error" and (.what | startswith("directory 0: mount: "))'
	has 1 '.type == "sh" and .rc == 1 and .out[0] == "readers: /nowhere: No such file or directory"'
	has 1 '.type == "sh" and .rc == 1 and (.out[0] | test("^readers: /tmp: has [0-9]+ entries, not 4$"))'
	has 1 '.type == "sh" and .rc == 1 and .out[0] == "readers: NAMES: some is neither all nor first"'
	has 1 ".type == \"error\" and (.what | startswith(\"readers: /dirs/xfs-0: block $BLOCKS has no entries\"))"
	has 5 '.type == "error"'
	has 1 '.type == "sample"'
}

@test "a damaged directory block, and a RAM disk that is too small" {
	dir=$(image "$FILES" 65536)
	# The second block of entries.
	block=$(bmap "$dir/image" | awk '$1 == 16 { print $3 }')
	GUEST_FLAGS="--readers $FILES" GUEST_OPTIONS="--machine tcg --append brd.rd_size=307200" \
		boot vmlist "readers bare $GOOD" "sh dd if=/dev/urandom of=/dev/ram0 bs=4096 count=16 seek=$block" \
		"readers bare $GOOD"
	has 1 '.type == "error" and .what == "readers: /dirs/xfs-0: cannot be read: Structure needs cleaning (exit 1)"'
	has 1 '.type == "sample"'
	GUEST_FLAGS="--readers $FILES" GUEST_OPTIONS="--machine tcg --append brd.rd_size=4096" \
		boot vmlist "readers bare $GOOD"
	has 1 '.type == "error" and (.what | startswith("directory 0: sparse: /dev/ram0 is too small: it has 4194304 bytes, the image needs "))'
	has 0 '.type == "sample"'
}

@test "a guest without the memory for its disks says so" {
	GUEST_FLAGS="--readers 100000" GUEST_OPTIONS="--machine tcg --mem 144 --append brd.rd_size=409600" \
		boot mainline "readers bare xfs-dir 16 4 1 0 86 100000 first"
	has 1 '.type == "error" and (.what | test("^directory [1-3]: sparse: /dev/ram[1-3] needs 46 MiB, the guest has [0-9]+ MiB of free memory$"))'
	has 0 '.type == "sample"'
}

@test "the module's region: one at a time, in order, closed with the file" {
	region=/sys/kernel/debug/vmap_bench/region
	GUEST_OPTIONS="--machine tcg" boot mainline "point bare ram 4 1 100 5" \
		"sh echo begin >$region" "sh echo end >$region" "sh echo open 0 >$region" "sh echo open 999 >$region" \
		"sh exec 5>$region; echo open 1 >&5; echo end >&5" \
		"sh exec 5>$region; echo open 1 >&5; echo open 1 >$region" \
		"sh exec 5>$region; echo open 1 >&5; echo 1 >/sys/kernel/debug/vmap_bench/run" \
		"sh exec 5>$region; echo open 1 >&5; echo begin >&5; echo begin >&5" \
		"sh exec 5>$region; echo open 1 >&5; cat /sys/kernel/debug/vmap_bench/result; exec 5>&-; echo 1 >/sys/kernel/debug/vmap_bench/run" \
		"sh exec 5<>$region; for w in 'open 1' begin end; do echo \"\$w\" >&5 || exit 9; done; cat $region <&5; cat <&5" \
		"unload"
	has 8 '.type == "sh" and .rc != 0'
	has 2 '.type == "sh" and (.out | any(test("Device or resource busy")))'
	has 1 '.type == "sh" and .rc == 0 and .out == []'
	has 1 '.type == "sh" and .rc == 0 and .out[0] == "0 0" and (.out[1] | test("^[1-9][0-9]* [1-9][0-9]*$"))'
	# Nothing is left of them that keeps the module.
	has 1 '.type == "unload" and .rc == 0'
}
