// SPDX-License-Identifier: GPL-2.0
/* LINK: tools/compare/judge.c tools/compare/weigh.c tools/compare/noise.c tools/stats/plan.c tools/stats/welch.c tools/stats/holm.c tools/stats/power.c tools/stats/stats.c tools/base/common.c tools/compare/thresholds.c tools/base/tsv.c tools/records/metrics.c LIBS: -ljansson -lgsl -lgslcblas -lm */
/*
 * How often the gate errs on a noisy machine: campaigns out of seeded random numbers,
 * judged at every look of a plan until one decides.
 *
 * GATE_TRIALS=20000 in the environment makes the table of docs/compare.md, with as
 * many campaigns a line.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "cmocka_all.h"
#include "tools/stats/bootstrap.h"
#include "tools/compare/compare.h"

#define TRIALS		400
#define POINTS		4
#define MOST		12
#define NOISE		4
#define VARIANT		"v"

/**
 * struct scenario - two kernels and a machine
 * @what: in words
 * @time_sd: how much a boot's times scatter, as logarithms
 * @count_sd: how much its counts do
 * @tails: degrees of freedom of the scatter; 0: it is normal
 * @time: times after / times before
 * @count: the same of counts
 * @points: at how many points they differ
 */
struct scenario {
	const char *what;
	double time_sd;
	double count_sd;
	double tails;
	double time;
	double count;
	size_t points;
};

struct outcome {
	int pass;
	int regression;
	int improvement;
	int open;
	double boots;
};

static double noise_values[2][POINTS][NOISE];

/* The noise campaign's boots; nothing else asks. */
void vb_values_take(struct vb_values *v, const struct vb_runs *runs, const struct vb_metric *m,
		    const struct vb_point *p)
{
	(void)runs;
	v->x = noise_values[!strcmp(m->name, "ns_per_op")][p->threads];
	v->n = NOISE;
}

void vb_values_free(struct vb_values *v)
{
	v->x = NULL;
}

int vb_side_has(const struct vb_side *side, const char *variant)
{
	(void)side;
	return !strcmp(variant, VARIANT);
}

int vb_campaign_is_sim(const struct vb_campaign *c)
{
	(void)c;
	return 0;
}

json_int_t vb_campaign_point_ops(const struct vb_campaign *c, long threads)
{
	(void)threads;
	return c->ops;
}

/* It decides nothing, and takes most of the time. */
int vb_bootstrap(const double *x, size_t nx, const double *y, size_t ny, double level,
		 unsigned long seed, double *lo, double *hi)
{
	(void)x, (void)nx, (void)y, (void)ny, (void)level, (void)seed;
	*lo = 0;
	*hi = 0;
	return 0;
}

static double draw(gsl_rng *rng, double tails)
{
	return tails ? gsl_ran_tdist(rng, tails) / sqrt(tails / (tails - 2)) : gsl_ran_ugaussian(rng);
}

/* Half of a boot's scatter is the same at all points: the host was busy, or was not. */
static void boot(gsl_rng *rng, const struct scenario *s, double sd, double tails, double base,
		 double ratio, double *value)
{
	double all = draw(rng, tails);
	size_t i;

	for (i = 0; i < POINTS; i++)
		value[i] = base * (i < s->points ? ratio : 1) *
			   exp(sd * (all + draw(rng, tails)) / sqrt(2));
}

struct boots {
	double x[2][2][POINTS][MOST];	/* of counts and of times; before and after */
};

static void draw_all(gsl_rng *rng, const struct scenario *s, struct boots *b)
{
	double value[POINTS], sd, base, ratio;
	size_t m, side, n, i;

	for (m = 0; m < 2; m++) {
		sd = m ? s->time_sd : s->count_sd;
		base = m ? 3000 : 500;
		for (n = 0; n < NOISE; n++) {
			boot(rng, s, sd, s->tails, base, 1, value);
			for (i = 0; i < POINTS; i++)
				noise_values[m][i][n] = value[i];
		}
		for (n = 0; n < MOST; n++)
			for (side = 0; side < 2; side++) {
				ratio = !side ? 1 : m ? s->time : s->count;
				boot(rng, s, sd, s->tails, base, ratio, value);
				for (i = 0; i < POINTS; i++)
					b->x[m][side][i][n] = value[i];
			}
	}
}

