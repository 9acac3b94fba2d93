# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# guest-image.sh - everything that one boot of a variant needs, built. Sourced
# after lib.sh.

# build_image VARIANT [--debug] [--tests] [--tools] - sets KERNEL, a folder, and
# INITRD, a file.
build_image()
{
	local variant=$1 debug='' tests='' tools='' module vmapstat name
	shift

	while (($#)); do
		case $1 in
		--debug) debug=--debug ;;
		--tests) tests=--tests ;;
		--tools) tools=--tools ;;
		esac
		shift
	done
	KERNEL=$("$VB_TOP/scripts/build-kernel.sh" $debug "$variant") || exit 2
	module=$("$VB_TOP/scripts/build-module.sh" $debug "$variant") || exit 2
	vmapstat=$("$VB_TOP/scripts/build-vmapstat.sh" $debug "$variant") || exit 2
	name=$VB_BUILD/guest/$variant${debug/--/-}${tests/--/-}
	INITRD=$name.cpio.gz
	"$VB_TOP/scripts/build-guest.sh" $tests --kernel "$KERNEL" --module "$module" \
		--vmapstat "$vmapstat" --out "$INITRD" >/dev/null || exit 2
	[[ -n $tools ]] || return 0
	"$VB_TOP/scripts/build-tools-image.sh" --initrd "$INITRD" --out "$name-tools.img" >/dev/null ||
		exit 2
	INITRD=$name-tools.img
}
