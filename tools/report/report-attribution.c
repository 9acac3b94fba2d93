// SPDX-License-Identifier: GPL-2.0
/*
 * The section of report.txt that says where the time between two variants went:
 * see report.h.
 *
 * Figures are rounded so that what is printed adds up: a part is the difference
 * of two rounded sums, not a rounded difference.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "base/text.h"

/* What is printed is in tenths of a ns. */
#define DIGIT	0.1

/* The parts of the first variant, and of another one, at one point. */
struct pair {
	const struct vb_view *v;
	const char *before;
	const char *after;
	long threads;
};

/* All parts that occur, in the order they come in. */
static struct vb_list all_parts(const struct vb_attribution *a)
{
	struct vb_list parts = { 0 };
	size_t i;

	for (i = 0; i < a->n; i++)
		if (!vb_list_has(&parts, a->share[i].part))
			vb_list_add(&parts, "%s", a->share[i].part);
	return parts;
}

static struct vb_share point_of(const struct pair *p, const char *variant)
{
	return (struct vb_share){
		.variant = (char *)variant, .workload = (char *)p->v->workload,
		.pages = p->v->pages, .threads = p->threads,
	};
}

/* Tenths of a ns that the first @n parts of a variant have together. */
static double tenths(const struct pair *p, const char *variant, const struct vb_list *parts,
		     size_t n)
{
	const struct vb_share like = point_of(p, variant), *share;
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		share = vb_attribution_find(&p->v->r->a, &like, parts->line[i]);
		sum += share ? share->ns_per_op : 0;
	}
	return round(sum / DIGIT);
}

static double part(const struct pair *p, const char *variant, const struct vb_list *parts, size_t i)
{
	return tenths(p, variant, parts, i + 1) - tenths(p, variant, parts, i);
}

static double saved(const struct pair *p, const struct vb_list *parts, size_t i)
{
	return part(p, p->before, parts, i) - part(p, p->after, parts, i);
}

static double all_saved(const struct pair *p, const struct vb_list *parts)
{
	return tenths(p, p->before, parts, parts->n) - tenths(p, p->after, parts, parts->n);
}

static int has_data(const struct pair *p)
{
	const struct vb_share before = point_of(p, p->before), after = point_of(p, p->after);

	return vb_attribution_find(&p->v->r->a, &before, NULL) &&
	       vb_attribution_find(&p->v->r->a, &after, NULL);
}

/* Adding 0 makes 0 of -0. */
static void put_tenths(struct vb_table *t, size_t column, double value)
{
	char cell[32];

	snprintf(cell, sizeof(cell), "%.1f", value * DIGIT + 0.0);
	vb_table_cell(t, column, cell);
}

static void put_percent(struct vb_table *t, size_t column, double value, double whole)
{
	char cell[32] = VB_NO_VALUE;

	if (whole)
		snprintf(cell, sizeof(cell), "%.1f", round(1000 * value / whole) / 10 + 0.0);
	vb_table_cell(t, column, cell);
}

static void put_row(struct vb_table *t, const char *name, double before, double after, double whole)
{
	vb_table_cell(t, 0, name);
	put_tenths(t, 1, before);
	put_tenths(t, 2, after);
	put_tenths(t, 3, before - after);
	put_percent(t, 4, before - after, whole);
}

/* Rows: the parts. */
static void parts_table(FILE *out, const struct pair *p, const struct vb_list *parts)
{
	struct vb_table t = { .words = 1 };
	double whole = all_saved(p, parts), before, after;
	size_t i;

	vb_table_column(&t, vb_strf("%ld threads, ns/op", p->threads));
	vb_table_column(&t, vb_strf("%s", p->before));
	vb_table_column(&t, vb_strf("%s", p->after));
	vb_table_column(&t, vb_strf("saved"));
	vb_table_column(&t, vb_strf("of it\n%%"));
	for (i = 0; i < parts->n; i++) {
		before = part(p, p->before, parts, i);
		after = part(p, p->after, parts, i);
		if (before || after)
			put_row(&t, parts->line[i], before, after, whole);
	}
	put_row(&t, "together", tenths(p, p->before, parts, parts->n),
		tenths(p, p->after, parts, parts->n), whole);
	vb_table_print(out, &t);
	fputc('\n', out);
	vb_table_free(&t);
}

