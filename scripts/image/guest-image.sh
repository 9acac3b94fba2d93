# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# guest-image.sh - everything that one boot of a variant needs, built. Sourced
# after lib.sh and variants.sh.

# shellcheck source=scripts/kernel/arch.sh
. "$VB_TOP/scripts/kernel/arch.sh"

# add_archive NAME SCRIPT ARGUMENT... - INITRD is what SCRIPT makes of it, in a file
# called NAME.
add_archive()
{
	local out=$VB_BUILD/guest/$1.img
	shift

	"$@" --initrd "$INITRD" --out "$out" >/dev/null || exit 2
	INITRD=$out
}

# build_image VARIANT [--debug] [--tests] [--tools] [--readers FILES] - sets KERNEL, a
# directory, and INITRD, a file.
build_image()
{
	local variant=$1 debug='' tests='' tools='' readers='' subject=() module vmapstat name
	shift

	while (($#)); do
		case $1 in
		--debug) debug=--debug ;;
		--tests) tests=--tests ;;
		--tools) tools=--tools ;;
		--readers)
			readers=$2
			shift
			;;
		esac
		shift
	done
	[[ -z $tools$readers ]] || need_counted "$variant"
	KERNEL=$("$VB_TOP/scripts/kernel/build-kernel.sh" $debug "$variant") || exit 2
	module=$("$VB_TOP/scripts/kernel/build-module.sh" $debug "$variant") || exit 2
	vmapstat=$("$VB_TOP/scripts/kernel/build-vmapstat.sh" $debug "$variant") || exit 2
	name=$variant${debug/--/-}${tests/--/-}
	INITRD=$VB_BUILD/guest/$name.cpio.gz
	! is_subject "$variant" || subject=(--subject "$variant")
	"$VB_TOP/scripts/image/build-guest.sh" $tests ${subject[@]+"${subject[@]}"} --kernel "$KERNEL" --module "$module" \
		${vmapstat:+--vmapstat "$vmapstat"} --out "$INITRD" >/dev/null || exit 2
	[[ -z $tools ]] || add_archive "$name-tools" "$VB_TOP/scripts/image/build-tools-image.sh"
	[[ -z $readers ]] || add_archive "$name${tools/--/-}-readers" \
		"$VB_TOP/scripts/image/build-readers-image.sh" --files "$readers" --dir-block 65536
}
