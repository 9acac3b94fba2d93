// SPDX-License-Identifier: GPL-2.0
/*
 * The two functions that tracers hook to know what to count
 *
 * They are a file of their own so that no compiler sees them together with
 * their callers: calls to them must stay calls, under these very names.
 */

#include <linux/compiler.h>

#include "vmap_bench.h"

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
