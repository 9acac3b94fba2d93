/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cache.h - the private cache of each CPU
 */
#ifndef VB_SIM_CACHE_H
#define VB_SIM_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#define LINE_SHIFT	6

/* What a CPU may do with a line that it holds. */
enum cache_state {
	CACHE_NONE,
	CACHE_SHARED,		/* read */
	CACHE_EXCLUSIVE,	/* read and write: E and M of MESI */
};

/**
 * struct cache_slot - room for one line
 * @line: physical address / 64
 * @age: when it was looked up last
 * @stamp: changes whenever @line or @state do; who has remembered both compares it
 * @state: what the CPU may do
 */
struct cache_slot {
	uint64_t line;
	uint32_t age;
	uint32_t stamp;
	uint8_t state;
};

/* Lines that a CPU has used last, by virtual address. */
#define CACHE_RECENT	512

/**
 * struct cache - one CPU's
 * @slots: sets x ways of them
 * @sets: a power of 2
 * @ways: lines of a set
 * @lookups: so far
 * @generation: of the translations that @recent relies on
 */
struct cache {
	struct cache_slot *slots;
	uint32_t sets;
	uint32_t ways;
	uint32_t lookups;
	uint32_t generation;
	/* private: */
	struct {
		uint64_t line;
		struct cache_slot *slot;
		uint32_t stamp;
		uint32_t generation;
	} recent[CACHE_RECENT];
};

int cache_init(struct cache *c, uint32_t kib, uint32_t ways);
void cache_reset(struct cache *c);
void cache_forget_addresses(struct cache *c);
struct cache_slot *cache_find(struct cache *c, uint64_t line);
struct cache_slot *cache_take(struct cache *c, uint64_t line, uint64_t *evicted);
void cache_remember(struct cache *c, uint64_t address, struct cache_slot *slot);

static inline void cache_set(struct cache_slot *slot, enum cache_state state)
{
	slot->state = state;
	slot->stamp++;
}

/**
 * cache_recent() - the slot of an address that was used lately
 * @c: the CPU's cache
 * @address: virtual
 *
 * Return: the slot, in which the line still is; NULL if it has to be looked up.
 */
static inline struct cache_slot *cache_recent(const struct cache *c, uint64_t address)
{
	const unsigned int i = (address >> LINE_SHIFT) % CACHE_RECENT;

	if (c->recent[i].line != address >> LINE_SHIFT || !c->recent[i].slot ||
	    c->recent[i].generation != c->generation ||
	    c->recent[i].slot->stamp != c->recent[i].stamp)
		return NULL;
	return c->recent[i].slot;
}

#endif
