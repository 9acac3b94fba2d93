// SPDX-License-Identifier: GPL-2.0
/* cmd-compare - two campaigns and a verdict, on stdout. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "compare/compare.h"
#include "base/options.h"
#include "commands.h"

struct arguments {
	const char *thresholds;
	const char *noise;
	const char *plan;
	const char *figures;
	enum vb_policy policy;
	void (*write)(FILE *out, const struct vb_comparison *c);
	int html;
	int force;
	unsigned long seed;
};

static const struct {
	const char *name;
	void (*write)(FILE *out, const struct vb_comparison *c);
} formats[] = {
	{ "text", vb_compare_text },
	{ "ktap", vb_compare_ktap },
	{ "json", vb_compare_json },
	{ "tsv", vb_compare_tsv },
};

static void help(void)
{
	puts("usage: vb-compare --thresholds FILE [options] BEFORE AFTER\n"
	     "\n"
	     "Compares two campaigns, or two variants, and says whether AFTER is a regression.\n"
	     "BEFORE and AFTER are campaign directories, with a variant after a colon when only that\n"
	     "is meant. Their integrity is not checked here; scripts/compare.sh does.\n"
	     "\n"
	     "  --thresholds FILE   what is allowed: tools/thresholds.tsv\n"
	     "  --noise DIR         boots of one kernel, for the noise floor\n"
	     "  --plan F,S,M        boots are added: looked at after F of each side, S more each\n"
	     "                      time, M at most; a look has its share of the chance to err\n"
	     "  --format NAME       text (default), ktap, json, tsv or html\n"
	     "  --figures DIR       figures for html: all DIR/*.svg\n"
	     "  --seed N            of the bootstrap (default 1)\n"
	     "  --policy NAME       any (default): any point worse than allowed is a REGRESSION;\n"
	     "                      scaling: not time and instructions with fewer threads, where\n"
	     "                      the most threads take less time\n"
	     "  --force             compare unlike things, too, and say so\n"
	     "\n"
	     "exit codes: 0 PASS; 1 REGRESSION; 3 INCONCLUSIVE; 2 usage error, unlike things, or\n"
	     "a file that is not what it should be (nothing is written)");
}

static void take_format(struct arguments *a, const char *name)
{
	size_t i;

	a->html = !strcmp(name, "html");
	if (a->html)
		return;
	for (i = 0; i < ARRAY_SIZE(formats); i++)
		if (!strcmp(name, formats[i].name)) {
			a->write = formats[i].write;
			return;
		}
	vb_usage("--format: there is no format %s", name);
}

static unsigned long take_seed(const char *text)
{
	char *end;
	unsigned long seed = strtoul(text, &end, 10);

	if (!*text || *end || *text == '-' || seed > UINT32_MAX)
		vb_usage("--seed: %s is not a whole number from 0 to %u", text, UINT32_MAX);
	return seed;
}

static void take_options(struct arguments *a, int argc, char **argv)
{
	const char *format = NULL, *seed = NULL, *policy = NULL;
	const struct vb_option options[] = {
		{ "thresholds", VB_TEXT, &a->thresholds },
		{ "noise", VB_TEXT, &a->noise },
		{ "plan", VB_TEXT, &a->plan },
		{ "format", VB_TEXT, &format },
		{ "figures", VB_TEXT, &a->figures },
		{ "seed", VB_TEXT, &seed },
		{ "policy", VB_TEXT, &policy },
		{ "force", VB_FLAG, &a->force },
	};

	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (format)
		take_format(a, format);
	if (seed)
		a->seed = take_seed(seed);
	if (policy && vb_policy_find(policy, &a->policy))
		vb_usage("--policy: %s is neither any nor scaling", policy);
	if (!a->thresholds)
		vb_usage("--thresholds is needed");
	if (argc - optind != 2)
		vb_usage("give exactly two arguments, BEFORE and AFTER");
}

static void refuse(const struct vb_side *before, const struct vb_side *after,
		   const struct vb_differences *d)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		fprintf(stderr, "%s: %s differs: %s in %s, %s in %s\n", vb_name, d->item[i].name,
			d->item[i].before, before->name, d->item[i].after, after->name);
	vb_die("%s and %s differ in more than the kernel: not compared (--force does)",
	       before->name, after->name);
}

static void check_likeness(struct vb_comparison *c, int force)
{
	size_t i;

	vb_likeness_plan(&c->likeness, &c->before.c, &c->after.c);
	for (i = 0; i < c->npairs; i++)
		vb_likeness_kernels(&c->likeness, &c->before.c, c->pair[i].before, &c->after.c,
				    c->pair[i].after);
	if (c->likeness.unlike.n && !force)
		refuse(&c->before, &c->after, &c->likeness.unlike);
}

/* The noise has to be that of the same machine; which kernel it is of does not matter. */
static void check_noise(struct vb_comparison *c, int force)
{
	struct vb_likeness l = { 0 };
	const char *variant;
	size_t i;

	vb_likeness_plan(&l, &c->before.c, &c->noise.c);
	for (i = 0; i < c->npairs; i++) {
		variant = vb_noise_variant(c, c->pair[i].before);
		vb_likeness_kernels(&l, &c->before.c, c->pair[i].before, &c->noise.c, variant);
	}
	if (l.unlike.n && !force)
		refuse(&c->before, &c->noise, &l.unlike);
	for (i = 0; i < l.unlike.n; i++)
		vb_list_add(&c->notes, "noise of another machine, by force: %s: %s in %s, %s in %s",
			    l.unlike.item[i].name, l.unlike.item[i].before, c->before.name,
			    l.unlike.item[i].after, c->noise.name);
	vb_likeness_free(&l);
}

