// SPDX-License-Identifier: GPL-2.0
/* The sections of report.txt, in their order. */
#include <stdlib.h>

#include "base/common.h"
#include "report/report.h"

/**
 * vb_report_write() - write report.txt
 * @out: where to
 * @r: what it is made from
 * @only_main: the main tables only, with which a campaign ends on the screen
 */
void vb_report_write(FILE *out, const struct vb_report *r, int only_main)
{
	char *title = vb_strf("vmapbench report: campaign %s", r->c.id);

	if (!only_main) {
		vb_report_heading(out, title, '=');
		vb_report_problems(out, r);
		vb_report_marks(out, r);
	}
	free(title);
	vb_report_glance(out, r);
	if (only_main) {
		vb_report_main(out, r);
		vb_report_published(out, r);
		return;
	}
	vb_report_published(out, r);
	vb_report_usl(out, r);
	vb_report_attribution(out, r);
	vb_report_metrics(out, r);
	vb_report_locks(out, r);
	vb_report_checks(out, r);
	vb_report_expected(out, r);
	vb_report_overhead(out, r);
	vb_report_taken(out, r);
	vb_report_limits(out, r);
}
