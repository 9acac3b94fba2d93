// SPDX-License-Identifier: GPL-2.0
/* What the time of an operation is spent on: see attribute.h. */
#include <math.h>
#include <stdlib.h>

#include "base/common.h"
#include "profile/attribute.h"
#include "profile/profile.h"
#include "records/attribution.h"
#include "records/values.h"

/* What the rows are made from. */
struct source {
	FILE *out;
	const struct vb_campaign *c;
	const struct vb_runs *runs;
	const struct vb_parts *parts;
	struct vb_kept_files *files;
};

static void put(FILE *out, const struct vb_point *p, const char *part, double ns_per_op)
{
	const struct vb_share share = {
		.variant = (char *)p->variant, .workload = (char *)p->workload,
		.pages = p->pages, .threads = p->threads, .part = (char *)part,
		.ns_per_op = ns_per_op,
	};

	vb_attribution_row(out, &share);
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
	double *ns = calloc(src->parts->n + 1, sizeof(*ns));
	const struct vb_profile_row *row;
	size_t i;

	if (!ns)
		vb_die("out of memory");
	for (row = profile->row; row < profile->row + profile->n; row++)
		ns[vb_parts_of(src->parts, row->name, row->module)] +=
			row->thread.exec_ps / 1000.0 + row->thread.spin_ns + row->thread.cost_ns;
	for (i = 0; i < src->parts->n; i++)
		put(src->out, p, src->parts->name[i], ns[i] / ops);
	put(src->out, p, VB_PART_REST, ns[src->parts->n] / ops);
	put(src->out, p, VB_PART_USER, (double)profile->thread_user_insns / ops);
	put(src->out, p, VB_PART_HALTED, (double)profile->thread_halt_ns / ops);
	free(ns);
}

static void from_profile(const struct source *src, const struct vb_point *p)
{
	const struct vb_run *run;
	const struct vb_sample *s = vb_point_profiled(src->runs, p, &run);
	struct vb_profile profile;
	char *path;

	if (!s)
		return;
	path = vb_strf("%s/%s/run-%ld/profile.jsonl", src->c->dir, run->variant, run->number);
	if (vb_profile_read(&profile, src->files, path, s->number) && profile.has_thread)
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
	double whole = vb_values_median(src->runs, vb_metric_find("ns_per_op"), p);
	double flushes = vb_values_median(src->runs, &flush, p);
	double locks = vb_values_median(src->runs, vb_metric_find("lock_wait_ns_per_op"), p);
	double rest = whole - (isnan(flushes) ? 0 : flushes) - (isnan(locks) ? 0 : locks);

	if (!(rest >= 0))
		return;
	if (!isnan(flushes))
		put(src->out, p, VB_PART_FLUSH, flushes);
	if (!isnan(locks))
		put(src->out, p, VB_PART_LOCKS, locks);
	put(src->out, p, VB_PART_REST, rest);
}

static void put_point(const struct vb_point *p, void *data)
{
	const struct source *src = data;

	if (vb_campaign_is_sim(src->c))
		from_profile(src, p);
	else
		from_counts(src, p);
}

/**
 * vb_attribute() - write attribution.tsv
 * @out: where to
 * @c: the campaign
 * @runs: its runs
 * @parts: which symbol belongs to which part
 * @files: keeps the profiles that are read
 *
 * On sim the parts come from the profile of a point, elsewhere from its counters.
 */
void vb_attribute(FILE *out, const struct vb_campaign *c, const struct vb_runs *runs,
		  const struct vb_parts *parts, struct vb_kept_files *files)
{
	struct source src = {
		.out = out, .c = c, .runs = runs, .parts = parts, .files = files,
	};

	vb_attribution_header(out);
	vb_each_point(c, put_point, &src);
}
