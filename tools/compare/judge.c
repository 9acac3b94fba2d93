// SPDX-License-Identifier: GPL-2.0
/*
 * From changes to verdicts: see compare.h and docs/compare.md.
 *
 * What is allowed is a percentage of the value before, and a few single events
 * beside it. On sim a change is compared with that and nothing else. Elsewhere
 * logarithms are tested, see noise.c.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "stats/bootstrap.h"
#include "base/common.h"
#include "compare/compare.h"
#include "stats/holm.h"
#include "stats/stats.h"
#include "stats/welch.h"

/* Sums and quotients of exact numbers are off by their last bits. */
#define ROUNDING	0.000000001

const char *const vb_verdict_name[] = {
	[VB_PASS] = "PASS", [VB_IMPROVEMENT] = "IMPROVEMENT",
	[VB_TRADE_OFF] = "TRADE-OFF", [VB_INCONCLUSIVE] = "INCONCLUSIVE",
	[VB_REGRESSION] = "REGRESSION",
};

const char *const vb_verdict_mark[] = {
	[VB_PASS] = "", [VB_IMPROVEMENT] = "(I)", [VB_TRADE_OFF] = "(T)",
	[VB_INCONCLUSIVE] = "(?)", [VB_REGRESSION] = "(R)",
};

static double median_of(const struct vb_values *v)
{
	double median;

	if (vb_median(v->x, v->n, &median))
		vb_die("a median cannot be computed");
	return median;
}

/* What is allowed depends on the window: that of the side that has fewer operations. */
static void take_window(const struct vb_comparison *c, struct vb_change *ch)
{
	const struct vb_campaign *b = &c->before.c, *a = &c->after.c;
	long threads = ch->point.threads;
	long ops[2] = { vb_campaign_point_ops(b, threads), vb_campaign_point_ops(a, threads) };
	double before = vb_threshold_extra(ch->t, ops[0], b->cpus);
	double after = vb_threshold_extra(ch->t, ops[1], a->cpus);

	ch->ops = ops[0] < ops[1] ? ops[0] : ops[1];
	ch->extra = before > after ? before : after;
}

/**
 * vb_judge_percent() - the percentage that is allowed
 * @ch: a change
 * @sim: on the deterministic machine
 *
 * Return: in %.
 */
double vb_judge_percent(const struct vb_change *ch, int sim)
{
	return sim ? vb_threshold_percent(ch->t, ch->waiting, ch->ops) : ch->t->percent[0];
}

/* Is the one more than the other and what is allowed? */
static int exceeds(const struct vb_change *ch, double more, double less)
{
	double slack = ROUNDING * (fabs(more) + fabs(less));

	return more > less * (1 + vb_judge_percent(ch, 1) / 100) + ch->extra + slack;
}

/* An improvement is what would be a regression the other way round. */
static void judge_exact(struct vb_change *ch)
{
	int more, less;

	ch->before = median_of(&ch->x[0]);
	ch->after = median_of(&ch->x[1]);
	ch->delta = ch->after - ch->before;
	ch->lo = ch->delta;
	ch->hi = ch->delta;
	ch->allowed = vb_judge_percent(ch, 1) / 100 * ch->before + ch->extra;
	more = exceeds(ch, ch->after, ch->before);
	less = exceeds(ch, ch->before, ch->after);
	if (ch->t->sign > 0 ? more : less)
		ch->verdict = VB_REGRESSION;
	else if (more || less)
		ch->verdict = VB_IMPROVEMENT;
}

/* Equal values come back as they were. */
static double centre(const double *log, const struct vb_values *v, double shift)
{
	double lo, hi, mid = exp(gsl_stats_mean(log, 1, v->n)) - shift;

	gsl_stats_minmax(&lo, &hi, v->x, 1, v->n);
	return lo < hi ? mid : lo;
}

/* A difference of logarithms as a change in the metric's unit; nothing falls below 0. */
static double unlog(const struct vb_change *ch, double shift, double d)
{
	return fmax((ch->before + shift) * expm1(d), -ch->before);
}

