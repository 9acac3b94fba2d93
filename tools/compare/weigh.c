// SPDX-License-Identifier: GPL-2.0
/*
 * What is worse in one place and better in another: see compare.h and
 * docs/compare.md#trade-offs.
 */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "compare/compare.h"

static const char *const policies[] = {
	[VB_POLICY_ANY] = "any", [VB_POLICY_SCALING] = "scaling",
};

/**
 * vb_policy_find() - a policy by name
 * @name: its name
 * @policy: gets it
 *
 * Return: 0, or -1 if there is no such policy.
 */
int vb_policy_find(const char *name, enum vb_policy *policy)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(policies); i++) {
		if (strcmp(name, policies[i]))
			continue;
		*policy = i;
		return 0;
	}
	return -1;
}

/**
 * vb_policy_name() - the name of a policy
 * @policy: the policy
 *
 * Return: what --policy takes.
 */
const char *vb_policy_name(enum vb_policy policy)
{
	return policies[policy];
}

/**
 * vb_is_time() - is it the time of an operation that changed?
 * @ch: the change
 *
 * Return: 1 when it is, else 0.
 */
int vb_is_time(const struct vb_change *ch)
{
	return !strcmp(ch->t->metric->name, "ns_per_op");
}

/**
 * vb_same_series() - do two changes differ in metric and threads at most?
 * @a: one
 * @b: the other
 *
 * Return: 1 when they do, else 0.
 */
int vb_same_series(const struct vb_change *a, const struct vb_change *b)
{
	return a->pair == b->pair && a->point.pages == b->point.pages &&
	       !strcmp(a->point.workload, b->point.workload);
}

/**
 * vb_time_there() - the time of an operation at the same point
 * @c: the comparison
 * @ch: a change
 *
 * Return: how it changed, or NULL when it was not measured on both sides.
 */
const struct vb_change *vb_time_there(const struct vb_comparison *c, const struct vb_change *ch)
{
	const struct vb_change *t;

	for (t = c->change; t < c->change + c->n; t++)
		if (vb_is_time(t) && vb_same_series(t, ch) && t->point.threads == ch->point.threads)
			return t;
	return NULL;
}

/**
 * vb_time_at_most() - the time of an operation with the most threads
 * @c: the comparison
 * @ch: a change
 *
 * Return: how it changed at that point of the series of @ch, or NULL when there is none.
 */
const struct vb_change *vb_time_at_most(const struct vb_comparison *c, const struct vb_change *ch)
{
	const struct vb_change *t, *most = NULL;

	for (t = c->change; t < c->change + c->n; t++)
		if (vb_is_time(t) && vb_same_series(t, ch) &&
		    (!most || t->point.threads > most->point.threads))
			most = t;
	return most;
}

static int is_better(const struct vb_change *t)
{
	return t && t->verdict == VB_IMPROVEMENT;
}

/* Is a change for the worse outweighed by what the time of an operation gains? */
static int is_outweighed(const struct vb_comparison *c, const struct vb_change *ch)
{
	const struct vb_change *most;

	if (ch->verdict != VB_REGRESSION)
		return 0;
	if (ch->t->weighs && is_better(vb_time_there(c, ch)))
		return 1;
	if (c->policy != VB_POLICY_SCALING || !(vb_is_time(ch) || ch->t->weighs))
		return 0;
	most = vb_time_at_most(c, ch);
	return is_better(most) && ch->point.threads < most->point.threads;
}

/**
 * vb_weigh() - make trade-offs of regressions that something outweighs
 * @c: the comparison; each change has a verdict
 *
 * More instructions are a price when the same operations take less time at the
 * same point. With the policy "scaling", so is more time with fewer threads when
 * the most threads take less.
 */
void vb_weigh(struct vb_comparison *c)
{
	struct vb_change *ch;

	for (ch = c->change; ch < c->change + c->n; ch++)
		if (is_outweighed(c, ch))
			ch->verdict = VB_TRADE_OFF;
}

static int is_slower_somewhere(const struct vb_comparison *c)
{
	const struct vb_change *t;

	for (t = c->change; t < c->change + c->n; t++)
		if (vb_is_time(t) && t->decides && t->verdict == VB_REGRESSION)
			return 1;
	return 0;
}

/**
 * vb_is_cost() - is a metric what scaling costs, and not what is blamed?
 * @c: the comparison, weighed
 * @m: the metric
 *
 * Who executes more so that many threads are faster, and is slower with few, is slower: that
 * is the regression, and instructions say why. They are blamed where nothing is gained.
 *
 * Return: 1 when all its regressions are of that kind, else 0.
 */
int vb_is_cost(const struct vb_comparison *c, const struct vb_metric *m)
{
	const struct vb_change *ch;

	for (ch = c->change; ch < c->change + c->n; ch++)
		if (ch->t->metric == m && ch->decides && ch->verdict == VB_REGRESSION &&
		    (!ch->t->weighs || !is_better(vb_time_at_most(c, ch))))
			return 0;
	return is_slower_somewhere(c);
}
