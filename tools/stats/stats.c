// SPDX-License-Identifier: GPL-2.0
/*
 * Statistics over runs. GSL does the arithmetic; what is decided here is what
 * happens with samples too small for it, and that a value which is no number
 * is an error and never a result.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "stats/stats.h"

/* GSL's order statistics want sorted data; the caller's order is kept. */
static int sorted_copy(const double *x, size_t n, double **copy)
{
	size_t i;

	if (!n)
		return -EINVAL;
	for (i = 0; i < n; i++)
		if (!isfinite(x[i]))
			return -EDOM;
	*copy = malloc(n * sizeof(*x));
	if (!*copy)
		return -ENOMEM;
	memcpy(*copy, x, n * sizeof(*x));
	gsl_sort(*copy, 1, n);
	return 0;
}

/**
 * vb_median() - the middle value, or the mean of the two in the middle
 * @x: the values, in any order
 * @n: how many
 * @median: where to put it
 *
 * Return: 0; -EINVAL without values; -EDOM when one of them is not finite.
 */
int vb_median(const double *x, size_t n, double *median)
{
	return vb_quantile(x, n, 0.5, median);
}

/**
 * vb_quantile() - the value below which a fraction of the values lies
 * @x: the values, in any order
 * @n: how many
 * @f: the fraction, 0 to 1
 * @quantile: where to put it
 *
 * Between two values it is interpolated (type 7 in R's numbering).
 *
 * Return: 0; -EINVAL without values or with a wrong fraction; -EDOM when a
 * value is not finite.
 */
int vb_quantile(const double *x, size_t n, double f, double *quantile)
{
	double *copy;
	int err;

	if (!(f >= 0 && f <= 1))
		return -EINVAL;
	err = sorted_copy(x, n, &copy);
	if (err)
		return err;
	*quantile = gsl_stats_quantile_from_sorted_data(copy, 1, n, f);
	free(copy);
	return 0;
}

/**
 * vb_t_interval() - Student's interval for the mean
 * @x: the values, in any order
 * @n: how many
 * @level: confidence, above 0 and below 1
 * @lo: where to put the lower end
 * @hi: where to put the upper end
 *
 * The half width is t * sd / sqrt(n). One value says nothing about spread:
 * both ends are then that value.
 *
 * Return: 0; -EINVAL without values or with a wrong level; -EDOM when a value
 * is not finite.
 */
int vb_t_interval(const double *x, size_t n, double level, double *lo, double *hi)
{
	double mean, half = 0;
	size_t i;

	if (!n || !(level > 0 && level < 1))
		return -EINVAL;
	for (i = 0; i < n; i++)
		if (!isfinite(x[i]))
			return -EDOM;
	mean = gsl_stats_mean(x, 1, n);
	if (n > 1)
		half = gsl_cdf_tdist_Pinv(0.5 + level / 2, n - 1) *
		       gsl_stats_sd(x, 1, n) / sqrt(n);
	*lo = mean - half;
	*hi = mean + half;
	return 0;
}
