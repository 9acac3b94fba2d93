// SPDX-License-Identifier: GPL-2.0
/* vb-pair - the profiles of a campaign before and after, side by side, on stdout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "records/campaign.h"
#include "base/common.h"
#include "base/options.h"
#include "profile/pair.h"

/* What the sections are made from. */
struct source {
	struct vb_campaign c;
	struct vb_runs runs;
	struct vb_parts parts;
	struct vb_shelf shelf;
	int tsv;
	int missing;
};

/* Returns 0 when there is no such profile, and says so. */
static int read_side(struct source *src, struct vb_pair *pair, int side)
{
	struct vb_point point = pair->point;
	const struct vb_sample *s;
	const struct vb_run *run;
	char *path;
	int found;

	point.variant = pair->variant[side];
	s = vb_point_profiled(&src->runs, &point, &run);
	if (!s) {
		fprintf(stderr, "%s: %s: no sample that can be used of %s, %s, %ld pages, %ld %s\n",
			vb_name, src->c.dir, point.variant, point.workload, point.pages,
			point.threads, "threads");
		return 0;
	}
	path = vb_strf("%s/%s/run-%ld/profile.jsonl", src->c.dir, run->variant, run->number);
	found = vb_profile_read(&pair->profile[side], path, s->number);
	if (!found)
		fprintf(stderr, "%s: %s: no profile of %s, %ld pages, %ld threads\n", vb_name, path,
			point.workload, point.pages, point.threads);
	free(path);
	return found;
}

static void print_sections(const struct vb_pair *pair, const struct vb_shelf *shelf)
{
	char *text = vb_strf("%s -> %s: workload %s, %ld pages, %ld threads, %ld CPUs",
			     pair->variant[0], pair->variant[1], pair->point.workload,
			     pair->point.pages, pair->point.threads, pair->cpus);
	size_t i;

	printf("%s\n", text);
	for (i = strlen(text); i; i--)
		putchar('=');
	printf("\n\n");
	free(text);
	vb_pair_areas(stdout, pair);
	vb_pair_published(stdout, pair, shelf);
}

static void print_point(const struct vb_point *p, void *data)
{
	struct source *src = data;
	struct vb_pair pair = {
		.parts = &src->parts, .point = *p, .cpus = src->c.cpus,
		.machine = src->c.machine, .accelerator = vb_campaign_accelerator(&src->c),
	};
	int side;

	/* Points come once for each variant. */
	if (strcmp(p->variant, src->c.variants[0]))
		return;
	for (side = 0; side < VB_SIDES; side++)
		pair.variant[side] = src->c.variants[side];
	if (!read_side(src, &pair, 0) || !read_side(src, &pair, 1)) {
		src->missing = 1;
		vb_pair_free(&pair);
		return;
	}
	if (vb_pair_unit(&pair, 0) != vb_pair_unit(&pair, 1))
		vb_die("%s: the two sides were not sampled in the same way", src->c.dir);
	vb_pair_join(&pair);
	if (src->tsv) {
		vb_pair_tsv(stdout, &pair);
	} else {
		print_sections(&pair, &src->shelf);
		vb_pair_symbols(stdout, &pair);
	}
	vb_pair_free(&pair);
}

static void help(void)
{
	puts("usage: vb-pair --parts FILE [--published DIR | --tsv] CAMPAIGN_DIR\n"
	     "\n"
	     "Prints the profiles of a campaign of two variants side by side, a section for each\n"
	     "point: sums over areas of the kernel, and every symbol with count and count / byte\n"
	     "of code. Reads campaign.json and VARIANT/run-N/{events,profile}.jsonl.\n"
	     "\n"
	     "  --parts FILE     which symbol belongs to which area: tools/parts.tsv\n"
	     "  --published DIR  profiles that others published, to print beside ours\n"
	     "  --tsv            only the sums, a row for each side and area: areas.tsv\n"
	     "\n"
	     "exit codes: 0 printed; 1 printed, but a point has no profile; 2 usage error, or a\n"
	     "file that is not what it should be");
}

int main(int argc, char **argv)
{
	const char *parts = NULL, *published = NULL;
	struct source src = { 0 };
	const struct vb_option options[] = {
		{ "parts", VB_TEXT, &parts },
		{ "published", VB_TEXT, &published },
		{ "tsv", VB_FLAG, &src.tsv },
	};

	vb_name = "vb-pair";
	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (!parts)
		vb_usage("--parts is needed");
	if (argc - optind != 1)
		vb_usage("one campaign folder is needed");
	vb_parts_read(&src.parts, parts);
	vb_shelf_read(&src.shelf, published);
	vb_shelf_check(&src.shelf, &src.parts);
	vb_campaign_read(&src.c, argv[optind]);
	if (src.c.nvariants != VB_SIDES)
		vb_die("%s: two variants can be compared, and it has %zu", src.c.dir,
		       src.c.nvariants);
	vb_runs_read(&src.runs, &src.c);
	if (src.tsv)
		vb_pair_tsv_header(stdout);
	vb_each_point(&src.c, print_point, &src);
	vb_close_stdout();
	vb_runs_free(&src.runs);
	vb_campaign_free(&src.c);
	vb_shelf_free(&src.shelf);
	vb_parts_free(&src.parts);
	return src.missing ? VB_INCOMPLETE : VB_OK;
}
