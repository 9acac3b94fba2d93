// SPDX-License-Identifier: GPL-2.0
/*
 * vb-summarise - the records of a campaign to summary.tsv, on stdout.
 *
 * The boot is the unit of replication: a point measured twice within a run
 * gives one value, their median, and statistics are over runs only.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "metrics.h"
#include "runs.h"
#include "stats.h"
#include "summary.h"

/* The values of one metric at one point, one of each run. */
struct values {
	double *x;
	size_t n;
};

static void add_value(struct values *v, double x)
{
	v->x = vb_grow(v->x, v->n, sizeof(*v->x));
	v->x[v->n++] = x;
}

static void take_run(struct values *v, const struct vb_run *run, const struct vb_metric *m,
		     const struct vb_row *row)
{
	const struct vb_sample *s = NULL;
	struct values own = { 0 };
	double median;

	if (!run->whole)
		return;
	while ((s = vb_run_next(run, s, m->mode, row->workload, row->pages, row->threads)))
		if (!s->failed)
			add_value(&own, m->value(s));
	if (!vb_median(own.x, own.n, &median))
		add_value(v, median);
	free(own.x);
}

/* On sim all boots give the same value; when they do not, sim is broken. */
static void check_same(struct vb_runs *runs, const struct values *v, const struct vb_row *row)
{
	size_t i;

	for (i = 1; i < v->n; i++) {
		if (v->x[i] == v->x[0])
			continue;
		vb_list_add(&runs->problems,
			    "%s: %s of %s, %ld pages, %ld threads is %.9g in one run and %.9g in another, and sim is deterministic",
			    row->variant, row->metric, row->workload, row->pages, row->threads,
			    v->x[0], v->x[i]);
		return;
	}
}

static void write_metric(struct vb_runs *runs, const struct vb_campaign *c, struct vb_row *row,
			 const struct vb_metric *m)
{
	struct values v = { 0 };
	size_t i;
	int err;

	row->metric = (char *)m->name;
	row->unit = (char *)m->unit;
	for (i = 0; i < runs->n; i++)
		if (runs->run[i].variant == row->variant)
			take_run(&v, &runs->run[i], m, row);
	if (v.n) {
		row->n = v.n;
		err = vb_median(v.x, v.n, &row->median) ||
		      vb_t_interval(v.x, v.n, 0.95, &row->lo, &row->hi);
		if (err)
			vb_die("%s: %s cannot be computed", row->variant, m->name);
		if (vb_campaign_is_sim(c)) {
			check_same(runs, &v, row);
			row->lo = row->median;
			row->hi = row->median;
		}
		/* Nothing here can be negative, and the interval knows it. */
		if (row->lo < 0)
			row->lo = 0;
		vb_summary_row(stdout, row);
	}
	free(v.x);
}

static void write_point(struct vb_runs *runs, const struct vb_campaign *c, struct vb_row *row)
{
	size_t i;

	for (i = 0; i < vb_nmetrics; i++)
		if (vb_metric_applies(&vb_metrics[i], c))
			write_metric(runs, c, row, &vb_metrics[i]);
}

static void write_summary(struct vb_runs *runs, const struct vb_campaign *c)
{
	struct vb_row row = { .machine = (char *)c->machine, .cpus = c->cpus };
	size_t v, w, p, t;

	vb_summary_header(stdout);
	for (v = 0; v < c->nvariants; v++) {
		row.variant = (char *)c->variants[v];
		for (w = 0; w < c->nworkloads; w++) {
			row.workload = (char *)c->workloads[w];
			for (p = 0; p < c->npages; p++) {
				row.pages = c->pages[p];
				for (t = 0; t < c->nthreads; t++) {
					row.threads = c->threads[t];
					write_point(runs, c, &row);
				}
			}
		}
	}
}

static void help(void)
{
	puts("usage: vb-summarise CAMPAIGN_DIR\n"
	     "\n"
	     "Reads campaign.json and VARIANT/run-N/events.jsonl and writes summary.tsv to\n"
	     "stdout. Runs and points that cannot be used are left out and named on stderr.\n"
	     "\n"
	     "exit codes: 0 all points are there; 1 something was left out; 2 usage error, or\n"
	     "a file that is not what the guest writes (nothing is written)");
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' }, { 0 } };
	struct vb_campaign c;
	struct vb_runs runs;
	int opt, ret;
	size_t i;

	vb_name = "vb-summarise";
	opterr = 0;
	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (opt != 'h')
			vb_usage("unknown option %s", argv[optind - 1]);
		help();
		return VB_OK;
	}
	if (argc - optind != 1)
		vb_usage("one campaign folder is needed");
	vb_campaign_read(&c, argv[optind]);
	vb_runs_read(&runs, &c);
	write_summary(&runs, &c);
	vb_close_stdout();
	for (i = 0; i < runs.problems.n; i++)
		fprintf(stderr, "%s: %s/%s\n", vb_name, c.dir, runs.problems.line[i]);
	ret = runs.problems.n ? VB_INCOMPLETE : VB_OK;
	vb_runs_free(&runs);
	vb_campaign_free(&c);
	return ret;
}
