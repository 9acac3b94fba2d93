/* SPDX-License-Identifier: GPL-2.0 */
/*
 * directory.h - what is known about each cache line
 */
#ifndef VB_SIM_DIRECTORY_H
#define VB_SIM_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"

/**
 * struct line - a cache line of physical memory
 * @holders: CPUs that have it in their private cache, a bit each
 * @l3s: L3 caches it is in, a bit each
 * @free_at: ns, when the next request for it can be served
 * @arrives: ns, when it is in the L3 caches that it is @coming to
 * @coming: those, a bit each; nothing from @arrives on
 * @owner: the one CPU that may write to it, or -1
 * @leaving: the CPU that the line leaves until @free_at, or -1
 * @seen: it was accessed in this region
 */
struct line {
	uint64_t holders[CLOCK_MAX_CPUS / 64];
	uint64_t l3s;
	uint64_t free_at;
	uint64_t arrives;
	uint64_t coming;
	int16_t owner;
	int16_t leaving;
	bool seen;
};

static inline bool line_has(const struct line *l, int cpu)
{
	return l->holders[cpu / 64] >> cpu % 64 & 1;
}

struct directory;

struct directory *directory_new(void);
void directory_reset(struct directory *d);
struct line *directory_line(struct directory *d, uint64_t line);

#endif
