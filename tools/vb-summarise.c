// SPDX-License-Identifier: GPL-2.0
/* vb-summarise - the records of a campaign to summary.tsv, on stdout. */
#include <stdio.h>

#include "base/options.h"
#include "stats/stats.h"
#include "records/summary.h"
#include "records/values.h"

struct work {
	const struct vb_campaign *c;
	struct vb_runs *runs;
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
		vb_summary_row(stdout, &row);
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

static int write_summary(struct work *w)
{
	const struct vb_list *problems = &w->runs->problems;
	size_t i;

	vb_check_same(w->runs, w->c);
	vb_summary_header(stdout);
	vb_each_point(w->c, write_point, w);
	vb_close_stdout();
	for (i = 0; i < problems->n; i++)
		fprintf(stderr, "%s: %s/%s\n", vb_name, w->c->dir, problems->line[i]);
	return problems->n ? VB_INCOMPLETE : VB_OK;
}

static void help(void)
{
	puts("usage: vb-summarise CAMPAIGN_DIR\n"
	     "       vb-summarise --check CAMPAIGN_DIR\n"
	     "       vb-summarise --metrics\n"
	     "\n"
	     "Reads campaign.json and VARIANT/run-N/events.jsonl and writes summary.tsv to\n"
	     "stdout. Runs and points that cannot be used are left out and named on stderr,\n"
	     "and so is a point that differs between runs on sim.\n"
	     "\n"
	     "  --check    only read, and say nothing of what is left out: are these records\n"
	     "             that guests wrote, and no boot a copy of another one?\n"
	     "  --metrics  print the names of all metrics there are instead\n"
	     "\n"
	     "exit codes: 0 all is there and well; 1 something is not; 2 usage error, or\n"
	     "a file that is not what the guest writes, or a copy (nothing is written)");
}

static void print_metrics(void)
{
	size_t i;

	for (i = 0; i < vb_nmetrics; i++)
		puts(vb_metrics[i].name);
	vb_close_stdout();
}

int main(int argc, char **argv)
{
	struct vb_campaign c;
	struct vb_runs runs;
	struct work work = { .c = &c, .runs = &runs };
	int ret, metrics = 0, check = 0;
	const struct vb_option options[] = {
		{ "check", VB_FLAG, &check },
		{ "metrics", VB_FLAG, &metrics },
	};

	vb_name = "vb-summarise";
	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (metrics) {
		print_metrics();
		return VB_OK;
	}
	if (argc - optind != 1)
		vb_usage("one campaign folder is needed");
	vb_campaign_read(&c, argv[optind]);
	vb_runs_read(&runs, &c);
	ret = check ? VB_OK : write_summary(&work);
	vb_runs_free(&runs);
	vb_campaign_free(&c);
	return ret;
}