static enum vb_verdict judge_first(struct boots *b, const struct vb_plan *plan, long n)
{
	static struct vb_threshold line[2] = {
		{ .sign = 1, .decides = { 1, 1 }, .percent = { 10, 5 }, .events = 3 },
		{ .sign = 1, .decides = { 1, 1 }, .percent = { 5, 30 } },
	};
	struct vb_change change[2 * POINTS] = { 0 };
	struct vb_comparison c = {
		.before.c = { .ops = 16000, .cpus = 4 }, .after.c = { .ops = 16000, .cpus = 4 },
		.has_noise = 1, .change = change, .n = 2 * POINTS, .seed = 1,
		.thresholds = { .line = line, .n = 2 },
		.alpha = vb_plan_alpha(plan, n, VB_ALPHA),
	};
	struct vb_change *ch;
	size_t m, side, i;

	line[0].metric = vb_metric_find("flushes_per_kop");
	line[1].metric = vb_metric_find("ns_per_op");
	for (m = 0; m < 2; m++)
		for (i = 0; i < POINTS; i++) {
			ch = &change[m * POINTS + i];
			ch->t = &line[m];
			ch->decides = 1;
			ch->point = (struct vb_point){ .variant = VARIANT, .threads = i };
			for (side = 0; side < 2; side++)
				ch->x[side] = (struct vb_values){ .x = b->x[m][side][i], .n = n };
		}
	vb_judge(&c);
	for (i = 0; i < c.n; i++)
		free(change[i].why);
	return c.verdict;
}

/* As scripts/compare/decide.sh does it. */
static void decide(gsl_rng *rng, const struct scenario *s, const struct vb_plan *plan,
		   struct outcome *o)
{
	enum vb_verdict verdict;
	struct boots b;
	long n = plan->first;

	draw_all(rng, s, &b);
	for (;;) {
		verdict = judge_first(&b, plan, n);
		if (verdict != VB_INCONCLUSIVE || n == plan->most)
			break;
		n = n + plan->step < plan->most ? n + plan->step : plan->most;
	}
	o->pass += verdict == VB_PASS || verdict == VB_IMPROVEMENT;
	o->improvement += verdict == VB_IMPROVEMENT;
	o->regression += verdict == VB_REGRESSION;
	o->open += verdict == VB_INCONCLUSIVE;
	o->boots += n;
}

static struct outcome simulate(const struct scenario *s, int trials)
{
	static const struct vb_plan plan = { 4, 2, MOST };
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct outcome o = { 0 };
	int i;

	gsl_rng_set(rng, 1);
	for (i = 0; i < trials; i++)
		decide(rng, s, &plan, &o);
	o.boots /= trials;
	gsl_rng_free(rng);
	return o;
}

static const struct scenario scenarios[] = {
	{ "quiet: the same kernel", 0.01, 0, 0, 1, 1, 0 },
	{ "usual: the same kernel", 0.03, 0.02, 0, 1, 1, 0 },
	{ "noisy: the same kernel", 0.3, 0.1, 0, 1, 1, 0 },
	{ "noisy, heavy tails: the same kernel", 0.3, 0.1, 3, 1, 1, 0 },
	{ "quiet: time +5%, as allowed, one point", 0.01, 0, 0, 1.05, 1, 1 },
	{ "quiet, heavy tails: time +5%, as allowed", 0.01, 0, 3, 1.05, 1, POINTS },
	{ "quiet: time +10%", 0.01, 0, 0, 1.1, 1, POINTS },
	{ "usual: time +10%", 0.03, 0.02, 0, 1.1, 1, POINTS },
	{ "usual: time +20%", 0.03, 0.02, 0, 1.2, 1, POINTS },
	{ "usual: time +20%, one point", 0.03, 0.02, 0, 1.2, 1, 1 },
	{ "noisy: flushes +20%, which scatter by 2%", 0.3, 0.02, 0, 1, 1.2, POINTS },
	{ "noisy: flushes +50%", 0.3, 0.1, 0, 1, 1.5, POINTS },
	{ "noisy: flushes x3, one point", 0.3, 0.1, 0, 1, 3, 1 },
	{ "noisy: time x10", 0.3, 0.1, 0, 10, 1, POINTS },
	{ "noisy: time / 10", 0.3, 0.1, 0, 0.1, 1, POINTS },
};

static struct outcome of(size_t i)
{
	return simulate(&scenarios[i], TRIALS);
}

/* 20 of 400 are 5%; with 33 three standard deviations more. */
static void false_alarms(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_in_range(of(i).regression, 0, 33);
	/* Holm's correction, and what noise boots show, leave far less than that of them. */
	assert_in_range(of(2).regression + of(3).regression, 0, 4);
	/* Nor on a quiet machine does it leave open what is equal. */
	assert_in_range(of(0).pass, 380, TRIALS);
}

