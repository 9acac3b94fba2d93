// SPDX-License-Identifier: GPL-2.0
/* Trade-offs in words: see compare.h. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "compare/compare.h"

static char *threads_of(const struct vb_change *ch)
{
	return ch->point.threads == 1 ? vb_strf("alone") :
	       vb_strf("with %ld threads", ch->point.threads);
}

/* The smallest number of threads from which on each point is faster, or NULL. */
static const struct vb_change *faster_from(const struct vb_comparison *c,
					   const struct vb_change *first)
{
	const struct vb_change *t, *from = NULL;
	long other = 0;

	for (t = c->change; t < c->change + c->n; t++)
		if (vb_is_time(t) && vb_same_series(t, first) && t->verdict != VB_IMPROVEMENT &&
		    t->point.threads > other)
			other = t->point.threads;
	for (t = c->change; t < c->change + c->n; t++)
		if (vb_is_time(t) && vb_same_series(t, first) && t->point.threads > other &&
		    (!from || t->point.threads < from->point.threads))
			from = t;
	return from;
}

/* Where it is faster: @best is where it is so most. */
static char *say_fast(const struct vb_comparison *c, const struct vb_change *best)
{
	const struct vb_change *from = faster_from(c, best);
	char *delta = vb_words_delta(best->before, best->delta), *at, *text;

	/* It can be best where it is faster by chance, and slower with more threads. */
	if (from && from != vb_time_at_most(c, best) &&
	    best->point.threads >= from->point.threads) {
		text = vb_strf("faster from %ld threads on (%s with %ld)", from->point.threads,
			       delta, best->point.threads);
	} else {
		at = threads_of(best);
		text = vb_strf("faster %s (%s)", at, delta);
		free(at);
	}
	free(delta);
	return text;
}

/* Time: where it is worst, and where it is best; both are beyond what is allowed. */
static void say_series(const struct vb_comparison *c, const struct vb_change *first,
		       struct vb_list *lines)
{
	const struct vb_change *t, *worst = NULL, *best = NULL;
	char *slow, *fast, *at;

	for (t = c->change; t < c->change + c->n; t++) {
		if (!vb_is_time(t) || !vb_same_series(t, first))
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
	fast = say_fast(c, best);
	at = threads_of(worst);
	vb_list_add(lines, "%s, %ld page%s: slower %s (%s), %s", first->point.workload,
		    first->point.pages, first->point.pages == 1 ? "" : "s", at, slow, fast);
	free(slow);
	free(fast);
	free(at);
}

static int is_first_of_series(const struct vb_comparison *c, const struct vb_change *ch)
{
	const struct vb_change *t;

	for (t = c->change; t < ch; t++)
		if (vb_is_time(t) && vb_same_series(t, ch))
			return 0;
	return 1;
}

/* Instructions that time pays back at the same point. */
static void say_price(const struct vb_comparison *c, const struct vb_change *ch,
		      struct vb_list *lines)
{
	const struct vb_change *t = vb_time_there(c, ch);
	char *more, *less;

	if (ch->verdict != VB_TRADE_OFF || !ch->t->weighs || !t || t->verdict != VB_IMPROVEMENT)
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
		if (vb_is_time(ch) && is_first_of_series(c, ch))
			say_series(c, ch, lines);
		say_price(c, ch, lines);
	}
}
