/* SPDX-License-Identifier: GPL-2.0 */
/* The values of one metric at one point, one of each run. */
#ifndef VB_VALUES_H
#define VB_VALUES_H

#include "records/metrics.h"
#include "records/runs.h"

/**
 * struct vb_point - which values
 */
struct vb_point {
	const char *variant;
	const char *workload;
	long pages;
	long threads;
};

/**
 * struct vb_values - a value of each run that has one
 */
struct vb_values {
	double *x;
	size_t n;
};

typedef void (*vb_point_fn)(const struct vb_point *point, void *data);

void vb_each_point(const struct vb_campaign *c, vb_point_fn fn, void *data);
const struct vb_sample *vb_point_sample(const struct vb_runs *runs, const struct vb_point *p,
					enum vb_mode mode, const struct vb_run **run);
const struct vb_sample *vb_point_profiled(const struct vb_runs *runs, const struct vb_point *p,
					  const struct vb_run **run);
void vb_values_take(struct vb_values *v, const struct vb_runs *runs, const struct vb_metric *m,
		    const struct vb_point *point);
double vb_values_median(const struct vb_runs *runs, const struct vb_metric *m,
			const struct vb_point *point);
void vb_values_free(struct vb_values *v);
void vb_check_same(struct vb_runs *runs, const struct vb_campaign *c);

#endif
