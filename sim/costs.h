/* SPDX-License-Identifier: GPL-2.0 */
/*
 * costs.h - what a machine's caches are, and what takes time beside instructions
 */
#ifndef VB_SIM_COSTS_H
#define VB_SIM_COSTS_H

#include <stdbool.h>
#include <stdint.h>

/* Memory that a private cache may have: more than any has today. */
#define CACHE_KIB_MAX	4096

/* What an instruction takes unless the table says something else, ps. */
#define INSN_PS		1000

/**
 * struct costs - the table of a machine; all are ns unless said otherwise
 * @ipi_delivery: from the write to the interrupt command register until the
 *		  receiver can act
 * @ipi_lines: without @coherence, what the lines take that sender and receiver share
 * @tlb_flush_page: INVLPG, and the refill of that entry later
 * @tlb_flush_all: a flush of the whole TLB, global translations included, and
 *		   the refills later
 * @insn_ps: what an instruction takes, ps
 * @coherence: 1: the caches are simulated; 0: only @line_transfer is charged
 * @line_transfer: without @coherence, an atomic access to a cache line that
 *		   another CPU changed last
 * @atomic: a locked instruction on a line that the CPU owns, beside the instruction
 * @l3_hit: a line that the L3 has, and no other CPU has changed
 * @line_l3: a line that a CPU behind the same L3 owns or has to give up
 * @line_socket: the same, behind another L3 of the socket
 * @line_remote: the same, in another socket
 * @cache_kib: size of a CPU's private cache, KiB
 * @cache_ways: its ways
 * @cores_per_l3: CPUs that share an L3
 * @l3s_per_socket: L3 caches of a socket
 */
struct costs {
	uint64_t ipi_delivery;
	uint64_t ipi_lines;
	uint64_t tlb_flush_page;
	uint64_t tlb_flush_all;
	uint64_t insn_ps;
	uint64_t coherence;
	uint64_t line_transfer;
	uint64_t atomic;
	uint64_t l3_hit;
	uint64_t line_l3;
	uint64_t line_socket;
	uint64_t line_remote;
	uint64_t cache_kib;
	uint64_t cache_ways;
	uint64_t cores_per_l3;
	uint64_t l3s_per_socket;
};

/**
 * costs_is_cache() - can a private cache have this shape?
 * @kib: its size, KiB
 * @ways: lines of a set
 *
 * Return: true if its sets, which are found by bits of the address, are a power of 2.
 */
static inline bool costs_is_cache(uint64_t kib, uint64_t ways)
{
	const uint64_t lines = kib * 16, sets = ways ? lines / ways : 0;

	return sets && sets * ways == lines && !(sets & (sets - 1));
}

int costs_read(struct costs *costs, const char *file);

#endif
