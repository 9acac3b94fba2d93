// SPDX-License-Identifier: GPL-2.0
/* What there is to compare, and what is left out: see compare.h. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "compare/compare.h"
#include "stats/stats.h"

static void add_pair(struct vb_comparison *c, const char *before, const char *after)
{
	c->pair = vb_grow(c->pair, c->npairs, sizeof(*c->pair));
	c->pair[c->npairs].before = before;
	c->pair[c->npairs++].after = after;
}

static const char *only_variant(const struct vb_side *side)
{
	if (side->variant)
		return side->variant;
	return side->c.nvariants == 1 ? side->c.variants[0] : NULL;
}

static void name_lone(struct vb_comparison *c, const struct vb_side *one,
		      const struct vb_side *other)
{
	size_t i;

	for (i = 0; i < one->c.nvariants; i++)
		if (!vb_side_has(other, one->c.variants[i]))
			vb_list_add(&c->left_out, "variant %s is only in %s", one->c.variants[i],
				    one->name);
}

/**
 * vb_compare_pairs() - decide which variants are compared
 * @c: both sides have been read
 *
 * Two variants that were named, or else those that both have. A side that has
 * only one variant need not name it.
 */
void vb_compare_pairs(struct vb_comparison *c)
{
	const char *before = only_variant(&c->before), *after = only_variant(&c->after);
	size_t i;

	if (before && after) {
		add_pair(c, before, after);
		return;
	}
	if (c->before.variant || c->after.variant)
		vb_usage("%s has several variants: name one there as well, as CAMPAIGN:VARIANT",
			 c->before.variant ? c->after.name : c->before.name);
	for (i = 0; i < c->before.c.nvariants; i++)
		if (vb_side_has(&c->after, c->before.c.variants[i]))
			add_pair(c, c->before.c.variants[i], c->before.c.variants[i]);
	if (!c->npairs)
		vb_usage("%s and %s have no variant in common: name one of each",
			 c->before.name, c->after.name);
	name_lone(c, &c->before, &c->after);
	name_lone(c, &c->after, &c->before);
}

static int asked_for(const struct vb_campaign *c, const struct vb_point *p)
{
	return vb_names_have(c->workloads, c->nworkloads, p->workload) &&
	       vb_counts_have(c->pages, c->npages, p->pages) &&
	       vb_counts_have(c->threads, c->nthreads, p->threads);
}

struct lone {
	struct vb_comparison *c;
	const struct vb_side *one;
	const struct vb_side *other;
};

static void name_point(const struct vb_point *p, void *data)
{
	const struct lone *lone = data;
	char *text;

	if (asked_for(&lone->other->c, p))
		return;
	text = vb_strf("point %s, %ld pages, %ld threads is only in %s", p->workload, p->pages,
		       p->threads, lone->one->c.id);
	if (!vb_list_has(&lone->c->left_out, text))
		vb_list_add(&lone->c->left_out, "%s", text);
	free(text);
}

static void name_points(struct vb_comparison *c, const struct vb_side *one,
			const struct vb_side *other)
{
	struct lone lone = { .c = c, .one = one, .other = other };

	vb_each_point(&one->c, name_point, &lone);
}

static int waits(const struct vb_side *side, const struct vb_point *p)
{
	return vb_values_median(&side->runs, vb_metric_find("lock_waits_per_kop"), p) >= VB_WAITING;
}

struct work {
	struct vb_comparison *c;
	size_t pair;
	const struct vb_threshold *t;
};

static void take_point(const struct vb_point *p, void *data)
{
	const struct work *w = data;
	struct vb_comparison *c = w->c;
	const struct vb_pair *pair = &c->pair[w->pair];
	struct vb_change new = { .point = *p, .other = pair->after, .pair = w->pair, .t = w->t };
	struct vb_point after = *p;

	if (strcmp(p->variant, pair->before) || !asked_for(&c->after.c, p))
		return;
	after.variant = pair->after;
	vb_values_take(&new.x[0], &c->before.runs, w->t->metric, p);
	vb_values_take(&new.x[1], &c->after.runs, w->t->metric, &after);
	if (!new.x[0].n || !new.x[1].n) {
		vb_list_add(&c->left_out, "%s of %s, %ld pages, %ld threads: no value %s",
			    w->t->metric->name, p->workload, p->pages, p->threads,
			    new.x[0].n ? "after" : new.x[1].n ? "before" : "on either side");
		vb_values_free(&new.x[0]);
		vb_values_free(&new.x[1]);
		return;
	}
	new.decides = w->t->decides[c->sim];
	new.waiting = waits(&c->before, p) || waits(&c->after, &after);
	c->change = vb_grow(c->change, c->n, sizeof(*c->change));
	c->change[c->n++] = new;
}

