# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# sim.sh - the deterministic machine: one thread, one instruction one
# nanosecond, nothing in it that comes from the host. Sourced by run-guest.sh
# after lib.sh.

# Said by the campaign's fingerprint.
MACHINE_TEXT="QEMU icount, one thread, 1 instruction = 1 ns of guest clock"
MACHINE_CPU="max,-hypervisor,-monitor"

# machine_args - QEMU's options, one a line.
machine_args()
{
	# A versioned board, so that a newer QEMU is still the same machine.
	printf '%s\n' "-machine pc-i440fx-9.0"
	# The translation cache's size depends on the host's memory if it is not
	# given, and emptying it costs the running CPU its turn.
	printf '%s\n' "-accel tcg,thread=single,tb-size=1024"
	# With sleep=off an idle guest jumps to its next timer.
	printf '%s\n' "-icount shift=0,sleep=off"
	printf '%s\n' "-rtc clock=vm,base=2026-01-01"
	# What RDRAND and the like return.
	printf '%s\n' "-seed 1"
	# hypervisor off: the native queued spinlock, not virt_spin_lock.
	# monitor off: MWAIT is a PAUSE here, so idle CPUs would never halt.
	printf '%s\n' "-cpu $MACHINE_CPU"
}

# machine_hash - of what is loaded into QEMU, for fingerprints.
machine_hash()
{
	hash_files "$VB_TOP"/sim/*.[ch]
}

# machine_build - what is loaded into QEMU.
machine_build()
{
	local log=$VB_BUILD/log/sim.log

	mkdir -p -- "${log%/*}"
	make -C "$VB_TOP/sim" OUT="$VB_BUILD/sim" >"$log" 2>&1 ||
		die "sim/ does not build: $(first_error "$log")" "$log"
	# Both the loader and QEMU end a path at one of these.
	[[ $VB_BUILD != *[\ :,]* ]] ||
		die "nothing can be loaded into QEMU from a path with a blank, a colon or a comma: $VB_BUILD"
}

# machine_preload - without this library a loaded host can change what a guest
# does.
machine_preload()
{
	printf '%s' "$VB_BUILD/sim/idle-gate.so"
}

# machine_plugin - parallel time, in clock.jsonl of the folder QEMU runs in.
machine_plugin()
{
	printf '%s' "file=$VB_BUILD/sim/vmapsim.so,out=clock.jsonl"
}

# machine_cmdline - words for the kernel's command line.
machine_cmdline()
{
	# skew_tick keeps the ticks of all CPUs from falling on one instant;
	# a given lpj and no delay make the start of many CPUs affordable.
	printf '%s' "tsc=reliable skew_tick=1 lpj=1000000 cpu_init_udelay=0"
}
