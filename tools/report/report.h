/* SPDX-License-Identifier: GPL-2.0 */
/* The sections of report.txt. */
#ifndef VB_REPORT_H
#define VB_REPORT_H

#include <stdio.h>

#include "records/attribution.h"
#include "records/metrics.h"
#include "report/expected.h"
#include "report/published.h"
#include "records/runs.h"
#include "records/summary.h"

/* What a cell says when the campaign has no such value. */
#define VB_NO_VALUE	"-"

/**
 * struct vb_report - what the sections are made from
 * @c: the campaign
 * @s: its summary; all figures of the tables come from here
 * @runs: its runs, for what the summary does not hold
 * @lib: published figures to put beside ours
 * @expected: what the layers' sources say about purges and flushes
 * @a: what the time of an operation is spent on
 */
struct vb_report {
	struct vb_campaign c;
	struct vb_summary s;
	struct vb_runs runs;
	struct vb_library lib;
	struct vb_expected expected;
	struct vb_attribution a;
};

/**
 * struct vb_view - what one table shows
 * @r: the report
 * @workload: which operation loop
 * @pages: pages per operation
 */
struct vb_view {
	const struct vb_report *r;
	const char *workload;
	long pages;
};

typedef void (*vb_view_fn)(FILE *out, const struct vb_view *v, const struct vb_metric *m);

void vb_report_write(FILE *out, const struct vb_report *r, int only_main);
void vb_report_heading(FILE *out, const char *text, char rule);
void vb_report_each_view(FILE *out, const struct vb_report *r, const struct vb_metric *m,
			 vb_view_fn print);
void vb_report_glance(FILE *out, const struct vb_report *r);
void vb_report_published(FILE *out, const struct vb_report *r);
void vb_report_usl(FILE *out, const struct vb_report *r);
void vb_report_main(FILE *out, const struct vb_report *r);
void vb_report_metrics(FILE *out, const struct vb_report *r);
void vb_report_overhead(FILE *out, const struct vb_report *r);
void vb_report_overhead_line(FILE *out, const struct vb_view *v);
void vb_report_expected(FILE *out, const struct vb_report *r);
void vb_report_attribution(FILE *out, const struct vb_report *r);
void vb_report_locks(FILE *out, const struct vb_report *r);
void vb_report_checks(FILE *out, const struct vb_report *r);
void vb_report_problems(FILE *out, const struct vb_report *r);
void vb_report_marks(FILE *out, const struct vb_report *r);
void vb_report_taken(FILE *out, const struct vb_report *r);
void vb_report_limits(FILE *out, const struct vb_report *r);

#endif