struct search {
	const struct vb_runs *runs;
	const struct vb_metric *metric;
	int found;
};

static void find_value(const struct vb_point *p, void *data)
{
	struct search *s = data;
	struct vb_values v;

	vb_values_take(&v, s->runs, s->metric, p);
	if (v.n)
		s->found = 1;
	vb_values_free(&v);
}

/* Records of earlier versions, and some workloads, do not have every metric. */
static int is_measured(const struct vb_side *side, const struct vb_metric *m)
{
	struct search s = { .runs = &side->runs, .metric = m };

	vb_each_point(&side->c, find_value, &s);
	return s.found;
}

static void take_metric(struct work *w)
{
	struct vb_comparison *c = w->c;
	const struct vb_metric *m = w->t->metric;
	char *text;

	if (!vb_metric_applies(m, &c->before.c) || !vb_metric_applies(m, &c->after.c))
		return;
	if (is_measured(&c->before, m) || is_measured(&c->after, m)) {
		vb_each_point(&c->before.c, take_point, w);
		return;
	}
	text = vb_strf("%s: no value on either side", m->name);
	if (!vb_list_has(&c->left_out, text))
		vb_list_add(&c->left_out, "%s", text);
	free(text);
}

static void take_pair(struct vb_comparison *c, size_t pair)
{
	struct work w = { .c = c, .pair = pair };
	size_t i;

	for (i = 0; i < c->thresholds.n; i++) {
		w.t = &c->thresholds.line[i];
		take_metric(&w);
	}
}

/* What was wrong with the records of the variants that are compared. */
static void doubt_records(struct vb_comparison *c, const struct vb_side *side, int after)
{
	const char *line, *variant;
	size_t i, k, len;

	for (i = 0; i < side->runs.problems.n; i++) {
		line = side->runs.problems.line[i];
		for (k = 0; k < c->npairs; k++) {
			variant = after ? c->pair[k].after : c->pair[k].before;
			len = strlen(variant);
			if (strncmp(line, variant, len) || (line[len] != '/' && line[len] != ':'))
				continue;
			vb_list_add(&c->doubts, "%s: %s", side->c.id, line);
			break;
		}
	}
}

/* Symbols that a probe did not find: what they count is 0 there. */
static void note_run(struct vb_comparison *c, const struct vb_run *run, const char *when)
{
	char *names = vb_strf("%s", ""), *more;
	size_t i;

	for (i = 0; i < run->missing.n; i++) {
		more = vb_strf("%s%s%s", names, i ? ", " : "", run->missing.line[i]);
		free(names);
		names = more;
	}
	if (run->missing.n)
		vb_list_add(&c->notes, "%s %s has no %s: what they count is 0 there", run->variant,
			    when, names);
	free(names);
}

static void note_missing(struct vb_comparison *c, const struct vb_side *side, int after)
{
	const struct vb_run *run;
	const char *variant;
	size_t k;

	for (k = 0; k < c->npairs; k++) {
		variant = after ? c->pair[k].after : c->pair[k].before;
		for (run = side->runs.run; run < side->runs.run + side->runs.n; run++)
			if (run->number == 1 && !strcmp(run->variant, variant))
				note_run(c, run, after ? "after" : "before");
	}
}

/* Of both sides of one campaign it is the same. */
static void note_list(struct vb_comparison *c, const struct vb_side *side,
		      const struct vb_list *marks)
{
	char *line;
	size_t i;

	for (i = 0; i < marks->n; i++) {
		line = vb_strf("%s: %s", side->c.id, marks->line[i]);
		if (!vb_list_has(&c->notes, line))
			vb_list_add(&c->notes, "%s", line);
		free(line);
	}
}

