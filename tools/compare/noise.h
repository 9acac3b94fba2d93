/* SPDX-License-Identifier: GPL-2.0 */
/* What boots of one kernel show by themselves, and the change that is seen beside it. */
#ifndef VB_NOISE_H
#define VB_NOISE_H

#include "compare/thresholds.h"
#include "records/values.h"

/**
 * struct vb_scatter - how much a kernel's boots scatter, as logarithms
 * @sd: standard deviation of one of them
 * @df: degrees of freedom it was found with
 */
struct vb_scatter {
	double sd;
	double df;
};

double *vb_logs(const struct vb_values *v, double shift);
double vb_shift(const struct vb_threshold *t, double extra);
double vb_margin(const struct vb_threshold *t);
int vb_scatter_of(const struct vb_values *v, double shift, struct vb_scatter *s);
double vb_floor_percent(const struct vb_scatter *s, size_t nx, size_t ny);
double vb_seen_percent(const struct vb_scatter *s, double margin, size_t nx, size_t ny,
		       double alpha);

#endif
