// SPDX-License-Identifier: GPL-2.0
/* What a change of the time comes from, when both campaigns have their profiles. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "compare/compare.h"

static int by_delta(const void *a, const void *b)
{
	double x = fabs(((const struct vb_reason *)a)->delta);
	double y = fabs(((const struct vb_reason *)b)->delta);

	return (x < y) - (x > y);
}

static void add(struct vb_reason **reason, size_t *n, const struct vb_share *before,
		const struct vb_share *after)
{
	*reason = vb_grow(*reason, *n, sizeof(**reason));
	(*reason)[(*n)++] = (struct vb_reason) {
		.before = before, .after = after,
		.delta = (after ? after->ns_per_op : 0) - (before ? before->ns_per_op : 0),
	};
}

/**
 * vb_why() - the parts of a point's time, the most changed first
 * @c: the comparison
 * @change: a change of the point
 * @reason: gets them, to be freed
 *
 * Return: how many; 0 when a side has no attribution of the point.
 */
size_t vb_why(const struct vb_comparison *c, const struct vb_change *change,
	      struct vb_reason **reason)
{
	struct vb_share before = {
		.variant = (char *)change->point.variant, .pages = change->point.pages,
		.workload = (char *)change->point.workload, .threads = change->point.threads,
	};
	struct vb_share after = before;
	const struct vb_share *s;
	size_t n = 0;

	*reason = NULL;
	after.variant = (char *)change->other;
	if (!vb_attribution_find(&c->before.a, &before, NULL) ||
	    !vb_attribution_find(&c->after.a, &after, NULL))
		return 0;
	for (s = c->before.a.share; s < c->before.a.share + c->before.a.n; s++)
		if (vb_share_same_point(s, &before))
			add(reason, &n, s, vb_attribution_find(&c->after.a, &after, s->part));
	for (s = c->after.a.share; s < c->after.a.share + c->after.a.n; s++)
		if (vb_share_same_point(s, &after) &&
		    !vb_attribution_find(&c->before.a, &before, s->part))
			add(reason, &n, NULL, s);
	qsort(*reason, n, sizeof(**reason), by_delta);
	return n;
}

/**
 * vb_why_wanted() - is this a change whose parts are to be shown?
 * @c: the comparison
 * @change: the change
 *
 * Return: 1 for one of the time that is not small, at the point of its workload with
 * most threads, else 0.
 */
int vb_why_wanted(const struct vb_comparison *c, const struct vb_change *change)
{
	const struct vb_change *ch;

	if (strcmp(change->t->metric->name, "ns_per_op") ||
	    change->verdict == VB_PASS || change->verdict == VB_INCONCLUSIVE)
		return 0;
	for (ch = c->change; ch < c->change + c->n; ch++)
		if (ch->t == change->t && ch->pair == change->pair &&
		    ch->verdict == change->verdict && ch->point.pages == change->point.pages &&
		    !strcmp(ch->point.workload, change->point.workload) &&
		    ch->point.threads > change->point.threads)
			return 0;
	return 1;
}
