/* SPDX-License-Identifier: GPL-2.0 */
/* Welch's test: two samples whose spread need not be the same. */
#ifndef VB_WELCH_H
#define VB_WELCH_H

#include <stddef.h>

/**
 * struct vb_welch - what two samples say of the difference of their means
 * @diff: mean of the second - mean of the first
 * @se: standard error of @diff; 0: no value differs from its neighbours
 * @df: degrees of freedom
 */
struct vb_welch {
	double diff;
	double se;
	double df;
};

int vb_welch(const double *x, size_t nx, const double *y, size_t ny, struct vb_welch *w);
double vb_welch_below(const struct vb_welch *w, double bound);
double vb_welch_above(const struct vb_welch *w, double bound);

#endif
