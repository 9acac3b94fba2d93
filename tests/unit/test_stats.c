// SPDX-License-Identifier: GPL-2.0
/* LINK: tools/stats/stats.c LIBS: -lgsl -lgslcblas -lm */
#include <errno.h>
#include <math.h>

#include "cmocka_all.h"
#include "tools/stats/stats.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define EPS 0.000000001

static void median_odd(void **state)
{
	const double x[] = { 30, 10, 20 };
	double m;

	(void)state;
	assert_int_equal(vb_median(x, N(x), &m), 0);
	assert_close(m, 20, EPS);
	/* The caller's order is his own. */
	assert_close(x[0], 30, EPS);
}

static void median_even(void **state)
{
	const double x[] = { 40, 10, 30, 20 };
	double m;

	(void)state;
	assert_int_equal(vb_median(x, N(x), &m), 0);
	assert_close(m, 25, EPS);
}

static void median_tied(void **state)
{
	const double x[] = { 5, 7, 5, 5, 9, 5 };
	double m;

	(void)state;
	assert_int_equal(vb_median(x, N(x), &m), 0);
	assert_close(m, 5, EPS);
}

static void median_tiny(void **state)
{
	const double one[] = { 3 }, two[] = { 8, 4 };
	double m = -1;

	(void)state;
	assert_int_equal(vb_median(one, 1, &m), 0);
	assert_close(m, 3, EPS);
	assert_int_equal(vb_median(two, 2, &m), 0);
	assert_close(m, 6, EPS);
	m = -1;
	assert_int_equal(vb_median(NULL, 0, &m), -EINVAL);
	assert_close(m, -1, EPS);
}

static void quantile(void **state)
{
	const double x[] = { 4, 1, 3, 2, 5 };
	double q;

	(void)state;
	assert_int_equal(vb_quantile(x, N(x), 0, &q), 0);
	assert_close(q, 1, EPS);
	assert_int_equal(vb_quantile(x, N(x), 1, &q), 0);
	assert_close(q, 5, EPS);
	assert_int_equal(vb_quantile(x, N(x), 0.25, &q), 0);
	assert_close(q, 2, EPS);
	/* 0.9 * (5 - 1) = 3.6: between 4 and 5 */
	assert_int_equal(vb_quantile(x, N(x), 0.9, &q), 0);
	assert_close(q, 4.6, EPS);
	assert_int_equal(vb_quantile(x, N(x), 1.1, &q), -EINVAL);
	assert_int_equal(vb_quantile(x, N(x), NAN, &q), -EINVAL);
}

/* t(0.975) is 12.706 with 1 degree of freedom, 4.3027 with 2, 2.7764 with 4. */
static void interval_two(void **state)
{
	const double x[] = { 10, 20 };
	double lo, hi;

	(void)state;
	assert_int_equal(vb_t_interval(x, N(x), 0.95, &lo, &hi), 0);
	/* sd / sqrt(n) = 7.0711 / 1.4142 = 5 */
	assert_close(lo, 15 - 5 * 12.70620474, 0.000001);
	assert_close(hi, 15 + 5 * 12.70620474, 0.000001);
}

static void interval_three(void **state)
{
	const double x[] = { 110, 90, 100 };
	double lo, hi;

	(void)state;
	assert_int_equal(vb_t_interval(x, N(x), 0.95, &lo, &hi), 0);
	/* 10 / sqrt(3) * 4.30265273 */
	assert_close(lo, 100 - 24.84137712, 0.000001);
	assert_close(hi, 100 + 24.84137712, 0.000001);
}

/* The error that must not be copied: an interval that is not divided by sqrt(n). */
static void interval_shrinks(void **state)
{
	double x[64], lo4, hi4, lo64, hi64;
	size_t i;

	(void)state;
	for (i = 0; i < N(x); i++)
		x[i] = i % 2 ? 103 : 97;
	assert_int_equal(vb_t_interval(x, 4, 0.95, &lo4, &hi4), 0);
	assert_int_equal(vb_t_interval(x, 64, 0.95, &lo64, &hi64), 0);
	assert_true(hi4 - lo4 > 6 * (hi64 - lo64));
	/* sd 3.0237, t(63) 1.99834: half width 0.75529 */
	assert_close((hi64 - lo64) / 2, 0.755295, 0.00001);
}

static void interval_tied(void **state)
{
	const double x[] = { 0.1, 0.1, 0.1, 0.1, 0.1 };
	double lo, hi;

	(void)state;
	assert_int_equal(vb_t_interval(x, N(x), 0.95, &lo, &hi), 0);
	assert_true(lo == 0.1 && hi == 0.1);
}

static void interval_tiny(void **state)
{
	const double x[] = { 7 };
	double lo, hi;

	(void)state;
	assert_int_equal(vb_t_interval(x, 1, 0.95, &lo, &hi), 0);
	assert_true(lo == 7 && hi == 7);
	assert_int_equal(vb_t_interval(x, 0, 0.95, &lo, &hi), -EINVAL);
	assert_int_equal(vb_t_interval(x, 1, 1, &lo, &hi), -EINVAL);
	assert_int_equal(vb_t_interval(x, 1, 0, &lo, &hi), -EINVAL);
}

static void not_a_number(void **state)
{
	const double nan[] = { 1, NAN, 3 }, inf[] = { 1, 2, INFINITY };
	double m, lo, hi;

	(void)state;
	assert_int_equal(vb_median(nan, N(nan), &m), -EDOM);
	assert_int_equal(vb_median(inf, N(inf), &m), -EDOM);
	assert_int_equal(vb_t_interval(nan, N(nan), 0.95, &lo, &hi), -EDOM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(median_odd),
		cmocka_unit_test(median_even),
		cmocka_unit_test(median_tied),
		cmocka_unit_test(median_tiny),
		cmocka_unit_test(quantile),
		cmocka_unit_test(interval_two),
		cmocka_unit_test(interval_three),
		cmocka_unit_test(interval_shrinks),
		cmocka_unit_test(interval_tied),
		cmocka_unit_test(interval_tiny),
		cmocka_unit_test(not_a_number),
	};

	return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
