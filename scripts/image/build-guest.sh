#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build-guest.sh - make the guest's initramfs, the same bytes every time.
#
# usage: build-guest.sh --kernel DIR --module FILE --out FILE [--vmapstat FILE]
#                       [--tests] [--subject NAME]
#
#   --kernel DIR      a built kernel
#   --module FILE     vmap_bench.ko for that kernel
#   --vmapstat FILE   the static vmapstat, if the kernel's processor has one
#   --out FILE        the initramfs (gzipped cpio)
#   --tests           with the verbs of guest/test and the kernel's own
#                     test_vmalloc.ko; a guest that measures has none of them,
#                     because its figures change with every byte of its image
#   --subject NAME    the kernel is of a stranger's source: what a program reads of its
#                     files it reads in the sandbox
#
# The rest is busybox-static and guest. VB_PHASE is a number of bytes by which the
# image becomes larger: what such a difference does to figures is what phase does
# (docs/compare.md).

# shellcheck disable=SC2034 # lib.sh speaks in this name
VB_NAME=build-guest
# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"

# shellcheck source=scripts/kernel/arch.sh
. "$VB_TOP/scripts/kernel/arch.sh"
# shellcheck source=scripts/kernel/variants.sh
. "$VB_TOP/scripts/kernel/variants.sh"
# shellcheck source=scripts/kernel/subjects.sh
. "$VB_TOP/scripts/kernel/subjects.sh"

GUEST=$VB_TOP/guest

# What the guest's scripts call, bar what the shell has built in.
APPLETS="awk cat chmod dd dmesg grep head ls mkdir mount nproc printf ps reboot
	rm rmmod sed sh sleep stty tail tr uname umount"

usage()
{
	header_text "${BASH_SOURCE[0]}"
}

# strip_built DIR KERNEL MODULE VMAPSTAT TESTS - what was built for this kernel, in DIR: without
# what is nothing to the guest.
strip_built()
{
	local dir=$1 kernel=$2 module=$3 vmapstat=$4 tests=$5

	cp -L -- "$module" "$dir/vmap_bench.ko"
	! $tests || cp -L -- "$kernel/test_vmalloc.ko" "$dir/"
	# Debug information is most of a module; the type information (BTF) that the counters
	# need is not in it.
	# The build id goes too: it is a hash over paths of the build directory.
	sandboxed strip --strip-debug --remove-section .note.gnu.build-id "$dir"/*.ko
	[[ -n $vmapstat ]] || return 0
	cp -L -- "$vmapstat" "$dir/vmapstat"
	! sandboxed readelf -l "$dir/vmapstat" | grep INTERP >/dev/null ||
		die "$vmapstat is not linked statically"
	sandboxed strip --remove-section .note.gnu.build-id "$dir/vmapstat"
}

# populate ROOT BUILT TESTS - the files of the guest; BUILT has those of strip_built.
populate()
{
	local root=$1 built=$2 tests=$3 applet program

	mkdir -p "$root"/{bin,dev,proc,sys,tmp,vmapbench}
	install -m 755 "$ARCH_BUSYBOX" "$root/bin/busybox"
	for applet in $APPLETS; do
		ln -s busybox "$root/bin/$applet"
	done
	install -m 755 "$GUEST/init" "$root/init"
	[[ -z ${VB_PHASE:-} ]] || head -c "$VB_PHASE" /dev/zero >"$root/vmapbench/phase"
	install -m 644 "$GUEST"/*.sh "$root/vmapbench/"
	for program in loadmod snapshot-point; do
		"${ARCH_CC[@]}" -static -Os -Wall -Werror -Wl,--build-id=none -s \
			-o "$root/bin/$program" "$GUEST/$program.c"
	done
	install -m 644 "$built"/*.ko "$root/vmapbench/"
	! $tests || install -m 644 "$GUEST"/test/*.sh "$root/vmapbench/"
	[[ ! -e $built/vmapstat ]] || install -m 755 "$built/vmapstat" "$root/bin/vmapstat"
}

# key KERNEL MODULE VMAPSTAT TESTS - all that the image is of.
key()
{
	printf 'tests %s phase %s %s files %s\n' "$4" "${VB_PHASE:-0}" "$("${ARCH_CC[@]}" --version | sed -n 1p)" \
		"$(hash_files "${BASH_SOURCE[0]}" "$ARCH_BUSYBOX" "$1/test_vmalloc.ko" "$2" ${3:+"$3"} \
			"$GUEST"/{init,*.sh,*.c,test/*.sh})"
}

main()
{
	local kernel='' module='' vmapstat='' out='' subject='' tests=false tmp file now

	while [[ $# -gt 0 ]]; do
		case $1 in
		--help) usage; return 0 ;;
		--tests) tests=true ;;
		--kernel|--module|--vmapstat|--out|--subject)
			[[ $# -ge 2 && -n $2 ]] || usage_error "$1 needs a value"
			declare "${1#--}=$2"
			shift
			;;
		*) usage_error "unknown argument: $1" ;;
		esac
		shift
	done
	for file in kernel module out; do
		[[ -n ${!file} ]] || usage_error "--$file is missing"
	done
	[[ ${VB_PHASE:-} =~ ^[0-9]{0,7}$ ]] || die "VB_PHASE is not a number of bytes: $VB_PHASE"
	load_arch "$(kernel_arch "$kernel")"
	arch_settle
	for file in "$kernel/test_vmalloc.ko" "$module" ${vmapstat:+"$vmapstat"} "$ARCH_BUSYBOX"; do
		[[ -r $file ]] || die "cannot read $file"
	done
	! readelf -l "$ARCH_BUSYBOX" | grep INTERP >/dev/null || die "$ARCH_BUSYBOX is not linked statically"

	build_alone "$out"
	now=$(key "$kernel" "$module" "$vmapstat" "$tests") || exit 2
	if made_of "$out" "$now"; then
		printf '%s\n' "$out"
		return 0
	fi
	tmp=$(mktemp -d "$out.XXXXXX") || die "cannot write next to $out"
	# shellcheck disable=SC2064 # the directory's name as it is now
	trap "rm -rf -- $(printf '%q' "$tmp")" EXIT
	umask 022
	mkdir -- "$tmp/built"
	[[ -z $subject ]] || confine "$subject" '' '' "$tmp/built"
	set -E
	trap 'die "cannot build the guest image for $out"' ERR
	strip_built "$tmp/built" "$kernel" "$module" "$vmapstat" "$tests"
	populate "$tmp/root" "$tmp/built" "$tests"
	pack_tree "$tmp/root" | gzip -9n >"$tmp/initrd"
	trap - ERR
	mv -T -- "$tmp/initrd" "$out"
	note_key "$out" "$now"
	printf '%s\n' "$out"
}

main "$@"
