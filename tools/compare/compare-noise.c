// SPDX-License-Identifier: GPL-2.0
/* What the boots that are compared can show at all, in words: see compare.h. */
#include <math.h>
#include <stdlib.h>

#include "base/common.h"
#include "compare/compare.h"

/* In the metric's unit, from a percentage of the value that was tested. */
static char *in_words(const struct vb_change *ch, double percent)
{
	double moved = ch->before + vb_shift(ch->t, ch->extra);

	return vb_words_delta(ch->before, moved * percent / 100);
}

/* Where a change of this metric has to be largest to be seen. */
static const struct vb_change *blindest(const struct vb_comparison *c, const struct vb_threshold *t)
{
	const struct vb_change *ch, *worst = NULL;

	for (ch = c->change; ch < c->change + c->n; ch++)
		if (ch->t == t && ch->decides && ch->tested &&
		    (!worst || ch->detectable > worst->detectable))
			worst = ch;
	return worst;
}

static void add_line(struct vb_list *noise, const struct vb_change *ch)
{
	char *seen = in_words(ch, ch->detectable), *floor;

	floor = isnan(ch->floor) ? vb_strf("%s", "not known") : in_words(ch, ch->floor);
	if (ch->scatter.sd > 0)
		vb_list_add(noise,
			    "%s: noise %s, regressions are seen from %s on (%s, %ld pages, %ld threads)",
			    ch->t->metric->name, floor, seen, ch->point.workload, ch->point.pages,
			    ch->point.threads);
	else
		vb_list_add(noise, "%s: boots do not scatter", ch->t->metric->name);
	free(floor);
	free(seen);
}

/**
 * vb_words_noise() - what the boots can show at all
 * @c: the comparison
 * @noise: gets a line for each metric that decides, of its worst point; none on sim
 */
void vb_words_noise(const struct vb_comparison *c, struct vb_list *noise)
{
	const struct vb_change *worst;
	size_t i;

	for (i = 0; i < c->thresholds.n; i++) {
		worst = blindest(c, &c->thresholds.line[i]);
		if (worst)
			add_line(noise, worst);
	}
}