/* Of the boots that are compared, each side about its own middle. */
static void scatter_within(const double *const log[2], const struct vb_change *ch,
			   struct vb_scatter *s)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < 2; i++)
		sum += gsl_stats_variance(log[i], 1, ch->x[i].n) * (ch->x[i].n - 1);
	s->df = ch->x[0].n + ch->x[1].n - 2;
	s->sd = sqrt(sum / s->df);
}

/**
 * vb_noise_variant() - whose boots show how much a kernel's boots scatter
 * @c: the comparison, with a noise campaign
 * @variant: the variant before
 *
 * Return: the one that was named, or @variant, or the first there is.
 */
const char *vb_noise_variant(const struct vb_comparison *c, const char *variant)
{
	if (c->noise.variant)
		return c->noise.variant;
	return vb_side_has(&c->noise, variant) ? variant : c->noise.c.variants[0];
}

/* The scatter of one kernel's boots: of those taken for it, or else of these. */
static void take_scatter(const struct vb_comparison *c, struct vb_change *ch,
			 const double *const log[2], double shift)
{
	struct vb_values noise = { 0 };
	struct vb_point p = ch->point;

	scatter_within(log, ch, &ch->scatter);
	if (!c->has_noise)
		return;
	p.variant = vb_noise_variant(c, p.variant);
	vb_values_take(&noise, &c->noise.runs, ch->t->metric, &p);
	if (!vb_scatter_of(&noise, shift, &ch->scatter))
		ch->floor = vb_floor_percent(&ch->scatter, ch->x[0].n, ch->x[1].n);
	vb_values_free(&noise);
}

static void test_logs(const struct vb_comparison *c, struct vb_change *ch,
		      const double *const log[2], double shift)
{
	double margin = vb_margin(ch->t), lo, hi;
	struct vb_welch w;

	ch->before = centre(log[0], &ch->x[0], shift);
	ch->after = centre(log[1], &ch->x[1], shift);
	ch->allowed = ch->t->percent[0] / 100 * ch->before + ch->extra;
	ch->delta = ch->after - ch->before;
	ch->lo = NAN;
	ch->hi = NAN;
	if (vb_welch(log[0], ch->x[0].n, log[1], ch->x[1].n, &w))
		return;
	if (vb_bootstrap(log[0], ch->x[0].n, log[1], ch->x[1].n, VB_LEVEL, c->seed, &lo, &hi))
		vb_die("an interval cannot be computed");
	ch->lo = unlog(ch, shift, lo);
	ch->hi = unlog(ch, shift, hi);
	if (ch->x[0].n < VB_MIN_BOOTS || ch->x[1].n < VB_MIN_BOOTS)
		return;
	ch->tested = 1;
	if (ch->t->sign > 0) {
		ch->p_fine = vb_welch_below(&w, margin);
		ch->p_worse = vb_welch_above(&w, margin);
		ch->p_better = vb_welch_below(&w, -margin);
	} else {
		ch->p_fine = vb_welch_above(&w, -margin);
		ch->p_worse = vb_welch_below(&w, -margin);
		ch->p_better = vb_welch_above(&w, margin);
	}
	take_scatter(c, ch, log, shift);
}

static void test(const struct vb_comparison *c, struct vb_change *ch)
{
	double shift = vb_shift(ch->t, ch->extra);
	double *log[2];

	ch->floor = NAN;
	ch->detectable = NAN;
	log[0] = vb_logs(&ch->x[0], shift);
	log[1] = vb_logs(&ch->x[1], shift);
	if (log[0] && log[1]) {
		test_logs(c, ch, (const double *const *)log, shift);
	} else {
		judge_exact(ch);
		ch->verdict = ch->delta == 0 ? VB_PASS : VB_INCONCLUSIVE;
		if (ch->verdict == VB_INCONCLUSIVE)
			ch->why = vb_strf("a boot has 0 or less, of which there is no ratio");
	}
	free(log[0]);
	free(log[1]);
}

