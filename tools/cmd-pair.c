// SPDX-License-Identifier: GPL-2.0
/* cmd-pair - the profiles of a campaign before and after, side by side, on stdout. */
#include <stdio.h>

#include "base/options.h"
#include "profile/pair-report.h"
#include "commands.h"

static void help(void)
{
	puts("usage: vb-pair --parts FILE [--published DIR | --tsv] CAMPAIGN_DIR\n"
	     "\n"
	     "Prints the profiles of a campaign of two variants side by side, a section for each\n"
	     "point: sums over subsystems, and every symbol with count and count / byte\n"
	     "of code. Reads campaign.json and VARIANT/run-N/{events,profile}.jsonl.\n"
	     "\n"
	     "  --parts FILE     which symbol belongs to which subsystem: tools/parts.tsv\n"
	     "  --published DIR  profiles that others published, to print beside ours\n"
	     "  --tsv            only the sums, a row for each side and subsystem: areas.tsv\n"
	     "\n"
	     "exit codes: 0 printed; 1 printed, but a point has no profile; 2 usage error, or a\n"
	     "file that is not what it should be");
}

static int run(int argc, char **argv)
{
	const char *parts = NULL, *published = NULL;
	struct vb_kept_files files = { 0 };
	struct vb_pair_pages pages = { 0 };
	struct vb_shelf shelf;
	struct vb_campaign c;
	struct vb_parts map;
	struct vb_runs runs;
	int ret, tsv = 0;
	const struct vb_option options[] = {
		{ "parts", VB_TEXT, &parts },
		{ "published", VB_TEXT, &published },
		{ "tsv", VB_FLAG, &tsv },
	};

	vb_name = "vb-pair";
	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (!parts)
		vb_usage("--parts is needed");
	if (argc - optind != 1)
		vb_usage("one campaign directory is needed");
	vb_parts_read(&map, parts);
	vb_shelf_read(&shelf, published);
	vb_shelf_check(&shelf, &map);
	vb_campaign_read(&c, argv[optind]);
	vb_runs_read(&runs, &c);
	pages.shelf = &shelf;
	if (tsv)
		pages.tsv = stdout;
	else
		pages.text = stdout;
	ret = vb_pair_report(&pages, &c, &runs, &map, &files);
	vb_close_stdout();
	vb_kept_free(&files);
	vb_runs_free(&runs);
	vb_campaign_free(&c);
	vb_shelf_free(&shelf);
	vb_parts_free(&map);
	return ret;
}

VB_COMMAND(pair, "the profiles of two variants side by side");
