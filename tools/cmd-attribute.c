// SPDX-License-Identifier: GPL-2.0
/* cmd-attribute - what the time of an operation is spent on, on stdout. */
#include <stdio.h>

#include "base/options.h"
#include "profile/attribute.h"
#include "commands.h"

static void help(void)
{
	puts("usage: vb-attribute --parts FILE CAMPAIGN_DIR\n"
	     "\n"
	     "Writes attribution.tsv to stdout: what the time of an operation is spent on, a row\n"
	     "for each point and part; the parts of a point add up to its ns_per_op. On sim they\n"
	     "are taken from VARIANT/run-N/profile.jsonl; a point that has no profile there, or one\n"
	     "that says nothing of threads, has no rows. Elsewhere flushes and lock waits are what\n"
	     "the counters measured, and everything else is the rest.\n"
	     "\n"
	     "  --parts FILE  which symbol belongs to which part: tools/parts.tsv\n"
	     "\n"
	     "exit codes: 0 written; 2 usage error, or a file that is not what it should be");
}

static int run(int argc, char **argv)
{
	const char *parts = NULL;
	struct vb_kept_files files = { 0 };
	struct vb_campaign c;
	struct vb_parts map;
	struct vb_runs runs;
	const struct vb_option options[] = {
		{ "parts", VB_TEXT, &parts },
	};

	vb_name = "vb-attribute";
	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (!parts)
		vb_usage("--parts is needed");
	if (argc - optind != 1)
		vb_usage("one campaign directory is needed");
	vb_parts_read(&map, parts);
	vb_campaign_read(&c, argv[optind]);
	vb_runs_read(&runs, &c);
	vb_attribute(stdout, &c, &runs, &map, &files);
	vb_close_stdout();
	vb_kept_free(&files);
	vb_runs_free(&runs);
	vb_campaign_free(&c);
	vb_parts_free(&map);
	return VB_OK;
}

VB_COMMAND(attribute, "instructions of each part of the kernel, from profiles");
