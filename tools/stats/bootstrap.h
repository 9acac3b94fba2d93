/* SPDX-License-Identifier: GPL-2.0 */
/* A bootstrap interval for the difference of two means. */
#ifndef VB_BOOTSTRAP_H
#define VB_BOOTSTRAP_H

#include <stddef.h>

#define VB_RESAMPLES	9999

int vb_bootstrap(const double *x, size_t nx, const double *y, size_t ny, double level,
		 unsigned long seed, double *lo, double *hi);

#endif
