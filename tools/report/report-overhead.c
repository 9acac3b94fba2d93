// SPDX-License-Identifier: GPL-2.0
/*
 * The section of report.txt on the cost of tracing: see report.h.
 *
 * Every point is measured bare and traced; the difference is what the probes
 * cost, and what they change in waiting.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "base/text.h"
#include "records/values.h"

/* What tracing costs at one point; NAN: not known. */
struct overhead {
	double bare;
	double traced;
	double hits;
};

static double hits_per_op(const struct vb_sample *s)
{
	return s->has_hits ? (double)s->hits / s->ops_done : NAN;
}

static struct overhead overhead_at(const struct vb_view *v, const char *variant, long threads)
{
	struct vb_metric traced = *vb_metric_find("ns_per_op"), hits = { .value = hits_per_op };
	struct vb_point p = {
		.variant = variant, .workload = v->workload, .pages = v->pages, .threads = threads,
	};

	traced.mode = VB_TRACED;
	hits.mode = VB_TRACED;
	return (struct overhead){
		.bare = vb_values_median(&v->r->runs, vb_metric_find("ns_per_op"), &p),
		.traced = vb_values_median(&v->r->runs, &traced, &p),
		.hits = vb_values_median(&v->r->runs, &hits, &p),
	};
}

/* With fewer than one in an operation, what ticks and waiting do is more. */
static double per_hit(const struct overhead *o)
{
	return o->hits >= 1 && o->traced > o->bare ? (o->traced - o->bare) / o->hits : NAN;
}

static void put_row(struct vb_table *t, const char *variant, long threads,
		    const struct overhead *o)
{
	vb_table_cell(t, 0, variant);
	vb_table_count(t, 1, threads);
	vb_table_value(t, 2, o->bare);
	vb_table_value(t, 3, o->traced);
	vb_table_value(t, 4, o->traced - o->bare);
	vb_table_value(t, 5, o->hits);
	vb_table_value(t, 6, per_hit(o));
}

static void overhead_table(FILE *out, const struct vb_view *v, const struct vb_metric *unused)
{
	static const char *const heads[] = {
		"variant", "threads", "baseline\nns/op", "traced\nns/op", "tracing\nns/op",
		"probe hits\n/op", "tracing\nns/hit",
	};
	const struct vb_campaign *c = &v->r->c;
	struct vb_table table = { .words = 1 };
	struct overhead o;
	size_t i, t;

	(void)unused;
	fprintf(out, "Workload %s, %ld pages.\n\n", v->workload, v->pages);
	for (i = 0; i < ARRAY_SIZE(heads); i++)
		vb_table_column(&table, vb_strf("%s", heads[i]));
	for (i = 0; i < c->nvariants; i++) {
		for (t = 0; t < c->nthreads; t++) {
			o = overhead_at(v, c->variants[i], c->threads[t]);
			put_row(&table, c->variants[i], c->threads[t], &o);
		}
	}
	vb_table_print(out, &table);
	fputc('\n', out);
	vb_table_free(&table);
}

/**
 * vb_report_overhead() - what tracing costs
 * @out: where to
 * @r: the report
 */
void vb_report_overhead(FILE *out, const struct vb_report *r)
{
	char *text;

	vb_report_heading(out, "Cost of tracing", '-');
	text = vb_strf("Each point has a baseline and a traced sample. tracing: traced -\n"
		       "baseline, which is what the probes cost and what they change in waiting;\n"
		       "less than 0 where waiting got shorter. probe hits: runs of BPF programs in the window / operations done in it; \"-\"\n"
		       "when they were not counted. %s",
		       vb_campaign_is_sim(&r->c) ?
		       "On sim both times are exact, counted instruction\n"
		       "by instruction and the same in every run; a small difference without hits is that\n"
		       "ticks and waiting fell elsewhere. Nothing is divided by less than one hit an\n"
		       "operation. With one thread it is the probes' own cost; with more, those who wait\n"
		       "pay for the probes of those they wait for." :
		       "Medians over runs; where these scatter, a small difference is none.");
	vb_wrap(out, "", "", text);
	fputc('\n', out);
	free(text);
	vb_report_each_view(out, r, NULL, overhead_table);
}

static long fewest_threads(const struct vb_campaign *c)
{
	long fewest = c->threads[0];
	size_t i;

	for (i = 1; i < c->nthreads; i++)
		if (c->threads[i] < fewest)
			fewest = c->threads[i];
	return fewest;
}

/**
 * vb_report_overhead_line() - the cost of tracing in one line
 * @out: where to
 * @v: the workload and the number of pages
 *
 * For the fewest threads: with more it is multiplied by those who wait.
 *
 * Prints nothing when no variant was measured both ways.
 */
void vb_report_overhead_line(FILE *out, const struct vb_view *v)
{
	const struct vb_campaign *c = &v->r->c;
	const long threads = fewest_threads(c);
	char *text = vb_strf("Tracing costs with %ld thread%s, ns an operation (ns a probe hit):",
			     threads, threads == 1 ? "" : "s"), *more;
	char op[32], hit[32];
	struct overhead o;
	size_t i, n = 0;

	for (i = 0; i < c->nvariants; i++) {
		o = overhead_at(v, c->variants[i], threads);
		if (isnan(o.traced - o.bare))
			continue;
		vb_number(op, sizeof(op), o.traced - o.bare);
		vb_number(hit, sizeof(hit), per_hit(&o));
		more = vb_strf("%s%s %s %s (%s)", text, n++ ? "," : "", c->variants[i], op, hit);
		free(text);
		text = more;
	}
	if (n) {
		more = vb_strf("%s.", text);
		vb_wrap(out, "", "", more);
		fputc('\n', out);
		free(more);
	}
	free(text);
}
