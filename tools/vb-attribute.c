// SPDX-License-Identifier: GPL-2.0
/* vb-attribute - what the time of an operation is spent on, on stdout. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "records/attribution.h"
#include "base/options.h"
#include "profile/parts.h"
#include "profile/profile.h"
#include "records/runs.h"
#include "records/values.h"

/* What the rows are made from. */
struct source {
	struct vb_campaign c;
	struct vb_runs runs;
	struct vb_parts parts;
};

static void put(const struct vb_point *p, const char *part, double ns_per_op)
{
	const struct vb_share share = {
		.variant = (char *)p->variant, .workload = (char *)p->workload,
		.pages = p->pages, .threads = p->threads, .part = (char *)part,
		.ns_per_op = ns_per_op,
	};

	vb_attribution_row(stdout, &share);
}

/* They can be added up: vb_run_read() did so. */
static json_int_t ops_of(const struct vb_sample *s)
{
	json_int_t ops = 0;
	size_t i;

	for (i = 0; i < s->nthreads; i++)
		ops += s->thread[i].ops;
	return ops;
}

/* Every ns of the threads is in one part, so the parts add up to the whole. */
static void put_profile(const struct source *src, const struct vb_point *p,
			const struct vb_profile *profile, json_int_t ops)
{
	double *ns = calloc(src->parts.n + 1, sizeof(*ns));
	const struct vb_profile_row *row;
	size_t i;

	if (!ns)
		vb_die("out of memory");
	for (row = profile->row; row < profile->row + profile->n; row++)
		ns[vb_parts_of(&src->parts, row->name, row->module)] +=
			row->thread.exec_ps / 1000.0 + row->thread.spin_ns + row->thread.cost_ns;
	for (i = 0; i < src->parts.n; i++)
		put(p, src->parts.name[i], ns[i] / ops);
	put(p, VB_PART_REST, ns[src->parts.n] / ops);
	put(p, VB_PART_USER, (double)profile->thread_user_insns / ops);
	put(p, VB_PART_HALTED, (double)profile->thread_halt_ns / ops);
	free(ns);
}

static void from_profile(const struct source *src, const struct vb_point *p)
{
	const struct vb_run *run;
	const struct vb_sample *s = vb_point_profiled(&src->runs, p, &run);
	struct vb_profile profile;
	char *path;

	if (!s)
		return;
	path = vb_strf("%s/%s/run-%ld/profile.jsonl", src->c.dir, run->variant, run->number);
	if (vb_profile_read(&profile, path, s->number) && profile.has_thread)
		put_profile(src, p, &profile, ops_of(s));
	vb_profile_free(&profile);
	free(path);
}

static double flush_ns_per_op(const struct vb_sample *s)
{
	return s->has_flush_ns ? (double)s->flush_ns / s->ops_done : NAN;
}

/*
 * What nobody has measured is in the rest. Parts come from traced samples and the time
 * from bare ones: where boots scatter so much that the parts are more than the whole,
 * they are no parts of it, and the point has none.
 */
static void from_counts(const struct source *src, const struct vb_point *p)
{
	const struct vb_metric flush = { .mode = VB_TRACED, .value = flush_ns_per_op };
	double whole = vb_values_median(&src->runs, vb_metric_find("ns_per_op"), p);
	double flushes = vb_values_median(&src->runs, &flush, p);
	double locks = vb_values_median(&src->runs, vb_metric_find("lock_wait_ns_per_op"), p);
	double rest = whole - (isnan(flushes) ? 0 : flushes) - (isnan(locks) ? 0 : locks);

	if (!(rest >= 0))
		return;
	if (!isnan(flushes))
		put(p, VB_PART_FLUSH, flushes);
	if (!isnan(locks))
		put(p, VB_PART_LOCKS, locks);
	put(p, VB_PART_REST, rest);
}

static void put_point(const struct vb_point *p, void *data)
{
	const struct source *src = data;

	if (vb_campaign_is_sim(&src->c))
		from_profile(src, p);
	else
		from_counts(src, p);
}

static void help(void)
{
	puts("usage: vb-attribute --parts FILE CAMPAIGN_DIR\n"
	     "\n"
	     "Writes attribution.tsv to stdout: what the time of an operation is spent on, a row\n"
	     "for each point and part; the parts of a point add up to its ns_per_op. On sim they\n"
	     "are taken from VARIANT/run-N/profile.jsonl; a point that has no profile there, or one\n"
	     "that says nothing of threads, has no rows. Elsewhere flushes and lock waits are what\n"
	     "the counters measured, and everything else is the rest.\n"
	     "\n"
	     "  --parts FILE  which symbol belongs to which part: tools/parts.tsv\n"
	     "\n"
	     "exit codes: 0 written; 2 usage error, or a file that is not what it should be");
}

int main(int argc, char **argv)
{
	const char *parts = NULL;
	struct source src;
	const struct vb_option options[] = {
		{ "parts", VB_TEXT, &parts },
	};

	vb_name = "vb-attribute";
	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (!parts)
		vb_usage("--parts is needed");
	if (argc - optind != 1)
		vb_usage("one campaign folder is needed");
	vb_parts_read(&src.parts, parts);
	vb_campaign_read(&src.c, argv[optind]);
	vb_runs_read(&src.runs, &src.c);
	vb_attribution_header(stdout);
	vb_each_point(&src.c, put_point, &src);
	vb_close_stdout();
	vb_runs_free(&src.runs);
	vb_campaign_free(&src.c);
	vb_parts_free(&src.parts);
	return VB_OK;
}
