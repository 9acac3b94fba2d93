// SPDX-License-Identifier: GPL-2.0
/*
 * The values of one metric at one point, one of each run: see values.h.
 *
 * The boot is the unit of replication: a run has a point once, and statistics are over
 * runs only.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/stats.h"
#include "records/values.h"

static void add_value(struct vb_values *v, double x)
{
	v->x = vb_grow(v->x, v->n, sizeof(*v->x));
	v->x[v->n++] = x;
}

static void take_run(struct vb_values *v, const struct vb_run *run, const struct vb_metric *m,
		     const struct vb_point *p)
{
	const struct vb_sample *s;
	double value;

	if (!run->whole)
		return;
	s = vb_run_next(run, NULL, m->mode, p->workload, p->pages, p->threads);
	value = !s || s->failed ? NAN : vb_metric_value(m, s);
	if (!isnan(value))
		add_value(v, value);
}

/**
 * vb_point_sample() - the first sample of a point that can be used
 * @runs: the runs; all boots are the same on sim
 * @p: the point
 * @mode: how it was measured
 * @run: gets the run that it is from
 *
 * Return: the sample, or NULL.
 */
const struct vb_sample *vb_point_sample(const struct vb_runs *runs, const struct vb_point *p,
					enum vb_mode mode, const struct vb_run **run)
{
	const struct vb_sample *s;

	for (*run = runs->run; *run < runs->run + runs->n; (*run)++) {
		if (!(*run)->whole || strcmp((*run)->variant, p->variant))
			continue;
		s = vb_run_next(*run, NULL, mode, p->workload, p->pages, p->threads);
		if (s && !s->failed)
			return s;
	}
	return NULL;
}

/**
 * vb_point_profiled() - the first sample of a point whose profile is to be shown
 * @runs: the runs
 * @p: the point
 * @run: gets the run that it is from
 *
 * A simulator profiles what is measured; elsewhere it takes a measurement of its own.
 *
 * Return: the sample, or NULL.
 */
const struct vb_sample *vb_point_profiled(const struct vb_runs *runs, const struct vb_point *p,
					  const struct vb_run **run)
{
	const struct vb_sample *s = vb_point_sample(runs, p, VB_SAMPLED, run);

	return s ? s : vb_point_sample(runs, p, VB_BARE, run);
}

/**
 * vb_values_take() - collect the values of a metric at a point
 * @v: filled in; empty when no run has one
 * @runs: the runs
 * @m: the metric
 * @point: the point
 */
void vb_values_take(struct vb_values *v, const struct vb_runs *runs, const struct vb_metric *m,
		    const struct vb_point *point)
{
	size_t i;

	memset(v, 0, sizeof(*v));
	for (i = 0; i < runs->n; i++)
		if (!strcmp(runs->run[i].variant, point->variant))
			take_run(v, &runs->run[i], m, point);
}

/**
 * vb_values_median() - the median of a metric at a point
 * @runs: the runs
 * @m: the metric
 * @point: the point
 *
 * Return: the median over runs, NAN when no run has a value.
 */
double vb_values_median(const struct vb_runs *runs, const struct vb_metric *m,
			const struct vb_point *point)
{
	struct vb_values v;
	double median;

	vb_values_take(&v, runs, m, point);
	if (vb_median(v.x, v.n, &median))
		median = NAN;
	vb_values_free(&v);
	return median;
}

/**
 * vb_values_free() - free what vb_values_take() took
 * @v: the values
 */
void vb_values_free(struct vb_values *v)
{
	free(v->x);
}

static void each_of_workload(const struct vb_campaign *c, struct vb_point *point, vb_point_fn fn,
			     void *data)
{
	size_t p, t;

	for (p = 0; p < c->npages; p++) {
		point->pages = c->pages[p];
		for (t = 0; t < c->nthreads; t++) {
			point->threads = c->threads[t];
			fn(point, data);
		}
	}
}

/**
 * vb_each_point() - do something for all points, in the order of the campaign
 * @c: the campaign
 * @fn: what to do
 * @data: handed to @fn
 */
void vb_each_point(const struct vb_campaign *c, vb_point_fn fn, void *data)
{
	struct vb_point point;
	size_t v, w;

	for (v = 0; v < c->nvariants; v++) {
		point.variant = c->variants[v];
		for (w = 0; w < c->nworkloads; w++) {
			point.workload = c->workloads[w];
			each_of_workload(c, &point, fn, data);
		}
	}
}

struct same {
	struct vb_runs *runs;
	const struct vb_campaign *c;
};

static void check_metric(struct vb_runs *runs, const struct vb_metric *m,
			 const struct vb_point *p)
{
	struct vb_values v;
	size_t i;

	vb_values_take(&v, runs, m, p);
	for (i = 1; i < v.n; i++) {
		if (v.x[i] == v.x[0])
			continue;
		vb_list_add(&runs->problems,
			    "%s: %s of %s, %ld pages, %ld threads is %.9g in one run and %.9g in another, and sim is deterministic",
			    p->variant, m->name, p->workload, p->pages, p->threads, v.x[0], v.x[i]);
		break;
	}
	vb_values_free(&v);
}

static void check_point(const struct vb_point *point, void *data)
{
	struct same *same = data;
	size_t i;

	for (i = 0; i < vb_nmetrics; i++)
		if (vb_metric_applies(&vb_metrics[i], same->c))
			check_metric(same->runs, &vb_metrics[i], point);
}

/**
 * vb_check_same() - on sim all boots give the same values
 * @runs: the runs; their problems get a line for every metric that differs
 * @c: the campaign
 */
void vb_check_same(struct vb_runs *runs, const struct vb_campaign *c)
{
	struct same same = { .runs = runs, .c = c };

	if (vb_campaign_is_sim(c))
		vb_each_point(c, check_point, &same);
}
