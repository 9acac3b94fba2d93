// SPDX-License-Identifier: GPL-2.0
/* A comparison in words, the same in all formats: see compare.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/bootstrap.h"
#include "base/common.h"
#include "compare/compare.h"
#include "records/model.h"
#include "base/text.h"

/* From here on a change is written as how many times as much. */
#define TIMES	3

/* Add to a text; both are freed. */
static char *join(char *text, char *more)
{
	char *both = vb_strf("%s%s", text, more);

	free(text);
	free(more);
	return both;
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static size_t count_points(const struct vb_comparison *c)
{
	size_t i, of, most = 0;

	for (i = 0; i < c->thresholds.n; i++) {
		vb_judged(c, c->thresholds.line[i].metric, VB_PASS, &of);
		if (of > most)
			most = of;
	}
	return most;
}

/* The metrics with a verdict; how often the first, which is blamed, has it. */
static char *list_metrics(const struct vb_comparison *c, enum vb_verdict verdict)
{
	const struct vb_metric *first = vb_judged_first(c, verdict), *m;
	size_t i, n, of, listed = 0;
	char *text;

	if (!first)
		return vb_strf("%s", "");
	n = vb_judged(c, first, verdict, &of);
	text = vb_strf("%s at %zu of %zu point%s", first->name, n, of, plural(of));
	for (i = 0; i < c->thresholds.n; i++) {
		m = c->thresholds.line[i].metric;
		if (m != first && vb_judged(c, m, verdict, &of))
			text = join(text, vb_strf("%s%s", listed++ ? ", " : ", also ", m->name));
	}
	return text;
}

static int all_equal(const struct vb_comparison *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->change[i].delta != 0)
			return 0;
	return 1;
}

/**
 * vb_words_overall() - the verdict's name
 * @c: the comparison
 *
 * Return: PASS, REGRESSION or INCONCLUSIVE; an improvement and a trade-off are a PASS.
 */
const char *vb_words_overall(const struct vb_comparison *c)
{
	return vb_verdict_name[c->verdict < VB_INCONCLUSIVE ? VB_PASS : c->verdict];
}

/**
 * vb_words_verdict() - the verdict and what it comes from
 * @c: the comparison
 *
 * Return: one line, however long.
 */
char *vb_words_verdict(const struct vb_comparison *c)
{
	char *bad = list_metrics(c, VB_REGRESSION), *open = list_metrics(c, VB_INCONCLUSIVE);
	char *good = list_metrics(c, VB_IMPROVEMENT), *price = list_metrics(c, VB_TRADE_OFF);
	size_t points = count_points(c);
	char *text;

	if (*bad)
		text = vb_strf("%s", bad);
	else if (*open)
		text = vb_strf("%s", open);
	else if (c->doubts.n)
		text = vb_strf("no regression at %zu point%s, but see the warnings", points,
			       plural(points));
	else if (c->sim && all_equal(c))
		text = vb_strf("identical at %zu point%s", points, plural(points));
	else
		text = vb_strf("no regression at %zu point%s", points, plural(points));
	text = join(vb_strf("%s: ", vb_words_overall(c)), text);
	if (*bad && *open)
		text = join(text, vb_strf("; open: %s", open));
	if (*good)
		text = join(text, vb_strf("; better: %s", good));
	if (*price)
		text = join(text, vb_strf("; at a price: %s", price));
	if (c->likeness.unlike.n)
		text = join(text, vb_strf("; FORCED, unlike things are compared"));
	free(bad);
	free(open);
	free(good);
	free(price);
	return text;
}

/**
 * vb_words_delta() - a change beside the value it is a change of
 * @before: that value
 * @delta: the change; NAN: not known
 *
 * Return: in %, as a multiple when there is much more, with a sign in the metric's
 * unit when there was nothing before.
 */
char *vb_words_delta(double before, double delta)
{
	double percent = 100 * delta / before;
	char number[32];

	if (isnan(delta))
		return vb_strf("-");
	if (delta == 0)
		return vb_strf("0");
	if (!(before > 0)) {
		vb_number(number, sizeof(number), delta);
		return vb_strf("%s%s", delta > 0 ? "+" : "", number);
	}
	if (percent >= 100 * (TIMES - 1)) {
		vb_number(number, sizeof(number), 1 + delta / before);
		return vb_strf("%sx", number);
	}
	if (fabs(percent) < 0.01)
		return vb_strf("%+.1g%%", percent);
	return vb_strf("%+.*f%%", fabs(percent) >= 10 && fabs(percent) < 99 ? 1 : 2, percent);
}

/**
 * vb_words_interval() - how well a change is known
 * @c: the comparison
 * @change: the change
 *
 * Return: both ends, or "exact".
 */
char *vb_words_interval(const struct vb_comparison *c, const struct vb_change *change)
{
	char *lo, *text;

	if (c->sim)
		return vb_strf("exact");
	if (isnan(change->lo))
		return vb_strf("-");
	lo = vb_words_delta(change->before, change->lo);
	text = vb_words_delta(change->before, change->hi);
	text = join(vb_strf("%s .. ", lo), text);
	free(lo);
	return text;
}

/**
 * vb_words_n() - boots before and after
 * @change: the change
 *
 * Return: both numbers.
 */
