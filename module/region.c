// SPDX-License-Identifier: GPL-2.0
/*
 * How a measured region begins and ends
 *
 * The two functions that tracers hook to know what to count are apart from their
 * callers so that no compiler sees them together: calls to them must stay calls,
 * under these very names.
 */

#include <linux/compiler.h>
#include <linux/jiffies.h>
#include <linux/processor.h>
#include <linux/vmalloc.h>

#include "vmap_bench.h"

/**
 * vmap_bench_region_align() - bring about the state that every region begins in
 *
 * Nothing waits for a purge, and a tick has just been. What a kernel leaves to a
 * worker comes with a tick on a kernel without preemption, mainline's purges among it: a
 * region that began somewhere between two ticks would hold one purge more or
 * less, and its figures would tell of the guest's image and not of the layer.
 *
 * Context: process; may sleep, and then spins for a tick at most. Others may spin
 * meanwhile.
 */
void vmap_bench_region_align(void)
{
	unsigned long now;

	vm_unmap_aliases();
	now = jiffies;
	while (READ_ONCE(jiffies) == now)
		cpu_relax();
}

/**
 * vmap_bench_region_begin() - the measured window starts
 *
 * Called by one thread when all others wait at the start barrier.
 */
noinline void vmap_bench_region_begin(void)
{
	asm volatile("" : : : "memory");
}

/**
 * vmap_bench_region_end() - the measured window is over
 *
 * Called by one thread when all threads have ended their cool-down.
 */
noinline void vmap_bench_region_end(void)
{
	asm volatile("" : : : "memory");
}
