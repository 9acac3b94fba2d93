#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# get-qemu.sh - unpack a private QEMU from Debian's next release.
#
# usage: get-qemu.sh [--help]
#
# Needs neither root nor a change to the machine: apt works in a directory of
# its own, on the mirror that the machine's sources name, and checks every
# download against Debian's archive keys. The result is
# $VB_CACHE/qemu/VERSION/qemu-system-x86_64, a wrapper which starts the
# unpacked program with the libraries it was built for.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=get-qemu
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"
# shellcheck source=scripts/setup/debian.sh
. "$VB_TOP/scripts/setup/debian.sh"

RELEASE=trixie
LIBDIR=usr/lib/x86_64-linux-gnu

# write_wrapper DIR FILE - FILE starts the QEMU under DIR, wherever the
# caller's libraries come from.
write_wrapper()
{
	local dir=$1 file=$2

	cat >"$file" <<-END
		#!/bin/sh
		# Made by get-qemu.sh: QEMU with the loader and libraries it was built for.
		root=$(printf '%q' "$dir/root")
		QEMU_MODULE_DIR=\$root/$LIBDIR/qemu
		export QEMU_MODULE_DIR
		unset LD_LIBRARY_PATH
		exec "\$root/$LIBDIR/ld-linux-x86-64.so.2" --argv0 qemu-system-x86_64 \\
			--library-path "\$root/$LIBDIR:\$root/$LIBDIR/pulseaudio" \\
			"\$root/usr/bin/qemu-system-x86_64" \\
			-L "\$root/usr/share/qemu" -L "\$root/usr/share/seabios" "\$@"
	END
	chmod +x "$file"
}

# fetch - the whole job, in TMP, renamed to its name at the very end.
fetch()
{
	local uri log version

	uri=$(mirror)
	need_archive "$uri"

	log=$VB_CACHE/qemu/get-qemu.log
	: >"$log" || die "cannot write $log"
	write_apt_conf "$TMP/apt" "$uri" "$RELEASE" amd64
	run_logged "reading the package lists of Debian $RELEASE from $uri" "$log" \
		apt-get -c "$TMP/apt/apt.conf" update ||
		die "$uri has no usable Debian $RELEASE: $(first_error "$log")" "$log"
	version=$(apt-cache -c "$TMP/apt/apt.conf" show --no-all-versions qemu-system-x86 |
		awk '$1 == "Version:" && !n++ { print $2 }')
	[[ -n $version ]] || die "$uri $RELEASE has no qemu-system-x86" "$log"
	# The epoch's colon would end an entry of a search path.
	version=${version#*:}

	run_logged "downloading QEMU $version (about 60 MB)" "$log" \
		apt-get -c "$TMP/apt/apt.conf" -y --download-only install qemu-system-x86 ||
		die "downloading QEMU failed: $(first_error "$log")" "$log"
	run_logged "unpacking QEMU $version" "$log" \
		unpack_debs "$TMP/apt/cache/archives" "$TMP/new/root" ||
		die "unpacking QEMU failed: $(first_error "$log")" "$log"

	write_wrapper "$TMP/new" "$TMP/new/qemu-system-x86_64"
	"$TMP/new/qemu-system-x86_64" -machine none -display none -S -monitor none \
		--version >"$log" 2>&1 || die "the unpacked QEMU does not start" "$log"
	write_wrapper "$VB_CACHE/qemu/$version" "$TMP/new/qemu-system-x86_64"
	rm -rf -- "${VB_CACHE:?}/qemu/$version"
	mv -T -- "$TMP/new" "$VB_CACHE/qemu/$version"
	info "QEMU $version is in $VB_CACHE/qemu/$version ($(du -sh "$VB_CACHE/qemu/$version" | cut -f1))"
}

main()
{
	if [[ ${1:-} == --help ]]; then
		header_text "${BASH_SOURCE[0]}"
		return 0
	fi
	[[ $# -eq 0 ]] || usage_error "unknown argument: $1"

	scratch_in "$VB_CACHE/qemu"
	fetch
}

main "$@"
