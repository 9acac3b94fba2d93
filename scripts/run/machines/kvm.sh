# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# kvm.sh - the host's own processor, in real time. See machines.sh.
# auto: 1

MACHINE_TEXT="KVM, the host's processor, real time"
# hypervisor off: the native queued spinlock, as on all other machines; and a TSC
# that the guest may believe in without kvmclock.
MACHINE_CPU="host,-hypervisor,migratable=off"

# machine_usable - /dev/kvm can open and no guest boots.
machine_usable()
{
	"$VB_TOP/scripts/run/smoke-boot.sh" kvm
}

# machine_args - QEMU's options, one a line.
machine_args()
{
	printf '%s\n' "-machine pc-i440fx-9.0"
	printf '%s\n' "-accel kvm"
	printf '%s\n' "-rtc clock=vm,base=2026-01-01"
	printf '%s\n' "-seed 1"
	printf '%s\n' "-cpu $MACHINE_CPU"
}

# machine_cmdline - words for the kernel's command line.
machine_cmdline()
{
	printf '%s' "tsc=reliable"
}
