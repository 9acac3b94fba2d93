// SPDX-License-Identifier: GPL-2.0
/* cmd-tables - all that report.sh makes of a campaign but figures, from one reading of it. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/kept.h"
#include "base/options.h"
#include "base/outfile.h"
#include "profile/attribute.h"
#include "profile/flame-point.h"
#include "profile/listing.h"
#include "profile/pair.h"
#include "profile/pair-report.h"
#include "records/fill.h"
#include "records/space.h"
#include "records/summarise.h"
#include "report/report.h"
#include "commands.h"

#define SUMMARY		"summary.tsv"
#define ATTRIBUTION	"attribution.tsv"
#define AREAS		"areas.tsv"

/* The model of the campaign, what it is held against, and what comes of it. */
struct tables {
	struct vb_report r;
	struct vb_parts parts;
	struct vb_shelf shelf;
	struct vb_kept_files files;
	struct vb_outfiles out;
	struct vb_list made;
	int missing;
	int check;
};

static void help(void)
{
	puts("usage: vmapbench tables [--check] --parts FILE --published DIR --expected FILE\n"
	     "                        CAMPAIGN_DIR\n"
	     "\n"
	     "Makes the tables of a campaign from its records: summary.tsv and report.txt; of\n"
	     "profiles, attribution.tsv and profiles/; of the address space, space.tsv and\n"
	     "fill.tsv; and of two variants with stacks, profile.txt, areas.tsv and\n"
	     "plots/flame-*.svg. Where profiles were not kept, what was made of them stays.\n"
	     "Prints the names of the tables that it made. All files appear when the last one is\n"
	     "complete.\n"
	     "\n"
	     "  --check          write nothing; print a kind, a tab and a text for each table that\n"
	     "                   differs from its records (differs), for what is left out (problem)\n"
	     "                   and for figures with warnings (warning)\n"
	     "  --parts FILE     which symbol belongs to which part: tools/parts.tsv\n"
	     "  --published DIR  published figures, and profiles in DIR/profiles\n"
	     "  --expected FILE  what the layers' sources say: kernel-patches/expected.tsv\n"
	     "\n"
	     "exit codes: 0 made; 1 made, but something that was asked for is not in it; 2 usage\n"
	     "error, or a file that is not what it should be (nothing is written)");
}

static FILE *begin(struct tables *t, const char *table)
{
	vb_list_add(&t->made, "%s", table);
	return vb_outfile_open(&t->out, table);
}

/* Has any boot a file of that name? */
static int has_records(const struct tables *t, const char *name)
{
	const struct vb_run *run;
	int found = 0;
	char *path;

	for (run = t->r.runs.run; !found && run < t->r.runs.run + t->r.runs.n; run++) {
		path = vb_strf("%s/%s/run-%ld/%s", t->r.c.dir, run->variant, run->number, name);
		found = !access(path, F_OK);
		free(path);
	}
	return found;
}

static void make_summary(struct tables *t)
{
	const struct vb_list *problems = &t->r.runs.problems;
	FILE *text;
	size_t i;

	vb_check_same(&t->r.runs, &t->r.c);
	vb_summarise(begin(t, SUMMARY), &t->r.c, &t->r.runs);
	text = vb_outfile_text(&t->out, SUMMARY);
	vb_summary_read_from(&t->r.s, SUMMARY, text);
	fclose(text);
	for (i = 0; i < problems->n && !t->check; i++)
		fprintf(stderr, "%s: %s/%s\n", vb_name, t->r.c.dir, problems->line[i]);
}

/* Profiles are too large to be kept with all campaigns: what was made of them stays. */
static void make_attribution(struct tables *t)
{
	FILE *text;

	if (vb_campaign_is_sim(&t->r.c) && !has_records(t, "profile.jsonl")) {
		vb_attribution_read(&t->r.a, &t->r.c);
		return;
	}
	vb_attribute(begin(t, ATTRIBUTION), &t->r.c, &t->r.runs, &t->parts, &t->files);
	text = vb_outfile_text(&t->out, ATTRIBUTION);
	vb_attribution_read_from(&t->r.a, ATTRIBUTION, text);
	fclose(text);
}

static void make_space(struct tables *t)
{
	if (!vb_space_table(begin(t, "space.tsv"), &t->r.c, &t->r.runs))
		vb_outfile_drop(&t->out, "space.tsv");
	if (vb_names_have(t->r.c.workloads, t->r.c.nworkloads, VB_FILL))
		vb_fill_table(begin(t, "fill.tsv"), &t->r.c, &t->r.runs);
}

