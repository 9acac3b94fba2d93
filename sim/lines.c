// SPDX-License-Identifier: GPL-2.0
/*
 * lines.c - who has a cache line
 *
 * Only atomic accesses are followed: locks, reference counts, bit operations.
 * A line that was not seen for long is forgotten when another one needs its
 * place, as in a cache; the next access to it is free.
 */
#include <string.h>

#include "lines.h"

#define LINE_SHIFT	6
/* 4 MiB worth of lines. */
#define NR_LINES	65536

static struct {
	/* Address of the line and 1, or 0 where there is none. */
	uint64_t tag;
	int cpu;
} lines[NR_LINES];

/**
 * lines_init() - nobody has anything
 */
void lines_init(void)
{
	memset(lines, 0, sizeof(lines));
}

/**
 * lines_take() - a CPU changes a line
 * @cpu: which
 * @address: virtual; one line under two addresses counts as two
 *
 * Return: true if it had to come from another CPU.
 */
bool lines_take(int cpu, uint64_t address)
{
	const uint64_t line = address >> LINE_SHIFT;
	/* Fibonacci hashing: per-CPU areas are a power of two apart. */
	const unsigned int i = (line * 0x9e3779b97f4a7c15ULL) >> 48;
	const bool known = lines[i].tag == (line << 1 | 1);
	const bool other = known && lines[i].cpu != cpu;

	lines[i].tag = line << 1 | 1;
	lines[i].cpu = cpu;
	return other;
}
