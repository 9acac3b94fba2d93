# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# x86_64.sh - the host's own processor. See arch.sh.

# What counts in the guest and the tools that sample there are built for it.
ARCH_COUNTED=true
# Memory of a guest, in MB, at least.
ARCH_MEMORY=0

# arch_settle - sets ARCH_BUSYBOX, and ARCH_CC: the compiler of the guest's programs.
arch_settle()
{
	ARCH_BUSYBOX=${VB_BUSYBOX:-/bin/busybox}
	ARCH_CC=(gcc)
}

# arch_packages - what they are made of, if it is nothing that the host has.
arch_packages()
{
	:
}
