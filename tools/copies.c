// SPDX-License-Identifier: GPL-2.0
/*
 * Boots that are there more than once: see copies.h.
 *
 * In real time no two boots take the same time to the nanosecond for everything that they
 * do. A copy does, and as a boot more it would make an interval narrower than it is. On
 * sim boots of one kernel are the same, and count as one (vb_check_same).
 */
#include "copies.h"

/* Is this of the same point, with the same times? Who copies a boot may rename it. */
static int same_times(const struct vb_sample *a, const struct vb_sample *b)
{
	size_t i;

	if (a->mode != b->mode || a->window_ns != b->window_ns || a->nthreads != b->nthreads)
		return 0;
	for (i = 0; i < a->nthreads; i++)
		if (a->thread[i].ns != b->thread[i].ns)
			return 0;
	return 1;
}

/* Are the times of all points the same, and are there any? @b is whole. */
static int same_boot(const struct vb_run *a, const struct vb_run *b)
{
	int timed = 0;
	size_t i;

	if (!a->whole || a->nsamples != b->nsamples)
		return 0;
	for (i = 0; i < a->nsamples; i++) {
		if (!same_times(&a->sample[i], &b->sample[i]))
			return 0;
		timed |= a->sample[i].window_ns > 0;
	}
	return timed;
}

/**
 * vb_check_copies() - end the program if a boot is a copy of another one
 * @runs: all runs
 * @c: the campaign
 *
 * Whatever kernel it says it is of. Points that failed have no times, and say nothing.
 */
void vb_check_copies(const struct vb_runs *runs, const struct vb_campaign *c)
{
	const struct vb_run *a, *b;

	if (vb_campaign_is_sim(c))
		return;
	for (b = runs->run; b < runs->run + runs->n; b++) {
		for (a = runs->run; b->whole && a < b; a++) {
			if (same_boot(a, b))
				vb_die("%s/%s/run-%ld is a copy of %s/run-%ld: %s", c->dir,
				       b->variant, b->number, a->variant, a->number,
				       "all times of their points are the same to the nanosecond, which boots in real time never are: remove it, and give the bench command again");
		}
	}
}
