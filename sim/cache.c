// SPDX-License-Identifier: GPL-2.0
/*
 * cache.c - the private cache of each CPU
 *
 * Sets and ways are those of the level that no other CPU shares, the L2 of
 * today's machines. Lines that were used last are found by their virtual
 * address, without a translation; a CPU that flushes translations forgets
 * those. Such an access does not make a line younger in its set, as an access
 * that hits the L1 does not in a real L2.
 *
 * Nothing here knows QEMU.
 */
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "costs.h"

/**
 * cache_init() - an empty cache
 * @c: the cache
 * @kib: its size
 * @ways: lines of a set; size / 64 / ways has to be a power of 2
 *
 * Return: 0, or -1 if there is no memory or no such cache.
 */
int cache_init(struct cache *c, uint32_t kib, uint32_t ways)
{
	memset(c, 0, sizeof(*c));
	if (!costs_is_cache(kib, ways))
		return -1;
	c->ways = ways;
	c->sets = kib * 16 / ways;
	c->slots = calloc((size_t)c->sets * ways, sizeof(*c->slots));
	return c->slots ? 0 : -1;
}

/**
 * cache_reset() - empty it
 * @c: the cache
 */
void cache_reset(struct cache *c)
{
	memset(c->slots, 0, (size_t)c->sets * c->ways * sizeof(*c->slots));
	memset(c->recent, 0, sizeof(c->recent));
	c->lookups = 0;
	c->generation = 0;
}

/**
 * cache_forget_addresses() - the CPU has flushed translations
 * @c: its cache
 */
void cache_forget_addresses(struct cache *c)
{
	if (!++c->generation)
		memset(c->recent, 0, sizeof(c->recent));
}

/* Neighbours fall into neighbouring sets, as in a real cache. */
static struct cache_slot *set_of(struct cache *c, uint64_t line)
{
	return c->slots + (line & (c->sets - 1)) * c->ways;
}

/**
 * cache_find() - the slot of a line
 * @c: the cache
 * @line: physical address / 64
 *
 * Return: the slot, or NULL if it is not in the cache. Its age does not change.
 */
struct cache_slot *cache_find(struct cache *c, uint64_t line)
{
	struct cache_slot *set = set_of(c, line);
	uint32_t i;

	for (i = 0; i < c->ways; i++)
		if (set[i].state != CACHE_NONE && set[i].line == line)
			return &set[i];
	return NULL;
}

static struct cache_slot *oldest(struct cache *c, struct cache_slot *set)
{
	struct cache_slot *best = set;
	uint32_t i;

	for (i = 0; i < c->ways; i++) {
		if (set[i].state == CACHE_NONE)
			return &set[i];
		/* Differences survive the counter's turn. */
		if (c->lookups - set[i].age > c->lookups - best->age)
			best = &set[i];
	}
	return best;
}

/**
 * cache_take() - the slot of a line, which gets one if it has none
 * @c: the cache
 * @line: physical address / 64
 * @evicted: the line that had to leave for it, or UINT64_MAX
 *
 * Return: the slot, the youngest of its set; its state is CACHE_NONE if the
 * line is new there.
 */
struct cache_slot *cache_take(struct cache *c, uint64_t line, uint64_t *evicted)
{
	struct cache_slot *slot = cache_find(c, line);

	*evicted = UINT64_MAX;
	c->lookups++;
	if (!slot) {
		slot = oldest(c, set_of(c, line));
		if (slot->state != CACHE_NONE)
			*evicted = slot->line;
		slot->line = line;
		cache_set(slot, CACHE_NONE);
	}
	slot->age = c->lookups;
	return slot;
}

/**
 * cache_remember() - find it by its address from now on
 * @c: the CPU's cache
 * @address: virtual
 * @slot: where its line is
 */
void cache_remember(struct cache *c, uint64_t address, struct cache_slot *slot)
{
	const unsigned int i = (address >> LINE_SHIFT) % CACHE_RECENT;

	c->recent[i].line = address >> LINE_SHIFT;
	c->recent[i].slot = slot;
	c->recent[i].stamp = slot->stamp;
	c->recent[i].generation = c->generation;
}
