/* SPDX-License-Identifier: GPL-2.0 */
/*
 * coherence.h - how long an access to memory takes while others use the line
 */
#ifndef VB_SIM_COHERENCE_H
#define VB_SIM_COHERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "cache.h"
#include "costs.h"
#include "directory.h"
#include "topology.h"

/* Stores that a CPU can have under way; an Intel core has 10 to 12 line fill buffers. */
#define STORES_UNDER_WAY	10

/* ns after the last request for a line from which on nobody is taken to want it. */
#define CONTENDED_NS		500

/**
 * struct coherence_homes - where memory is
 * @nodes: sockets that memory belongs to; 0 or 1: all of it to the first
 * @node_mb: MiB of each, the first ones to the first; the last has the rest
 * @low_mb: MiB below 4 GiB, if there is memory above
 */
struct coherence_homes {
	uint64_t nodes;
	uint64_t node_mb;
	uint64_t low_mb;
};

/**
 * struct coherence - the caches of a machine
 * @costs: what requests take
 * @topology: who is near whom
 * @ncpus: CPUs
 * @cache: one of each CPU
 * @directory: all lines
 * @contended: another CPU asked for the line of the last access not long ago: who
 *	       comes first matters
 */
struct coherence {
	struct costs costs;
	struct topology topology;
	int ncpus;
	struct cache *cache;
	struct directory *directory;
	bool contended;
	/* private: when each CPU's stores under way are done, and the next to be replaced */
	struct {
		uint64_t done[STORES_UNDER_WAY];
		uint64_t last;
		unsigned int next;
	} stores[CLOCK_MAX_CPUS];
};

int coherence_init(struct coherence *k, const struct costs *costs, int ncpus,
		   const struct coherence_homes *homes);
void coherence_reset(struct coherence *k);
struct cache_slot *coherence_load(struct coherence *k, int cpu, uint64_t line, uint64_t now,
				  uint64_t *wait);
struct cache_slot *coherence_store(struct coherence *k, int cpu, uint64_t line, uint64_t now,
				   uint64_t *wait);
struct cache_slot *coherence_atomic(struct coherence *k, int cpu, uint64_t line, uint64_t now,
				    uint64_t *wait);
uint64_t coherence_fence(const struct coherence *k, int cpu, uint64_t now);

#endif
