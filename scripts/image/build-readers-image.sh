#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build-readers-image.sh - what guests need whose load is a program that lists
# directories: that program, its verb, the file system.
#
# usage: build-readers-image.sh --initrd FILE --files N --dir-block BYTES
#                               --out FILE [--help]
#
#   --initrd FILE                  made by build-guest.sh
#   --files N, --dir-block BYTES   see build-xfs-image.sh
#   --out FILE                     the first, and after it a second archive
#
# The kernel unpacks one archive after the other, so other guests keep their
# image, byte for byte.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=build-readers-image
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"

READERS=$VB_TOP/guest/readers

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

# populate ROOT IMAGE - the files of the second archive.
populate()
{
	local root=$1 program

	mkdir -p "$root"/{bin,vmapbench,dirs}
	for program in readers sparse fill; do
		gcc -static -pthread -O2 -Wall -Wextra -Werror -Wl,--build-id=none -s \
			-o "$root/bin/$program" "$READERS/$program.c"
	done
	install -m 644 "$READERS"/*.sh "$root/vmapbench/"
	install -m 644 "$2" "$root/vmapbench/xfs.sparse"
}

main()
{
	local initrd='' files='' dir_block='' out='' name image tmp

	while [[ $# -gt 0 ]]; do
		case $1 in
		--help) usage; return 0 ;;
		--initrd|--files|--dir-block|--out)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			name=${1#--}
			printf -v "${name/-/_}" '%s' "$2"
			shift
			;;
		*) usage_error "unknown argument: $1" ;;
		esac
		shift
	done
	for name in initrd files dir_block out; do
		[[ -n ${!name} ]] || usage_error "--${name/_/-} is missing"
	done
	[[ -r $initrd ]] || die "cannot read $initrd"
	image=$("$VB_TOP/scripts/image/build-xfs-image.sh" --files "$files" --dir-block "$dir_block") || exit 2

	mkdir -p -- "$(dirname -- "$out")"
	tmp=$(mktemp -d "$out.XXXXXX") || die "cannot write next to $out"
	# shellcheck disable=SC2064 # the directory's name as it is now
	trap "rm -rf -- $(printf '%q' "$tmp")" EXIT
	umask 022
	set -E
	trap 'die "cannot build the readers image for $out"' ERR
	populate "$tmp/root" "$image/image.sparse"
	# LZ4, because unpacking is emulated.
	pack_tree "$tmp/root" | lz4 -l -q -c >"$tmp/second"
	cat -- "$initrd" "$tmp/second" >"$tmp/whole"
	trap - ERR
	mv -T -- "$tmp/whole" "$out"
	printf '%s\n' "$out"
}

main "$@"
