// SPDX-License-Identifier: GPL-2.0
/* LINK: sim/clock.c LIBS: */
/* The parallel clock, without a simulator. */
#include "cmocka_all.h"
#include "sim/clock.h"

static struct clock c;

static int set_up(void **state)
{
	(void)state;
	clock_init(&c, 1000);
	return 0;
}

static void alone_never_yields(void **state)
{
	(void)state;
	clock_turn(&c, 0);
	assert_false(clock_advance(&c, 1000000));
	assert_int_equal(c.cpu[0].now, 1000000);
	assert_int_equal(c.cpu[0].insns, 1000000);
	assert_int_equal(c.max_skew, 0);
}

static void two_that_run_stay_within_a_quantum(void **state)
{
	(void)state;
	clock_turn(&c, 0);
	clock_advance(&c, 10);
	clock_turn(&c, 1);
	/* CPU 1 starts with the time of CPU 0. */
	assert_int_equal(c.cpu[1].now, 10);
	assert_false(clock_advance(&c, CLOCK_LEAD));
	assert_true(clock_has_turn(&c, 1));
	assert_true(clock_advance(&c, 1));
	assert_false(clock_has_turn(&c, 1));
	assert_int_equal(c.max_skew, CLOCK_LEAD + 1);
	clock_turn(&c, 0);
	assert_false(clock_advance(&c, CLOCK_LEAD));
}

static void who_uses_what_others_want_lets_them_come_first(void **state)
{
	(void)state;
	clock_turn(&c, 0);
	/* Alone it is the first in any case. */
	assert_false(clock_order(&c));
	clock_turn(&c, 1);
	clock_advance(&c, CLOCK_ORDER);
	assert_false(clock_order(&c));
	clock_advance(&c, 1);
	assert_true(clock_order(&c));
	assert_false(clock_has_turn(&c, 1));
	/* It has been asked to already. */
	assert_false(clock_order(&c));
	clock_turn(&c, 0);
	assert_false(clock_order(&c));
}

static void who_spins_takes_the_time_of_who_runs(void **state)
{
	(void)state;
	clock_turn(&c, 0);
	clock_turn(&c, 1);
	clock_advance(&c, 5);
	clock_spin(&c);
	clock_turn(&c, 0);
	/* Who spins must be let look now and then. */
	assert_true(clock_advance(&c, 5000));
	/* It makes no progress, so the distance to it is no skew. */
	assert_int_equal(c.max_skew, 0);
	clock_turn(&c, 1);
	assert_int_equal(c.cpu[1].now, 5000);
	assert_int_equal(c.cpu[1].spin_ns, 4995);
	assert_int_equal(c.cpu[1].halt_ns, 0);
	assert_int_equal(c.cpu[1].insns, 5);
}

/* The longer nothing changes, the longer the time until the next look. */
static void who_spins_long_looks_more_rarely(void **state)
{
	uint64_t longest = 0, start;
	int i;

	(void)state;
	clock_turn(&c, 0);
	clock_turn(&c, 1);
	clock_spin(&c);
	for (i = 0; i < 200; i++) {
		clock_turn(&c, 0);
		start = c.cpu[0].now;
		while (!clock_advance(&c, 1))
			;
		if (c.cpu[0].now - start > longest)
			longest = c.cpu[0].now - start;
		clock_turn(&c, 1);
		clock_advance(&c, 5);
		clock_spin(&c);
	}
	assert_in_range(longest, CLOCK_QUANTUM + c.cpu[0].now / 64, CLOCK_QUANTUM + c.cpu[0].now / 32);
	/* It got what it waited for, and waits again: from the start. */
	clock_turn(&c, 1);
	clock_advance(&c, 150);
	clock_spin(&c);
	clock_turn(&c, 0);
	assert_false(clock_advance(&c, CLOCK_QUANTUM));
	assert_true(clock_advance(&c, 1));
}

static void a_clock_never_goes_back(void **state)
{
	(void)state;
	clock_turn(&c, 0);
	clock_advance(&c, 10);
	clock_turn(&c, 1);
	clock_advance(&c, 300);
	clock_spin(&c);
	clock_turn(&c, 0);
	clock_turn(&c, 1);
	assert_int_equal(c.cpu[1].now, 310);
	assert_int_equal(c.cpu[1].spin_ns, 0);
}

static void an_ipi_wakes_when_it_arrives(void **state)
{
	(void)state;
	clock_turn(&c, 1);
	clock_halt(&c);
	clock_turn(&c, 0);
	clock_advance(&c, 700);
	clock_ipi(&c, 50);
	/* The sender waits, so nobody makes progress. */
	clock_spin(&c);
	clock_turn(&c, 1);
	assert_int_equal(c.cpu[1].now, 750);
	assert_int_equal(c.cpu[1].halt_ns, 750);
}

