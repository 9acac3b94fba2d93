// SPDX-License-Identifier: GPL-2.0
/* LINK: tools/stats/plan.c LIBS: -lm */
/* Looks at a number of boots that grows, and what each of them may spend. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "cmocka_all.h"
#include "tools/stats/plan.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define EPS 0.000000001

static void reads_plans(void **state)
{
	static const char *const wrong[] = {
		"", "4", "4,2", "4,2,", "4,2,8,", "4,2,8,9", "0,2,8", "4,0,8", "4,2,3", "-4,2,8",
		" 4,2,8", "4,2,8 ", "4;2;8", "4,2,1001", "04,2,8", "4,2,99999999999999999999",
	};
	struct vb_plan plan;
	size_t i;

	(void)state;
	assert_int_equal(vb_plan_read(&plan, "4,2,12"), 0);
	assert_int_equal(plan.first, 4);
	assert_int_equal(plan.step, 2);
	assert_int_equal(plan.most, 12);
	assert_int_equal(vb_plan_read(&plan, "3,1,3"), 0);
	for (i = 0; i < N(wrong); i++)
		assert_int_equal(vb_plan_read(&plan, wrong[i]), -EINVAL);
}

static void counts_looks(void **state)
{
	const struct vb_plan even = { 4, 2, 12 }, odd = { 4, 2, 7 }, one = { 5, 2, 5 };

	(void)state;
	assert_int_equal(vb_plan_looks(&even), 5);
	assert_int_equal(vb_plan_look(&even, 4), 1);
	assert_int_equal(vb_plan_look(&even, 6), 2);
	assert_int_equal(vb_plan_look(&even, 12), 5);
	assert_int_equal(vb_plan_look(&even, 3), -EINVAL);
	assert_int_equal(vb_plan_look(&even, 5), -EINVAL);
	assert_int_equal(vb_plan_look(&even, 14), -EINVAL);
	/* The last look is at what there is, though it is less than a whole step. */
	assert_int_equal(vb_plan_looks(&odd), 3);
	assert_int_equal(vb_plan_look(&odd, 6), 2);
	assert_int_equal(vb_plan_look(&odd, 7), 3);
	assert_int_equal(vb_plan_looks(&one), 1);
	assert_int_equal(vb_plan_look(&one, 5), 1);
}

static void shares_alpha(void **state)
{
	const struct vb_plan even = { 4, 2, 12 }, odd = { 4, 2, 7 }, one = { 5, 2, 5 };

	(void)state;
	assert_close(vb_plan_alpha(&even, 4, 0.05), 0.05 / 3, EPS);
	assert_close(vb_plan_alpha(&even, 6, 0.05), 0.05 / 6, EPS);
	assert_close(vb_plan_alpha(&even, 12, 0.05), 0.05 / 6, EPS);
	assert_close(vb_plan_alpha(&odd, 6, 0.07), 0.02, EPS);
	assert_close(vb_plan_alpha(&odd, 7, 0.07), 0.01, EPS);
	assert_close(vb_plan_alpha(&one, 5, 0.05), 0.05, EPS);
	assert_true(isnan(vb_plan_alpha(&even, 5, 0.05)));
}

/* Of any plan, all looks together spend alpha, no more and no less. */
static void spends_all(void **state)
{
	struct vb_plan p;
	double sum;
	long n;

	(void)state;
	for (p.first = 1; p.first <= 9; p.first++)
		for (p.step = 1; p.step <= 5; p.step++)
			for (p.most = p.first; p.most <= 40; p.most++) {
				for (sum = 0, n = 0; n <= p.most + p.step; n++)
					if (vb_plan_look(&p, n) > 0)
						sum += vb_plan_alpha(&p, n, 0.05);
				assert_close(sum, 0.05, EPS);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_plans),
		cmocka_unit_test(counts_looks),
		cmocka_unit_test(shares_alpha),
		cmocka_unit_test(spends_all),
	};

	return cmocka_run_group_tests_name("plan of looks", tests, NULL, NULL);
}
