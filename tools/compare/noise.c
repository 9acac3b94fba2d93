// SPDX-License-Identifier: GPL-2.0
/*
 * What boots of one kernel show by themselves: see noise.h.
 *
 * Logarithms are tested. A value is moved up by what is allowed beside the percentage,
 * divided by that percentage: then "the ratio is below 1 + percentage" says the same
 * as "the change is below what is allowed", and a count of 0 has a logarithm.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_statistics_double.h>

#include "base/common.h"
#include "compare/compare.h"
#include "compare/noise.h"
#include "stats/power.h"

/**
 * vb_logs() - logarithms of values
 * @v: the values
 * @shift: moves them up first
 *
 * Return: as many; NULL when one has none.
 */
double *vb_logs(const struct vb_values *v, double shift)
{
	double *logs = calloc(v->n + 1, sizeof(*logs));
	size_t i;

	if (!logs)
		vb_die("out of memory");
	for (i = 0; i < v->n; i++) {
		if (!(v->x[i] + shift > 0)) {
			free(logs);
			return NULL;
		}
		logs[i] = log(v->x[i] + shift);
	}
	return logs;
}

/**
 * vb_shift() - how far values are moved up
 * @t: what they are judged by
 * @extra: what is allowed beside its percentage
 *
 * Return: in the metric's unit.
 */
double vb_shift(const struct vb_threshold *t, double extra)
{
	return extra / (t->percent[0] / 100);
}

/**
 * vb_margin() - what is allowed, as a logarithm
 * @t: the threshold
 *
 * Return: that.
 */
double vb_margin(const struct vb_threshold *t)
{
	return log1p(t->percent[0] / 100);
}

/**
 * vb_scatter_of() - how much the boots of one kernel scatter
 * @v: their values
 * @shift: moves them up
 * @s: filled in
 *
 * Return: 0; -EINVAL when there are too few, -EDOM when one has no logarithm.
 */
int vb_scatter_of(const struct vb_values *v, double shift, struct vb_scatter *s)
{
	double *logs, lo, hi;

	if (v->n < VB_MIN_BOOTS)
		return -EINVAL;
	logs = vb_logs(v, shift);
	if (!logs)
		return -EDOM;
	gsl_stats_minmax(&lo, &hi, logs, 1, v->n);
	s->sd = lo < hi ? gsl_stats_sd(logs, 1, v->n) : 0;
	s->df = v->n - 1;
	free(logs);
	return 0;
}

/**
 * vb_floor_percent() - the change that two sets of boots of one kernel show
 * @s: how much its boots scatter
 * @nx: boots in the one set
 * @ny: boots in the other
 *
 * Return: in %; they show more with a chance of VB_ALPHA.
 */
double vb_floor_percent(const struct vb_scatter *s, size_t nx, size_t ny)
{
	return 100 * expm1(vb_noise_floor(s->sd, s->df, nx, ny, VB_ALPHA));
}

/**
 * vb_seen_percent() - the smallest change that would be called a regression
 * @s: how much the boots of a kernel scatter
 * @margin: what is allowed, as a logarithm
 * @nx: boots before
 * @ny: boots after
 * @alpha: of the test
 *
 * As if the scatter were known; the test itself finds it out from the boots compared.
 *
 * Return: in %; it is found with a chance of VB_POWER.
 */
double vb_seen_percent(const struct vb_scatter *s, double margin, size_t nx, size_t ny,
		       double alpha)
{
	double df = nx + ny - 2;

	return 100 * expm1(margin + vb_detectable(s->sd, df, nx, ny, alpha, VB_POWER));
}
