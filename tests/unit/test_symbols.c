// SPDX-License-Identifier: GPL-2.0
/* LINK: tools/profile/symbols.c tools/base/common.c LIBS: */
/* Which symbol an address belongs to. */
#include "cmocka_all.h"
#include "tools/profile/symbols.h"

static struct vb_symbols t;

static int tear_down(void **state)
{
	(void)state;
	vb_symbols_free(&t);
	return 0;
}

/* Names and sizes of what is at an address; "" is nobody. */
static void belongs(uint64_t address, const char *name, uint64_t size)
{
	const struct vb_symbol *s = vb_symbols_find(&t, address);

	assert_string_equal(s ? s->name : "", name);
	assert_int_equal(s ? s->end - s->start : 0, size);
}

static void an_address_belongs_to_the_symbol_below(void **state)
{
	(void)state;
	/* Not in order: a map need not be sorted. */
	vb_symbols_add(&t, 0x2100, 't', "second", NULL);
	vb_symbols_add(&t, 0x2000, 'T', "_stext", NULL);
	vb_symbols_add(&t, 0x2010, 'T', "first", NULL);
	vb_symbols_add(&t, 0x2180, 'W', "third", NULL);
	vb_symbols_add(&t, 0x21f0, 'D', "data", NULL);
	vb_symbols_finish(&t);
	belongs(0x2010, "first", 0xf0);
	belongs(0x20ff, "first", 0xf0);
	belongs(0x2100, "second", 0x80);
	belongs(0x21ef, "third", 0x70);
	assert_null(vb_symbols_find(&t, 0x2100)->module);
}

static void nobody_owns_what_is_no_code(void **state)
{
	(void)state;
	vb_symbols_add(&t, 0x0, 'D', "__per_cpu_start", NULL);
	vb_symbols_add(&t, 0x1000, 'T', "in_front", NULL);
	vb_symbols_add(&t, 0x2000, 'T', "_stext", NULL);
	vb_symbols_add(&t, 0x2000, 'T', "first", NULL);
	vb_symbols_add(&t, 0x2100, 'T', "__lock_text_end", NULL);
	vb_symbols_add(&t, 0x2200, 'T', "last", NULL);
	vb_symbols_add(&t, 0x2300, 'T', "_etext", NULL);
	vb_symbols_add(&t, 0x3000, 'd', "data", NULL);
	/* No addresses: they end nothing. */
	vb_symbols_add(&t, 0x2280, 'A', "text_size", NULL);
	vb_symbols_add(&t, 0x2290, '?', "__nosave_begin", NULL);
	vb_symbols_finish(&t);
	belongs(0x10, "", 0);
	belongs(0x1000, "", 0);
	belongs(0x1fff, "", 0);
	belongs(0x2000, "first", 0x100);
	belongs(0x2100, "", 0);
	belongs(0x22ff, "last", 0x100);
	belongs(0x2300, "", 0);
	belongs(0x3000, "", 0);
	belongs(0xffffffffffffffff, "", 0);
}

static void the_best_of_several_names(void **state)
{
	(void)state;
	vb_symbols_add(&t, 0x2000, 'T', "_stext", NULL);
	vb_symbols_add(&t, 0x2000, 'T', "startup_64", NULL);
	vb_symbols_add(&t, 0x2100, 't', "__do_sys_fork", NULL);
	vb_symbols_add(&t, 0x2100, 'T', "__x64_sys_fork", NULL);
	vb_symbols_add(&t, 0x2200, 'W', "a_weak", NULL);
	vb_symbols_add(&t, 0x2200, 'T', "the_global", NULL);
	vb_symbols_add(&t, 0x2300, 't', "a_local", NULL);
	vb_symbols_add(&t, 0x2300, 'W', "the_weak", NULL);
	vb_symbols_add(&t, 0x2400, 'T', "sched_clock", NULL);
	vb_symbols_add(&t, 0x2400, 'T', "native_sched_clock", NULL);
	vb_symbols_add(&t, 0x2500, 'T', "__lock_text_start", NULL);
	vb_symbols_add(&t, 0x2500, 't', "spin_lock", NULL);
	vb_symbols_add(&t, 0x2600, 'T', "__irqentry_text_end", NULL);
	vb_symbols_add(&t, 0x2600, 't', "common_interrupt_return", NULL);
	vb_symbols_add(&t, 0x2700, 'D', "a_thing", NULL);
	vb_symbols_finish(&t);
	belongs(0x2000, "startup_64", 0x100);
	belongs(0x2100, "__x64_sys_fork", 0x100);
	belongs(0x2200, "the_global", 0x100);
	belongs(0x2300, "the_weak", 0x100);
	belongs(0x2400, "native_sched_clock", 0x100);
	belongs(0x2500, "spin_lock", 0x100);
	belongs(0x2600, "common_interrupt_return", 0x100);
}

static void a_modules_last_symbol_ends_with_its_page(void **state)
{
	(void)state;
	vb_symbols_add(&t, 0x2000, 'T', "_stext", NULL);
	vb_symbols_add(&t, 0x9000, 'b', "_end", NULL);
	vb_symbols_add(&t, 0x10000, 't', "op", "vmap_bench");
	vb_symbols_add(&t, 0x11f80, 't', "last_op", "vmap_bench");
	/* A neighbour, once further away than the page and once nearer. */
	vb_symbols_add(&t, 0x13000, 't', "other", "other");
	vb_symbols_add(&t, 0x13800, 't', "third", "third");
	vb_symbols_finish(&t);
	belongs(0x10000, "op", 0x1f80);
	belongs(0x11fff, "last_op", 0x80);
	belongs(0x12000, "", 0);
	belongs(0x137ff, "other", 0x800);
	belongs(0x13800, "third", 0x800);
	belongs(0x14000, "", 0);
	assert_string_equal(vb_symbols_find(&t, 0x11f80)->module, "vmap_bench");
	belongs(0xf000, "", 0);
}

static void addresses_are_hexadecimal_and_nothing_else(void **state)
{
	uint64_t address = 1;

	(void)state;
	assert_true(vb_symbols_address("ffffffff81012340", &address));
	assert_int_equal(address, 0xffffffff81012340);
	assert_true(vb_symbols_address("0", &address));
	assert_int_equal(address, 0);
	assert_false(vb_symbols_address("", &address));
	assert_false(vb_symbols_address("0x10", &address));
	assert_false(vb_symbols_address("-1", &address));
	assert_false(vb_symbols_address(" 1", &address));
	assert_false(vb_symbols_address("1fffffffff81012340", &address));
}

static void an_empty_table_knows_nobody(void **state)
{
	(void)state;
	vb_symbols_finish(&t);
	belongs(0, "", 0);
	belongs(0xffffffff81000000, "", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(an_address_belongs_to_the_symbol_below, tear_down),
		cmocka_unit_test_teardown(nobody_owns_what_is_no_code, tear_down),
		cmocka_unit_test_teardown(the_best_of_several_names, tear_down),
		cmocka_unit_test_teardown(a_modules_last_symbol_ends_with_its_page, tear_down),
		cmocka_unit_test_teardown(addresses_are_hexadecimal_and_nothing_else, tear_down),
		cmocka_unit_test_teardown(an_empty_table_knows_nobody, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
