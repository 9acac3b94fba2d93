// SPDX-License-Identifier: GPL-2.0
/*
 * Boots that are there more than once: see copies.h.
 *
 * In real time no two boots take the same time to the nanosecond for most of what they do.
 * A copy does, and as a boot more it would make an interval narrower than it is. On sim
 * boots of one kernel are the same, and count as one (vb_check_same).
 */
#include <stdint.h>
#include <stdlib.h>

#include "records/copies.h"

/* FNV-1a. */
#define HASH_START	0xcbf29ce484222325ULL
#define HASH_PRIME	0x100000001b3ULL

/**
 * struct times - the times of a boot's points
 * @hash: one for each point that has a time, sorted
 * @n: how many
 */
struct times {
	uint64_t *hash;
	size_t n;
};

static uint64_t mix(uint64_t hash, uint64_t value)
{
	int i;

	for (i = 0; i < 8; i++, value >>= 8)
		hash = (hash ^ (value & 0xff)) * HASH_PRIME;
	return hash;
}

/* Names and places of points are not in it: who copies a boot may change them. */
static uint64_t hash_of(const struct vb_sample *s)
{
	uint64_t hash = mix(mix(HASH_START, s->mode), s->window_ns);
	size_t i;

	for (i = 0; i < s->nthreads; i++)
		hash = mix(hash, s->thread[i].ns);
	return hash;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Points that failed have no times, and say nothing. */
static void take_times(struct times *t, const struct vb_run *run)
{
	size_t i;

	for (i = 0; run->whole && i < run->nsamples; i++) {
		if (!run->sample[i].window_ns)
			continue;
		t->hash = vb_grow(t->hash, t->n, sizeof(*t->hash));
		t->hash[t->n++] = hash_of(&run->sample[i]);
	}
	if (t->n)
		qsort(t->hash, t->n, sizeof(*t->hash), compare);
}

/* How many points of @b have the times of a point of @a. */
static size_t in_common(const struct times *a, const struct times *b)
{
	size_t i = 0, j = 0, n = 0;

	while (i < a->n && j < b->n) {
		if (a->hash[i] == b->hash[j]) {
			i++;
			j++;
			n++;
		} else if (a->hash[i] < b->hash[j]) {
			i++;
		} else {
			j++;
		}
	}
	return n;
}

static void check_pair(const struct vb_campaign *c, const struct vb_run *a, const struct times *at,
		       const struct vb_run *b, const struct times *bt)
{
	size_t n = in_common(at, bt);

	if (2 * n > at->n || 2 * n > bt->n)
		vb_die("%s/%s/run-%ld is a copy of %s/run-%ld: %zu of its %zu points %s", c->dir,
		       b->variant, b->number, a->variant, a->number, n, bt->n,
		       "have the same times to the nanosecond, which boots in real time never have: remove it, and give the bench command again");
}

/**
 * vb_check_copies() - end the program if most of a boot is a copy of another one
 * @runs: all runs
 * @c: the campaign
 *
 * Whatever kernel it says it is of.
 */
void vb_check_copies(const struct vb_runs *runs, const struct vb_campaign *c)
{
	struct times *times;
	size_t a, b;

	if (vb_campaign_is_sim(c))
		return;
	times = calloc(runs->n + 1, sizeof(*times));
	if (!times)
		vb_die("out of memory");
	for (b = 0; b < runs->n; b++) {
		take_times(&times[b], &runs->run[b]);
		for (a = 0; a < b; a++)
			check_pair(c, &runs->run[a], &times[a], &runs->run[b], &times[b]);
	}
	for (b = 0; b < runs->n; b++)
		free(times[b].hash);
	free(times);
}
