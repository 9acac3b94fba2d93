/* SPDX-License-Identifier: GPL-2.0 */
/* summary.tsv: one row per variant, workload, pages, threads and metric. */
#ifndef VB_SUMMARY_H
#define VB_SUMMARY_H

#include <stddef.h>
#include <stdio.h>

#include "records/campaign.h"

/**
 * struct vb_row - a row of summary.tsv
 * @n: runs that gave a value
 * @median: over these runs
 * @lo: lower end of the 95% interval
 * @hi: upper end of the 95% interval
 */
struct vb_row {
	char *variant;
	char *machine;
	char *workload;
	long pages;
	long cpus;
	long threads;
	char *metric;
	char *unit;
	long n;
	double median;
	double lo;
	double hi;
};

struct vb_summary {
	struct vb_row *row;
	size_t n;
};

void vb_summary_header(FILE *out);
void vb_summary_row(FILE *out, const struct vb_row *row);
void vb_summary_read_from(struct vb_summary *s, const char *name, FILE *f);
void vb_summary_read(struct vb_summary *s, const struct vb_campaign *c);
const struct vb_row *vb_summary_find(const struct vb_summary *s, const char *variant,
				     const char *workload, long pages, long threads,
				     const char *metric);
void vb_summary_free(struct vb_summary *s);

#endif
