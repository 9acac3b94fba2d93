// SPDX-License-Identifier: GPL-2.0
/*
 * coherence.c - how long an access to memory takes while others use the line
 *
 * A directory of lines by physical address, with the states of MESI: one owner
 * that may write (M and E), or any number of holders that may read (S). A CPU's
 * private cache holds what it can hit; a line that fell out of it comes from
 * the L3. No L3 loses a line.
 *
 * Requests to a line queue on it. A request that begins at s is done at
 * s + latency, and the next can begin at s + latency / 2; until then the owner
 * that the line leaves still hits. So a counter that all CPUs increment takes
 * half a transfer each time, as measured curves show (perfbook, count_atomic
 * on a Xeon 8176: 22 to 25 ns with 8 to 28 CPUs where a transfer takes 47.5).
 *
 * A plain store that misses costs nothing then: the CPU continues, and its next
 * locked instruction or fence waits until the line is there, as do a load from
 * that line and a store for which there is no buffer.
 *
 * What was not seen in the region before is in the cache of the CPU that uses
 * it first: regions are short, and a long run has few first accesses.
 *
 * Nothing here knows QEMU.
 */
#include <stdlib.h>
#include <string.h>

#include "coherence.h"

/**
 * coherence_init() - caches with nothing in them
 * @k: filled in
 * @costs: latencies, caches, and who shares them
 * @ncpus: 1 to CLOCK_MAX_CPUS
 * @homes: where memory is
 *
 * Return: 0, or -1 if there is no memory, or the machine has more L3 caches than
 * TOPOLOGY_MAX_L3S.
 */
int coherence_init(struct coherence *k, const struct costs *costs, int ncpus,
		   const struct coherence_homes *homes)
{
	int i;

	memset(k, 0, sizeof(*k));
	k->costs = *costs;
	k->topology.cores = costs->cores_per_l3;
	k->topology.l3s = costs->l3s_per_socket;
	k->topology.homes = homes->node_mb ? homes->nodes : 1;
	k->topology.home = homes->node_mb << (20 - LINE_SHIFT);
	k->topology.low = homes->low_mb << (20 - LINE_SHIFT);
	k->ncpus = ncpus;
	k->directory = directory_new();
	k->cache = calloc(ncpus, sizeof(*k->cache));
	if (!k->cache || topology_l3(&k->topology, ncpus - 1) >= TOPOLOGY_MAX_L3S)
		return -1;
	for (i = 0; i < ncpus; i++)
		if (cache_init(&k->cache[i], costs->cache_kib, costs->cache_ways))
			return -1;
	return 0;
}

/**
 * coherence_reset() - a region begins
 * @k: the caches
 */
void coherence_reset(struct coherence *k)
{
	int i;

	directory_reset(k->directory);
	memset(k->stores, 0, sizeof(k->stores));
	for (i = 0; i < k->ncpus; i++)
		cache_reset(&k->cache[i]);
}

static uint64_t latency(const struct coherence *k, enum distance d)
{
	return d == SAME_L3 ? k->costs.line_l3 :
	       d == SAME_SOCKET ? k->costs.line_socket : k->costs.line_remote;
}

static enum distance farther(enum distance a, enum distance b)
{
	return a > b ? a : b;
}

/* To the memory that the line belongs to, beyond what is in the CPU's own socket. */
static enum distance to_home(const struct coherence *k, unsigned int l3, uint64_t line)
{
	return topology_socket(&k->topology, l3) == topology_home(&k->topology, line) ?
		SAME_L3 : OTHER_SOCKET;
}

/* From the owner, by way of the line's home. */
static enum distance to_owner(const struct coherence *k, unsigned int l3, uint64_t line, int owner)
{
	const unsigned int other = topology_l3(&k->topology, owner);
	const enum distance d = topology_distance(&k->topology, l3, other);

	/* Nobody beyond an L3 hears of what stays behind it. */
	return d == SAME_L3 ? d : farther(d, to_home(k, l3, line));
}

/* To the nearest L3 that has it. */
static enum distance to_copy(const struct coherence *k, unsigned int l3, uint64_t l3s)
{
	enum distance best = OTHER_SOCKET, d;

	while (l3s) {
		d = topology_distance(&k->topology, l3, __builtin_ctzll(l3s));
		if (d < best)
			best = d;
		l3s &= l3s - 1;
	}
	return best;
}

/* To the farthest of the others that have it. */
static enum distance to_holders(const struct coherence *k, unsigned int l3, uint64_t line,
				uint64_t l3s)
{
	enum distance worst = SAME_L3;

	while (l3s) {
		worst = farther(worst, topology_distance(&k->topology, l3, __builtin_ctzll(l3s)));
		l3s &= l3s - 1;
	}
	return worst == SAME_L3 ? worst : farther(worst, to_home(k, l3, line));
}

