// SPDX-License-Identifier: GPL-2.0
/* All points of a campaign of two variants, side by side: see pair-report.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/pair.h"
#include "profile/pair-report.h"

struct work {
	const struct vb_campaign *c;
	const struct vb_runs *runs;
	const struct vb_parts *parts;
	const struct vb_shelf *shelf;
	struct vb_kept_files *files;
	FILE *text;
	FILE *tsv;
	int missing;
};

/* Returns 0 when there is no such profile, and says so. */
static int read_side(struct work *w, struct vb_pair *pair, int side)
{
	struct vb_point point = pair->point;
	const struct vb_sample *s;
	const struct vb_run *run;
	char *path;
	int found;

	point.variant = pair->variant[side];
	s = vb_point_profiled(w->runs, &point, &run);
	if (!s) {
		fprintf(stderr, "%s: %s: no sample that can be used of %s, %s, %ld pages, %ld %s\n",
			vb_name, w->c->dir, point.variant, point.workload, point.pages,
			point.threads, "threads");
		return 0;
	}
	path = vb_strf("%s/%s/run-%ld/profile.jsonl", w->c->dir, run->variant, run->number);
	found = vb_profile_read(&pair->profile[side], w->files, path, s->number);
	if (!found)
		fprintf(stderr, "%s: %s: no profile of %s, %ld pages, %ld threads\n", vb_name, path,
			point.workload, point.pages, point.threads);
	free(path);
	return found;
}

static void print_sections(FILE *out, const struct vb_pair *pair, const struct vb_shelf *shelf)
{
	char *text = vb_strf("%s -> %s: workload %s, %ld pages, %ld threads, %ld CPUs",
			     pair->variant[0], pair->variant[1], pair->point.workload,
			     pair->point.pages, pair->point.threads, pair->cpus);
	size_t i;

	fprintf(out, "%s\n", text);
	for (i = strlen(text); i; i--)
		fputc('=', out);
	fputs("\n\n", out);
	free(text);
	vb_pair_areas(out, pair);
	vb_pair_published(out, pair, shelf);
}

static void print_point(const struct vb_point *p, void *data)
{
	struct work *w = data;
	struct vb_pair pair = {
		.parts = w->parts, .point = *p, .cpus = w->c->cpus,
		.machine = w->c->machine, .accelerator = vb_campaign_accelerator(w->c),
	};
	int side;

	/* Points come once for each variant. */
	if (strcmp(p->variant, w->c->variants[0]))
		return;
	for (side = 0; side < VB_SIDES; side++)
		pair.variant[side] = w->c->variants[side];
	if (!read_side(w, &pair, 0) || !read_side(w, &pair, 1)) {
		w->missing = 1;
		vb_pair_free(&pair);
		return;
	}
	if (vb_pair_unit(&pair, 0) != vb_pair_unit(&pair, 1))
		vb_die("%s: the two sides were not sampled in the same way", w->c->dir);
	vb_pair_join(&pair);
	if (w->tsv)
		vb_pair_tsv(w->tsv, &pair);
	if (w->text) {
		print_sections(w->text, &pair, w->shelf);
		vb_pair_symbols(w->text, &pair);
	}
	vb_pair_free(&pair);
}

/**
 * vb_pair_report() - write profile.txt and areas.tsv
 * @pages: where to, and what is published
 * @c: the campaign, of two variants
 * @runs: its runs
 * @parts: areas and their symbols
 * @files: keeps the profiles that are read
 *
 * Ends the program when the campaign has not two variants, or they were sampled in
 * different ways.
 *
 * Return: VB_OK, or VB_INCOMPLETE when a point has no profile: stderr says which.
 */
int vb_pair_report(const struct vb_pair_pages *pages, const struct vb_campaign *c,
		   const struct vb_runs *runs, const struct vb_parts *parts,
		   struct vb_kept_files *files)
{
	struct work w = {
		.c = c, .runs = runs, .parts = parts, .shelf = pages->shelf, .files = files,
		.text = pages->text, .tsv = pages->tsv,
	};

	if (c->nvariants != VB_SIDES)
		vb_die("%s: two variants can be compared, and it has %zu", c->dir, c->nvariants);
	if (w.tsv)
		vb_pair_tsv_header(w.tsv);
	vb_each_point(c, print_point, &w);
	return w.missing ? VB_INCOMPLETE : VB_OK;
}
