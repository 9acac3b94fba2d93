#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build-tools-image.sh - bpftrace, perf and all they load, for guests that are
# looked into rather than measured.
#
# usage: build-tools-image.sh --initrd FILE --out FILE [--help]
#
#   --initrd FILE   made by build-guest.sh
#   --out FILE      that, and after it a second archive with the tools
#
# The kernel unpacks one archive after the other, so the guest that measures
# keeps its image, byte for byte. The second one is the same for all variants:
# $VB_BUILD/guest/tools.cpio.lz4, made again when something in it has changed.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=build-tools-image
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"

BUSYBOX=${VB_BUSYBOX:-/bin/busybox}
PROGRAMS="bpftrace perf"
TOOLS=$VB_TOP/guest/tools

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

# find_programs - the path of each, or what to install.
find_programs()
{
	local name path

	for name in $PROGRAMS; do
		path=$(command -v "$name") ||
			die "$name is not installed: scripts/setup.sh --what check installs it"
		realpath -- "$path"
	done
}

# libraries PROGRAM... - all that they load, the loader among them.
libraries()
{
	local lines

	lines=$(ldd -- "$@") || return 1
	! grep 'not found' <<<"$lines" >&2 || return 1
	awk '/=> \// { print $3 } $1 ~ /^\/.*ld-linux/ { print $1 }' <<<"$lines" | sort -u
}

# scripts - ours that go in.
scripts()
{
	printf '%s\n' "$TOOLS"/* "$VB_TOP"/bpf/bt/*.bt
}

# key FILE... - changes when one of them does; a package's files have its
# date, so that nothing large needs to be read.
key()
{
	{
		sha256sum <"${BASH_SOURCE[0]}"
		declare -f pack_tree
		stat -L -c '%n %s %Y' -- "$BUSYBOX" "$@"
		scripts | tr '\n' '\0' | xargs -0 sha256sum
	} | sha256sum | cut -c1-16
}

# populate ROOT PROGRAMS LIBRARIES - lists of one file a line.
populate()
{
	local root=$1 programs=$2 libraries=$3 file applet

	mkdir -p "$root"/{bin,lib/x86_64-linux-gnu,lib64,vmapbench}
	while read -r file; do
		install -m 755 "$file" "$root/bin/"
	done <<<"$programs"
	while read -r file; do
		case $file in
		*/ld-linux-*) install -m 755 "$file" "$root/lib64/" ;;
		*) install -m 644 "$file" "$root/lib/x86_64-linux-gnu/" ;;
		esac
	done <<<"$libraries"
	# A person at the keyboard wants more of them than a plan.
	for applet in $("$BUSYBOX" --list); do
		[[ $applet == busybox ]] || ln -s busybox "$root/bin/$applet"
	done
	while read -r file; do
		install -m 644 "$file" "$root/vmapbench/"
	done < <(scripts)
}

# make_tools OUT - unless it is there, of these very files.
make_tools()
{
	local out=$1 programs libraries list now dir

	programs=$(find_programs) || exit 2
	mapfile -t list <<<"$programs"
	libraries=$(libraries "${list[@]}") || die "${PROGRAMS// / or } lacks a library"
	mapfile -t list <<<"$programs"$'\n'"$libraries"
	now=$(key "${list[@]}")
	! made_of "$out" "$now" || return 0

	info "building the tools image ..."
	dir=$(mktemp -d "$out.XXXXXX") || die "cannot write next to $out"
	# shellcheck disable=SC2064 # the directory's name as it is now
	trap "rm -rf -- $(printf '%q' "$dir")" EXIT
	umask 022
	set -E
	trap 'die "cannot build the tools image for $out"' ERR
	populate "$dir/root" "$programs" "$libraries"
	# LZ4, because unpacking is emulated.
	pack_tree "$dir/root" | lz4 -l -q -c >"$dir/image"
	mv -T -- "$dir/image" "$out"
	note_key "$out" "$now"
	trap - ERR
}

main()
{
	local initrd='' out='' tools=$VB_BUILD/guest/tools.cpio.lz4

	while [[ $# -gt 0 ]]; do
		case $1 in
		--help) usage; return 0 ;;
		--initrd|--out)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			declare "${1#--}=$2"
			shift
			;;
		*) usage_error "unknown argument: $1" ;;
		esac
		shift
	done
	[[ -n $initrd ]] || usage_error "--initrd is missing"
	[[ -n $out ]] || usage_error "--out is missing"
	[[ -r $initrd ]] || die "cannot read $initrd"
	mkdir -p -- "$(dirname -- "$out")" "$(dirname -- "$tools")"
	make_tools "$tools"
	if ! cat -- "$initrd" "$tools" >"$out.new" || ! mv -T -- "$out.new" "$out"; then
		die "cannot write $out"
	fi
	printf '%s\n' "$out"
}

main "$@"
