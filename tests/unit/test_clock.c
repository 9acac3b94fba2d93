// SPDX-License-Identifier: GPL-2.0
/* LINK: sim/clock.c LIBS: */
/* The parallel clock, without a simulator. */
#include "cmocka_all.h"
#include "sim/clock.h"

static struct clock c;

static int set_up(void **state)
{
	(void)state;
	clock_init(&c);
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

static void an_ipi_wakes_at_its_senders_time(void **state)
{
	(void)state;
	clock_turn(&c, 1);
	clock_halt(&c);
	clock_turn(&c, 0);
	clock_advance(&c, 700);
	clock_ipi(&c);
	/* The sender waits, so nobody makes progress. */
	clock_spin(&c);
	clock_turn(&c, 1);
	assert_int_equal(c.cpu[1].now, 700);
	assert_int_equal(c.cpu[1].halt_ns, 700);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(alone_never_yields, set_up),
		cmocka_unit_test_setup(two_that_run_stay_within_a_quantum, set_up),
		cmocka_unit_test_setup(who_spins_takes_the_time_of_who_runs, set_up),
		cmocka_unit_test_setup(who_spins_long_looks_more_rarely, set_up),
		cmocka_unit_test_setup(a_clock_never_goes_back, set_up),
		cmocka_unit_test_setup(an_ipi_wakes_at_its_senders_time, set_up),
		cmocka_unit_test_setup(after_idling_nobody_is_earlier, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
