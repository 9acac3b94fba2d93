// SPDX-License-Identifier: GPL-2.0
/* Published figures beside those of the campaign: see report.h. */
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "base/text.h"

/* Did the campaign measure what was published: both kernels, the same loop? */
static int concerns(const struct vb_published *p, const struct vb_campaign *c)
{
	return vb_names_have(c->variants, c->nvariants, p->before) &&
	       vb_names_have(c->variants, c->nvariants, p->after) &&
	       vb_names_have(c->workloads, c->nworkloads, p->workload) &&
	       vb_counts_have(c->pages, c->npages, p->pages);
}

/* Ours at that number of threads, or NULL. */
static const struct vb_row *ours(const struct vb_report *r, const struct vb_published *p,
				 const char *variant, long threads)
{
	return vb_summary_find(&r->s, variant, p->workload, p->pages, threads, p->metric);
}

static void put_ratio(struct vb_table *t, size_t column, double before, double after)
{
	char cell[48];

	vb_ratio(cell, sizeof(cell), before, after);
	vb_table_cell(t, column, cell);
}

/* A row; what is missing on our side is NULL. */
static void add_row(struct vb_table *t, const struct vb_published_row *row,
		    const struct vb_row *before, const struct vb_row *after)
{
	char cell[24];

	snprintf(cell, sizeof(cell), "%ld", row->threads);
	vb_table_cell(t, 0, cell);
	vb_table_value(t, 1, row->before);
	vb_table_value(t, 2, row->after);
	put_ratio(t, 3, row->before, row->after);
	if (before)
		vb_table_value(t, 4, before->median);
	else
		vb_table_cell(t, 4, VB_NO_VALUE);
	if (after)
		vb_table_value(t, 5, after->median);
	else
		vb_table_cell(t, 5, VB_NO_VALUE);
	if (before && after)
		put_ratio(t, 6, before->median, after->median);
	else
		vb_table_cell(t, 6, VB_NO_VALUE);
}

static void put_growth(struct vb_table *t, size_t column, double from, double to)
{
	char cell[48];

	snprintf(cell, sizeof(cell), "%.2fx", to / from);
	vb_table_cell(t, column, cell);
}

/*
 * The last row is the shape: by how much each column grows from the fewest to
 * the most threads for which it is full. Return: 1 when there is such a row.
 */
static int add_growth(struct vb_table *t, const struct vb_report *r, const struct vb_published *p)
{
	const struct vb_published_row *row, *from = NULL, *to = NULL;
	char *name;

	for (row = p->row; row < p->row + p->n; row++) {
		if (!ours(r, p, p->before, row->threads) || !ours(r, p, p->after, row->threads))
			continue;
		if (!from || row->threads < from->threads)
			from = row;
		if (!to || row->threads > to->threads)
			to = row;
	}
	if (from == to)
		return 0;
	name = vb_strf("%ld / %ld", to->threads, from->threads);
	vb_table_cell(t, 0, name);
	free(name);
	put_growth(t, 1, from->before, to->before);
	put_growth(t, 2, from->after, to->after);
	vb_table_cell(t, 3, "");
	put_growth(t, 4, ours(r, p, p->before, from->threads)->median,
		   ours(r, p, p->before, to->threads)->median);
	put_growth(t, 5, ours(r, p, p->after, from->threads)->median,
		   ours(r, p, p->after, to->threads)->median);
	vb_table_cell(t, 6, "");
	return 1;
}

static void put_table(FILE *out, const struct vb_report *r, const struct vb_published *p)
{
	struct vb_table t = { 0 };
	size_t i;

	vb_table_column(&t, vb_strf("threads"));
	vb_table_column(&t, vb_strf("published\nbefore"));
	vb_table_column(&t, vb_strf("published\nafter"));
	vb_table_column(&t, vb_strf("published\nratio"));
	vb_table_column(&t, vb_strf("here\n%s", p->before));
	vb_table_column(&t, vb_strf("here\n%s", p->after));
	vb_table_column(&t, vb_strf("here\nratio"));
	for (i = 0; i < p->n; i++)
		add_row(&t, &p->row[i], ours(r, p, p->before, p->row[i].threads),
			ours(r, p, p->after, p->row[i].threads));
	if (add_growth(&t, r, p))
		fputs("The last row is the growth: a column's cells of these two rows divided.\n"
		      "\n", out);
	vb_table_print(out, &t);
	fputc('\n', out);
	vb_table_free(&t);
}

static void put_paper(FILE *out, const struct vb_report *r, const struct vb_published *p)
{
	const char *machine = vb_campaign_is_sim(&r->c) ?
			      "The simulated machine has other nanoseconds than that one" :
			      "This machine is another one";
	const struct vb_campaign *c = &r->c;
	char *text;

	text = vb_strf("Published: %s, %s, %s. Loop: %s. Machine: %s.\n"
		       "Here: workload %s, %ld pages, %s, machine %s, %ld CPUs. %s: compare\n"
		       "the shape, which is how a column grows, and not its height.",
		       p->mail, p->list, p->date, p->loop, p->machine, p->workload, p->pages,
		       p->metric, c->machine, c->cpus, machine);
	vb_wrap(out, "", "", text);
	fputc('\n', out);
	free(text);
	put_table(out, r, p);
}

/**
 * vb_report_published() - published figures beside those measured here
 * @out: where to
 * @r: the report
 *
 * Prints nothing when the campaign has not measured what was published: both
 * variants, the workload and the number of pages. A number of threads that only
 * they have shows "-" on our side.
 */
void vb_report_published(FILE *out, const struct vb_report *r)
{
	const struct vb_published *p;
	int headed = 0;

	for (p = r->lib.paper; p < r->lib.paper + r->lib.n; p++) {
		if (!concerns(p, &r->c))
			continue;
		if (!headed++)
			vb_report_heading(out, "Beside what was published", '-');
		put_paper(out, r, p);
	}
}
