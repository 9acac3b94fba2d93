# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# sim.sh - the deterministic machine: one thread, one instruction one
# nanosecond, nothing in it that comes from the host. See machines.sh.

# Said by the campaign's fingerprint.
MACHINE_TEXT="QEMU icount, one thread, 1 instruction = 1 ns of guest clock"
MACHINE_CPU="max,-hypervisor,-monitor"

MACHINE_STACKS=10007
MACHINE_STACKS_MIN=100

# machine_check_guest - the plugin tells CPUs apart by what a 64-bit kernel has in GS, and
# knows the stacks of one.
machine_check_guest()
{
	[[ -z ${KERNEL_ARCH:-} ]] || ((CPUS == 1)) ||
		usage_error "--cpus: a 32-bit kernel has one CPU on sim, not $CPUS"
	[[ -z ${KERNEL_ARCH:-} || -z ${STACKS:-} ]] ||
		usage_error "--stacks: no stacks are taken of a 32-bit kernel"
}

# machine_has_stacks - the plugin takes samples, and no guest sees it.
machine_has_stacks()
{
	return 0
}

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

# machine_host - no figure depends on it.
machine_host()
{
	:
}

# machine_hash - of what is loaded into QEMU, for fingerprints.
machine_hash()
{
	hash_files "$VB_TOP"/sim/*.[ch] "$VB_TOP/sim/Makefile"
}

# machine_build - what is loaded into QEMU.
machine_build()
{
	local log=$VB_BUILD/log/sim.log

	mkdir -p -- "${log%/*}"
	(build_alone "$VB_BUILD/sim" && make -C "$VB_TOP/sim" OUT="$VB_BUILD/sim") >"$log" 2>&1 ||
		die "sim/ does not build: $(first_error "$log")" "$log"
	# Both the loader and QEMU end a path at one of these.
	[[ $VB_BUILD$VB_CACHE != *[\ :,]* ]] ||
		die "QEMU loads plugins only from a path without blanks, colons and commas: $VB_BUILD $VB_CACHE"
}

# machine_preload - without this library a loaded host can change what a guest
# does.
machine_preload()
{
	printf '%s' "$VB_BUILD/sim/idle-gate.so"
}

# machine_plugin_args - parallel time and a profile, in the directory QEMU runs in.
machine_plugin_args()
{
	local args=clock=clock.jsonl,profile=profile.raw,speed=speed.jsonl

	# The command finds the table next to itself, wherever that is.
	# shellcheck disable=SC2016
	[[ $COSTS == none ]] || args+=,costs='"$here/costs.tsv"'
	args+=$(topology_homes)
	[[ -z ${KERNEL_ARCH:-} ]] || args+=,bits=32
	[[ -z ${STACKS:-} ]] || args+=,stacks=stacks.raw,stacks-every=$STACKS
	printf '%s\n' "-plugin file=$VB_BUILD/sim/vmapsim.so,$args"
}

# machine_jobs MB - how many guests of that size may run at the same time: the
# host's load changes nothing, and each keeps one CPU of it busy; but they have
# to fit into its memory, each with QEMU's translation cache and what is known of
# each cache line, which is a page and an eighth for each page of the guest.
machine_jobs()
{
	local fit

	fit=$(awk -v guest="$1" '$1 == "MemAvailable:" { print int($2 / 1024 / (guest * 17 / 8 + 1200)) }' /proc/meminfo)
	fit=$((fit > 0 ? fit : 1))
	printf '%s\n' $((fit < $(nproc) ? fit : $(nproc)))
}

# machine_has_snapshots - a boot costs more than most runs, and its state is
# the same every time.
machine_has_snapshots()
{
	return 0
}

# machine_snapshot_args - for the boot that ends in a snapshot: it pauses where
# the guest asks for it, and takes commands on standard input.
machine_snapshot_args()
{
	printf '%s\n' "-plugin file=$VB_BUILD/sim/vmapsim.so,stop=stopped"
	printf '%s\n' "-qmp stdio"
	# Without it, a paused guest would be restored paused.
	printf '%s\n' "-global migration.store-global-state=off"
}

# machine_restore_args STATE - go on from a snapshot.
machine_restore_args()
{
	printf '%s\n' "-global migration.store-global-state=off"
	# Announcing itself to a network sets a timer in the host's time, and
	# how long CPUs execute at a time would depend on it.
	printf '%s\n' "-global migration.announce-rounds=0"
	printf '%s\n' "-incoming file:$1"
}

# machine_cmdline - words for the kernel's command line.
machine_cmdline()
{
	# skew_tick keeps the ticks of all CPUs from falling on one instant;
	# a given lpj and no delay make the start of many CPUs affordable.
	printf '%s' "tsc=reliable skew_tick=1 lpj=1000000 cpu_init_udelay=0"
}
