#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# xfs-image.bats - the image of a large directory, and the options of its workloads.

load ../lib/common

FILES=3000
BLOCKS=3
OPTIONS=(--variants "vmlist rewrite" --workload "xfs-dir tmpfs-dir" --threads "1 2" --files "$FILES")

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

@test "the image is a good file system, and the same bytes whenever it is made" {
	dir=$(image "$FILES" 65536)
	xfs_repair -n -f "$dir/image" >/dev/null 2>&1
	[ "$(bmap "$dir/image" | awk '$1 < 2 ^ 23 { n += $2 } END { print n / 16 }')" = "$BLOCKS" ]
	sleep 1
	cd /
	again=$(VMAPBENCH_CACHE=$BATS_TEST_TMPDIR/cache TZ=Asia/Tokyo image "$FILES" 65536)
	[ "$dir" != "$again" ]
	cmp "$dir/image" "$again/image"
	cmp "$dir/image.sparse" "$again/image.sparse"
	# With other parameters it is another one.
	[ "$(image "$FILES" 32768)" != "$dir" ]
}

@test "what a user may type wrong is said before anything is built" {
	for line in "--files 100|--files: 100 files do not need a second directory block of 65536 bytes" \
		"--files 1e3|--files: 1e3 is not a whole number from 1 to 10000000" \
		"--dir-block 4096|--dir-block: blocks of one page are never mapped" \
		"--dir-block 1000|--dir-block: no blocks of 1000 bytes" \
		"--names some|--names: some is neither all nor first" \
		"--rounds 0|--rounds: 0 is not a whole number" \
		"--pages 4|--pages: not for the workload xfs-dir" \
		"--ops 4|--ops: not for the workload xfs-dir" \
		"--workload xfs-dir,ram|--workload: xfs-dir and ram cannot be in one campaign" \
		"--workload ram|--files: not for the workload ram"; do
		# shellcheck disable=SC2086
		run bench ${line%%|*}
		echo "$line: $status: $output"
		[ "$status" -eq 2 ]
		[[ "$output" == *"${line#*|}"* ]]
	done
}

@test "a host without mkfs.xfs or faketime is told the package" {
	VMAPBENCH_CACHE=$BATS_TEST_TMPDIR/cache VB_SBIN=/nowhere PATH=/usr/bin:/bin run "$TOP/scripts/image/build-xfs-image.sh" \
		--files "$FILES" --dir-block 65536
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "$output" == *"mkfs.xfs is not installed (package xfsprogs)"* ]]
	[ ! -e "$BATS_TEST_TMPDIR/cache" ]
}

@test "mkfs.xfs that fails leaves its words and no image" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	# shellcheck disable=SC2016 # its own argument
	printf '#!/bin/sh\n[ "$1" = -V ] && exec /usr/sbin/mkfs.xfs -V\necho "No space left on device" >&2\nexit 1\n' \
		>"$BATS_TEST_TMPDIR/bin/mkfs.xfs"
	chmod +x "$BATS_TEST_TMPDIR/bin/mkfs.xfs"
	VMAPBENCH_CACHE=$BATS_TEST_TMPDIR/cache PATH=$BATS_TEST_TMPDIR/bin:$PATH run "$TOP/scripts/image/build-xfs-image.sh" \
		--files "$FILES" --dir-block 65536
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "$output" == *"mkfs.xfs failed: No space left on device (log: "* ]]
	[ -z "$(find "$BATS_TEST_TMPDIR/cache/xfs" -mindepth 1 -type d)" ]
}
