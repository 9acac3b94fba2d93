#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# get-i386.sh - what a 32-bit guest is made with, from Debian's archive.
#
# usage: get-i386.sh [--help]
#
# Prints a directory of the cache with busybox for i386 and the static C library to
# link programs with, unpacked once from the packages of this machine's release;
# its file "packages" has their versions. Needs neither root nor a change to the
# machine. Exit codes: 0 done, 2 anything else.

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=get-i386
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"
# shellcheck source=scripts/setup/debian.sh
. "$VB_TOP/scripts/setup/debian.sh"

I386=$VB_CACHE/i386
# As new as the compiler that links with it.
LIBGCC=libgcc-$(gcc -dumpversion)-dev

# download DIR PACKAGE... - those packages alone, without what they depend on.
download()
{
	local dir=$1
	shift

	mkdir -p -- "$dir" && cd -- "$dir" && apt-get -c "$TMP/apt/apt.conf" download "$@"
}

# fetch LOG - the whole job, in TMP, renamed to its name at the very end.
fetch()
{
	local uri release log=$1 packages=(busybox-static libc6-dev linux-libc-dev "$LIBGCC")

	uri=$(mirror)
	need_archive "$uri"
	release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
	write_apt_conf "$TMP/apt" "$uri" "$release" i386
	run_logged "reading the package lists of Debian $release for i386 from $uri" "$log" \
		apt-get -c "$TMP/apt/apt.conf" update ||
		die "$uri has no usable Debian $release for i386: $(first_error "$log")" "$log"
	run_logged "downloading ${packages[*]} for i386 (about 10 MB)" "$log" \
		download "$TMP/debs" "${packages[@]}" ||
		die "downloading busybox for i386 failed: $(first_error "$log")" "$log"
	run_logged "unpacking them" "$log" unpack_debs "$TMP/debs" "$TMP/new" ||
		die "unpacking busybox for i386 failed: $(first_error "$log")" "$log"
	cp -- "$log" "$TMP/new/packages" || die "cannot write to $TMP"
	mv -T -- "$TMP/new" "$I386/root" || die "cannot make $I386/root"
}

main()
{
	if [[ ${1:-} == --help ]]; then
		header_text "${BASH_SOURCE[0]}"
		return 0
	fi
	[[ $# -eq 0 ]] || usage_error "unknown argument: $1"

	if [[ ! -d $I386/root ]]; then
		scratch_in "$I386"
		exec 9>"$I386/lock"
		flock 9
		# Somebody else may have been at it.
		[[ -d $I386/root ]] || fetch "$I386/get-i386.log"
	fi
	printf '%s\n' "$I386/root"
}

main "$@"