/* How much of the chance to err the tests of this look have. */
static void take_plan(struct vb_comparison *c, const char *text)
{
	c->alpha = VB_ALPHA;
	if (!text)
		return;
	if (vb_plan_read(&c->plan, text))
		vb_usage("--plan: %s is not FIRST,STEP,MOST", text);
	if (c->before.c.boots != c->after.c.boots)
		vb_die("--plan: %s has %ld boots and %s %ld", c->before.name, c->before.c.boots,
		       c->after.name, c->after.c.boots);
	if (vb_plan_look(&c->plan, c->after.c.boots) < 0)
		vb_die("--plan: with %s no test follows %ld boots", text, c->after.c.boots);
	c->has_plan = 1;
	c->alpha = vb_plan_alpha(&c->plan, c->after.c.boots, VB_ALPHA);
}

static int exit_code(enum vb_verdict verdict)
{
	switch (verdict) {
	case VB_REGRESSION:
		return VB_EXIT_REGRESSION;
	case VB_INCONCLUSIVE:
		return VB_EXIT_INCONCLUSIVE;
	default:
		return VB_OK;
	}
}

static int run(int argc, char **argv)
{
	struct arguments a = { .write = vb_compare_text, .seed = 1 };
	struct vb_comparison c = { 0 };
	int ret;

	vb_name = "vb-compare";
	take_options(&a, argc, argv);
	c.seed = a.seed;
	c.policy = a.policy;
	vb_thresholds_read(&c.thresholds, a.thresholds);
	vb_side_read(&c.before, argv[optind]);
	vb_side_read(&c.after, argv[optind + 1]);
	take_plan(&c, a.plan);
	vb_compare_pairs(&c);
	check_likeness(&c, a.force);
	if (a.noise) {
		vb_side_read(&c.noise, a.noise);
		c.has_noise = 1;
		check_noise(&c, a.force);
	}
	vb_compare(&c);
	if (a.html)
		vb_compare_html(stdout, &c, a.figures);
	else
		a.write(stdout, &c);
	vb_close_stdout();
	ret = exit_code(c.verdict);
	vb_compare_free(&c);
	return ret;
}

VB_COMMAND(compare, "two campaigns: PASS, REGRESSION or INCONCLUSIVE");
