// SPDX-License-Identifier: GPL-2.0
/* cmd-flame - a flame graph of one point of a campaign, SVG on stdout. */
#include <stdio.h>

#include "base/options.h"
#include "profile/flame-point.h"
#include "commands.h"

static void help(void)
{
	puts("usage: vb-flame --parts FILE --variant NAME [--after NAME] --workload W --pages P\n"
	     "                --threads T CAMPAIGN_DIR\n"
	     "\n"
	     "Draws the samples of stacks of a point, SVG on stdout: who called whom, and how much\n"
	     "of all CPUs' time was spent there. Reads campaign.json and\n"
	     "VARIANT/run-N/{events,stacks}.jsonl.\n"
	     "\n"
	     "  --variant NAME  which kernel\n"
	     "  --after NAME    the difference from that one to this\n"
	     "  --parts FILE    which symbol belongs to which subsystem: tools/parts.tsv\n"
	     "\n"
	     "exit codes: 0 drawn; 1 there are no stacks of that point; 2 usage error, or a file\n"
	     "that is not what it should be");
}

static int run(int argc, char **argv)
{
	struct vb_kept_files files = { 0 };
	struct vb_flame_query q = { 0 };
	const char *parts = NULL;
	struct vb_campaign c;
	struct vb_parts map;
	struct vb_runs runs;
	int ret;
	const struct vb_option options[] = {
		{ "parts", VB_TEXT, &parts },
		{ "variant", VB_TEXT, &q.variant[0] },
		{ "after", VB_TEXT, &q.variant[1] },
		{ "workload", VB_TEXT, &q.point.workload },
		{ "pages", VB_NUMBER, &q.point.pages },
		{ "threads", VB_NUMBER, &q.point.threads },
	};

	vb_name = "vb-flame";
	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (argc - optind != 1)
		vb_usage("one campaign directory is needed");
	if (!parts || !q.variant[0] || !q.point.workload || !q.point.pages || !q.point.threads)
		vb_usage("--parts, --variant, --workload, --pages and --threads are needed");
	q.sides = q.variant[1] ? 2 : 1;
	vb_parts_read(&map, parts);
	vb_campaign_read(&c, argv[optind]);
	vb_runs_read(&runs, &c);
	ret = vb_flame_point(stdout, &q, &c, &runs, &map, &files);
	vb_close_stdout();
	vb_kept_free(&files);
	vb_runs_free(&runs);
	vb_campaign_free(&c);
	vb_parts_free(&map);
	return ret;
}

VB_COMMAND(flame, "a flame graph of one point");
