// SPDX-License-Identifier: GPL-2.0
/* LINK: tools/stats/welch.c tools/stats/holm.c tools/stats/bootstrap.c tools/stats/power.c LIBS: -lgsl -lgslcblas -lm */
/*
 * Figures named R are what R 4.2.2 prints of its own data sets with digits = 17;
 * t.test(extra ~ group, data = sleep) and pairwise.t.test(airquality$Ozone,
 * airquality$Month) are examples of its manual, which prints their first digits.
 */
#include <errno.h>
#include <math.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "cmocka_all.h"
#include "tools/stats/bootstrap.h"
#include "tools/stats/holm.h"
#include "tools/stats/power.h"
#include "tools/stats/welch.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define EPS 0.000000001

/* R: sleep, extra of group 1 and of group 2. */
static const double sleep1[] = { 0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2 };
static const double sleep2[] = { 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4 };
/* R: chickwts, weight with feed horsebean and casein. */
static const double bean[] = { 179, 160, 136, 227, 217, 168, 108, 124, 143, 140 };
static const double casein[] = { 368, 390, 379, 260, 404, 318, 352, 359, 216, 222, 283, 332 };

static void take_logs(const double *x, size_t n, double *logs)
{
	size_t i;

	for (i = 0; i < n; i++)
		logs[i] = log(x[i]);
}

static void welch_sleep(void **state)
{
	struct vb_welch w;

	(void)state;
	assert_int_equal(vb_welch(sleep1, N(sleep1), sleep2, N(sleep2), &w), 0);
	/* R: t = -1.8608, df = 17.776, p-value = 0.07939; here it is 2 - 1. */
	assert_close(w.diff / w.se, 1.86081346748685306, EPS);
	assert_close(w.df, 17.776473516178498, EPS);
	assert_close(2 * vb_welch_above(&w, 0), 0.079394140187358173, EPS);
	/* R: alternative = "greater" and "less", mu = 0, -1.5 and 1 */
	assert_close(vb_welch_above(&w, 0), 0.039697070093679086, EPS);
	assert_close(vb_welch_above(&w, -1.5), 0.00097934474462400248, EPS);
	assert_close(vb_welch_above(&w, 1), 0.25168018855901819, EPS);
	assert_close(vb_welch_below(&w, 0), 0.96030292990632093, EPS);
	assert_close(vb_welch_below(&w, -1.5), 0.99902065525537598, EPS);
	assert_close(vb_welch_below(&w, 1), 0.74831981144098181, EPS);
}

static void welch_unequal_sizes(void **state)
{
	struct vb_welch w;

	(void)state;
	assert_int_equal(vb_welch(bean, N(bean), casein, N(casein), &w), 0);
	assert_close(w.diff / w.se, 7.3422577497986108, EPS);
	assert_close(w.df, 18.359745096090911, EPS);
	assert_close(w.se, 22.252464963902245, EPS);
	assert_close(2 * vb_welch_above(&w, 0), 7.2102495811912499e-07, EPS / 1000);
}

/* As the gate uses it: on logarithms, against a margin on either side. */
static void welch_logs_and_margins(void **state)
{
	double x[N(bean)], y[N(casein)];
	struct vb_welch w;

	(void)state;
	take_logs(bean, N(bean), x);
	take_logs(casein, N(casein), y);
	assert_int_equal(vb_welch(x, N(x), y, N(y), &w), 0);
	assert_close((w.diff - log(1.5)) / w.se, 3.1169991677947117, EPS);
	assert_close(w.df, 18.536477703937496, EPS);
	assert_close(vb_welch_above(&w, log(1.5)), 0.0029000422652744988, EPS);
	assert_close((w.diff - log(2.5)) / w.se, -2.142683416497787, EPS);
	assert_close(vb_welch_below(&w, log(2.5)), 0.022820901186670468, EPS);
}

static void welch_tiny(void **state)
{
	const double three[] = { 1, 2, 4 }, two[] = { 3, 3 }, one[] = { 5 };
	struct vb_welch w;

	(void)state;
	/* R: t.test(c(1, 2, 4), c(3, 3)); one side tied */
	assert_int_equal(vb_welch(two, N(two), three, N(three), &w), 0);
	assert_close(w.diff / w.se, -0.75592894601845428, EPS);
	assert_close(w.df, 2, EPS);
	assert_close(2 * vb_welch_below(&w, 0), 0.52859547920896843, EPS);
	assert_int_equal(vb_welch(one, 1, three, N(three), &w), -EINVAL);
	assert_int_equal(vb_welch(three, N(three), one, 1, &w), -EINVAL);
	assert_int_equal(vb_welch(NULL, 0, NULL, 0, &w), -EINVAL);
}

