// SPDX-License-Identifier: GPL-2.0
/*
 * test_memory.c - sim/memory.c: accesses by virtual address, and what is no memory
 * LINK: sim/memory.c sim/coherence.c sim/cache.c sim/directory.c LIBS:
 */
#include "cmocka_all.h"

#include "sim/memory.h"

/* Of the access, opaque. */
#define INFO	0

static const struct costs costs = {
	.atomic = 7,
	.l3_hit = 20,
	.line_l3 = 48,
	.line_socket = 100,
	.line_remote = 200,
	.cache_kib = 32,
	.cache_ways = 8,
	.cores_per_l3 = 4,
	.l3s_per_socket = 1,
};

/* QEMU's side: one translation at a time. */
struct qemu_plugin_hwaddr {
	uint64_t physical;
	bool device;
};

static struct qemu_plugin_hwaddr translation;
static int translations;

struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t info, uint64_t vaddr)
{
	(void)info;
	(void)vaddr;
	translations++;
	return &translation;
}

bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *haddr)
{
	return haddr->device;
}

uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *haddr)
{
	return haddr->physical;
}

static int set_up(void **state)
{
	static const struct coherence_homes homes;
	static bool done;

	(void)state;
	/* Its caches stay for good, as the plugin's do. */
	if (!done && memory_init(&costs, 4, &homes))
		return -1;
	done = true;
	memory_reset();
	translation = (struct qemu_plugin_hwaddr) { .physical = 0x5000 };
	translations = 0;
	return 0;
}

static void two_addresses_of_a_page_are_one_line(void **state)
{
	(void)state;
	assert_int_equal(memory_store(0, INFO, 0xffa0000000001000, 0), 0);
	assert_int_equal(memory_load(1, INFO, 0x7f0000001000, 1000), 48);
}

/* Each CPU's local APIC is at the same address: no CPU takes it from another. */
static void registers_of_devices_are_no_memory(void **state)
{
	(void)state;
	translation.device = true;
	assert_int_equal(memory_store(0, INFO, 0xfee00000, 0), 0);
	assert_int_equal(memory_load(1, INFO, 0xfee00000, 1000), 0);
	assert_int_equal(memory_atomic(2, INFO, 0xfee00000, 1000), 0);
	assert_false(memory_contended());
}

static void the_addresses_used_last_are_not_translated_again(void **state)
{
	(void)state;
	memory_load(0, INFO, 0x1000, 0);
	assert_int_equal(translations, 1);
	memory_load(0, INFO, 0x1008, 10);
	memory_store(0, INFO, 0x1010, 20);
	assert_int_equal(translations, 1);
	memory_flush(0);
	memory_load(0, INFO, 0x1000, 30);
	assert_int_equal(translations, 2);
	/* Another CPU has addresses of its own. */
	memory_load(1, INFO, 0x1000, 40);
	assert_int_equal(translations, 3);
}

static void a_flush_lets_an_address_be_other_memory(void **state)
{
	(void)state;
	memory_store(0, INFO, 0x1000, 0);
	translation.physical = 0x9000;
	memory_store(1, INFO, 0x8000, 0);
	memory_flush(0);
	assert_int_equal(memory_load(0, INFO, 0x1000, 1000), 48);
}

/* Who comes first matters for a store that costs nothing as well: it gives up a lock. */
static void a_store_to_what_others_want_is_contended(void **state)
{
	(void)state;
	translation.physical = 0x9000;
	memory_store(1, INFO, 0x8000, 0);
	translation.physical = 0x5000;
	memory_atomic(0, INFO, 0x1000, 0);
	assert_false(memory_contended());
	memory_atomic(1, INFO, 0x1000, 1000);
	/* Another looks whether it is free. */
	memory_load(0, INFO, 0x1000, 1050);
	assert_int_equal(memory_store(1, INFO, 0x1000, 1100), 0);
	assert_true(memory_contended());
	/* No other CPU uses this line. */
	memory_store(1, INFO, 0x8000, 1110);
	assert_false(memory_contended());
}

int main(void)
{
#define TEST(name)	cmocka_unit_test_setup(name, set_up)
	static const struct CMUnitTest tests[] = {
		TEST(two_addresses_of_a_page_are_one_line),
		TEST(registers_of_devices_are_no_memory),
		TEST(the_addresses_used_last_are_not_translated_again),
		TEST(a_flush_lets_an_address_be_other_memory),
		TEST(a_store_to_what_others_want_is_contended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
