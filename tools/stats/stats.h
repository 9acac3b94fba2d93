/* SPDX-License-Identifier: GPL-2.0 */
/* Statistics over runs; the arithmetic is GSL's. */
#ifndef VB_STATS_H
#define VB_STATS_H

#include <stddef.h>

int vb_median(const double *x, size_t n, double *median);
int vb_quantile(const double *x, size_t n, double f, double *quantile);
int vb_t_interval(const double *x, size_t n, double level, double *lo, double *hi);

#endif
