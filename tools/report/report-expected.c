// SPDX-License-Identifier: GPL-2.0
/*
 * The section of report.txt that puts what the layers' sources say about purges
 * and flushes beside what was counted: see report.h.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "base/text.h"
#include "records/values.h"

static double ops_of(const struct vb_sample *s)
{
	return s->ops_done;
}

static double purges_of(const struct vb_sample *s)
{
	return s->purges;
}

static double flushes_of(const struct vb_sample *s)
{
	return s->flushes;
}

static double seen(const struct vb_view *v, const char *variant, long threads,
		   double (*value)(const struct vb_sample *s))
{
	const struct vb_metric m = { .mode = VB_TRACED, .value = value };
	const struct vb_point p = {
		.variant = variant, .workload = v->workload, .pages = v->pages, .threads = threads,
	};

	return vb_values_median(&v->r->runs, &m, &p);
}

/* Three cells: expected, seen, the second over the first. */
static void put_pair(struct vb_table *t, size_t column, double expected, double count)
{
	vb_table_value(t, column, expected);
	/* A median of runs need not be whole. */
	if (count == floor(count))
		vb_table_count(t, column + 1, count);
	else
		vb_table_value(t, column + 1, count);
	vb_table_value(t, column + 2, expected > 0 ? count / expected : NAN);
}

static void put_row(struct vb_table *t, const struct vb_view *v, const char *variant, long threads)
{
	const struct vb_rule *rule = vb_expected_find(&v->r->expected, variant, v->workload);
	double ops = seen(v, variant, threads, ops_of);
	long cpus = v->r->c.cpus;

	vb_table_cell(t, 0, variant);
	vb_table_count(t, 1, threads);
	put_pair(t, 2, rule ? vb_rule_purges(rule, cpus, v->pages, ops) : NAN,
		 seen(v, variant, threads, purges_of));
	put_pair(t, 5, rule ? vb_rule_flushes(rule, cpus, v->pages, ops) : NAN,
		 seen(v, variant, threads, flushes_of));
}

/* The constants that the table under it comes from. */
static void put_rule(FILE *out, const struct vb_view *v, const char *variant)
{
	const struct vb_rule *rule = vb_expected_find(&v->r->expected, variant, v->workload);
	long cpus = v->r->c.cpus;
	char *text;

	if (!rule)
		text = vb_strf("%s: no rule in expected.tsv.", variant);
	else if (!rule->lazy_mib)
		text = vb_strf("%s: nothing is lazy, a flush for each %s (%s).", variant,
			       rule->flush_per_unmap ? "unmap" : "purge", rule->source);
	else
		text = vb_strf("%s: an operation leaves %ld pages to a purge, one is due above\n"
			       "fls(%ld) x %ld MiB = %ld, and a flush comes with each %s (%s).",
			       variant, vb_rule_lazy_pages(rule, v->pages),
			       cpus, rule->lazy_mib, vb_rule_lazy_max(rule, cpus),
			       rule->flush_per_unmap ? "unmap" : "purge", rule->source);
	vb_wrap(out, "- ", "  ", text);
	free(text);
}

static void expected_table(FILE *out, const struct vb_view *v, const struct vb_metric *unused)
{
	static const char *const heads[] = {
		"variant", "threads", "purges\nexpected", "\nseen", "\nratio", "flushes\nexpected",
		"\nseen", "\nratio",
	};
	const struct vb_campaign *c = &v->r->c;
	struct vb_table table = { .words = 1 };
	size_t i, t;

	(void)unused;
	fprintf(out, "Workload %s, %ld pages on %ld CPUs.\n\n", v->workload, v->pages, c->cpus);
	for (i = 0; i < c->nvariants; i++)
		put_rule(out, v, c->variants[i]);
	fputc('\n', out);
	for (i = 0; i < ARRAY_SIZE(heads); i++)
		vb_table_column(&table, vb_strf("%s", heads[i]));
	for (i = 0; i < c->nvariants; i++)
		for (t = 0; t < c->nthreads; t++)
			put_row(&table, v, c->variants[i], c->threads[t]);
	vb_table_print(out, &table);
	fputc('\n', out);
	vb_table_free(&table);
}

/**
 * vb_report_expected() - purges and flushes beside what the sources say
 * @out: where to
 * @r: the report
 *
 * Prints nothing without rules.
 */
void vb_report_expected(FILE *out, const struct vb_report *r)
{
	if (!r->expected.n)
		return;
	vb_report_heading(out, "Beside what the source says", '-');
	vb_wrap(out, "", "",
		"Purges and flushes in the window of a traced point (median over runs), and how many\n"
		"its operations should have caused by the constants in the layer's source: expected\n"
		"purges = operations x pages each leaves to a purge / pages above which one is due.\n"
		"ratio: seen / expected.");
	fputc('\n', out);
	vb_wrap(out, "", "",
		"vm_unmap_aliases() before each run has emptied what waits, so a layer that does as its\n"
		"source says has the whole number above or below the expected one; with few of them\n"
		"the ratio shows that rounding. A ratio well above 1 is purges that came early:\n"
		"one that was queued while another ran finds only what was freed meanwhile.");
	fputc('\n', out);
	vb_report_each_view(out, r, NULL, expected_table);
}
