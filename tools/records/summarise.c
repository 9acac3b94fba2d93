// SPDX-License-Identifier: GPL-2.0
/* The records of a campaign to summary.tsv: see summarise.h. */
#include "base/common.h"
#include "records/summarise.h"
#include "records/summary.h"
#include "records/values.h"
#include "stats/stats.h"

struct work {
	const struct vb_campaign *c;
	const struct vb_runs *runs;
	FILE *out;
};

static void write_metric(const struct work *w, const struct vb_point *p, const struct vb_metric *m)
{
	struct vb_row row = {
		.variant = (char *)p->variant, .machine = (char *)w->c->machine,
		.workload = (char *)p->workload, .pages = p->pages, .cpus = w->c->cpus,
		.threads = p->threads, .metric = (char *)m->name, .unit = (char *)m->unit,
	};
	struct vb_values v;

	vb_values_take(&v, w->runs, m, p);
	if (v.n) {
		row.n = v.n;
		if (vb_median(v.x, v.n, &row.median) ||
		    vb_t_interval(v.x, v.n, 0.95, &row.lo, &row.hi))
			vb_die("%s: %s cannot be computed", p->variant, m->name);
		if (vb_campaign_is_sim(w->c)) {
			row.lo = row.median;
			row.hi = row.median;
		}
		/* Nothing here can be negative, and the interval knows it. */
		if (row.lo < 0)
			row.lo = 0;
		vb_summary_row(w->out, &row);
	}
	vb_values_free(&v);
}

static void write_point(const struct vb_point *point, void *data)
{
	const struct work *w = data;
	size_t i;

	for (i = 0; i < vb_nmetrics; i++)
		if (vb_metric_applies(&vb_metrics[i], w->c))
			write_metric(w, point, &vb_metrics[i]);
}

/**
 * vb_summarise() - write summary.tsv
 * @out: where to
 * @c: the campaign
 * @runs: its runs; what is wrong with them is left out
 */
void vb_summarise(FILE *out, const struct vb_campaign *c, const struct vb_runs *runs)
{
	struct work work = { .c = c, .runs = runs, .out = out };

	vb_summary_header(out);
	vb_each_point(c, write_point, &work);
}