static uint64_t l3_bit(const struct coherence *k, int cpu)
{
	return 1ULL << topology_l3(&k->topology, cpu);
}

static void set_holder(struct line *l, int cpu, bool holds)
{
	if (holds)
		l->holders[cpu / 64] |= 1ULL << cpu % 64;
	else
		l->holders[cpu / 64] &= ~(1ULL << cpu % 64);
}

static void set_state(struct coherence *k, int cpu, uint64_t line, enum cache_state state)
{
	struct cache_slot *slot = cache_find(&k->cache[cpu], line);

	if (slot)
		cache_set(slot, state);
}

/* The L3 still has it. */
static void evict(struct coherence *k, int cpu, uint64_t line)
{
	struct line *l = directory_line(k->directory, line);

	set_holder(l, cpu, false);
	if (l->owner == cpu)
		l->owner = -1;
}

static struct cache_slot *fill(struct coherence *k, int cpu, uint64_t line, struct line *l,
			       enum cache_state state)
{
	struct cache_slot *slot;
	uint64_t evicted;

	slot = cache_take(&k->cache[cpu], line, &evicted);
	if (evicted != UINT64_MAX)
		evict(k, cpu, evicted);
	if (slot->state != state)
		cache_set(slot, state);
	set_holder(l, cpu, true);
	l->l3s |= l3_bit(k, cpu);
	l->seen = true;
	return slot;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t begin(const struct line *l, uint64_t now)
{
	return later(now, l->free_at);
}

static uint64_t serve(struct line *l, uint64_t now, uint64_t ns)
{
	const uint64_t start = begin(l, now);

	l->free_at = start + ns / 2;
	return start + ns;
}

/* It comes from beyond the CPU's L3; whoever is behind that waits for it. */
static void fetch(const struct coherence *k, int cpu, struct line *l, uint64_t now, uint64_t done)
{
	if (now >= l->arrives)
		l->coming = 0;
	l->arrives = l->coming ? later(l->arrives, done) : done;
	l->coming |= l3_bit(k, cpu);
}

/* When a line that is in the CPU's L3 is there. */
static uint64_t arrived(const struct coherence *k, int cpu, const struct line *l, uint64_t now)
{
	return (l->coming & l3_bit(k, cpu)) && now < l->arrives ? l->arrives : now;
}

static void note_contended(struct coherence *k, const struct line *l, uint64_t now)
{
	k->contended = l->free_at && now < l->free_at + CONTENDED_NS;
}

static bool is_leaving(const struct line *l, int cpu, uint64_t now)
{
	return l->leaving == cpu && now < l->free_at;
}

static bool others_have(const struct line *l, int cpu)
{
	int i;

	for (i = 0; i < CLOCK_MAX_CPUS / 64; i++)
		if (l->holders[i] & ~(cpu / 64 == i ? 1ULL << cpu % 64 : 0))
			return true;
	return false;
}

/**
 * coherence_load() - a CPU reads from a line
 * @k: the caches
 * @cpu: which
 * @line: physical address / 64
 * @now: the CPU's clock, ns
 * @wait: how long it has to wait, ns
 *
 * Return: where the line is in its cache, or NULL if it is on its way, there or to
 * another CPU.
 */
struct cache_slot *coherence_load(struct coherence *k, int cpu, uint64_t line, uint64_t now,
				  uint64_t *wait)
{
	struct line *l = directory_line(k->directory, line);
	const unsigned int l3 = topology_l3(&k->topology, cpu);
	uint64_t done;

	*wait = 0;
	note_contended(k, l, now);
	if (line_has(l, cpu)) {
		/* Its own store may still wait for it. */
		if (l->owner == cpu)
			*wait = arrived(k, cpu, l, now) - now;
		return fill(k, cpu, line, l, l->owner == cpu ? CACHE_EXCLUSIVE : CACHE_SHARED);
	}
	if (!l->seen) {
		l->owner = cpu;
		return fill(k, cpu, line, l, CACHE_EXCLUSIVE);
	}
	if (is_leaving(l, cpu, now))
		return NULL;
	if (l->owner >= 0) {
		done = serve(l, now, latency(k, to_owner(k, l3, line, l->owner)));
		if (topology_l3(&k->topology, l->owner) != l3)
			fetch(k, cpu, l, now, done);
		set_state(k, l->owner, line, CACHE_SHARED);
		l->leaving = l->owner;
		l->owner = -1;
	} else if (l->l3s & l3_bit(k, cpu)) {
		done = later(begin(l, now) + k->costs.l3_hit, arrived(k, cpu, l, now));
		/* Nobody else has it: its next store is free. */
		if (!others_have(l, cpu) && l->l3s == l3_bit(k, cpu))
			l->owner = cpu;
	} else {
		done = begin(l, now) +
			latency(k, farther(to_copy(k, l3, l->l3s), to_home(k, l3, line)));
		fetch(k, cpu, l, now, done);
	}
	*wait = done - now;
	return fill(k, cpu, line, l, l->owner == cpu ? CACHE_EXCLUSIVE : CACHE_SHARED);
}

/* Nobody else has it any longer. */
static void invalidate(struct coherence *k, int cpu, uint64_t line, struct line *l)
{
	int i, other;

	for (i = 0; i < CLOCK_MAX_CPUS / 64; i++) {
		while (l->holders[i]) {
			other = i * 64 + __builtin_ctzll(l->holders[i]);
			l->holders[i] &= l->holders[i] - 1;
			if (other != cpu)
				set_state(k, other, line, CACHE_NONE);
		}
	}
	l->l3s = 0;
}

/* What it takes to be the only one that has the line. */
static uint64_t own_latency(const struct coherence *k, const struct line *l, uint64_t line,
			    int cpu)
{
	const unsigned int l3 = topology_l3(&k->topology, cpu);

	if (l->owner >= 0)
		return latency(k, to_owner(k, l3, line, l->owner));
	if (others_have(l, cpu) || (l->l3s & ~l3_bit(k, cpu)))
		return latency(k, to_holders(k, l3, line, l->l3s));
	return k->costs.l3_hit;
}

/*
 * When the CPU is the owner; its slot is in @slot, which is NULL when the line is on its
 * way, there or to another CPU.
 */
static uint64_t own(struct coherence *k, int cpu, uint64_t line, uint64_t now,
		    struct cache_slot **slot)
{
	struct line *l = directory_line(k->directory, line);
	const bool had = line_has(l, cpu);
	uint64_t done = now;

