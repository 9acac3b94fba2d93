// SPDX-License-Identifier: GPL-2.0
/*
 * test_cache.c - sim/cache.c: what a CPU's private cache holds, and finds by address
 * LINK: sim/cache.c LIBS:
 */
#include "cmocka_all.h"

#include <stdlib.h>

#include "sim/cache.h"

#define SETS	(32 * 1024 / 64 / 8)

/* Of the direct map and of the vmalloc space, with five levels of page tables. */
#define DIRECT	0xff11000012345678ULL
#define VMAP	0xffa0000012345678ULL

static struct cache c;

static int set_up(void **state)
{
	(void)state;
	return cache_init(&c, 32, 8);
}

static int tear_down(void **state)
{
	(void)state;
	free(c.slots);
	return 0;
}

static struct cache_slot *take(uint64_t line)
{
	uint64_t evicted;
	struct cache_slot *slot = cache_take(&c, line, &evicted);

	cache_set(slot, CACHE_SHARED);
	return slot;
}

static void a_set_loses_the_line_used_longest_ago(void **state)
{
	uint64_t evicted;
	int i;

	(void)state;
	for (i = 0; i < 8; i++)
		take(7 + i * SETS);
	/* Used once more. */
	take(7);
	cache_take(&c, 7 + 8 * SETS, &evicted);
	assert_int_equal(evicted, 7 + SETS);
	assert_non_null(cache_find(&c, 7));
	assert_null(cache_find(&c, 7 + SETS));
	/* Another set loses none. */
	cache_take(&c, 8, &evicted);
	assert_int_equal(evicted, UINT64_MAX);
}

static void an_address_is_remembered(void **state)
{
	struct cache_slot *slot = take(1);

	(void)state;
	assert_null(cache_recent(&c, DIRECT));
	cache_remember(&c, DIRECT, slot);
	assert_ptr_equal(cache_recent(&c, DIRECT), slot);
	/* Of the same line, and of the next. */
	assert_ptr_equal(cache_recent(&c, DIRECT | 63), slot);
	assert_null(cache_recent(&c, DIRECT + 64));
	assert_null(cache_recent(&c, VMAP));
}

static void a_line_that_has_changed_is_looked_up(void **state)
{
	struct cache_slot *slot = take(1);

	(void)state;
	cache_remember(&c, DIRECT, slot);
	cache_set(slot, CACHE_EXCLUSIVE);
	assert_null(cache_recent(&c, DIRECT));
}

static void a_flush_forgets_addresses(void **state)
{
	struct cache_slot *slot = take(1);
	int i;

	(void)state;
	cache_remember(&c, DIRECT, slot);
	for (i = 0; i < 0x20000; i++) {
		cache_forget_addresses(&c);
		assert_null(cache_recent(&c, DIRECT));
		/* Nor is it taken for another, however many flushes there were. */
		assert_null(cache_recent(&c, VMAP));
	}
	/* When the counter of flushes starts again. */
	cache_remember(&c, DIRECT, slot);
	c.generation = UINT32_MAX;
	cache_forget_addresses(&c);
	c.generation = 0x20000;
	assert_null(cache_recent(&c, DIRECT));
}

static void a_reset_empties_it(void **state)
{
	(void)state;
	cache_remember(&c, DIRECT, take(1));
	cache_reset(&c);
	assert_null(cache_find(&c, 1));
	assert_null(cache_recent(&c, DIRECT));
}

static void sets_are_a_power_of_two(void **state)
{
	struct cache other;

	(void)state;
	assert_int_equal(cache_init(&other, 48, 8), -1);
	assert_int_equal(cache_init(&other, 48, 12), 0);
	free(other.slots);
}

int main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
		TEST(a_set_loses_the_line_used_longest_ago),
		TEST(an_address_is_remembered),
		TEST(a_line_that_has_changed_is_looked_up),
		TEST(a_flush_forgets_addresses),
		TEST(a_reset_empties_it),
		TEST(sets_are_a_power_of_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
