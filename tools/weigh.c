// SPDX-License-Identifier: GPL-2.0
/*
 * What is worse in one place and better in another: see compare.h and
 * docs/compare.md#trade-offs.
 */
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "compare.h"

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

static int is_time(const struct vb_change *ch)
{
	return !strcmp(ch->t->metric->name, "ns_per_op");
}

/* All but the number of threads. */
static int same_series(const struct vb_change *a, const struct vb_change *b)
{
	return a->pair == b->pair && a->point.pages == b->point.pages &&
	       !strcmp(a->point.workload, b->point.workload);
}

/* The time of an operation at that point, or NULL. */
static const struct vb_change *time_there(const struct vb_comparison *c,
					  const struct vb_change *ch)
{
	const struct vb_change *t;

	for (t = c->change; t < c->change + c->n; t++)
		if (is_time(t) && same_series(t, ch) && t->point.threads == ch->point.threads)
			return t;
	return NULL;
}

/* The time of an operation with the most threads of its series, or NULL. */
static const struct vb_change *time_at_most(const struct vb_comparison *c,
					    const struct vb_change *ch)
{
	const struct vb_change *t, *most = NULL;

	for (t = c->change; t < c->change + c->n; t++)
		if (is_time(t) && same_series(t, ch) &&
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
	const struct vb_change *most = time_at_most(c, ch);

	if (ch->verdict != VB_REGRESSION)
		return 0;
	if (ch->t->weighs && is_better(time_there(c, ch)))
		return 1;
	if (c->policy != VB_POLICY_SCALING || !is_better(most))
		return 0;
	return (is_time(ch) || ch->t->weighs) && ch->point.threads < most->point.threads;
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

static char *threads_of(const struct vb_change *ch)
{
	return ch->point.threads == 1 ? vb_strf("alone") :
	       vb_strf("with %ld threads", ch->point.threads);
}

/* Time: where it is worst, and where it is best; both are beyond what is allowed. */
static void say_series(const struct vb_comparison *c, const struct vb_change *first,
		       struct vb_list *lines)
{
	const struct vb_change *t, *worst = NULL, *best = NULL;
	char *slow, *fast, *at[2];

	for (t = c->change; t < c->change + c->n; t++) {
		if (!is_time(t) || !same_series(t, first))
			continue;
		if (t->verdict != VB_PASS && t->verdict != VB_INCONCLUSIVE && t->delta > 0 &&
		    (!worst || t->delta / t->before > worst->delta / worst->before))
			worst = t;
		if (t->verdict == VB_IMPROVEMENT &&
		    (!best || t->delta / t->before < best->delta / best->before))
			best = t;
	}
	if (!worst || !best)
		return;
	slow = vb_words_delta(worst->before, worst->delta);
	fast = vb_words_delta(best->before, best->delta);
	at[0] = threads_of(worst);
	at[1] = threads_of(best);
	vb_list_add(lines, "%s, %ld page%s: slower %s (%s), faster %s (%s)", first->point.workload,
		    first->point.pages, first->point.pages == 1 ? "" : "s", at[0], slow, at[1],
		    fast);
	free(slow);
	free(fast);
	free(at[0]);
	free(at[1]);
}

static int is_first_of_series(const struct vb_comparison *c, const struct vb_change *ch)
{
	const struct vb_change *t;

	for (t = c->change; t < ch; t++)
		if (is_time(t) && same_series(t, ch))
			return 0;
	return 1;
}

/* Instructions that time pays back at the same point. */
static void say_price(const struct vb_comparison *c, const struct vb_change *ch,
		      struct vb_list *lines)
{
	const struct vb_change *t = time_there(c, ch);
	char *more, *less;

	if (ch->verdict != VB_TRADE_OFF || !ch->t->weighs || !is_better(t))
		return;
	more = vb_words_delta(ch->before, ch->delta);
	less = vb_words_delta(t->before, t->delta);
	vb_list_add(lines, "%s, %ld page%s, %ld thread%s: %s %s, and less time (%s)",
		    ch->point.workload, ch->point.pages, ch->point.pages == 1 ? "" : "s",
		    ch->point.threads, ch->point.threads == 1 ? "" : "s", ch->t->metric->name,
		    more, less);
	free(more);
	free(less);
}

/**
 * vb_trade_offs() - the trade-offs in words
 * @c: the comparison, weighed
 * @lines: gets a line for each
 */
void vb_trade_offs(const struct vb_comparison *c, struct vb_list *lines)
{
	const struct vb_change *ch;

	for (ch = c->change; ch < c->change + c->n; ch++) {
		if (is_time(ch) && is_first_of_series(c, ch))
			say_series(c, ch, lines);
		say_price(c, ch, lines);
	}
}
