/* SPDX-License-Identifier: GPL-2.0 */
/* The table of metrics: what each one is and how it is computed. */
#ifndef VB_METRICS_H
#define VB_METRICS_H

#include <stddef.h>

#include "records/events.h"

enum vb_where {
	VB_ANYWHERE,
	VB_ON_SIM,	/* needs what the simulator sees */
};

enum vb_per {
	VB_PER_OP,
	VB_PER_KOP,
	VB_PER_POINT,
};

/**
 * struct vb_metric - a row of the table
 * @name: as in summary.tsv
 * @unit: as in summary.tsv
 * @noun: what is counted, for headings
 * @per: per operation, per 1000 of them, or of the point as a whole
 * @mode: which samples it is taken from
 * @where: which machines it is taken on
 * @value: computes it from one sample of that mode, NAN: the sample does not say; NULL:
 *	the workloads that have it say it themselves, under its name
 * @how: the definition, for captions
 */
struct vb_metric {
	const char *name;
	const char *unit;
	const char *noun;
	enum vb_per per;
	enum vb_mode mode;
	enum vb_where where;
	double (*value)(const struct vb_sample *s);
	const char *how;
};

extern const struct vb_metric vb_metrics[];
extern const size_t vb_nmetrics;

const struct vb_metric *vb_metric_find(const char *name);
int vb_metric_applies(const struct vb_metric *m, const struct vb_campaign *c);
double vb_metric_value(const struct vb_metric *m, const struct vb_sample *s);
const char *vb_metric_per(const struct vb_metric *m);

#endif