/* One kind of p value of all tests that decide, corrected together. */
static void correct(struct vb_comparison *c, size_t p, size_t q)
{
	double *raw = NULL, *adjusted;
	struct vb_change *ch;
	size_t i, n = 0;

	for (ch = c->change; ch < c->change + c->n; ch++) {
		if (!ch->tested || !ch->decides)
			continue;
		raw = vb_grow(raw, n, sizeof(*raw));
		raw[n++] = *(double *)((char *)ch + p);
	}
	adjusted = calloc(n + 1, sizeof(*adjusted));
	if (!adjusted || vb_holm(raw, n, adjusted))
		vb_die("p values cannot be corrected");
	for (ch = c->change, i = 0; ch < c->change + c->n; ch++)
		if (ch->tested)
			*(double *)((char *)ch + q) = ch->decides ? adjusted[i++] :
						      *(double *)((char *)ch + p);
	free(adjusted);
	free(raw);
}

/* Of a change at one point alone: then Holm's method asks most of it. */
static void say_seen(struct vb_comparison *c)
{
	struct vb_change *ch;
	size_t tests = 0;

	for (ch = c->change; ch < c->change + c->n; ch++)
		tests += ch->tested && ch->decides;
	for (ch = c->change; ch < c->change + c->n; ch++)
		if (ch->tested)
			ch->detectable = vb_seen_percent(&ch->scatter, vb_margin(ch->t),
							 ch->x[0].n, ch->x[1].n,
							 c->alpha / (ch->decides ? tests : 1));
}

static int above_floor(const struct vb_change *ch, double shift)
{
	double percent = 100 * fabs(expm1(log((ch->after + shift) / (ch->before + shift))));

	return isnan(ch->floor) || percent > ch->floor;
}

static void decide(const struct vb_comparison *c, struct vb_change *ch)
{
	double shift = vb_shift(ch->t, ch->extra);

	if (ch->why)
		return;
	if (!ch->tested) {
		/* Values without logarithms have been found equal already. */
		if (isnan(ch->lo) || ch->x[0].n < VB_MIN_BOOTS || ch->x[1].n < VB_MIN_BOOTS) {
			ch->verdict = VB_INCONCLUSIVE;
			ch->why = vb_strf("fewer than %d boots of each", VB_MIN_BOOTS);
		}
	} else if (ch->q_worse <= c->alpha && above_floor(ch, shift)) {
		ch->verdict = VB_REGRESSION;
	} else if (ch->p_fine <= c->alpha) {
		ch->verdict = ch->q_better <= c->alpha && above_floor(ch, shift) ?
			      VB_IMPROVEMENT : VB_PASS;
	} else {
		ch->verdict = VB_INCONCLUSIVE;
		if (ch->q_worse <= c->alpha)
			ch->why = vb_strf("a regression, but within the noise floor of %.3g%%",
					  ch->floor);
		else
			ch->why = vb_strf("%zu and %zu boots leave it open; seen from %.3g%% on",
					  ch->x[0].n, ch->x[1].n, ch->detectable);
	}
}

/* Nothing differs, so nothing may come out differently. */
static void check_same(struct vb_comparison *c)
{
	const struct vb_change *ch;

	if (!c->same)
		return;
	for (ch = c->change; ch < c->change + c->n; ch++)
		if (ch->delta != 0)
			vb_list_add(&c->doubts,
				    "%s of %s, %s, %ld pages, %ld threads differs, and nothing else does",
				    ch->t->metric->name, ch->point.variant, ch->point.workload,
				    ch->point.pages, ch->point.threads);
}

/**
 * vb_deciding() - how many verdicts count
 * @c: the comparison
 *
 * Return: the number of changes that decide.
 */
size_t vb_deciding(const struct vb_comparison *c)
{
	size_t i, n = 0;

	for (i = 0; i < c->n; i++)
		n += c->change[i].decides;
	return n;
}

