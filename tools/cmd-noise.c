// SPDX-License-Identifier: GPL-2.0
/* cmd-noise - what boots of one kernel show by themselves, on stdout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "compare/compare.h"
#include "base/options.h"
#include "base/text.h"
#include "commands.h"

struct work {
	const struct vb_side *side;
	const char *variant;
	const struct vb_plan *plan;
	const struct vb_threshold *t;
	size_t tests;
	size_t n;
	double floor[2];
	double seen[2];
	struct vb_point worst;
};

static void help(void)
{
	puts("usage: vb-noise --thresholds FILE --plan F,S,M CAMPAIGN_DIR[:VARIANT]\n"
	     "\n"
	     "Reads boots of one kernel, and says for each metric that decides how far two sets\n"
	     "of such boots differ by themselves, and from which change on a regression would be\n"
	     "seen: at the first look of the plan and at the last, at the worst point.\n"
	     "\n"
	     "  --thresholds FILE  what is allowed: tools/thresholds.tsv\n"
	     "  --plan F,S,M       boots of each side: F at first, S more each time, M at most\n"
	     "\n"
	     "exit codes: 0 printed; 2 usage error, or a file that is not what it should be");
}

static double shift_of(const struct work *w, const struct vb_point *p)
{
	const struct vb_campaign *c = &w->side->c;
	json_int_t ops = vb_campaign_point_ops(c, p->threads);

	return vb_shift(w->t, vb_threshold_extra(w->t, ops, c->cpus));
}

static void take_point(const struct vb_point *p, void *data)
{
	const long boots[2] = { ((struct work *)data)->plan->first,
				((struct work *)data)->plan->most };
	double shift, seen, alpha;
	struct work *w = data;
	struct vb_scatter s;
	struct vb_values v;
	int i;

	if (strcmp(p->variant, w->variant))
		return;
	shift = shift_of(w, p);
	vb_values_take(&v, &w->side->runs, w->t->metric, p);
	if (!vb_scatter_of(&v, shift, &s)) {
		w->n++;
		for (i = 0; i < 2; i++) {
			alpha = vb_plan_alpha(w->plan, boots[i], VB_ALPHA) / w->tests;
			seen = vb_seen_percent(&s, vb_margin(w->t), boots[i], boots[i], alpha);
			if (seen <= w->seen[i])
				continue;
			w->seen[i] = seen;
			w->floor[i] = vb_floor_percent(&s, boots[i], boots[i]);
			w->worst = *p;
		}
	}
	vb_values_free(&v);
}

static void percent(struct vb_table *t, size_t column, double x)
{
	char *text = vb_words_delta(100, x);

	vb_table_cell(t, column, text);
	free(text);
}

static void put_metric(struct vb_table *t, struct work *w)
{
	char *text;
	size_t i;

	w->n = 0;
	for (i = 0; i < 2; i++) {
		w->floor[i] = 0;
		w->seen[i] = 0;
	}
	vb_each_point(&w->side->c, take_point, w);
	if (!w->n)
		return;
	vb_table_cell(t, 0, w->t->metric->name);
	text = vb_strf("%s %ldp %ldt", w->worst.workload, w->worst.pages, w->worst.threads);
	vb_table_cell(t, 1, text);
	free(text);
	percent(t, 2, w->t->percent[0]);
	for (i = 0; i < 2; i++) {
		percent(t, 3 + 2 * i, w->floor[i]);
		percent(t, 4 + 2 * i, w->seen[i]);
	}
}

static int decides(const struct vb_threshold *t, const struct vb_side *side)
{
	return t->decides[0] && vb_metric_applies(t->metric, &side->c);
}

static void put_noise(FILE *out, const struct vb_thresholds *t, struct work *w)
{
	const struct vb_campaign *c = &w->side->c;
	struct vb_table table = { .words = 2 };
	size_t i;

	for (i = 0; i < t->n; i++)
		w->tests += decides(&t->line[i], w->side) * c->nworkloads * c->npages * c->nthreads;
	vb_table_column(&table, vb_strf("metric"));
	vb_table_column(&table, vb_strf("worst point"));
	vb_table_column(&table, vb_strf("allowed"));
	vb_table_column(&table, vb_strf("%ld+%ld:\nnoise", w->plan->first, w->plan->first));
	vb_table_column(&table, vb_strf("\nseen"));
	vb_table_column(&table, vb_strf("%ld+%ld:\nnoise", w->plan->most, w->plan->most));
	vb_table_column(&table, vb_strf("\nseen"));
	for (i = 0; i < t->n; i++) {
		w->t = &t->line[i];
		if (decides(w->t, w->side))
			put_metric(&table, w);
	}
	fprintf(out, "Noise of %ld boots of %s, machine %s, %ld CPUs; by %s.\n\n", c->boots,
		w->variant, c->machine, c->cpus, vb_side_accelerator(w->side));
	vb_table_print(out, &table);
	fputc('\n', out);
	vb_wrap(out, "", "",
		"noise: so far apart are two sets of so many boots of one kernel 19 times of 20;\n"
		"seen: so large a regression at one point is found 8 times of 10.");
	vb_table_free(&table);
}

static int run(int argc, char **argv)
{
	const char *thresholds = NULL, *plan_text = NULL;
	struct vb_thresholds t;
	struct vb_plan plan;
	struct vb_side side;
	struct work w = { .side = &side, .plan = &plan };
	const struct vb_option options[] = {
		{ "thresholds", VB_TEXT, &thresholds },
		{ "plan", VB_TEXT, &plan_text },
	};

	vb_name = "vb-noise";
	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (!thresholds || !plan_text)
		vb_usage("--thresholds and --plan are needed");
	if (vb_plan_read(&plan, plan_text))
		vb_usage("--plan: %s is not FIRST,STEP,MOST", plan_text);
	if (argc - optind != 1)
		vb_usage("one campaign directory is needed");
	vb_thresholds_read(&t, thresholds);
	vb_side_read(&side, argv[optind]);
	if (vb_campaign_is_sim(&side.c))
		vb_die("%s is of sim, where boots do not scatter", side.name);
	w.variant = side.variant ? side.variant : side.c.variants[0];
	put_noise(stdout, &t, &w);
	vb_close_stdout();
	vb_side_free(&side);
	vb_thresholds_free(&t);
	return VB_OK;
}

VB_COMMAND(noise, "how far boots of one kernel differ by themselves");