static void wrong_passes(void **state)
{
	(void)state;
	assert_in_range(of(4).pass, 0, 33);
	assert_in_range(of(5).pass, 0, 33);
	/* Neither is what is just allowed a regression. */
	assert_in_range(of(4).regression, 0, 33);
	assert_in_range(of(6).pass, 0, 5);
	assert_in_range(of(11).pass, 0, 5);
}

static void finds_what_is_there(void **state)
{
	(void)state;
	assert_in_range(of(6).regression, 380, TRIALS);
	assert_in_range(of(8).regression, 380, TRIALS);
	assert_in_range(of(9).regression, 320, TRIALS);
	assert_in_range(of(11).regression, 320, TRIALS);
	assert_in_range(of(13).regression, 380, TRIALS);
	assert_in_range(of(14).regression, 0, 1);
}

/* On sim, where a boot of each is enough. */
static enum vb_verdict judge_sim(const char *metric, long ops, double before, double after)
{
	struct vb_threshold line = {
		.metric = vb_metric_find(metric), .sign = 1, .decides = { 1, 1 },
		.percent = { 5, 2 }, .long_percent = 1, .waiting_percent = 4,
		.events = 3, .long_events = 6,
	};
	struct vb_change change = {
		.t = &line, .decides = 1, .point = { .variant = VARIANT, .threads = 1 },
		.x = { { &before, 1 }, { &after, 1 } },
	};
	struct vb_comparison c = {
		.before.c = { .ops = ops, .cpus = 4 }, .after.c = { .ops = ops, .cpus = 4 },
		.change = &change, .n = 1, .thresholds = { .line = &line, .n = 1 }, .sim = 1,
	};

	if (!strcmp(metric, "ns_per_op")) {
		line.events = 0;
		line.long_events = 0;
	}
	vb_judge(&c);
	free(change.why);
	return c.verdict;
}

static void a_long_window_allows_less_time(void **state)
{
	(void)state;
	assert_int_equal(judge_sim("ns_per_op", 16000, 1000, 1011), VB_PASS);
	assert_int_equal(judge_sim("ns_per_op", 999999, 1000, 1011), VB_PASS);
	assert_int_equal(judge_sim("ns_per_op", 1000000, 1000, 1011), VB_REGRESSION);
	assert_int_equal(judge_sim("ns_per_op", 1000000, 1011, 1000), VB_IMPROVEMENT);
	assert_int_equal(judge_sim("ns_per_op", 1000000, 1000, 1010), VB_PASS);
}

/* Of none before: as many as are allowed, and half a one more. */
static void a_long_window_allows_more_events(void **state)
{
	static const struct {
		long ops;
		double events;
	} window[] = {
		{ 1000, 3 }, { 16000, 3 }, { 508000, 4.5 }, { 1000000, 6 }, { 2000000, 6 },
	};
	double per_kop;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(window) / sizeof(*window); i++) {
		per_kop = 1000.0 / window[i].ops;
		assert_int_equal(judge_sim("purges_per_kop", window[i].ops, 0,
					   window[i].events * per_kop), VB_PASS);
		assert_int_equal(judge_sim("purges_per_kop", window[i].ops, 0,
					   (window[i].events + 0.5) * per_kop), VB_REGRESSION);
	}
}

static void put_table(int trials)
{
	struct outcome o;
	size_t i;

	printf("| the kernels, the machine | PASS | of these (I) | REGRESSION | INCONCLUSIVE | boots |\n"
	       "|---|---|---|---|---|---|\n");
	for (i = 0; i < sizeof(scenarios) / sizeof(*scenarios); i++) {
		o = simulate(&scenarios[i], trials);
		printf("| %s | %.2f%% | %.2f%% | %.2f%% | %.2f%% | %.1f |\n", scenarios[i].what,
		       100.0 * o.pass / trials, 100.0 * o.improvement / trials,
		       100.0 * o.regression / trials, 100.0 * o.open / trials, o.boots);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(false_alarms),
		cmocka_unit_test(wrong_passes),
		cmocka_unit_test(finds_what_is_there),
		cmocka_unit_test(a_long_window_allows_less_time),
		cmocka_unit_test(a_long_window_allows_more_events),
	};
	const char *trials = getenv("GATE_TRIALS");

	if (trials) {
		put_table(atoi(trials));
		return 0;
	}
	return cmocka_run_group_tests_name("the gate's errors", tests, NULL, NULL);
}
