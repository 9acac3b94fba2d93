// SPDX-License-Identifier: GPL-2.0
/* LINK: tools/common.c LIBS: */
#include "cmocka_all.h"
#include "tools/common.h"

static void sums(void **state)
{
	long long sum = VB_COUNT_MAX - 1;

	(void)state;
	assert_true(vb_sum(&sum, 0));
	assert_true(vb_sum(&sum, 1));
	assert_int_equal(sum, VB_COUNT_MAX);
	assert_false(vb_sum(&sum, 1));
	sum = VB_COUNT_MAX;
	assert_false(vb_sum(&sum, __LONG_LONG_MAX__));
}

static void products(void **state)
{
	long long product;

	(void)state;
	assert_true(vb_product(&product, VB_COUNT_MAX, 1));
	assert_int_equal(product, VB_COUNT_MAX);
	assert_true(vb_product(&product, VB_COUNT_MAX, 0));
	assert_int_equal(product, 0);
	assert_false(vb_product(&product, VB_COUNT_MAX / 2, 3));
	assert_false(vb_product(&product, VB_COUNT_MAX, VB_COUNT_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums),
		cmocka_unit_test(products),
	};

	return cmocka_run_group_tests_name("common", tests, NULL, NULL);
}