/* R refuses these ("data are essentially constant"); a count that never varies is one. */
static void welch_tied(void **state)
{
	const double x[] = { 0.1, 0.1, 0.1 }, y[] = { 0.3, 0.3, 0.3, 0.3 };
	struct vb_welch w;

	(void)state;
	assert_int_equal(vb_welch(x, N(x), y, N(y), &w), 0);
	assert_true(w.se == 0);
	assert_true(vb_welch_above(&w, 0.1) == 0 && vb_welch_below(&w, 0.1) == 1);
	assert_true(vb_welch_above(&w, 0.25) == 1 && vb_welch_below(&w, 0.25) == 0);
	assert_int_equal(vb_welch(x, N(x), x, N(x), &w), 0);
	/* At the bound is neither above nor below it. */
	assert_true(vb_welch_above(&w, 0) == 1 && vb_welch_below(&w, 0) == 1);
}

static void welch_not_a_number(void **state)
{
	const double x[] = { 1, 2, 3 }, nan[] = { 1, NAN, 3 }, inf[] = { INFINITY, 1, 2 };
	struct vb_welch w;

	(void)state;
	assert_int_equal(vb_welch(x, 3, nan, 3, &w), -EDOM);
	assert_int_equal(vb_welch(inf, 3, x, 3, &w), -EDOM);
}

/* R: p.adjust(c(...), "holm") */
static void holm(void **state)
{
	const double p[] = { 0.01, 0.04, 0.03, 0.005 };
	const double want[] = { 0.03, 0.06, 0.06, 0.02 };
	const double tied[] = { 0.5, 0.0001, 0.02, 0.02, 0.9, 0.04, 0.01 };
	const double want_tied[] = { 1, 0.0007, 0.1, 0.1, 1, 0.12, 0.06 };
	double q[N(tied)];
	size_t i;

	(void)state;
	assert_int_equal(vb_holm(p, N(p), q), 0);
	for (i = 0; i < N(p); i++)
		assert_close(q[i], want[i], EPS);
	assert_int_equal(vb_holm(tied, N(tied), q), 0);
	for (i = 0; i < N(tied); i++)
		assert_close(q[i], want_tied[i], EPS);
}

/* R: pairwise.t.test(airquality$Ozone, airquality$Month), which prints 0.00026, 0.05113 ... */
static void holm_airquality(void **state)
{
	const double p[] = { 6.0876578934735015e-01, 2.9311512492369273e-05,
			     1.9490607128185093e-05, 3.2545307134041479e-01,
			     0.0102254827085006810, 0.0083122218756216271,
			     0.8583832975601407567, 0.9174363428227666484,
			     0.0006969711633866046, 0.00048476354515018507 };
	const double want[] = { 1, 0.00026380361243132344, 0.00019490607128185093, 1,
				0.051127413542503407, 0.049873331253729766, 1, 1,
				0.004878798143706232, 0.0038781083612014805 };
	double q[N(p)];
	size_t i;

	(void)state;
	assert_int_equal(vb_holm(p, N(p), q), 0);
	for (i = 0; i < N(p); i++)
		assert_close(q[i], want[i], EPS);
}

static void holm_tiny(void **state)
{
	const double one[] = { 0.03 }, wrong[] = { 0.1, 1.5 }, nan[] = { NAN };
	double q[2] = { -1, -1 };

	(void)state;
	assert_int_equal(vb_holm(NULL, 0, q), 0);
	assert_int_equal(vb_holm(one, 1, q), 0);
	assert_close(q[0], 0.03, EPS);
	assert_int_equal(vb_holm(wrong, 2, q), -EDOM);
	assert_int_equal(vb_holm(nan, 1, q), -EDOM);
}

static void bootstrap_seed(void **state)
{
	double lo, hi, lo2, hi2;

	(void)state;
	assert_int_equal(vb_bootstrap(sleep1, 10, sleep2, 10, 0.9, 1, &lo, &hi), 0);
	assert_int_equal(vb_bootstrap(sleep1, 10, sleep2, 10, 0.9, 1, &lo2, &hi2), 0);
	assert_true(lo == lo2 && hi == hi2);
	assert_int_equal(vb_bootstrap(sleep1, 10, sleep2, 10, 0.9, 2, &lo2, &hi2), 0);
	assert_true(lo != lo2 || hi != hi2);
	/* Close to Student's, 1.58 -+ 1.47, from other seeds as well. */
	assert_close(lo, 0.106, 0.1);
	assert_close(hi, 3.054, 0.1);
	assert_close(lo2, 0.106, 0.1);
	assert_close(hi2, 3.054, 0.1);
}

