// SPDX-License-Identifier: GPL-2.0
/* cmd-report - summary.tsv and campaign.json to report.txt, on stdout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/options.h"
#include "report/report.h"
#include "records/values.h"
#include "commands.h"

static void help(void)
{
	puts("usage: vb-report [--main] [--published DIR] [--expected FILE] CAMPAIGN_DIR\n"
	     "\n"
	     "Reads summary.tsv, attribution.tsv if it is there, campaign.json and the records\n"
	     "in VARIANT/run-N, and writes report.txt to stdout.\n"
	     "\n"
	     "  --main           only the main tables: what a campaign ends with on the screen\n"
	     "  --published DIR  print the published figures of DIR/*.tsv with those measured\n"
	     "  --expected FILE  print expected counts with those counted:\n"
	     "                   kernel-patches/expected.tsv\n"
	     "\n"
	     "exit codes: 0 all is there and well; 1 something is not, and the report says what;\n"
	     "2 usage error, or a file that is not what it should be");
}

/* Two files that were not made together. */
static void check_summary(const struct vb_report *r)
{
	const struct vb_campaign *c = &r->c;
	const struct vb_row *row;

	for (row = r->s.row; row < r->s.row + r->s.n; row++)
		if (strcmp(row->machine, c->machine) || row->cpus != c->cpus)
			vb_die("%s/summary.tsv is of another machine than campaign.json", c->dir);
}

static int run(int argc, char **argv)
{
	const char *published = NULL, *expected = NULL;
	struct vb_report r;
	int ret, only_main = 0;
	const struct vb_option options[] = {
		{ "main", VB_FLAG, &only_main },
		{ "published", VB_TEXT, &published },
		{ "expected", VB_TEXT, &expected },
	};

	vb_name = "vb-report";
	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (argc - optind != 1)
		vb_usage("one campaign directory is needed");
	vb_campaign_read(&r.c, argv[optind]);
	vb_summary_read(&r.s, &r.c);
	vb_runs_read(&r.runs, &r.c);
	vb_check_same(&r.runs, &r.c);
	vb_library_read(&r.lib, published);
	vb_expected_read(&r.expected, expected);
	check_summary(&r);
	vb_attribution_read(&r.a, &r.c);
	vb_attribution_check(&r.a, &r.s, &r.c, &r.runs.problems);
	vb_report_write(stdout, &r, only_main);
	vb_close_stdout();
	ret = r.runs.problems.n ? VB_INCOMPLETE : VB_OK;
	vb_attribution_free(&r.a);
	vb_expected_free(&r.expected);
	vb_library_free(&r.lib);
	vb_runs_free(&r.runs);
	vb_summary_free(&r.s);
	vb_campaign_free(&r.c);
	return ret;
}

VB_COMMAND(report, "report.txt of a campaign");
