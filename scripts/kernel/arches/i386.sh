# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# i386.sh - a 32-bit kernel and user space. See arch.sh.

# There is neither vmapstat nor perf for it.
ARCH_COUNTED=false
# With less of it more is left of the 1 GiB of the kernel's addresses, and vmalloc
# space is all that is left.
ARCH_MEMORY=1024

arch_settle()
{
	local root lib

	root=$("$VB_TOP/scripts/setup/get-i386.sh") || exit 2
	lib=$(echo "$root"/usr/lib/gcc/i686-linux-gnu/*)
	ARCH_BUSYBOX=$root/bin/busybox
	ARCH_CC=(gcc -m32 "--sysroot=$root" "-B$lib" "-B$root/usr/lib/i386-linux-gnu" "-L$lib"
		-isystem "$root/usr/include/i386-linux-gnu")
}

arch_packages()
{
	paste -sd' ' "$("$VB_TOP/scripts/setup/get-i386.sh")/packages"
}
