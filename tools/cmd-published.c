// SPDX-License-Identifier: GPL-2.0
/* cmd-published - are the files of published/ what they should be? */
#include <stdio.h>
#include <stdlib.h>

#include "base/common.h"
#include "base/options.h"
#include "profile/parts.h"
#include "report/published.h"
#include "profile/published-profile.h"
#include "commands.h"

static void help(void)
{
	puts("usage: vb-published --parts FILE DIR\n"
	     "\n"
	     "Reads DIR/*.tsv and DIR/profiles/*.tsv, figures and profiles that were published, and\n"
	     "prints nothing. Scripts ask it before they read these files themselves.\n"
	     "\n"
	     "  --parts FILE  the subsystems: tools/parts.tsv\n"
	     "\n"
	     "exit codes: 0 they are; 2 usage error, or one is not");
}

static void check(const char *dir, const char *parts_file)
{
	char *profiles = vb_strf("%s/profiles", dir);
	struct vb_library lib;
	struct vb_parts parts;
	struct vb_shelf shelf;

	vb_parts_read(&parts, parts_file);
	vb_library_read(&lib, dir);
	vb_shelf_read(&shelf, profiles);
	vb_shelf_check(&shelf, &parts);
	vb_shelf_free(&shelf);
	vb_library_free(&lib);
	vb_parts_free(&parts);
	free(profiles);
}

static int run(int argc, char **argv)
{
	const char *parts = NULL;
	const struct vb_option options[] = {
		{ "parts", VB_TEXT, &parts },
	};

	vb_name = "vb-published";
	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (!parts)
		vb_usage("--parts is needed");
	if (argc - optind != 1)
		vb_usage("one directory is needed");
	check(argv[optind], parts);
	return VB_OK;
}

VB_COMMAND(published, "check tables of published figures");
