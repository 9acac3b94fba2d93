// SPDX-License-Identifier: GPL-2.0
/* LINK: sim/profile.c LIBS: */
/* The profile, without a simulator. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "sim/clock.h"
#include "sim/profile.h"

static char name[] = "/tmp/profile.XXXXXX";

static int set_up(void **state)
{
	(void)state;
	strcpy(name, "/tmp/profile.XXXXXX");
	close(mkstemp(name));
	assert_int_equal(profile_init(name, 1000), 0);
	profile_open(0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(name);
	return 0;
}

/*
 * Close the region of run 7 in a machine that had so much time, with threads
 * that were halted for 9 ns: its record.
 */
static void record_is(uint64_t machine_ns, const char *head, const char *blocks)
{
	char line[4096] = "", expected[4096];
	FILE *f;

	profile_close(7, machine_ns, 9);
	f = fopen(name, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		;
	fclose(f);
	snprintf(expected, sizeof(expected),
		 "{\"v\":1,\"type\":\"profile\",\"run\":7,%s,\"thread_halt_ns\":9,\"blocks\":[%s]}\n",
		 head, blocks);
	assert_string_equal(line, expected);
}

static struct block *kernel(uint64_t offset, uint32_t insns)
{
	return profile_block(0xffffffff81000000ULL + offset, insns, 0);
}

#define NO_USER	"\"user_insns\":0,\"thread_user_insns\":0"

static void blocks_are_counted_by_address(void **state)
{
	(void)state;
	profile_turn(0, false, 0);
	profile_execute(kernel(0x20, 5));
	profile_execute(kernel(0x10, 3));
	profile_execute(kernel(0x20, 5));
	profile_execute(profile_block(0, 4, 0));
	record_is(117, "\"idle_ns\":100,\"user_insns\":4,\"thread_user_insns\":0",
		  "[\"ffffffff81000010\",1,3,0,0,0,0,0],[\"ffffffff81000020\",2,10,0,0,0,0,0]");
}

static void instructions_of_another_length(void **state)
{
	int i;

	(void)state;
	profile_init(name, 350);
	profile_open(0);
	profile_turn(0, false, 0);
	for (i = 0; i < 100; i++)
		profile_execute(kernel(0x10, 3));
	for (i = 0; i < 100; i++)
		profile_execute(profile_block(0, 1, 0));
	/* 105 ns in the kernel, 35 outside, 18 spun there: nine looks of 1.05 ns, and 1 ns before each. */
	for (i = 0; i < 10; i++) {
		profile_turn(0, i > 0, i > 0 ? 1 : 0);
		profile_execute(kernel(0x40, 3));
		profile_spin(0, kernel(0x40, 3));
	}
	record_is(300, "\"idle_ns\":141,\"insn_ps\":350,\"user_insns\":35,\"thread_user_insns\":0",
		  "[\"ffffffff81000010\",100,300,0,0,0,0,0],[\"ffffffff81000040\",10,3,18,0,0,0,0]");
}

static void a_block_translated_again_is_the_same(void **state)
{
	(void)state;
	assert_ptr_equal(kernel(0x30, 2), kernel(0x30, 2));
	assert_ptr_not_equal(kernel(0x30, 2), kernel(0x30, 3));
}

static void a_look_is_spinning(void **state)
{
	(void)state;
	profile_turn(1, false, 0);
	profile_execute(kernel(0x40, 6));
	profile_spin(1, kernel(0x40, 6));
	/* It looks again after 100 ns, and after another 50. */
	profile_turn(1, true, 100);
	profile_execute(kernel(0x50, 2));
	profile_execute(kernel(0x40, 6));
	profile_spin(1, kernel(0x40, 6));
	profile_turn(1, true, 50);
	profile_execute(kernel(0x60, 4));
	profile_turn(0, false, 0);
	record_is(168, "\"idle_ns\":0," NO_USER,
		  "[\"ffffffff81000040\",2,6,158,0,0,0,0],[\"ffffffff81000050\",1,0,0,0,0,0,0],"
		  "[\"ffffffff81000060\",1,4,0,0,0,0,0]");
}

static void a_long_look_is_work(void **state)
{
	int i;

	(void)state;
	profile_turn(0, true, 0);
	for (i = 0; i <= CLOCK_LOOK_INSNS; i++)
		profile_execute(kernel(0x70, 1));
	profile_spin(0, kernel(0x70, 1));
	record_is(65, "\"idle_ns\":0," NO_USER, "[\"ffffffff81000070\",65,65,0,0,0,0,0]");
}

static void costs_are_no_instructions(void **state)
{
	(void)state;
	profile_turn(0, false, 0);
	profile_execute(kernel(0x80, 1));
	profile_cost(kernel(0x80, 1), 100);
	record_is(101, "\"idle_ns\":0," NO_USER, "[\"ffffffff81000080\",1,1,0,100,0,0,0]");
}

static void a_region_starts_from_nothing(void **state)
{
	(void)state;
	profile_turn(0, false, 0);
	profile_thread(true);
	profile_execute(kernel(0x90, 9));
	profile_open(0);
	profile_turn(0, false, 0);
	profile_execute(kernel(0xa0, 1));
	record_is(1, "\"idle_ns\":0," NO_USER, "[\"ffffffff810000a0\",1,1,0,0,0,0,0]");
}

static void threads_are_counted_where_they_are(void **state)
{
	(void)state;
	profile_turn(2, false, 0);
	profile_execute(kernel(0xb0, 5));
	profile_thread(true);
	profile_execute(kernel(0xb0, 5));
	profile_cost(kernel(0xb0, 5), 100);
	profile_execute(profile_block(0, 4, 0));
	profile_execute(kernel(0xc0, 3));
	profile_spin(2, kernel(0xc0, 3));
	/* Another CPU has no thread. */
	profile_turn(1, false, 0);
	profile_execute(kernel(0xb0, 5));
	/* A look that turns out to be work, after 40 ns. */
	profile_turn(2, true, 40);
	profile_execute(kernel(0xd0, 2));
	profile_thread(false);
	profile_execute(kernel(0xd0, 2));
	record_is(166, "\"idle_ns\":0,\"user_insns\":4,\"thread_user_insns\":4",
		  "[\"ffffffff810000b0\",3,15,0,100,5,0,100],[\"ffffffff810000c0\",1,3,40,0,3,40,0],"
		  "[\"ffffffff810000d0\",2,4,0,0,2,0,0]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(blocks_are_counted_by_address, set_up, tear_down),
		cmocka_unit_test_setup_teardown(instructions_of_another_length, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_block_translated_again_is_the_same, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_look_is_spinning, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_long_look_is_work, set_up, tear_down),
		cmocka_unit_test_setup_teardown(costs_are_no_instructions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_region_starts_from_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(threads_are_counted_where_they_are, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