/* The difference may be turned round, and the interval with it. */
static void bootstrap_turned(void **state)
{
	double lo, hi, lo2, hi2;

	(void)state;
	assert_int_equal(vb_bootstrap(bean, N(bean), casein, N(casein), 0.9, 7, &lo, &hi), 0);
	assert_int_equal(vb_bootstrap(casein, N(casein), bean, N(bean), 0.9, 7, &lo2, &hi2), 0);
	assert_close(lo, -hi2, 3);
	assert_close(hi, -lo2, 3);
}

static void bootstrap_tiny(void **state)
{
	const double tied[] = { 5, 5, 5 }, more[] = { 7, 7 }, two[] = { 1, 3 }, one[] = { 1 };
	double lo, hi;

	(void)state;
	assert_int_equal(vb_bootstrap(tied, 3, more, 2, 0.9, 1, &lo, &hi), 0);
	assert_true(lo == 2 && hi == 2);
	/* 1 or 3 on either side: nothing further apart than 2 can be drawn. */
	assert_int_equal(vb_bootstrap(two, 2, two, 2, 0.9, 1, &lo, &hi), 0);
	assert_close(lo, -2, EPS);
	assert_close(hi, 2, EPS);
	assert_int_equal(vb_bootstrap(one, 1, two, 2, 0.9, 1, &lo, &hi), -EINVAL);
	assert_int_equal(vb_bootstrap(two, 2, two, 2, 1, 1, &lo, &hi), -EINVAL);
	assert_int_equal(vb_bootstrap(two, 2, two, 2, 0, 1, &lo, &hi), -EINVAL);
}

/* How often the interval holds the truth, which is 0, of 1000 pairs of samples. */
static int covered(size_t n, double level)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double x[16], y[16], lo, hi;
	int trial, hits = 0;
	size_t i;

	for (trial = 0; trial < 1000; trial++) {
		for (i = 0; i < n; i++) {
			x[i] = gsl_ran_gaussian(rng, 1);
			y[i] = gsl_ran_gaussian(rng, 1);
		}
		assert_int_equal(vb_bootstrap(x, n, y, n, level, trial, &lo, &hi), 0);
		hits += lo <= 0 && hi >= 0;
	}
	gsl_rng_free(rng);
	return hits;
}

static void bootstrap_covers(void **state)
{
	int hits;

	(void)state;
	hits = covered(5, 0.9);
	assert_in_range(hits, 870, 930);
	hits = covered(8, 0.9);
	assert_in_range(hits, 870, 930);
}

/* R: qt(0.975, 4) * 0.03 * sqrt(1/5 + 1/5) and so on */
static void noise_and_power(void **state)
{
	(void)state;
	assert_close(vb_noise_floor(0.03, 4, 5, 5, 0.05), 0.052679341985104967, EPS);
	assert_close(vb_detectable(0.03, 8, 5, 5, 0.05, 0.8), 0.052147936088918379, EPS);
	assert_close(vb_detectable(1, 3, 2, 6, 0.05, 0.8), 2.7204324957731032, EPS);
	/* R: power.t.test(n = 5, sd = 0.03, power = 0.8, alternative = "one.sided"), exact */
	assert_close(vb_detectable(0.03, 8, 5, 5, 0.05, 0.8), 0.05174895682, 0.0005);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(welch_sleep),
		cmocka_unit_test(welch_unequal_sizes),
		cmocka_unit_test(welch_logs_and_margins),
		cmocka_unit_test(welch_tiny),
		cmocka_unit_test(welch_tied),
		cmocka_unit_test(welch_not_a_number),
		cmocka_unit_test(holm),
		cmocka_unit_test(holm_airquality),
		cmocka_unit_test(holm_tiny),
		cmocka_unit_test(bootstrap_seed),
		cmocka_unit_test(bootstrap_turned),
		cmocka_unit_test(bootstrap_tiny),
		cmocka_unit_test(bootstrap_covers),
		cmocka_unit_test(noise_and_power),
	};

	return cmocka_run_group_tests_name("compare statistics", tests, NULL, NULL);
}
