// SPDX-License-Identifier: GPL-2.0
/* The tables of report.txt that show summary.tsv: see report.h. */
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "base/text.h"

static const struct vb_row *find(const struct vb_view *v, size_t variant, long threads,
				 const struct vb_metric *m)
{
	return vb_summary_find(&v->r->s, v->r->c.variants[variant], v->workload, v->pages, threads,
			       m->name);
}

/* The median; with several runs that differ, also the interval. */
static void put_value(struct vb_table *t, size_t column, const struct vb_row *row)
{
	char median[32], lo[32], hi[32], cell[112];

	if (!row) {
		vb_table_cell(t, column, VB_NO_VALUE);
		return;
	}
	vb_number(median, sizeof(median), row->median);
	vb_number(lo, sizeof(lo), row->lo);
	vb_number(hi, sizeof(hi), row->hi);
	if (row->lo == row->hi)
		snprintf(cell, sizeof(cell), "%s", median);
	else
		snprintf(cell, sizeof(cell), "%s [%s..%s]", median, lo, hi);
	vb_table_cell(t, column, cell);
}

static void put_ratio(struct vb_table *t, size_t column, const struct vb_row *before,
		      const struct vb_row *after)
{
	char cell[48];

	if (!before || !after) {
		vb_table_cell(t, column, VB_NO_VALUE);
		return;
	}
	vb_ratio(cell, sizeof(cell), before->median, after->median);
	vb_table_cell(t, column, cell);
}

/* Columns: the rows' names, the variants, and the first over each other one. */
static void add_columns(struct vb_table *t, const struct vb_campaign *c, const char *first)
{
	size_t v;

	vb_table_column(t, vb_strf("%s", first));
	for (v = 0; v < c->nvariants; v++)
		vb_table_column(t, vb_strf("%s", c->variants[v]));
	for (v = 1; v < c->nvariants; v++)
		vb_table_column(t, vb_strf("%s\n/ %s", c->variants[0], c->variants[v]));
}

static void add_row(struct vb_table *t, const struct vb_view *v, const char *name, long threads,
		    const struct vb_metric *m)
{
	const struct vb_campaign *c = &v->r->c;
	size_t i;

	vb_table_cell(t, 0, name);
	for (i = 0; i < c->nvariants; i++)
		put_value(t, 1 + i, find(v, i, threads, m));
	for (i = 1; i < c->nvariants; i++)
		put_ratio(t, c->nvariants + i, find(v, 0, threads, m), find(v, i, threads, m));
}

/* How many runs stand behind a figure; a hole in the data shows as a range. */
static char *runs_text(const struct vb_view *v, const struct vb_metric *m)
{
	const struct vb_campaign *c = &v->r->c;
	const struct vb_row *row;
	long min = 0, max = 0;
	size_t i, t;

	for (i = 0; i < c->nvariants; i++) {
		for (t = 0; t < c->nthreads; t++) {
			row = find(v, i, c->threads[t], m);
			if (!row)
				continue;
			if (!min || row->n < min)
				min = row->n;
			if (row->n > max)
				max = row->n;
		}
	}
	if (min == max)
		return vb_strf("n = %ld run%s", max, max == 1 ? "" : "s");
	return vb_strf("n = %ld to %ld runs", min, max);
}

static void metric_table(FILE *out, const struct vb_view *v, const struct vb_metric *m)
{
	const struct vb_campaign *c = &v->r->c;
	struct vb_table table = { 0 };
	char *runs = runs_text(v, m);
	char *text, name[24];
	size_t t;

	text = vb_strf("Workload %s, %ld pages. Unit %s: %s%s.\n"
		       "Samples: %s; machine %s, %ld CPUs; %s.", v->workload, v->pages, m->unit,
		       m->how, m->per == VB_PER_KOP ? ", per 1000 operations done" : "",
		       vb_mode_name[m->mode], c->machine, c->cpus, runs);
	vb_wrap(out, "", "", text);
	fputc('\n', out);
	add_columns(&table, c, "threads");
	for (t = 0; t < c->nthreads; t++) {
		snprintf(name, sizeof(name), "%ld", c->threads[t]);
		add_row(&table, v, name, c->threads[t], m);
	}
	vb_table_print(out, &table);
	fputc('\n', out);
	vb_table_free(&table);
	free(text);
	free(runs);
}

static void metric_section(FILE *out, const struct vb_report *r, const struct vb_metric *m)
{
	char *text = vb_strf("%s: %s %s", m->name, m->noun, vb_metric_per(m));

	vb_report_heading(out, text, '-');
	vb_report_each_view(out, r, m, metric_table);
	free(text);
}

/* Records of earlier versions, and some workloads, do not have every metric. */
static int is_measured(const struct vb_report *r, const struct vb_metric *m)
{
	size_t i;

	for (i = 0; i < r->s.n; i++)
		if (!strcmp(r->s.row[i].metric, m->name))
			return 1;
	return 0;
}

static void glance_table(FILE *out, const struct vb_view *v, const struct vb_metric *unused)
{
	const struct vb_campaign *c = &v->r->c;
	struct vb_table table = { 0 };
	long most = vb_campaign_most_threads(c);
	char *text;
	size_t i;

	(void)unused;
	text = vb_strf("Workload %s, %ld pages, %ld threads on %ld CPUs, machine %s.", v->workload,
		       v->pages, most, c->cpus, c->machine);
	vb_wrap(out, "", "", text);
	fputc('\n', out);
	add_columns(&table, c, "metric");
	table.words = 1;
	for (i = 0; i < vb_nmetrics; i++)
		if (is_measured(v->r, &vb_metrics[i]))
			add_row(&table, v, vb_metrics[i].name, most, &vb_metrics[i]);
	vb_table_print(out, &table);
	fputc('\n', out);
	vb_report_overhead_line(out, v);
	vb_table_free(&table);
	free(text);
}

/**
 * vb_report_glance() - every metric at the highest number of threads
 * @out: where to
 * @r: the report
 */
void vb_report_glance(FILE *out, const struct vb_report *r)
{
	char *text;

	vb_report_heading(out, "At a glance", '-');
	if (r->c.nvariants > 1) {
		text = vb_strf("Columns with a / divide the first variant, %s, by another\n"
			       "one: how many times less there is of something.", r->c.variants[0]);
		vb_wrap(out, "", "", text);
		fputc('\n', out);
		free(text);
	}
	vb_report_each_view(out, r, NULL, glance_table);
}

/**
 * vb_report_main() - the table in the shape of claim A1: cost of an operation
 * @out: where to
 * @r: the report
 */
void vb_report_main(FILE *out, const struct vb_report *r)
{
	/* The first metric that this machine gives is its cost of an operation. */
	const struct vb_metric *m = vb_metrics;

	while (!vb_metric_applies(m, &r->c))
		m++;
	metric_section(out, r, m);
}

/**
 * vb_report_metrics() - a section for every metric
 * @out: where to
 * @r: the report
 */
void vb_report_metrics(FILE *out, const struct vb_report *r)
{
	const struct vb_metric *m;

	for (m = vb_metrics; m < vb_metrics + vb_nmetrics; m++)
		if (is_measured(r, m))
			metric_section(out, r, m);
}
