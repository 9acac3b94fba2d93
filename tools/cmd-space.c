// SPDX-License-Identifier: GPL-2.0
/* cmd-space - the address space in use while runs went on, on stdout. */
#include <stdio.h>

#include "base/options.h"
#include "records/space.h"
#include "commands.h"

static void help(void)
{
	puts("usage: vb-space CAMPAIGN_DIR\n"
	     "\n"
	     "Writes space.tsv to stdout: how much of the vmalloc space was in use while a run went\n"
	     "on, a row for each time that it was noted, from the first run that has the point.\n"
	     "Workloads that note nothing have no rows.\n"
	     "\n"
	     "exit codes: 0 written; 2 usage error, or a file that is not what it should be");
}

static int run(int argc, char **argv)
{
	struct vb_campaign c;
	struct vb_runs runs;

	vb_name = "vb-space";
	vb_options(argc, argv, help, NULL, 0);
	if (argc - optind != 1)
		vb_usage("one campaign directory is needed");
	vb_campaign_read(&c, argv[optind]);
	vb_runs_read(&runs, &c);
	vb_space_table(stdout, &c, &runs);
	vb_close_stdout();
	vb_runs_free(&runs);
	vb_campaign_free(&c);
	return VB_OK;
}

VB_COMMAND(space, "the address space in use, from records");