static void no_answer_comes_before_the_ipi_has_arrived(void **state)
{
	(void)state;
	clock_turn(&c, 1);
	clock_turn(&c, 0);
	clock_advance(&c, 100);
	clock_ipi(&c, 1000);
	clock_spin(&c);
	/* Who runs cannot be kept from answering at once. */
	clock_turn(&c, 1);
	clock_advance(&c, 90);
	clock_turn(&c, 0);
	assert_int_equal(c.cpu[0].now, 1100);
	assert_int_equal(c.cpu[0].spin_ns, 1000);
	/* A wait for something else later is no wait for it. */
	clock_spin(&c);
	clock_turn(&c, 1);
	clock_advance(&c, 2000);
	clock_turn(&c, 0);
	assert_int_equal(c.cpu[0].now, 2090);
	/* What it executes before the others are there is counted as that. */
	assert_int_equal(c.cpu[0].early_insns, 0);
}

static void the_answer_is_waited_for_after_other_work_too(void **state)
{
	(void)state;
	clock_turn(&c, 1);
	clock_turn(&c, 0);
	clock_ipi(&c, 1000);
	/* Its turn ends before it waits. */
	assert_true(clock_advance(&c, 150));
	clock_turn(&c, 1);
	clock_advance(&c, 150);
	clock_turn(&c, 0);
	clock_advance(&c, 20);
	clock_spin(&c);
	clock_turn(&c, 1);
	clock_advance(&c, 30);
	clock_turn(&c, 0);
	assert_int_equal(c.cpu[0].now, 1000);
}

static void a_charge_is_time_but_no_instructions(void **state)
{
	(void)state;
	clock_turn(&c, 0);
	clock_advance(&c, 10);
	assert_false(clock_charge(&c, 500));
	assert_int_equal(c.cpu[0].now, 510);
	assert_int_equal(c.cpu[0].insns, 10);
	assert_int_equal(c.cpu[0].cost_ns, 500);
}

static void who_was_charged_waits_for_the_others(void **state)
{
	(void)state;
	clock_turn(&c, 1);
	clock_turn(&c, 0);
	clock_advance(&c, 10);
	assert_true(clock_charge(&c, 1000));
	assert_false(clock_has_turn(&c, 0));
	clock_turn(&c, 1);
	/* The others need not wait for it. */
	assert_false(clock_advance(&c, 500));
	clock_turn(&c, 0);
	assert_true(clock_advance(&c, 7));
	assert_int_equal(c.cpu[0].early_insns, 7);
	/* The charge itself is no distance. */
	assert_int_equal(c.max_skew, 7);
}

static void after_idling_nobody_is_earlier(void **state)
{
	(void)state;
	clock_turn(&c, 0);
	clock_advance(&c, 100);
	clock_halt(&c);
	/* Nobody made progress after that. */
	clock_turn(&c, 1);
	assert_int_equal(c.cpu[1].now, 100);
	clock_advance(&c, 40);
	clock_halt(&c);
	clock_turn(&c, 1);
	clock_idle(&c, 10000);
	assert_int_equal(clock_latest(&c), 10140);
	assert_int_equal(c.cpu[1].now, 10140);
	assert_int_equal(c.cpu[1].halt_ns, 10100);
	clock_halt(&c);
	clock_turn(&c, 0);
	assert_int_equal(c.cpu[0].now, 10140);
	assert_int_equal(c.cpu[0].halt_ns, 10040);
}

/* Three instructions of 350 ps are 1.05 ns: the rest adds up. */
static void an_instruction_takes_what_it_takes(void **state)
{
	int i;

	(void)state;
	clock_init(&c, 350);
	clock_turn(&c, 0);
	assert_int_equal(clock_insns_ns(&c, 3), 1);
	for (i = 0; i < 1000; i++)
		clock_advance(&c, 3);
	assert_int_equal(c.cpu[0].now, 1050);
	assert_int_equal(c.cpu[0].insns, 3000);
	clock_charge(&c, 7);
	assert_int_equal(c.cpu[0].now, 1057);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(alone_never_yields, set_up),
		cmocka_unit_test_setup(who_uses_what_others_want_lets_them_come_first, set_up),
		cmocka_unit_test_setup(two_that_run_stay_within_a_quantum, set_up),
		cmocka_unit_test_setup(who_spins_takes_the_time_of_who_runs, set_up),
		cmocka_unit_test_setup(who_spins_long_looks_more_rarely, set_up),
		cmocka_unit_test_setup(a_clock_never_goes_back, set_up),
		cmocka_unit_test_setup(an_ipi_wakes_when_it_arrives, set_up),
		cmocka_unit_test_setup(no_answer_comes_before_the_ipi_has_arrived, set_up),
		cmocka_unit_test_setup(the_answer_is_waited_for_after_other_work_too, set_up),
		cmocka_unit_test_setup(a_charge_is_time_but_no_instructions, set_up),
		cmocka_unit_test_setup(who_was_charged_waits_for_the_others, set_up),
		cmocka_unit_test_setup(after_idling_nobody_is_earlier, set_up),
		cmocka_unit_test_setup(an_instruction_takes_what_it_takes, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
