// SPDX-License-Identifier: GPL-2.0
/* vb-flame - a flame graph of one point of a campaign, SVG on stdout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "records/campaign.h"
#include "base/common.h"
#include "profile/flame.h"
#include "base/options.h"
#include "records/runs.h"
#include "records/values.h"

/* What is asked for, and where; the variants are those of the sides. */
struct query {
	const char *dir;
	const char *parts;
	const char *variant[VB_FLAME_SIDES];
	int sides;
	struct vb_point point;
};

/* What a picture says of the samples of a side. */
struct basis {
	json_int_t samples;
	struct vb_sampling sampling;
};

static struct basis read_side(const struct query *q, const struct vb_runs *runs, int side,
			      struct vb_flame *root)
{
	struct vb_point point = q->point;
	const struct vb_sample *s;
	const struct vb_run *run;
	struct vb_stacks stacks;
	struct basis basis;
	char *path;

	point.variant = q->variant[side];
	s = vb_point_profiled(runs, &point, &run);
	path = s ? vb_strf("%s/%s/run-%ld/stacks.jsonl", q->dir, run->variant, run->number) : NULL;
	if (!s || !vb_stacks_read(&stacks, path, s->number)) {
		fprintf(stderr, "%s: %s: no stacks of %s, %s, %ld pages, %ld threads\n", vb_name,
			q->dir, point.variant, point.workload, point.pages, point.threads);
		exit(VB_INCOMPLETE);
	}
	vb_flame_add(root, side, &stacks);
	basis.samples = vb_stacks_total(&stacks);
	basis.sampling = stacks.sampling;
	vb_stacks_free(&stacks);
	free(path);
	return basis;
}

static char *title_of(const struct query *q, const struct vb_campaign *c)
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

static char *sampled_subtitle(const struct query *q, const struct basis *basis)
{
	const struct vb_sampling *s = &basis[0].sampling;

	if (q->sides == 1)
		return vb_strf("Width: share of %lld samples, one every %lld ns of a CPU's %s",
			       (long long)s->samples, (long long)s->every_ns,
			       "clock: of n expect n -+ 2 sqrt(n). Colour: area of the kernel.");
	return vb_strf("Width: mean of both shares of %lld and %lld samples, one every %lld ns. %s",
		       (long long)s->samples, (long long)basis[1].sampling.samples,
		       (long long)s->every_ns, "Colour: change of the share, red up, blue down.");
}

static char *subtitle_of(const struct query *q, const struct vb_flame *root,
			 const struct basis *basis)
{
	if (basis->sampling.every_ns)
		return sampled_subtitle(q, basis);
	if (q->sides == 1)
		return vb_strf("Width: share of all CPUs' time, %.0f ns. %lld samples of the %s",
			       root->ns[0], (long long)basis[0].samples,
			       "stack; idle time is exact. Colour: area of the kernel.");
	return vb_strf("Width: mean of both shares of all time, %.0f and %.0f ns. %s %lld, %lld.",
		       root->ns[0], root->ns[1],
		       "Colour: change of the share, red up, blue down. Samples:",
		       (long long)basis[0].samples, (long long)basis[1].samples);
}

static void draw(const struct query *q)
{
	struct basis basis[VB_FLAME_SIDES] = { 0 };
	struct vb_flame root = { .name = vb_strf("all CPUs") };
	struct vb_picture picture = { .root = &root, .diff = q->sides == 2 };
	struct vb_campaign c;
	struct vb_parts parts;
	struct vb_runs runs;
	char *title, *subtitle;
	int side;

	vb_parts_read(&parts, q->parts);
	vb_campaign_read(&c, q->dir);
	vb_runs_read(&runs, &c);
	for (side = 0; side < q->sides; side++)
		basis[side] = read_side(q, &runs, side, &root);
	vb_flame_finish(&root);
	title = title_of(q, &c);
	subtitle = subtitle_of(q, &root, basis);
	picture.title = title;
	picture.subtitle = subtitle;
	picture.parts = &parts;
	vb_flame_draw(stdout, &picture);
	free(title);
	free(subtitle);
	vb_flame_free(&root);
	vb_runs_free(&runs);
	vb_campaign_free(&c);
	vb_parts_free(&parts);
}

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
	     "  --parts FILE    which symbol belongs to which area: tools/parts.tsv\n"
	     "\n"
	     "exit codes: 0 drawn; 1 there are no stacks of that point; 2 usage error, or a file\n"
	     "that is not what it should be");
}

static void parse(struct query *q, int argc, char **argv)
{
	const struct vb_option options[] = {
		{ "parts", VB_TEXT, &q->parts },
		{ "variant", VB_TEXT, &q->variant[0] },
		{ "after", VB_TEXT, &q->variant[1] },
		{ "workload", VB_TEXT, &q->point.workload },
		{ "pages", VB_NUMBER, &q->point.pages },
		{ "threads", VB_NUMBER, &q->point.threads },
	};

	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (argc - optind != 1)
		vb_usage("one campaign folder is needed");
	if (!q->parts || !q->variant[0] || !q->point.workload || !q->point.pages ||
	    !q->point.threads)
		vb_usage("--parts, --variant, --workload, --pages and --threads are needed");
	q->dir = argv[optind];
	q->sides = q->variant[1] ? 2 : 1;
}

int main(int argc, char **argv)
{
	struct query q = { 0 };

	vb_name = "vb-flame";
	parse(&q, argc, argv);
	draw(&q);
	vb_close_stdout();
	return VB_OK;
}