static void make_report(struct tables *t)
{
	vb_attribution_check(&t->r.a, &t->r.s, &t->r.c, &t->r.runs.problems);
	vb_report_write(vb_outfile_open(&t->out, "report.txt"), &t->r, 0);
	t->missing |= t->r.runs.problems.n != 0;
}

static const struct vb_run *first_boot(const struct tables *t, const char *variant)
{
	const struct vb_run *run;

	for (run = t->r.runs.run; run < t->r.runs.run + t->r.runs.n; run++)
		if (run->number == 1 && !strcmp(run->variant, variant))
			return run;
	return NULL;
}

/* Returns 0 when there is no such profile. */
static int make_listing(struct tables *t, const struct vb_listing *q, const struct vb_run *run)
{
	char *name = vb_strf("profiles/%s-%s-%ldp-%ldt.%s", run->variant, q->workload, q->pages,
			     q->threads, q->folded ? "folded" : "txt");
	int found;

	found = vb_profile_listing(vb_outfile_open(&t->out, name), q, run, &t->files) == VB_OK;
	if (!found)
		vb_outfile_drop(&t->out, name);
	free(name);
	return found;
}

static void make_listings(const struct vb_point *p, void *data)
{
	struct tables *t = data;
	const struct vb_run *run = first_boot(t, p->variant);
	struct vb_listing q = {
		.workload = p->workload, .mode = VB_MODES, .pages = p->pages,
		.threads = p->threads,
	};
	char *dir, *profile;

	/* Those with most threads, where there is most to be seen. */
	if (p->threads != vb_campaign_most_threads(&t->r.c))
		return;
	dir = vb_strf("%s/%s/run-1", t->r.c.dir, p->variant);
	profile = vb_strf("%s/profile.jsonl", dir);
	/* Of a boot that is missing the report says so. */
	if (run && run->kernel && !access(profile, F_OK)) {
		q.dir = dir;
		if (!make_listing(t, &q, run)) {
			t->missing = 1;
		} else {
			q.folded = 1;
			t->missing |= !make_listing(t, &q, run);
		}
	}
	free(profile);
	free(dir);
}

/* Returns 0 when there are no such stacks. */
static int make_flame(struct tables *t, const struct vb_flame_query *q, const char *which,
		      const char *end)
{
	char *name = vb_strf("plots/flame-%s%s.svg", which, end);
	int found;

	found = vb_flame_point(vb_outfile_open(&t->out, name), q, &t->r.c, &t->r.runs, &t->parts,
			       &t->files) == VB_OK;
	if (!found)
		vb_outfile_drop(&t->out, name);
	free(name);
	return found;
}

static void make_flames(const struct vb_point *p, void *data)
{
	struct tables *t = data;
	const struct vb_campaign *c = &t->r.c;
	const struct vb_flame_query before = { { c->variants[0] }, 1, *p };
	const struct vb_flame_query after = { { c->variants[1] }, 1, *p };
	const struct vb_flame_query both = { { c->variants[0], c->variants[1] }, 2, *p };
	char *end;

	/* Points come once for each variant. */
	if (strcmp(p->variant, c->variants[0]) || p->threads != vb_campaign_most_threads(c))
		return;
	if (c->nworkloads * c->npages > 1)
		end = vb_strf("-%s-%ldp", p->workload, p->pages);
	else
		end = vb_strf("%s", "");
	if (!make_flame(t, &before, "before", end) || !make_flame(t, &after, "after", end) ||
	    !make_flame(t, &both, "diff", end))
		t->missing = 1;
	free(end);
}

static void make_pair(struct tables *t)
{
	struct vb_pair_pages pages = { .shelf = &t->shelf };

	if (!t->check)
		pages.text = vb_outfile_open(&t->out, "profile.txt");
	pages.tsv = begin(t, AREAS);
	if (vb_pair_report(&pages, &t->r.c, &t->r.runs, &t->parts, &t->files) != VB_OK)
		t->missing = 1;
}

/* Does it have stacks of two variants? */
static int is_pair(const struct vb_campaign *c)
{
	json_t *stacks = json_object_get(c->root, "stacks");

	return c->nvariants == VB_SIDES && stacks && !json_is_false(stacks) &&
	       !json_is_null(stacks);
}

