// SPDX-License-Identifier: GPL-2.0
/* LINK: tools/base/common.c LIBS: */
#include "cmocka_all.h"
#include "tools/base/common.h"

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

static void controls(void **state)
{
	static const char * const bad[] = {
		"\x1b", "\x7f", "\t", "\xc2\x80", "\xc2\x9f", "\xe2\x80\xa8", "\xe2\x80\xa9",
		"\xe2\x80\xaa", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa9",
	};
	static const char * const good[] = {
		"a", "\xc2\xa0", "\xc3\x80", "\xe2\x80\x94", "\xe2\x80\xa7", "\xe2\x80\xaf", "\xe2\x81\xa5",
		"\xe2\x82\xac", "\xe3\x80\xaa", "\xe2", "\xe2\x80", "\xc2",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_true(vb_is_control(bad[i]));
	for (i = 0; i < ARRAY_SIZE(good); i++)
		assert_false(vb_is_control(good[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums),
		cmocka_unit_test(products),
		cmocka_unit_test(controls),
	};

	return cmocka_run_group_tests_name("common", tests, NULL, NULL);
}
