/* SPDX-License-Identifier: GPL-2.0 */
/* The Universal Scalability Law, fitted to times per operation. */
#ifndef VB_USL_H
#define VB_USL_H

#include <stddef.h>

/* Three parameters, and one point more so that a residual can say something. */
#define VB_USL_MIN_POINTS 4

/**
 * struct vb_usl - a fit: X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1))
 * @lambda: throughput of one thread, operations per second, above 0
 * @sigma: contention: the share of an operation that only one at a time can
 *	do, 0 or more
 * @kappa: coherency: what each pair of threads costs both, as a share of an
 *	operation, 0 or more
 * @residual: root mean square of the relative errors of X; 0.01 is 1%
 */
struct vb_usl {
	double lambda;
	double sigma;
	double kappa;
	double residual;
};

int vb_usl_fit(const double *threads, const double *ns, size_t n, struct vb_usl *fit);
double vb_usl_throughput(const struct vb_usl *fit, double threads);
int vb_usl_peak(const struct vb_usl *fit, double *threads);

#endif
