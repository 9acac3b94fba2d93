// SPDX-License-Identifier: GPL-2.0
/* LINK: tools/report/expected.c tools/base/tsv.c tools/base/common.c LIBS: */
/* What a rule of a layer makes of CPUs, pages and operations. */
#include "cmocka_all.h"
#include "tools/base/common.h"
#include "tools/report/expected.h"

#define EPS 0.000000001

static const struct vb_rule blocks = { .block = 64, .lazy_mib = 32 };
static const struct vb_rule areas = { .guard = 1, .lazy_mib = 32 };
static const struct vb_rule eager = { .guard = 1, .flush_per_unmap = 1 };

static void lazy_max(void **state)
{
	static const struct {
		long cpus;
		long pages;
	} expected[] = {
		/* fls() changes at powers of two */
		{ 1, 8192 }, { 2, 16384 }, { 3, 16384 }, { 4, 24576 }, { 7, 24576 },
		{ 8, 32768 }, { 15, 32768 }, { 16, 40960 }, { 64, 57344 }, { 128, 65536 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		assert_int_equal(vb_rule_lazy_max(&areas, expected[i].cpus), expected[i].pages);
		assert_int_equal(vb_rule_lazy_max(&eager, expected[i].cpus), 0);
	}
}

static void lazy_pages(void **state)
{
	(void)state;
	assert_int_equal(vb_rule_lazy_pages(&areas, 1), 2);
	assert_int_equal(vb_rule_lazy_pages(&areas, 64), 65);
	/* powers of two from a block, and what is too large for one as it is */
	assert_int_equal(vb_rule_lazy_pages(&blocks, 1), 1);
	assert_int_equal(vb_rule_lazy_pages(&blocks, 2), 2);
	assert_int_equal(vb_rule_lazy_pages(&blocks, 3), 4);
	assert_int_equal(vb_rule_lazy_pages(&blocks, 4), 4);
	assert_int_equal(vb_rule_lazy_pages(&blocks, 33), 64);
	assert_int_equal(vb_rule_lazy_pages(&blocks, 64), 64);
	assert_int_equal(vb_rule_lazy_pages(&blocks, 65), 65);
	assert_int_equal(vb_rule_lazy_pages(&eager, 4), 0);
}

static void purges_and_flushes(void **state)
{
	(void)state;
	/* 16384 operations of 4 pages, and 32768 pages wait */
	assert_float_equal(vb_rule_purges(&blocks, 8, 4, 16384), 2, EPS);
	assert_float_equal(vb_rule_flushes(&blocks, 8, 4, 16384), 2, EPS);
	assert_float_equal(vb_rule_purges(&areas, 8, 4, 16384), 2.5, EPS);
	assert_float_equal(vb_rule_purges(&eager, 8, 4, 16384), 0, EPS);
	assert_float_equal(vb_rule_flushes(&eager, 8, 4, 16384), 16384, EPS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lazy_max),
		cmocka_unit_test(lazy_pages),
		cmocka_unit_test(purges_and_flushes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