	note_contended(k, l, now);
	if (l->owner == cpu) {
		*slot = fill(k, cpu, line, l, CACHE_EXCLUSIVE);
		if (arrived(k, cpu, l, now) > now)
			*slot = NULL;
		return now;
	}
	*slot = NULL;
	if (is_leaving(l, cpu, now))
		return now;
	if (l->seen) {
		done = serve(l, now, own_latency(k, l, line, cpu));
		l->leaving = l->owner;
		invalidate(k, cpu, line, l);
		l->coming = 0;
		if (!had)
			fetch(k, cpu, l, now, done);
	}
	l->owner = cpu;
	*slot = fill(k, cpu, line, l, CACHE_EXCLUSIVE);
	return done;
}

/**
 * coherence_store() - a CPU writes to a line, with a plain store
 * @k: the caches
 * @cpu: which
 * @line: physical address / 64
 * @now: the CPU's clock, ns
 * @wait: how long it has to wait for a store buffer, ns
 *
 * Return: as coherence_load().
 */
struct cache_slot *coherence_store(struct coherence *k, int cpu, uint64_t line, uint64_t now,
				   uint64_t *wait)
{
	unsigned int *next = &k->stores[cpu].next;
	uint64_t *oldest = &k->stores[cpu].done[*next];
	struct cache_slot *slot;
	uint64_t done = own(k, cpu, line, now, &slot);

	*wait = 0;
	if (done <= now)
		return slot;
	if (*oldest > now)
		*wait = *oldest - now;
	*oldest = done;
	*next = (*next + 1) % STORES_UNDER_WAY;
	k->stores[cpu].last = later(k->stores[cpu].last, done);
	return NULL;
}

/**
 * coherence_fence() - a CPU waits for its stores
 * @k: the caches
 * @cpu: which
 * @now: its clock, ns
 *
 * Return: how long, ns.
 */
uint64_t coherence_fence(const struct coherence *k, int cpu, uint64_t now)
{
	return k->stores[cpu].last > now ? k->stores[cpu].last - now : 0;
}

/**
 * coherence_atomic() - a CPU executes a locked instruction
 * @k: the caches
 * @cpu: which
 * @line: physical address / 64
 * @now: its clock, ns
 * @wait: how long it takes in addition to an instruction, ns
 *
 * Return: as coherence_load().
 */
struct cache_slot *coherence_atomic(struct coherence *k, int cpu, uint64_t line, uint64_t now,
				    uint64_t *wait)
{
	const uint64_t at = now + coherence_fence(k, cpu, now);
	struct cache_slot *slot;

	*wait = own(k, cpu, line, at, &slot) + k->costs.atomic - now;
	return slot;
}
