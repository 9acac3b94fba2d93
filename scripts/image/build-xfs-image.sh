#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build-xfs-image.sh - an XFS with one large directory, the same bytes every
# time.
#
# usage: build-xfs-image.sh --files N --dir-block BYTES [--help]
#
#   --files N          empty files in its root directory
#   --dir-block BYTES  size of a directory block
#
# Prints the directory it is in, which is in the cache: image (a sparse file) and
# image.sparse, the same packed for guest/readers/sparse.c. It is made
# again when something that could change it has changed. docs/xfs.md says why
# it looks like that.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=build-xfs-image
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"
# shellcheck source=scripts/lib/options.sh
. "$VB_TOP/scripts/lib/options.sh"
# shellcheck source=scripts/image/xfs-layout.sh
. "$VB_TOP/scripts/image/xfs-layout.sh"

SPARSE=$VB_TOP/guest/readers/sparse.c
# Whatever mkfs.xfs would take from the clock or by chance.
BORN="2026-01-01 00:00:00"
UUID=766d6170-6265-4e63-8000-000000000001

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

# need_programs - those of packages that a host may not have.
need_programs()
{
	local program

	# They are not in everybody's path.
	PATH=$PATH:${VB_SBIN:-/usr/sbin:/sbin}
	for program in mkfs.xfs:xfsprogs xfs_db:xfsprogs faketime:faketime; do
		command -v "${program%:*}" >/dev/null ||
			die "${program%:*} is not installed (package ${program#*:}): scripts/setup.sh --what check installs it"
	done
}

# key FILES DIR_BLOCK - changes with all that the image depends on.
key()
{
	{
		printf '%s %s\n' "$1" "$2"
		mkfs.xfs -V
		cat -- "${BASH_SOURCE[0]}" "$VB_TOP/scripts/image/xfs-layout.sh" "$SPARSE"
	} | sha256sum | cut -c1-16
}

# proto FILES - what is to be in it, as mkfs.xfs wants to be told.
proto()
{
	awk -v files="$1" -v length_="$XFS_NAME_LENGTH" 'BEGIN {
		print "/\n0 0\nd--755 0 0"
		for (i = 0; i < files; i++) {
			name = sprintf("f%06d", i)
			while (length(name) < length_)
				name = name "-"
			print name, "---644 0 0 /dev/null"
		}
		print "$"
	}'
}

# make_image DIR FILES DIR_BLOCK - of the year 2007: no checksums (version 4),
# no file types in directories.
make_image()
{
	truncate -s "$(xfs_image_mb "$2" "$3")M" "$1/image" &&
		TZ=UTC faketime -f "$BORN" mkfs.xfs -q -m "crc=0,uuid=$UUID" \
			-n "size=$3,ftype=0" -p "$1/proto" "$1/image"
}

# found_blocks IMAGE DIR_BLOCK - blocks of the directory that hold entries;
# those of its index begin at 32 GiB.
found_blocks()
{
	xfs_db -r -c "sb 0" -c "addr rootino" -c bmap "$1" | awk -v size="$2" '
		$1 == "data" && $3 < 2 ^ 35 / 4096 { blocks += $8 }
		END { print blocks * 4096 / size }'
}

# build DIR FILES DIR_BLOCK - everything in DIR.
build()
{
	local dir=$1 files=$2 dir_block=$3 log=$VB_BUILD/log/xfs-image.log found

	if ! proto "$files" >"$dir/proto"; then
		die "cannot write to $dir: no space left?"
	fi
	run_logged "making an XFS with $files files" "$log" make_image "$dir" "$files" "$dir_block" ||
		die "mkfs.xfs failed: $(grep -v 'deprecated\|^Transaction block' "$log" | sed -n 1p)" "$log"
	found=$(found_blocks "$dir/image" "$dir_block") || die "xfs_db cannot read $dir/image"
	[[ $found == "$(xfs_dir_blocks "$files" "$dir_block")" ]] ||
		die "the directory has $found blocks where $(xfs_dir_blocks "$files" "$dir_block") were expected: $dir/image"
	gcc -O2 -Wall -Werror -o "$dir/sparse" "$SPARSE" || die "$SPARSE does not build"
	"$dir/sparse" pack "$dir/image" >"$dir/image.sparse" ||
		die "cannot write $dir/image.sparse: no space left?"
	# Most of it is an empty log. Not every file system can have holes.
	fallocate --dig-holes "$dir/image" 2>/dev/null || true
	rm -f -- "$dir/sparse" "$dir/proto"
}

parse_args()
{
	FILES='' DIR_BLOCK=''
	while [[ $# -gt 0 ]]; do
		case $1 in
		--help|-h) usage; exit 0 ;;
		--files|--dir-block)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			[[ $1 == --files ]] && FILES=$2 || DIR_BLOCK=$2
			shift
			;;
		*) usage_error "unknown argument: $1" ;;
		esac
		shift
	done
	[[ -n $FILES ]] || usage_error "--files is missing"
	[[ -n $DIR_BLOCK ]] || usage_error "--dir-block is missing"
	check_xfs_layout "$FILES" "$DIR_BLOCK"
}

main()
{
	local dir new

	parse_args "$@"
	need_programs
	dir=$VB_CACHE/xfs/$FILES-$DIR_BLOCK-$(key "$FILES" "$DIR_BLOCK")
	mkdir -p -- "${dir%/*}" || die "cannot make ${dir%/*}"
	exec 9>"$dir.lock"
	flock 9
	if [[ ! -d $dir ]]; then
		new=$(mktemp -d "$dir.new.XXXXXX") || die "cannot write to ${dir%/*}"
		# shellcheck disable=SC2064 # the directory's name as it is now
		trap "rm -rf -- $(printf '%q' "$new")" EXIT
		build "$new" "$FILES" "$DIR_BLOCK"
		mv -T -- "$new" "$dir"
	fi
	printf '%s\n' "$dir"
}

main "$@"
