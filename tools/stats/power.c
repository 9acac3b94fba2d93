// SPDX-License-Identifier: GPL-2.0
/* What a number of boots can show at all, from how much one kernel's boots scatter. */
#include <math.h>

#include <gsl/gsl_cdf.h>

#include "stats/power.h"

static double se_of(double sd, size_t nx, size_t ny)
{
	return sd * sqrt(1.0 / nx + 1.0 / ny);
}

/**
 * vb_noise_floor() - the difference that two sets of boots of one kernel show
 * @sd: standard deviation of a boot
 * @df: degrees of freedom it was found with
 * @nx: boots in the one set
 * @ny: boots in the other
 * @alpha: how often they show more, in either direction
 *
 * Return: that difference.
 */
double vb_noise_floor(double sd, double df, size_t nx, size_t ny, double alpha)
{
	return gsl_cdf_tdist_Qinv(alpha / 2, df) * se_of(sd, nx, ny);
}

/**
 * vb_detectable() - the smallest difference that a one-sided test finds
 * @sd: standard deviation of a boot
 * @df: degrees of freedom it was found with
 * @nx: boots on the one side
 * @ny: boots on the other
 * @alpha: how often the test finds one that is not there
 * @power: how often it has to find the difference
 *
 * With the sum of two quantiles, the usual approximation to the noncentral t.
 *
 * Return: that difference.
 */
double vb_detectable(double sd, double df, size_t nx, size_t ny, double alpha, double power)
{
	return (gsl_cdf_tdist_Qinv(alpha, df) + gsl_cdf_tdist_Pinv(power, df)) *
	       se_of(sd, nx, ny);
}
