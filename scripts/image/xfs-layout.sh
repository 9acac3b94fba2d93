# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# xfs-layout.sh - how large things are in the XFS of the workload xfs-dir.
# Sourced after lib.sh and, for the checks, options.sh.

# With names of that length and 64 KiB blocks, 100000 files make a directory of
# about 1700 file-system blocks (docs/xfs.md).
XFS_NAME_LENGTH=44
# Inode number, length of the name, the name, its place; in eights.
XFS_ENTRY=$(((8 + 1 + XFS_NAME_LENGTH + 2 + 7) / 8 * 8))
XFS_BLOCK_HEAD=16
# The first block has the entries of the directory itself and of its parent.
XFS_DOTS=32
XFS_INODE=256

# xfs_dir_blocks FILES DIR_BLOCK - directory blocks that hold the entries.
xfs_dir_blocks()
{
	local fit=$((($2 - XFS_BLOCK_HEAD) / XFS_ENTRY))
	local first=$((($2 - XFS_BLOCK_HEAD - XFS_DOTS) / XFS_ENTRY))

	if (($1 <= first)); then
		printf '1'
	else
		printf '%d' $((1 + ($1 - first + fit - 1) / fit))
	fi
}

# xfs_used_mb FILES DIR_BLOCK - what the image has that is not empty, rounded up:
# inodes, entries and their index.
xfs_used_mb()
{
	local blocks

	blocks=$(xfs_dir_blocks "$1" "$2")
	printf '%d' $((4 + ($1 * XFS_INODE + blocks * $2 * 3 / 2) / 1048576))
}

# xfs_image_mb FILES DIR_BLOCK - its size; mkfs.xfs makes none below 300 MiB.
xfs_image_mb()
{
	local mb=$((200 + 2 * $(xfs_used_mb "$1" "$2")))

	printf '%d' $((mb < 300 ? 300 : mb))
}

# check_xfs_layout FILES DIR_BLOCK
check_xfs_layout()
{
	check_numbers --files "$1" 1 10000000
	case $2 in
	8192|16384|32768|65536) ;;
	4096) usage_error "--dir-block: blocks of one page are never mapped; there are: 8192 16384 32768 65536" ;;
	*) usage_error "--dir-block: no blocks of $2 bytes; there are: 8192 16384 32768 65536" ;;
	esac
	(($(xfs_dir_blocks "$1" "$2") >= 2)) ||
		usage_error "--files: $1 files do not need a second directory block of $2 bytes"
}
