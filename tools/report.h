/* SPDX-License-Identifier: GPL-2.0 */
/* The sections of report.txt. */
#ifndef VB_REPORT_H
#define VB_REPORT_H

#include <stdio.h>

#include "metrics.h"
#include "published.h"
#include "runs.h"
#include "summary.h"

/**
 * struct vb_report - what the sections are made from
 * @c: the campaign
 * @s: its summary; all figures of the tables come from here
 * @runs: its runs, for what the summary does not hold
 * @lib: published figures to put beside ours
 */
struct vb_report {
	struct vb_campaign c;
	struct vb_summary s;
	struct vb_runs runs;
	struct vb_library lib;
};

void vb_report_heading(FILE *out, const char *text, char rule);
void vb_report_glance(FILE *out, const struct vb_report *r);
void vb_report_published(FILE *out, const struct vb_report *r);
void vb_report_usl(FILE *out, const struct vb_report *r);
void vb_report_main(FILE *out, const struct vb_report *r);
void vb_report_metrics(FILE *out, const struct vb_report *r);
void vb_report_locks(FILE *out, const struct vb_report *r);
void vb_report_checks(FILE *out, const struct vb_report *r);
void vb_report_problems(FILE *out, const struct vb_report *r);
void vb_report_marks(FILE *out, const struct vb_report *r);
void vb_report_taken(FILE *out, const struct vb_report *r);
void vb_report_limits(FILE *out, const struct vb_report *r);

#endif
