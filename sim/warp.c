// SPDX-License-Identifier: GPL-2.0
/*
 * warp.c - the time in which the whole machine was idle
 *
 * When all CPUs are halted, the guest's clock jumps to the next timer. No
 * callback tells so, but the guest reads its clock right afterwards, to see
 * which timers have expired: the time stamp counter counts one for each
 * instruction of any CPU, and the jumps. What is left over is idle time.
 */
#include <stdbool.h>
#include <string.h>

#include "cpus.h"
#include "warp.h"

/*
 * Less is no jump: a block that a fault ends early was counted in full. No
 * timer of the kernel is set as close as that.
 */
#define WARP_MIN_NS	1000

static struct {
	uint64_t insns;
	int64_t left_over;
	bool known;
	struct {
		bool expected;
		/* All that had been executed when it read. */
		uint64_t insns;
	} read[CLOCK_MAX_CPUS];
} warp;

/**
 * warp_init() - a region begins
 */
void warp_init(void)
{
	memset(&warp, 0, sizeof(warp));
}

/**
 * warp_count() - some CPU executes instructions
 * @insns: how many
 */
void warp_count(uint64_t insns)
{
	warp.insns += insns;
}

/**
 * warp_expect() - the block that is about to be executed ends with RDTSC
 * @cpu: on this CPU
 *
 * Context: after warp_count() for that block.
 */
void warp_expect(int cpu)
{
	warp.read[cpu].expected = true;
	warp.read[cpu].insns = warp.insns;
}

/**
 * warp_look() - see whether this CPU has read the time stamp counter
 * @c: the clocks, moved on if the machine has been idle
 * @cpu: the CPU that executes
 *
 * Context: before warp_count() for the block that is about to be executed; in
 * a callback that may read registers.
 */
void warp_look(struct clock *c, int cpu)
{
	int64_t left_over;

	if (!warp.read[cpu].expected)
		return;
	warp.read[cpu].expected = false;
	left_over = (int64_t)(cpus_tsc() - warp.read[cpu].insns);
	if (warp.known && left_over > warp.left_over + WARP_MIN_NS)
		clock_idle(c, left_over - warp.left_over);
	warp.left_over = left_over;
	warp.known = true;
}
