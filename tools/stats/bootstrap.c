// SPDX-License-Identifier: GPL-2.0
/*
 * A bootstrap interval for the difference of two means.
 *
 * Values are drawn anew from each sample, and the interval is between two quantiles
 * of the differences so found. With few values such an interval is too narrow,
 * because the spread of what is drawn is that of a whole population: by
 * sqrt((n - 1) / n), and by normal where Student's quantiles belong. BCa corrects
 * a bias and a skew that the difference of two means of so few values cannot show,
 * and not this. So the quantiles are taken further out, by exactly that much: the
 * "expanded percentile interval" (T. C. Hesterberg, The American Statistician 69,
 * 2015). It can reach no further than the values do.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "stats/bootstrap.h"
#include "stats/welch.h"

static double mean_of_drawn(gsl_rng *rng, const double *x, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += x[gsl_rng_uniform_int(rng, n)];
	return sum / n;
}

static double drawn_variance(const double *x, size_t n)
{
	return gsl_stats_variance(x, 1, n) * (n - 1) / n / n;
}

/* The share of the differences that the interval leaves out at each end. */
static double tail(const double *x, size_t nx, const double *y, size_t ny,
		   const struct vb_welch *w, double level)
{
	double drawn = sqrt(drawn_variance(x, nx) + drawn_variance(y, ny));

	return gsl_cdf_ugaussian_Q(gsl_cdf_tdist_Pinv(0.5 + level / 2, w->df) * w->se / drawn);
}

/**
 * vb_bootstrap() - an interval for mean of @y - mean of @x
 * @x: the first sample
 * @nx: how many values it has
 * @y: the second sample
 * @ny: how many values it has
 * @level: confidence, above 0 and below 1
 * @seed: of the random numbers; the same gives the same interval
 * @lo: where to put the lower end
 * @hi: where to put the upper end
 *
 * Return: 0; -EINVAL with fewer than two values on a side or with a wrong level;
 * -EDOM when a value is not finite; -ENOMEM.
 */
int vb_bootstrap(const double *x, size_t nx, const double *y, size_t ny, double level,
		 unsigned long seed, double *lo, double *hi)
{
	struct vb_welch w;
	double *diff, out;
	gsl_rng *rng;
	size_t i;
	int err;

	err = vb_welch(x, nx, y, ny, &w);
	if (!err && !(level > 0 && level < 1))
		err = -EINVAL;
	if (err)
		return err;
	*lo = w.diff;
	*hi = w.diff;
	if (!(w.se > 0))
		return 0;
	diff = calloc(VB_RESAMPLES, sizeof(*diff));
	rng = gsl_rng_alloc(gsl_rng_mt19937);
	if (!diff || !rng) {
		free(diff);
		return -ENOMEM;
	}
	gsl_rng_set(rng, seed);
	for (i = 0; i < VB_RESAMPLES; i++)
		diff[i] = mean_of_drawn(rng, y, ny) - mean_of_drawn(rng, x, nx);
	gsl_rng_free(rng);
	gsl_sort(diff, 1, VB_RESAMPLES);
	out = tail(x, nx, y, ny, &w, level);
	*lo = gsl_stats_quantile_from_sorted_data(diff, 1, VB_RESAMPLES, out);
	*hi = gsl_stats_quantile_from_sorted_data(diff, 1, VB_RESAMPLES, 1 - out);
	free(diff);
	return 0;
}
