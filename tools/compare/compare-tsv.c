// SPDX-License-Identifier: GPL-2.0
/* A comparison as a table for figures. */
#include <math.h>
#include <stdlib.h>

#include "compare/compare.h"

static double percent(const struct vb_change *ch, double delta)
{
	return 100 * delta / ch->before;
}

static void put_row(FILE *out, const struct vb_comparison *c, const struct vb_change *ch)
{
	fprintf(out, "%s\t%s\t%s\t%ld\t%ld\t%s\t%s\t%s\t%s\t", ch->point.variant, ch->other,
		ch->point.workload, ch->point.pages, ch->point.threads, ch->t->metric->name,
		ch->t->metric->unit, ch->decides ? "decides" : "informs",
		vb_verdict_name[ch->verdict]);
	fprintf(out, "%zu\t%zu\t%.9g\t%.9g\t%.9g\t%.9g\t%.9g\t%.9g\t%s\n", ch->x[0].n, ch->x[1].n,
		ch->before, ch->after, percent(ch, ch->delta), percent(ch, ch->lo),
		percent(ch, ch->hi), percent(ch, ch->allowed), c->after.c.machine);
}

/**
 * vb_compare_tsv() - write the comparison as a table with tabs
 * @out: where to
 * @c: the comparison
 *
 * The columns with _pct are the change, its interval and what is allowed in %; they
 * are "nan" or "inf" where there was nothing before.
 */
void vb_compare_tsv(FILE *out, const struct vb_comparison *c)
{
	const struct vb_change *ch;

	fputs("before_variant\tafter_variant\tworkload\tpages\tthreads\tmetric\tunit\tdecides\t"
	      "verdict\tn_before\tn_after\tbefore\tafter\tchange_pct\tlo_pct\thi_pct\tallowed_pct\tmachine\n",
	      out);
	for (ch = c->change; ch < c->change + c->n; ch++)
		put_row(out, c, ch);
}
