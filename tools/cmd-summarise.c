// SPDX-License-Identifier: GPL-2.0
/* cmd-summarise - the records of a campaign to summary.tsv, on stdout. */
#include <stdio.h>

#include "base/options.h"
#include "records/summarise.h"
#include "records/values.h"
#include "commands.h"

static int write_summary(const struct vb_campaign *c, struct vb_runs *runs)
{
	size_t i;

	vb_check_same(runs, c);
	vb_summarise(stdout, c, runs);
	vb_close_stdout();
	for (i = 0; i < runs->problems.n; i++)
		fprintf(stderr, "%s: %s/%s\n", vb_name, c->dir, runs->problems.line[i]);
	return runs->problems.n ? VB_INCOMPLETE : VB_OK;
}

static void help(void)
{
	puts("usage: vb-summarise CAMPAIGN_DIR\n"
	     "       vb-summarise --check CAMPAIGN_DIR\n"
	     "       vb-summarise --metrics\n"
	     "\n"
	     "Reads campaign.json and VARIANT/run-N/events.jsonl and writes summary.tsv to\n"
	     "stdout. Runs and points that cannot be used are left out and named on stderr,\n"
	     "and so is a point that differs between runs on sim.\n"
	     "\n"
	     "  --check    only read, and say nothing of what is left out: are these records\n"
	     "             that guests wrote, and no boot a copy of another one?\n"
	     "  --metrics  print the names of all metrics there are instead\n"
	     "\n"
	     "exit codes: 0 all is there and well; 1 something is not; 2 usage error, or\n"
	     "a file that is not what the guest writes, or a copy (nothing is written)");
}

static void print_metrics(void)
{
	size_t i;

	for (i = 0; i < vb_nmetrics; i++)
		puts(vb_metrics[i].name);
	vb_close_stdout();
}

static int run(int argc, char **argv)
{
	struct vb_campaign c;
	struct vb_runs runs;
	int ret, metrics = 0, check = 0;
	const struct vb_option options[] = {
		{ "check", VB_FLAG, &check },
		{ "metrics", VB_FLAG, &metrics },
	};

	vb_name = "vb-summarise";
	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (metrics) {
		print_metrics();
		return VB_OK;
	}
	if (argc - optind != 1)
		vb_usage("one campaign directory is needed");
	vb_campaign_read(&c, argv[optind]);
	vb_runs_read(&runs, &c);
	ret = check ? VB_OK : write_summary(&c, &runs);
	vb_runs_free(&runs);
	vb_campaign_free(&c);
	return ret;
}

VB_COMMAND(summarise, "summary.tsv from the records of a campaign");