/* "free-space search" on two lines, for the head of a column. */
static char *two_lines(const char *name)
{
	char *head = vb_strf("%s", name), *blank = strchr(head, ' ');

	if (blank)
		*blank = '\n';
	return head;
}

static int is_saved_anywhere(struct pair p, const struct vb_list *parts, size_t i)
{
	const struct vb_campaign *c = &p.v->r->c;
	size_t t;

	for (t = 0; t < c->nthreads; t++) {
		p.threads = c->threads[t];
		if (has_data(&p) && saved(&p, parts, i))
			return 1;
	}
	return 0;
}

/* Rows: the numbers of threads. */
static void threads_table(FILE *out, struct pair p, const struct vb_list *parts)
{
	const struct vb_campaign *c = &p.v->r->c;
	struct vb_table table = { 0 };
	size_t i, t, column;

	vb_table_column(&table, vb_strf("threads"));
	vb_table_column(&table, vb_strf("saved\nns/op"));
	for (t = 0; t < c->nthreads; t++) {
		p.threads = c->threads[t];
		vb_table_count(&table, 0, p.threads);
		if (has_data(&p))
			put_tenths(&table, 1, all_saved(&p, parts));
		else
			vb_table_cell(&table, 1, VB_NO_VALUE);
	}
	for (i = 0; i < parts->n; i++) {
		if (!is_saved_anywhere(p, parts, i))
			continue;
		column = vb_table_column(&table, two_lines(parts->line[i]));
		for (t = 0; t < c->nthreads; t++) {
			p.threads = c->threads[t];
			if (has_data(&p))
				put_tenths(&table, column, saved(&p, parts, i));
			else
				vb_table_cell(&table, column, VB_NO_VALUE);
		}
	}
	vb_table_print(out, &table);
	fputc('\n', out);
	vb_table_free(&table);
}

static void put_pair(FILE *out, const struct pair *p, const struct vb_list *parts)
{
	fprintf(out, "Workload %s, %ld pages, from %s to %s.\n\n", p->v->workload, p->v->pages,
		p->before, p->after);
	if (!has_data(p)) {
		vb_wrap(out, "", "", "There is no data for one of them.");
		fputc('\n', out);
		return;
	}
	parts_table(out, p, parts);
	if (p->v->r->c.nthreads > 1)
		threads_table(out, *p, parts);
}

static void attribution_view(FILE *out, const struct vb_view *v, const struct vb_metric *unused)
{
	const struct vb_campaign *c = &v->r->c;
	struct vb_list parts = all_parts(&v->r->a);
	struct pair p = {
		.v = v, .before = c->variants[0], .threads = vb_campaign_most_threads(c),
	};
	size_t i;

	(void)unused;
	for (i = 1; i < c->nvariants; i++) {
		p.after = c->variants[i];
		put_pair(out, &p, &parts);
	}
	vb_list_free(&parts);
}

/**
 * vb_report_attribution() - what the time between two variants was spent on
 * @out: where to
 * @r: the report
 *
 * Prints nothing when there is only one variant.
 */
void vb_report_attribution(FILE *out, const struct vb_report *r)
{
	if (r->c.nvariants < 2)
		return;
	vb_report_heading(out, "Where the difference comes from", '-');
	if (!r->a.n) {
		vb_wrap(out, "", "",
			"There is no data for this: attribution.tsv is not there or has no rows.");
		fputc('\n', out);
		return;
	}
	vb_wrap(out, "", "", vb_campaign_is_sim(&r->c) ?
		"Time of an operation by what it was spent on, from the profile of the baseline sample:\n"
		"every instruction, spin and cost of the CPUs whose measured thread was at it, by\n"
		"symbol (tools/parts.tsv). Nothing is sampled, and the parts add up to ns_per_op.\n"
		"Time belongs to where it passed: waiting for a lock whose holder flushes is lock\n"
		"wait." :
		"Time of an operation by what it was spent on: flush and lock wait as the counters\n"
		"measured them in traced samples, everything else is the rest of ns_per_op.\n"
		"The parts add up to that. Where tracing lengthened the waiting so far that they exceed\n"
		"it, the point has none.");
	fputc('\n', out);
	vb_report_each_view(out, r, NULL, attribution_view);
}