static void put_in_place(struct tables *t, int flames)
{
	char *profiles = vb_strf("%s/profiles", t->r.c.dir);
	size_t i;

	vb_outfiles_commit(&t->out);
	/* What an earlier report has left, and cannot be of these records. */
	vb_outfiles_remove_others(&t->out, "", "space.tsv");
	if (has_records(t, "profile.jsonl")) {
		vb_outfiles_remove_others(&t->out, "profiles", "*.txt");
		vb_outfiles_remove_others(&t->out, "profiles", "*.folded");
		rmdir(profiles);
	}
	if (flames)
		vb_outfiles_remove_others(&t->out, "plots", "flame-*.svg");
	free(profiles);
	for (i = 0; i < t->made.n; i++)
		puts(t->made.line[i]);
}

static void check_table(struct tables *t, const char *name)
{
	if (!vb_outfile_same(&t->out, name))
		printf("differs\t%s\n", name);
}

static void print_list(const char *kind, const struct vb_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		printf("%s\t%s\n", kind, list->line[i]);
}

/* Of the tables that verdicts are taken from. */
static void check_tables(struct tables *t)
{
	char *areas = vb_strf("%s/" AREAS, t->r.c.dir);
	const struct vb_run *run;

	make_summary(t);
	make_attribution(t);
	vb_attribution_check(&t->r.a, &t->r.s, &t->r.c, &t->r.runs.problems);
	check_table(t, SUMMARY);
	/* Profiles are too large to be kept with all campaigns. */
	if (!access(areas, F_OK) && t->r.c.nvariants == VB_SIDES &&
	    has_records(t, "profile.jsonl")) {
		make_pair(t);
		check_table(t, AREAS);
	}
	free(areas);
	print_list("problem", &t->r.runs.problems);
	print_list("warning", &t->r.runs.marks);
	for (run = t->r.runs.run; run < t->r.runs.run + t->r.runs.n; run++)
		print_list("warning", &run->marks);
}

static void make_tables(struct tables *t)
{
	int flames = is_pair(&t->r.c) && has_records(t, "stacks.jsonl");

	make_summary(t);
	make_attribution(t);
	make_space(t);
	make_report(t);
	vb_each_point(&t->r.c, make_listings, t);
	if (is_pair(&t->r.c) && has_records(t, "profile.jsonl"))
		make_pair(t);
	if (flames)
		vb_each_point(&t->r.c, make_flames, t);
	put_in_place(t, flames);
}

static void read_all(struct tables *t, const char *parts, const char *published,
		     const char *expected, const char *dir)
{
	char *profiles = vb_strf("%s/profiles", published);

	vb_parts_read(&t->parts, parts);
	vb_campaign_read(&t->r.c, dir);
	vb_runs_read(&t->r.runs, &t->r.c);
	vb_library_read(&t->r.lib, published);
	vb_expected_read(&t->r.expected, expected);
	if (is_pair(&t->r.c)) {
		vb_shelf_read(&t->shelf, profiles);
		vb_shelf_check(&t->shelf, &t->parts);
	}
	t->out.dir = t->r.c.dir;
	free(profiles);
}

static void free_all(struct tables *t)
{
	vb_outfiles_free(&t->out);
	vb_list_free(&t->made);
	vb_kept_free(&t->files);
	vb_shelf_free(&t->shelf);
	vb_attribution_free(&t->r.a);
	vb_summary_free(&t->r.s);
	vb_expected_free(&t->r.expected);
	vb_library_free(&t->r.lib);
	vb_runs_free(&t->r.runs);
	vb_campaign_free(&t->r.c);
	vb_parts_free(&t->parts);
}

static int run(int argc, char **argv)
{
	const char *parts = NULL, *published = NULL, *expected = NULL;
	struct tables t = { 0 };
	const struct vb_option options[] = {
		{ "parts", VB_TEXT, &parts },
		{ "published", VB_TEXT, &published },
		{ "expected", VB_TEXT, &expected },
		{ "check", VB_FLAG, &t.check },
	};

	vb_name = "report";
	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (!parts || !published || !expected)
		vb_usage("--parts, --published and --expected are needed");
	if (argc - optind != 1)
		vb_usage("one campaign directory is needed");
	read_all(&t, parts, published, expected, argv[optind]);
	if (t.check)
		check_tables(&t);
	else
		make_tables(&t);
	vb_close_stdout();
	free_all(&t);
	return t.missing && !t.check ? VB_INCOMPLETE : VB_OK;
}

VB_COMMAND(tables, "all tables of a campaign, from its records");
