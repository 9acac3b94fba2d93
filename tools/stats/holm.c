// SPDX-License-Identifier: GPL-2.0
/* Holm's correction for many tests (S. Holm, Scand. J. Stat. 6, 1979). */
#include <errno.h>
#include <stdlib.h>

#include <gsl/gsl_math.h>
#include <gsl/gsl_sort.h>

#include "stats/holm.h"

/**
 * vb_holm() - p values that many tests may be judged by
 * @p: the p values of the tests, in any order
 * @n: how many
 * @adjusted: gets theirs, in the same order
 *
 * With those rejected whose adjusted p value is at most a, the chance of even one
 * that is rejected wrongly is at most a.
 *
 * Return: 0; -EDOM when a value is not from 0 to 1; -ENOMEM.
 */
int vb_holm(const double *p, size_t n, double *adjusted)
{
	double running = 0;
	size_t *order;
	size_t i;

	for (i = 0; i < n; i++)
		if (!(p[i] >= 0 && p[i] <= 1))
			return -EDOM;
	if (!n)
		return 0;
	order = calloc(n, sizeof(*order));
	if (!order)
		return -ENOMEM;
	gsl_sort_index(order, p, 1, n);
	for (i = 0; i < n; i++) {
		running = GSL_MAX_DBL(running, (n - i) * p[order[i]]);
		adjusted[order[i]] = GSL_MIN_DBL(running, 1);
	}
	free(order);
	return 0;
}
