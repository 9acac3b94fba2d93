# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# tcg.sh - emulation in real time: there on every host, and noisy. See machines.sh.
# auto: 2

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

# machine_cmdline - words for the kernel's command line.
machine_cmdline()
{
	printf '%s' "tsc=reliable"
}
