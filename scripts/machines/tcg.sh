# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# tcg.sh - emulation in real time: faster than sim where only the outcome of a
# test counts, and useless for timing. Sourced by run-guest.sh.

MACHINE_TEXT="QEMU TCG, a host thread per CPU, real time"
MACHINE_CPU="max,-hypervisor,-monitor"

# machine_args - QEMU's options, one a line.
machine_args()
{
	printf '%s\n' "-machine pc-i440fx-9.0"
	printf '%s\n' "-accel tcg,thread=multi"
	printf '%s\n' "-rtc clock=vm,base=2026-01-01"
	printf '%s\n' "-seed 1"
	# For both see sim.sh.
	printf '%s\n' "-cpu $MACHINE_CPU"
}

# machine_hash, machine_build, machine_preload, machine_plugin_args - nothing
# is loaded into QEMU.
machine_hash()
{
	printf 'none'
}

machine_build()
{
	:
}

machine_preload()
{
	:
}

machine_plugin_args()
{
	:
}

# machine_jobs MB - one guest at a time: two would measure each other.
machine_jobs()
{
	printf '1\n'
}

# machine_has_snapshots - no two boots are the same.
machine_has_snapshots()
{
	return 1
}

# machine_cmdline - words for the kernel's command line.
machine_cmdline()
{
	printf '%s' "tsc=reliable"
}
