// SPDX-License-Identifier: GPL-2.0
/* LINK: tools/stats/usl.c LIBS: -lgsl -lgslcblas -lm */
#include <errno.h>
#include <math.h>

#include "cmocka_all.h"
#include "tools/stats/usl.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

static const double powers[] = { 1, 2, 4, 8, 16, 32, 64 };

/* Exact data: the time per operation that the law gives. */
static void make(double lambda, double sigma, double kappa, const double *threads, double *ns,
		 size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		ns[i] = 1e9 / lambda *
			(1 + sigma * (threads[i] - 1) + kappa * threads[i] * (threads[i] - 1));
}

static void near(double value, double expected)
{
	if (fabs(value - expected) > 1e-6 * fabs(expected))
		fail_msg("%.12g is not %.12g", value, expected);
}

static void known_parameters(void **state)
{
	static const double sigmas[] = { 0.001, 0.05, 0.3, 0.98, 2.5, 40 };
	static const double kappas[] = { 1e-5, 0.0003, 0.02, 0.7, 9 };
	static const double lambdas[] = { 0.5, 300000, 2e9 };
	struct vb_usl fit;
	double ns[N(powers)];
	size_t i, k, l;

	(void)state;
	for (i = 0; i < N(sigmas); i++)
		for (k = 0; k < N(kappas); k++)
			for (l = 0; l < N(lambdas); l++) {
				make(lambdas[l], sigmas[i], kappas[k], powers, ns, N(ns));
				assert_int_equal(vb_usl_fit(powers, ns, N(ns), &fit), 0);
				near(fit.lambda, lambdas[l]);
				near(fit.sigma, sigmas[i]);
				near(fit.kappa, kappas[k]);
				assert_true(fit.residual < 1e-6);
			}
}

/* As few points as are allowed, not in order, and none with one thread. */
static void four_points(void **state)
{
	static const double threads[] = { 24, 3, 12, 6 };
	struct vb_usl fit;
	double ns[N(threads)];

	(void)state;
	make(300000, 0.1, 0.01, threads, ns, N(ns));
	assert_int_equal(vb_usl_fit(threads, ns, N(ns), &fit), 0);
	near(fit.lambda, 300000);
	near(fit.sigma, 0.1);
	near(fit.kappa, 0.01);
}

static void flat(void **state)
{
	static const double ns[] = { 200, 200, 200, 200, 200 };
	struct vb_usl fit;
	double peak = -1;

	(void)state;
	assert_int_equal(vb_usl_fit(powers, ns, N(ns), &fit), 0);
	near(fit.lambda, 5e6);
	assert_true(fit.sigma == 0 && fit.kappa == 0);
	assert_int_equal(vb_usl_peak(&fit, &peak), -ERANGE);
	assert_true(peak == -1);
}

/* One at a time: N threads take N times as long, and throughput stays. */
static void serial(void **state)
{
	static const double ns[] = { 1000, 2000, 4000, 8000, 16000 };
	struct vb_usl fit;

	(void)state;
	assert_int_equal(vb_usl_fit(powers, ns, N(ns), &fit), 0);
	near(fit.lambda, 1e6);
	near(fit.sigma, 1);
	assert_true(fit.kappa == 0);
	near(vb_usl_throughput(&fit, 64), 1e6);
}

/* Times come with nine digits: what they were rounded by is no coherency. */
static void rounded(void **state)
{
	static const double ns[] = { 1000, 2000, 4000.00001, 8000.00003, 16000.0001 };
	struct vb_usl fit;

	(void)state;
	assert_int_equal(vb_usl_fit(powers, ns, N(ns), &fit), 0);
	near(fit.sigma, 1);
	assert_true(fit.kappa == 0);
}

/* Faster with more threads: sigma would be negative, and 0 is what remains. */
static void negative_is_zero(void **state)
{
	static const double faster[] = { 1000, 900, 850, 825 };
	/* 1 + 0.5 (N - 1) - 0.02 N (N - 1) */
	static const double bent[] = { 1000, 1460, 2260, 3380 };
	/* 1 - 0.1 (N - 1) + 0.05 N (N - 1) */
	static const double late[] = { 1000, 1000, 1300, 3100 };
	struct vb_usl fit;

	(void)state;
	assert_int_equal(vb_usl_fit(powers, faster, N(faster), &fit), 0);
	assert_true(fit.sigma == 0 && fit.kappa == 0);
	/* lambda is what sum((l / x - 1)^2) is smallest for: sum(t) / sum(t^2). */
	near(fit.lambda, 1e9 * (1000 + 900 + 850 + 825) /
	     (1000.0 * 1000 + 900.0 * 900 + 850.0 * 850 + 825.0 * 825));
	assert_true(fit.residual > 0.05 && fit.residual < 0.1);

	assert_int_equal(vb_usl_fit(powers, bent, N(bent), &fit), 0);
	assert_true(fit.kappa == 0);
	assert_true(fit.sigma > 0.3 && fit.sigma < 0.5);

	assert_int_equal(vb_usl_fit(powers, late, N(late), &fit), 0);
	assert_true(fit.sigma == 0);
	assert_true(fit.kappa > 0.02 && fit.kappa < 0.05);
}

/*
 * Relative errors: 10% at one thread count as much as 10% at 64, where there are
 * 64 times as many operations. Without contention lambda is sum(t) / sum(t^2).
 */
