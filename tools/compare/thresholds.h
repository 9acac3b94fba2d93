/* SPDX-License-Identifier: GPL-2.0 */
/* thresholds.tsv: what a comparison decides by. */
#ifndef VB_THRESHOLDS_H
#define VB_THRESHOLDS_H

#include "records/metrics.h"

/* What one event adds to a metric. */
enum vb_worth {
	VB_ONE,		/* one */
	VB_PEERS,	/* one for each other CPU */
	VB_CPUS,	/* one for each CPU */
};

/**
 * struct vb_threshold - a line of the file
 * @metric: which metric
 * @sign: 1 when lower is better, -1 when higher is
 * @decides: a verdict comes of it; indexed by whether the machine is sim
 * @weighs: on sim, a change for the worse is a price where time gets better
 * @percent: allowed change, in % of the value before; indexed in the same way
 * @long_percent: the same on sim in a long window
 * @waiting_percent: the same on sim where threads wait for locks
 * @events: single events in a point's window that are allowed beside that
 * @long_events: the same in a long window
 * @worth: what each of them adds
 */
struct vb_threshold {
	const struct vb_metric *metric;
	int sign;
	int decides[2];
	int weighs;
	double percent[2];
	double long_percent;
	double waiting_percent;
	double events;
	double long_events;
	enum vb_worth worth;
};

struct vb_thresholds {
	struct vb_threshold *line;
	size_t n;
};

void vb_thresholds_read(struct vb_thresholds *t, const char *path);
double vb_threshold_percent(const struct vb_threshold *t, int waiting, long ops);
double vb_threshold_extra(const struct vb_threshold *t, long ops, long cpus);
void vb_thresholds_free(struct vb_thresholds *t);

#endif
