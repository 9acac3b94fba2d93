# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# sim.sh - the deterministic machine: one thread, one instruction one
# nanosecond, nothing in it that comes from the host. Sourced by run-guest.sh.

# Said by the campaign's fingerprint.
MACHINE_TEXT="QEMU icount, one thread, 1 instruction = 1 ns of guest clock"
MACHINE_CPU="max,-hypervisor,-monitor"

# machine_args - QEMU's options, one a line.
machine_args()
{
	# A versioned board, so that a newer QEMU is still the same machine.
	printf '%s\n' "-machine pc-i440fx-9.0"
	printf '%s\n' "-accel tcg,thread=single"
	# With sleep=off an idle guest jumps to its next timer.
	printf '%s\n' "-icount shift=0,sleep=off"
	printf '%s\n' "-rtc clock=vm,base=2026-01-01"
	# What RDRAND and the like return.
	printf '%s\n' "-seed 1"
	# hypervisor off: the native queued spinlock, not virt_spin_lock.
	# monitor off: MWAIT is a PAUSE here, so idle CPUs would never halt.
	printf '%s\n' "-cpu $MACHINE_CPU"
}

# machine_cmdline - words for the kernel's command line.
machine_cmdline()
{
	# skew_tick keeps the ticks of all CPUs from falling on one instant;
	# a given lpj and no delay make the start of many CPUs affordable.
	printf '%s' "tsc=reliable skew_tick=1 lpj=1000000 cpu_init_udelay=0"
}
