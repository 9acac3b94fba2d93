# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# machine-defaults.sh - what a machine is unless its file says otherwise: in real
# time, with nothing loaded into QEMU. Sourced by load_machine before that file.

# ns between two samples of a stack: not in step with ticks, and the fewest. perf in
# the guest takes them, and a sample costs it some microseconds.
MACHINE_STACKS=103007
MACHINE_STACKS_MIN=100000

# machine_has_stacks - does the machine take samples itself?
machine_has_stacks()
{
	return 1
}

# machine_check_guest - can it run a guest with CPUS and a kernel for KERNEL_ARCH? Ends
# the script if not.
machine_check_guest()
{
	:
}

# machine_usable - does the host have it? 1, and why not, when it has not.
machine_usable()
{
	:
}

# machine_host - what figures depend on of the host, as JSON; or nothing.
machine_host()
{
	host_json
}

# machine_hash, machine_build, machine_preload, machine_plugin_args - of what is
# loaded into QEMU.
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

# machine_jobs MB - guests of that size at the same time: two would measure each
# other.
machine_jobs()
{
	printf '1\n'
}

# machine_has_snapshots - can a run go on from the boot of another? No two boots
# are the same.
machine_has_snapshots()
{
	return 1
}
