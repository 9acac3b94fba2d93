// SPDX-License-Identifier: GPL-2.0
/* cmd-profile - the profile of one point, for people or for flame graphs. */
#include <stdio.h>
#include <string.h>

#include "base/options.h"
#include "profile/listing.h"
#include "commands.h"

static void help(void)
{
	puts("usage: vb-profile [--folded] RUN_DIR --workload W --pages P --threads T\n"
	     "                  [--mode bare|traced|sampled]\n"
	     "\n"
	     "Reads events.jsonl and profile.jsonl in RUN_DIR (results/ID/VARIANT/run-N) and\n"
	     "prints where in the kernel that point spent its time, as readprofile does: count,\n"
	     "symbol, count / bytes of code. The total's bytes are those of the symbols above it.\n"
	     "\n"
	     "  --mode M   which measurement of the point (default sampled if there is one,\n"
	     "             else bare)\n"
	     "  --folded   lines for flame graphs: frames with ; between them, and ns\n"
	     "\n"
	     "exit codes: 0 printed; 1 the run has no profile of that point; 2 usage error, or\n"
	     "a file that is not what it should be");
}

static enum vb_mode mode_of(const char *text)
{
	int mode;

	for (mode = VB_BARE; mode < VB_MODES; mode++)
		if (!strcmp(text, vb_mode_name[mode]))
			return mode;
	vb_usage("--mode: %s is neither bare nor traced nor sampled", text);
}

static void parse(struct vb_listing *q, int argc, char **argv)
{
	const char *mode = NULL;
	const struct vb_option options[] = {
		{ "folded", VB_FLAG, &q->folded },
		{ "workload", VB_TEXT, &q->workload },
		{ "pages", VB_NUMBER, &q->pages },
		{ "threads", VB_NUMBER, &q->threads },
		{ "mode", VB_TEXT, &mode },
	};

	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (mode)
		q->mode = mode_of(mode);
	if (argc - optind != 1)
		vb_usage("one run's directory is needed");
	if (!q->workload || !q->pages || !q->threads)
		vb_usage("--workload, --pages and --threads are needed");
	q->dir = argv[optind];
}

static int run(int argc, char **argv)
{
	struct vb_listing q = { .mode = VB_MODES };
	struct vb_kept_files files = { 0 };
	struct vb_list problems = { 0 };
	struct vb_run run;
	int ret;

	vb_name = "vb-profile";
	parse(&q, argc, argv);
	vb_run_read_dir(&run, q.dir, &problems);
	ret = vb_profile_listing(stdout, &q, &run, &files);
	vb_kept_free(&files);
	vb_run_free(&run);
	vb_list_free(&problems);
	vb_close_stdout();
	return ret;
}

VB_COMMAND(profile, "the symbols of one point");
