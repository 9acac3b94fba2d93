// SPDX-License-Identifier: GPL-2.0
/* What all sections of report.txt are made with: see report.h. */
#include <string.h>

#include "report/report.h"

/**
 * vb_report_heading() - print a heading with a rule under it
 * @out: where to
 * @text: the heading
 * @rule: what the rule is made of
 */
void vb_report_heading(FILE *out, const char *text, char rule)
{
	size_t i;

	fprintf(out, "%s\n", text);
	for (i = 0; i < strlen(text); i++)
		fputc(rule, out);
	fputs("\n\n", out);
}

/**
 * vb_report_each_view() - print something for each workload and number of pages
 * @out: where to
 * @r: the report
 * @m: handed to @print
 * @print: prints it
 */
void vb_report_each_view(FILE *out, const struct vb_report *r, const struct vb_metric *m,
			 vb_view_fn print)
{
	struct vb_view v = { .r = r };
	size_t w, p;

	for (w = 0; w < r->c.nworkloads; w++) {
		v.workload = r->c.workloads[w];
		for (p = 0; p < r->c.npages; p++) {
			v.pages = r->c.pages[p];
			print(out, &v, m);
		}
	}
}
