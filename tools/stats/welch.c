// SPDX-License-Identifier: GPL-2.0
/*
 * Welch's test: see welch.h.
 *
 * Two of its one-sided tests, one at each end of a margin, make an equivalence
 * test (D. J. Schuirmann, J. Pharmacokinet. Biopharm. 15, 1987).
 */
#include <errno.h>
#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "stats/welch.h"

static int all_finite(const double *x, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!isfinite(x[i]))
			return 0;
	return 1;
}

/* The square of a mean's standard error; no rounding error makes it from equal values. */
static double mean_variance(const double *x, size_t n)
{
	double lo, hi;

	gsl_stats_minmax(&lo, &hi, x, 1, n);
	return lo < hi ? gsl_stats_variance(x, 1, n) / n : 0;
}

/**
 * vb_welch() - compare two samples
 * @x: the first sample
 * @nx: how many values it has
 * @y: the second sample
 * @ny: how many values it has
 * @w: filled in
 *
 * Return: 0; -EINVAL with fewer than two values on a side, which say nothing about
 * spread; -EDOM when a value is not finite.
 */
int vb_welch(const double *x, size_t nx, const double *y, size_t ny, struct vb_welch *w)
{
	double vx, vy;

	if (nx < 2 || ny < 2)
		return -EINVAL;
	if (!all_finite(x, nx) || !all_finite(y, ny))
		return -EDOM;
	vx = mean_variance(x, nx);
	vy = mean_variance(y, ny);
	w->diff = gsl_stats_mean(y, 1, ny) - gsl_stats_mean(x, 1, nx);
	w->se = sqrt(vx + vy);
	w->df = nx + ny - 2;
	if (w->se > 0)
		w->df = (vx + vy) * (vx + vy) / (vx * vx / (nx - 1) + vy * vy / (ny - 1));
	return 0;
}

/**
 * vb_welch_below() - is the difference below a bound?
 * @w: the comparison
 * @bound: the bound
 *
 * Return: the p value; small: it is.
 */
double vb_welch_below(const struct vb_welch *w, double bound)
{
	if (!(w->se > 0))
		return w->diff < bound ? 0 : 1;
	return gsl_cdf_tdist_P((w->diff - bound) / w->se, w->df);
}

/**
 * vb_welch_above() - is the difference above a bound?
 * @w: the comparison
 * @bound: the bound
 *
 * Return: the p value; small: it is.
 */
double vb_welch_above(const struct vb_welch *w, double bound)
{
	if (!(w->se > 0))
		return w->diff > bound ? 0 : 1;
	return gsl_cdf_tdist_Q((w->diff - bound) / w->se, w->df);
}