/**
 * vb_metric_changes() - the points of a table
 * @c: the comparison
 * @i: a change
 *
 * Return: how many changes from that one on are of its pair and metric.
 */
size_t vb_metric_changes(const struct vb_comparison *c, size_t i)
{
	size_t n = 1;

	while (i + n < c->n && c->change[i + n].t == c->change[i].t &&
	       c->change[i + n].pair == c->change[i].pair)
		n++;
	return n;
}

/**
 * vb_judge() - a verdict for every change, and the worst of those that count
 * @c: the comparison; its changes have their values
 */
void vb_judge(struct vb_comparison *c)
{
	struct vb_change *ch;

	for (ch = c->change; ch < c->change + c->n; ch++) {
		take_window(c, ch);
		if (c->sim)
			judge_exact(ch);
		else
			test(c, ch);
	}
	if (!c->sim) {
		say_seen(c);
		correct(c, offsetof(struct vb_change, p_worse),
			offsetof(struct vb_change, q_worse));
		correct(c, offsetof(struct vb_change, p_better),
			offsetof(struct vb_change, q_better));
		for (ch = c->change; ch < c->change + c->n; ch++)
			decide(c, ch);
	}
	vb_weigh(c);
	check_same(c);
	if (!vb_deciding(c))
		vb_die("%s and %s have nothing in common that decides", c->before.name,
		       c->after.name);
	c->verdict = c->doubts.n ? VB_INCONCLUSIVE : VB_PASS;
	for (ch = c->change; ch < c->change + c->n; ch++)
		if (ch->decides && ch->verdict > c->verdict)
			c->verdict = ch->verdict;
}

/**
 * vb_is_news() - does a change belong to what a reader has to see first?
 * @ch: the change
 *
 * Return: 1 when it decides and is not simply within what is allowed, else 0.
 */
int vb_is_news(const struct vb_change *ch)
{
	return ch->decides && ch->verdict != VB_PASS;
}

/**
 * vb_judged() - how often a metric has a verdict
 * @c: the comparison
 * @m: the metric
 * @verdict: the verdict
 * @of: gets at how many points the metric decides
 *
 * Return: at how many points it is that.
 */
size_t vb_judged(const struct vb_comparison *c, const struct vb_metric *m,
		 enum vb_verdict verdict, size_t *of)
{
	const struct vb_change *ch;
	size_t n = 0;

	*of = 0;
	for (ch = c->change; ch < c->change + c->n; ch++) {
		if (!ch->decides || ch->t->metric != m)
			continue;
		++*of;
		n += ch->verdict == verdict;
	}
	return n;
}

static int judged_alone(const struct vb_comparison *c, const struct vb_metric *m,
			enum vb_verdict verdict)
{
	const struct vb_change *ch;

	for (ch = c->change; ch < c->change + c->n; ch++)
		if (ch->decides && ch->t->metric == m && ch->verdict == verdict &&
		    ch->point.threads == 1)
			return 1;
	return 0;
}

/**
 * vb_judged_first() - the metric that is blamed
 * @c: the comparison
 * @verdict: for what
 *
 * What has it with one thread has it for no waiting, and comes before what has not:
 * who takes longer under a lock makes others wait more often. What is only the cost of
 * being faster with many threads is not blamed, see vb_is_cost().
 *
 * Return: the first in the order of the thresholds that has this verdict; NULL: none.
 */
const struct vb_metric *vb_judged_first(const struct vb_comparison *c, enum vb_verdict verdict)
{
	const struct vb_metric *m;
	size_t i, of;

	for (i = 0; i < c->thresholds.n; i++) {
		m = c->thresholds.line[i].metric;
		if (judged_alone(c, m, verdict) && !(verdict == VB_REGRESSION && vb_is_cost(c, m)))
			return m;
	}
	for (i = 0; i < c->thresholds.n; i++) {
		m = c->thresholds.line[i].metric;
		if (vb_judged(c, m, verdict, &of) &&
		    !(verdict == VB_REGRESSION && vb_is_cost(c, m)))
			return m;
	}
	return NULL;
}
