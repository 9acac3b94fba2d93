# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# readers.sh - workloads in which programs list large directories (docs/xfs.md).
# Sourced by bench.sh as module.sh is, which says what the functions are for.

# shellcheck source=scripts/image/xfs-layout.sh
. "$VB_TOP/scripts/image/xfs-layout.sh"

# Traversals of each reader before the start barrier.
READERS_WARMUP=1

kind_options()
{
	printf 'files dir-block names rounds'
}

kind_settle()
{
	FILES=${FILES:-100000} DIR_BLOCK=${DIR_BLOCK:-65536} NAMES=${NAMES:-first} ROUNDS=${ROUNDS:-2}
	check_xfs_layout "$FILES" "$DIR_BLOCK"
	case $NAMES in all|first) ;; *) usage_error "--names: $NAMES is neither all nor first" ;; esac
	check_numbers --rounds "$ROUNDS" 1 10000
	# An operation is a directory block, mapped and unmapped.
	BLOCKS=$(xfs_dir_blocks "$FILES" "$DIR_BLOCK")
	PAGES=$((DIR_BLOCK / 4096))
	OPS=$((ROUNDS * BLOCKS))
	WARMUP=$((READERS_WARMUP * BLOCKS))
}

kind_point()
{
	printf 'readers %s %s %s %s %s %s %s %s %s\n' "$@" "$ROUNDS" "$READERS_WARMUP" "$BLOCKS" \
		"$FILES" "$NAMES"
}

kind_parameters()
{
	jq -n --argjson files "$FILES" --argjson dir_block "$DIR_BLOCK" --arg names "$NAMES" \
		--argjson rounds "$ROUNDS" \
		'{ files: $files, dir_block: $dir_block, names: $names, rounds: $rounds }'
}

# reader_mb WORKLOAD - memory for each reader: its disk and what is cached of it, or
# an inode, an entry and a long name for each file.
reader_mb()
{
	case $1 in
	tmpfs-dir) printf '%d' $((4 + FILES * 1400 / 1048576)) ;;
	*) printf '%d' $((4 + $(xfs_used_mb "$FILES" "$DIR_BLOCK") + BLOCKS * DIR_BLOCK * 5 / 4 / 1048576)) ;;
	esac
}

kind_guest()
{
	local readers workload

	readers=$(largest "$THREADS")
	APPEND="brd.rd_nr=$readers brd.rd_size=$(($(xfs_image_mb "$FILES" "$DIR_BLOCK") * 1024))"
	# The image once more, as it comes with the guest.
	MORE_MEMORY=$((2 * $(xfs_used_mb "$FILES" "$DIR_BLOCK")))
	for workload in $WORKLOADS; do
		MORE_MEMORY=$((MORE_MEMORY + readers * $(reader_mb "$workload")))
	done
}

kind_image()
{
	INITRD[$1]=$("$VB_TOP/scripts/image/build-readers-image.sh" --initrd "${INITRD[$1]}" \
		--files "$FILES" --dir-block "$DIR_BLOCK" --out "$VB_BUILD/guest/$1-readers.img") || exit 2
}