/* What is to be taken with care of the variants that are compared. */
static void note_marks(struct vb_comparison *c, const struct vb_side *side, int after)
{
	const struct vb_run *run;
	const char *variant;
	size_t k;

	note_list(c, side, &side->runs.marks);
	for (k = 0; k < c->npairs; k++) {
		variant = after ? c->pair[k].after : c->pair[k].before;
		for (run = side->runs.run; run < side->runs.run + side->runs.n; run++)
			if (!strcmp(run->variant, variant))
				note_list(c, side, &run->marks);
	}
}

/* Texts that a campaign keeps of a kernel under KEY, each put once into a list. */
static void take_texts(struct vb_comparison *c, const struct vb_side *side, int after,
		       const char *key, struct vb_list *list,
		       char *(*words)(const char *variant, const char *when, const char *text))
{
	json_t *all = json_object_get(side->c.root, key), *value;
	const char *variant;
	size_t i, k;
	char *line;

	for (k = 0; k < c->npairs; k++) {
		variant = after ? c->pair[k].after : c->pair[k].before;
		json_array_foreach(json_object_get(all, variant), i, value) {
			line = words(variant, after ? "after" : "before",
				     json_is_string(value) ? json_string_value(value) : "?");
			if (!vb_list_has(list, line))
				vb_list_add(list, "%s", line);
			free(line);
		}
	}
}

/* What the source of a kernel does not know, and so could not be built with. */
static char *words_lacks(const char *variant, const char *when, const char *text)
{
	return vb_strf("%s %s has no %s", variant, when, text);
}

/* Which patches a kernel was built with: of a thread, not all mails are. */
static char *words_applied(const char *variant, const char *when, const char *text)
{
	(void)variant;
	return vb_strf("applied to %s: %s", when, text);
}

static int same_points(const struct vb_comparison *c)
{
	static const char *const lists[] = { "workloads", "pages", "threads" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		if (!json_equal(json_object_get(c->before.c.root, lists[i]),
				json_object_get(c->after.c.root, lists[i])))
			return 0;
	return 1;
}

/**
 * vb_compare() - collect what both sides have, and judge it
 * @c: sides, pairs, thresholds and likeness are filled in
 */
void vb_compare(struct vb_comparison *c)
{
	size_t i;

	c->sim = vb_campaign_is_sim(&c->before.c) && vb_campaign_is_sim(&c->after.c);
	c->same = c->sim && !c->likeness.change.n && !c->likeness.unlike.n && same_points(c);
	if (c->sim && c->has_noise)
		vb_list_add(&c->notes, "%s is not used: boots on sim do not scatter",
			    c->noise.name);
	if (!same_points(c))
		vb_list_add(&c->notes,
			    "the lists of points differ, and so does what came before a point in its boot");
	name_points(c, &c->before, &c->after);
	name_points(c, &c->after, &c->before);
	take_texts(c, &c->before, 0, "lacks", &c->left_out, words_lacks);
	take_texts(c, &c->after, 1, "lacks", &c->left_out, words_lacks);
	take_texts(c, &c->before, 0, "applied", &c->notes, words_applied);
	take_texts(c, &c->after, 1, "applied", &c->notes, words_applied);
	doubt_records(c, &c->before, 0);
	doubt_records(c, &c->after, 1);
	note_missing(c, &c->before, 0);
	note_missing(c, &c->after, 1);
	note_marks(c, &c->before, 0);
	note_marks(c, &c->after, 1);
	for (i = 0; i < c->npairs; i++)
		take_pair(c, i);
	if (!c->n)
		vb_die("%s and %s have no point in common", c->before.name, c->after.name);
	vb_judge(c);
}

/**
 * vb_compare_free() - free all of it
 * @c: the comparison
 */
void vb_compare_free(struct vb_comparison *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		vb_values_free(&c->change[i].x[0]);
		vb_values_free(&c->change[i].x[1]);
		free(c->change[i].why);
	}
	free(c->change);
	free(c->pair);
	vb_list_free(&c->left_out);
	vb_list_free(&c->doubts);
	vb_list_free(&c->notes);
	vb_likeness_free(&c->likeness);
	vb_thresholds_free(&c->thresholds);
	if (c->has_noise)
		vb_side_free(&c->noise);
	vb_side_free(&c->after);
	vb_side_free(&c->before);
}