static void small_counts_too(void **state)
{
	double ns[N(powers)];
	struct vb_usl fit;

	(void)state;
	make(1e6, 0, 0, powers, ns, N(ns));
	ns[0] *= 1.1;
	assert_int_equal(vb_usl_fit(powers, ns, N(ns), &fit), 0);
	near(fit.lambda, 1e6 * (1.1 + 6) / (1.1 * 1.1 + 6));
	assert_true(fit.sigma == 0 && fit.kappa == 0);
}

static double residual(const struct vb_usl *fit, const double *ns, size_t n)
{
	double sum = 0, e;
	size_t i;

	for (i = 0; i < n; i++) {
		e = vb_usl_throughput(fit, powers[i]) * ns[i] / (1e9 * powers[i]) - 1;
		sum += e * e;
	}
	return sqrt(sum / n);
}

/* Nothing nearby that is allowed is better, on rough data of every shape. */
static void best_nearby(void **state)
{
	static const double sigmas[] = { -0.02, 0, 0.1, 1.1 }, kappas[] = { -0.0002, 0, 0.01 };
	static const double rough[] = { 1, 1.07, 0.95, 1.02, 0.9, 1.11, 0.98 };
	struct vb_usl fit, other;
	double ns[N(powers)];
	size_t i, k, l;

	(void)state;
	for (l = 0; l < N(sigmas) * N(kappas); l++) {
		make(1e6, sigmas[l % N(sigmas)], kappas[l / N(sigmas)], powers, ns, N(ns));
		for (i = 0; i < N(ns); i++)
			ns[i] = fmax(ns[i], 100) * rough[(i + l) % N(rough)];
		assert_int_equal(vb_usl_fit(powers, ns, N(ns), &fit), 0);
		assert_true(fabs(fit.residual - residual(&fit, ns, N(ns))) < 1e-9);
		for (k = 0; k < 27; k++) {
			other = fit;
			other.lambda *= 1 + 1e-4 * ((int)(k % 3) - 1);
			other.sigma = fmax(0, fit.sigma + 1e-4 * ((int)(k / 3 % 3) - 1));
			other.kappa = fmax(0, fit.kappa + 1e-5 * ((int)(k / 9) - 1));
			assert_true(residual(&other, ns, N(ns)) > fit.residual - 1e-9);
		}
	}
}

static void peak(void **state)
{
	const struct vb_usl law = { .lambda = 1, .sigma = 0.1, .kappa = 0.001 };
	const struct vb_usl serial = { .lambda = 1, .sigma = 1.2, .kappa = 0.001 };
	const struct vb_usl bad = { .lambda = 1, .sigma = 0.1, .kappa = 5 };
	double n;

	(void)state;
	assert_int_equal(vb_usl_peak(&law, &n), 0);
	near(n, 30);
	assert_true(vb_usl_throughput(&law, n) > vb_usl_throughput(&law, n - 1));
	assert_true(vb_usl_throughput(&law, n) > vb_usl_throughput(&law, n + 1));
	assert_int_equal(vb_usl_peak(&serial, &n), 0);
	near(n, 1);
	assert_int_equal(vb_usl_peak(&bad, &n), 0);
	near(n, 1);
}

static void too_few(void **state)
{
	static const double threads[] = { 1, 2, 4, 4, 4 }, ns[] = { 10, 11, 12, 13, 14 };
	struct vb_usl fit = { .lambda = -1 };

	(void)state;
	assert_int_equal(vb_usl_fit(NULL, NULL, 0, &fit), -EINVAL);
	assert_int_equal(vb_usl_fit(powers, ns, 3, &fit), -EINVAL);
	/* Five points, and three numbers of threads among them. */
	assert_int_equal(vb_usl_fit(threads, ns, N(ns), &fit), -EINVAL);
	assert_true(fit.lambda == -1);
	assert_int_equal(vb_usl_fit(powers, ns, 4, &fit), 0);
}

static void not_a_time(void **state)
{
	static const double bad[] = { 0, -1, NAN, INFINITY };
	double ns[] = { 10, 11, 12, 13 }, threads[] = { 1, 2, 4, 8 };
	struct vb_usl fit = { .lambda = -1 };
	size_t i;

	(void)state;
	for (i = 0; i < N(bad); i++) {
		ns[2] = bad[i];
		assert_int_equal(vb_usl_fit(threads, ns, N(ns), &fit), -EDOM);
		ns[2] = 12;
		threads[1] = bad[i];
		assert_int_equal(vb_usl_fit(threads, ns, N(ns), &fit), -EDOM);
		threads[1] = 2;
	}
	assert_true(fit.lambda == -1);
	assert_int_equal(vb_usl_fit(threads, ns, N(ns), &fit), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_parameters),
		cmocka_unit_test(four_points),
		cmocka_unit_test(flat),
		cmocka_unit_test(serial),
		cmocka_unit_test(rounded),
		cmocka_unit_test(negative_is_zero),
		cmocka_unit_test(small_counts_too),
		cmocka_unit_test(best_nearby),
		cmocka_unit_test(peak),
		cmocka_unit_test(too_few),
		cmocka_unit_test(not_a_time),
	};

	return cmocka_run_group_tests_name("usl", tests, NULL, NULL);
}