char *vb_words_n(const struct vb_change *change)
{
	return vb_strf("%zu+%zu", change->x[0].n, change->x[1].n);
}

/**
 * vb_words_allowed() - what a metric is judged by
 * @c: the comparison
 * @first: changes of one metric
 * @n: how many
 *
 * Return: in words, without the metric's name.
 */
char *vb_words_allowed(const struct vb_comparison *c, const struct vb_change *first, size_t n)
{
	double least = first->extra, most = first->extra;
	double percent[2] = { -1, -1 }, one;
	int waiting, differ[2] = { 0, 0 };
	char number[32], *text;

	while (n--) {
		waiting = first[n].waiting;
		one = vb_judge_percent(&first[n], c->sim);
		differ[waiting] |= percent[waiting] >= 0 && percent[waiting] != one;
		percent[waiting] = fmax(percent[waiting], one);
		least = fmin(least, first[n].extra);
		most = fmax(most, first[n].extra);
	}
	if (percent[0] < 0 || percent[1] < 0 || percent[0] == percent[1])
		text = vb_strf("%s%g%%", differ[0] || differ[1] ? "at most " : "",
			       fmax(percent[0], percent[1]));
	else
		text = vb_strf("%s%g%%, %g%% where threads wait for locks",
			       differ[0] ? "at most " : "", percent[0], percent[1]);
	vb_number(number, sizeof(number), most);
	if (most > 0)
		text = join(text, vb_strf(" and %s%s", least < most ? "at most " : "", number));
	return text;
}

static int one_thread_only(const struct vb_comparison *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->change[i].point.threads > 1)
			return 0;
	return 1;
}

/* What a verdict of sim cannot see. */
static void add_model(const struct vb_comparison *c, struct vb_list *method)
{
	int caches = vb_campaign_has_caches(&c->before.c) && vb_campaign_has_caches(&c->after.c);

	vb_list_add(method, "%s", vb_model_limits(caches, !one_thread_only(c)));
}

static void add_exact(const struct vb_comparison *c, struct vb_list *method)
{
	vb_list_add(method,
		    "Machine sim: deterministic, so one boot of each is enough and a difference is\n"
		    "exact. It is a REGRESSION (R) when it is more for the worse than is allowed, an\n"
		    "IMPROVEMENT (I) when it would be one the other way round. A TRADE-OFF (T) is a\n"
		    "REGRESSION that an improvement of time outweighs.");
	vb_list_add(method,
		    "What is allowed is not noise but phase: another image moves the ticks of the\n"
		    "clock against the work.");
	add_model(c, method);
}

static void add_tests(const struct vb_comparison *c, struct vb_list *method)
{
	vb_list_add(method,
		    "A boot counts as one value; n is boots before + after. before and after are\n"
		    "geometric means over boots, change is their ratio, with a %g%% bootstrap\n"
		    "interval (expanded percentiles, %d resamples, seed %lu).",
		    100 * VB_LEVEL, VB_RESAMPLES, c->seed);
	vb_list_add(method,
		    "PASS: a change for the worse beyond what is allowed is ruled out (Welch's test\n"
		    "on logarithms, one-sided, %.3g). REGRESSION (R), IMPROVEMENT (I): a change beyond\n"
		    "it is shown, with Holm's correction over all points and metrics that decide.\n"
		    "Else INCONCLUSIVE (?): take more boots.", c->alpha);
	if (c->has_noise)
		vb_list_add(method,
			    "Noise: boots of one kernel, %s. What is below the floor that they set is\n"
			    "neither (R) nor (I).", c->noise.name);
	else
		vb_list_add(method,
			    "No boots of one kernel were given (--noise): drift between the two sides\n"
			    "would count as a change.");
}

/* Interim looks cost something, and how much was settled before the first. */
static void add_plan(const struct vb_comparison *c, struct vb_list *method)
{
	if (!c->has_plan)
		return;
	vb_list_add(method,
		    "Boots were added until this was decided: look %d of at most %d, the first at\n"
		    "%ld boots of each, the last at %ld. Each look tests with its share of %g, %.3g here,\n"
		    "so that all of them err no more often than one would.",
		    vb_plan_look(&c->plan, c->after.c.boots), vb_plan_looks(&c->plan),
		    c->plan.first, c->plan.most, VB_ALPHA, c->alpha);
}

/* The breaks are those of the source. */
static void unbreak(struct vb_list *list)
{
	size_t i;
	char *p;

	for (i = 0; i < list->n; i++)
		for (p = list->line[i]; *p; p++)
			if (*p == '\n')
				*p = ' ';
}

/**
 * vb_words_method() - how the verdict came about, and what it cannot say
 * @c: the comparison
 * @method: gets a paragraph a line
 */
void vb_words_method(const struct vb_comparison *c, struct vb_list *method)
{
	if (c->sim)
		add_exact(c, method);
	else
		add_tests(c, method);
	add_plan(c, method);
	vb_list_add(method, "A point is a workload, its pages (p) and threads (t).");
	vb_list_add(method,
		    "Counts come from traced samples, times from baseline ones. The metric that is named\n"
		    "first is blamed: counts explain times.");
	unbreak(method);
}
