// SPDX-License-Identifier: GPL-2.0
/* The flame graph of one point of a campaign: see flame-point.h. */
#include <stdio.h>
#include <stdlib.h>

#include "base/common.h"
#include "profile/flame-point.h"
#include "profile/stacks.h"

struct work {
	const struct vb_flame_query *q;
	const struct vb_campaign *c;
	const struct vb_runs *runs;
	const struct vb_parts *parts;
	struct vb_kept_files *files;
};

/* What a picture says of the samples of a side. */
struct basis {
	json_int_t samples;
	struct vb_sampling sampling;
};

/* Returns 0 when there are no such stacks, and says so. */
static int read_side(const struct work *w, int side, struct vb_flame *root, struct basis *basis)
{
	const struct vb_flame_query *q = w->q;
	struct vb_point point = q->point;
	const struct vb_sample *s;
	const struct vb_run *run;
	struct vb_stacks stacks;
	char *path;
	int found;

	point.variant = q->variant[side];
	s = vb_point_profiled(w->runs, &point, &run);
	path = s ? vb_strf("%s/%s/run-%ld/stacks.jsonl", w->c->dir, run->variant, run->number) :
		   NULL;
	found = s && vb_stacks_read(&stacks, w->files, path, s->number);
	free(path);
	if (!found) {
		fprintf(stderr, "%s: %s: no stacks of %s, %s, %ld pages, %ld threads\n", vb_name,
			w->c->dir, point.variant, point.workload, point.pages, point.threads);
		return 0;
	}
	vb_flame_add(root, side, &stacks);
	basis->samples = vb_stacks_total(&stacks);
	basis->sampling = stacks.sampling;
	vb_stacks_free(&stacks);
	return 1;
}

static char *title_of(const struct vb_flame_query *q, const struct vb_campaign *c)
{
	char *variants, *title;

	if (q->sides == 1)
		variants = vb_strf("%s", q->variant[0]);
	else
		variants = vb_strf("%s to %s", q->variant[0], q->variant[1]);
	title = vb_strf("%s: workload %s, %ld pages, %ld threads, machine %s, %ld CPUs", variants,
			q->point.workload, q->point.pages, q->point.threads, c->machine, c->cpus);
	free(variants);
	return title;
}

static char *sampled_subtitle(const struct vb_flame_query *q, const struct basis *basis)
{
	const struct vb_sampling *s = &basis[0].sampling;

	if (q->sides == 1)
		return vb_strf("Width: share of %lld samples, one every %lld ns of a CPU's %s",
			       (long long)s->samples, (long long)s->every_ns,
			       "clock: of n expect n -+ 2 sqrt(n). Colour: subsystem.");
	return vb_strf("Width: mean of both shares of %lld and %lld samples, one every %lld ns. %s",
		       (long long)s->samples, (long long)basis[1].sampling.samples,
		       (long long)s->every_ns, "Colour: change of the share, red up, blue down.");
}

static char *subtitle_of(const struct vb_flame_query *q, const struct vb_flame *root,
			 const struct basis *basis)
{
	if (basis->sampling.every_ns)
		return sampled_subtitle(q, basis);
	if (q->sides == 1)
		return vb_strf("Width: share of all CPUs' time, %.0f ns. %lld samples of the %s",
			       root->ns[0], (long long)basis[0].samples,
			       "stack; idle time is exact. Colour: subsystem.");
	return vb_strf("Width: mean of both shares of all time, %.0f and %.0f ns. %s %lld, %lld.",
		       root->ns[0], root->ns[1],
		       "Colour: change of the share, red up, blue down. Samples:",
		       (long long)basis[0].samples, (long long)basis[1].samples);
}

static void draw(FILE *out, const struct work *w, struct vb_flame *root, const struct basis *basis)
{
	struct vb_picture picture = {
		.root = root, .parts = w->parts, .diff = w->q->sides == 2,
	};
	char *title, *subtitle;

	vb_flame_finish(root);
	title = title_of(w->q, w->c);
	subtitle = subtitle_of(w->q, root, basis);
	picture.title = title;
	picture.subtitle = subtitle;
	vb_flame_draw(out, &picture);
	free(title);
	free(subtitle);
}

/**
 * vb_flame_point() - draw a point
 * @out: gets the picture, SVG
 * @q: which point
 * @c: the campaign
 * @runs: its runs
 * @parts: areas of functions, for colours
 * @files: keeps the stacks that are read
 *
 * Return: VB_OK, or VB_INCOMPLETE when there are no stacks of that point: stderr says so.
 */
int vb_flame_point(FILE *out, const struct vb_flame_query *q, const struct vb_campaign *c,
		   const struct vb_runs *runs, const struct vb_parts *parts,
		   struct vb_kept_files *files)
{
	const struct work w = { .q = q, .c = c, .runs = runs, .parts = parts, .files = files };
	struct vb_flame root = { .name = vb_strf("all CPUs") };
	struct basis basis[VB_FLAME_SIDES] = { 0 };
	int side, found = 1;

	for (side = 0; found && side < q->sides; side++)
		found = read_side(&w, side, &root, &basis[side]);
	if (found)
		draw(out, &w, &root, basis);
	vb_flame_free(&root);
	return found ? VB_OK : VB_INCOMPLETE;
}
