// SPDX-License-Identifier: GPL-2.0
/* A comparison as KTAP version 1, a test for each point and metric that decides. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "compare/compare.h"

/* Names have no blanks and no #, which begins a directive. */
static char *test_name(const struct vb_comparison *c, const struct vb_change *ch)
{
	char *pair = c->npairs > 1 ? vb_strf("%s.", ch->point.variant) : vb_strf("%s", "");
	char *name = vb_strf("%s%s.%ldp.%ldt.%s", pair, ch->point.workload, ch->point.pages,
			     ch->point.threads, ch->t->metric->name);
	char *p;

	for (p = name; *p; p++)
		if (*p == ' ' || *p == '#')
			*p = '_';
	free(pair);
	return name;
}

static void put_test(FILE *out, const struct vb_comparison *c, const struct vb_change *ch,
		     size_t number)
{
	char *name = test_name(c, ch), *delta = vb_words_delta(ch->before, ch->delta);
	const char *verdict = vb_verdict_name[ch->verdict];

	if (ch->verdict != VB_PASS && ch->verdict != VB_INCONCLUSIVE)
		fprintf(out, "# %s: %.9g before, %.9g after, %s\n", verdict, ch->before, ch->after,
			delta);
	if (ch->verdict == VB_INCONCLUSIVE)
		fprintf(out, "ok %zu %s # SKIP inconclusive: %s\n", number, name, ch->why);
	else
		fprintf(out, "%sok %zu %s\n", ch->verdict == VB_REGRESSION ? "not " : "", number,
			name);
	free(delta);
	free(name);
}

static size_t total(const struct vb_comparison *c, enum vb_verdict verdict)
{
	size_t i, n = 0;

	for (i = 0; i < c->n; i++)
		n += c->change[i].decides && c->change[i].verdict == verdict;
	return n;
}

/**
 * vb_compare_ktap() - write the comparison as KTAP
 * @out: where to
 * @c: the comparison
 *
 * What forbids a PASS though no test failed is a test of its own, which is skipped.
 */
void vb_compare_ktap(FILE *out, const struct vb_comparison *c)
{
	size_t i, number = 0, skipped = total(c, VB_INCONCLUSIVE);
	char *verdict = vb_words_verdict(c);

	fprintf(out, "KTAP version 1\n1..%zu\n", vb_deciding(c) + (c->doubts.n > 0));
	fprintf(out, "# before: %s, after: %s\n# %s\n", c->before.name, c->after.name, verdict);
	fprintf(out, "# machine %s, %ld CPUs, by %s\n", c->after.c.machine, c->after.c.cpus,
		vb_side_accelerator(&c->after));
	for (i = 0; i < c->likeness.unlike.n; i++)
		fprintf(out, "# compared by force: %s differs\n", c->likeness.unlike.item[i].name);
	for (i = 0; i < c->doubts.n; i++)
		fprintf(out, "# warning: %s\n", c->doubts.line[i]);
	for (i = 0; i < c->left_out.n; i++)
		fprintf(out, "# left out: %s\n", c->left_out.line[i]);
	for (i = 0; i < c->n; i++)
		if (c->change[i].decides)
			put_test(out, c, &c->change[i], ++number);
	if (c->doubts.n) {
		fprintf(out, "ok %zu records # SKIP inconclusive: there are warnings\n",
			++number);
		skipped++;
	}
	fprintf(out, "# Totals: pass:%zu fail:%zu xfail:0 xpass:0 skip:%zu error:0\n",
		total(c, VB_PASS) + total(c, VB_IMPROVEMENT) + total(c, VB_TRADE_OFF),
		total(c, VB_REGRESSION), skipped);
	free(verdict);
}
