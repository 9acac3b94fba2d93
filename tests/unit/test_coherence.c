// SPDX-License-Identifier: GPL-2.0
/*
 * test_coherence.c - sim/coherence.c: latencies that follow on paper
 * LINK: sim/coherence.c sim/cache.c sim/directory.c LIBS:
 */
#include "cmocka_all.h"

#include <stdlib.h>

#include "sim/coherence.h"

#define LINE	0x1234

/* Powers that cannot be taken for sums of others. */
static const struct costs costs = {
	.atomic = 7,
	.l3_hit = 20,
	.line_l3 = 48,
	.line_socket = 100,
	.line_remote = 200,
	.cache_kib = 32,
	.cache_ways = 8,
	.cores_per_l3 = 2,
	.l3s_per_socket = 2,
};

static const struct coherence_homes first_has_all;

/* CPUs 0 and 1 share an L3, 2 and 3 the other of the socket, 4 to 7 are the second socket. */
static int setup(void **state)
{
	struct coherence *k = calloc(1, sizeof(*k));

	assert_int_equal(coherence_init(k, &costs, 8, &first_has_all), 0);
	coherence_reset(k);
	*state = k;
	return 0;
}

static int teardown(void **state)
{
	struct coherence *k = *state;
	int i;

	for (i = 0; i < k->ncpus; i++)
		free(k->cache[i].slots);
	free(k->cache);
	free(k);
	return 0;
}

static uint64_t load(struct coherence *k, int cpu, uint64_t line, uint64_t now)
{
	uint64_t wait;

	coherence_load(k, cpu, line, now, &wait);
	return wait;
}

static uint64_t store(struct coherence *k, int cpu, uint64_t line, uint64_t now)
{
	uint64_t wait;

	coherence_store(k, cpu, line, now, &wait);
	return wait;
}

static uint64_t atomic(struct coherence *k, int cpu, uint64_t line, uint64_t now)
{
	uint64_t wait;

	coherence_atomic(k, cpu, line, now, &wait);
	return wait;
}

static void test_own_line_is_free(void **state)
{
	assert_int_equal(load(*state, 0, LINE, 0), 0);
	assert_int_equal(store(*state, 0, LINE, 10), 0);
	assert_int_equal(atomic(*state, 0, LINE, 20), 7);
	assert_int_equal(coherence_fence(*state, 0, 20), 0);
}

static void test_modified_line_by_distance(void **state)
{
	static const struct {
		int owner, reader, ns;
	} pairs[] = {
		{ 0, 1, 48 }, { 0, 2, 100 }, { 0, 4, 200 }, { 4, 0, 200 },
		/* Home is the first socket: the second asks there. */
		{ 4, 6, 200 }, { 4, 5, 48 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		store(*state, pairs[i].owner, LINE + i, 0);
		assert_int_equal(load(*state, pairs[i].reader, LINE + i, 1000), pairs[i].ns);
		/* Both have it now. */
		assert_int_equal(load(*state, pairs[i].reader, LINE + i, 2000), 0);
		assert_int_equal(load(*state, pairs[i].owner, LINE + i, 2000), 0);
	}
}

static void test_shared_line(void **state)
{
	store(*state, 0, LINE, 0);
	assert_int_equal(load(*state, 2, LINE, 1000), 100);
	/* Their L3s have it. */
	assert_int_equal(load(*state, 1, LINE, 2000), 20);
	assert_int_equal(load(*state, 3, LINE, 2000), 20);
	assert_int_equal(load(*state, 4, LINE, 2000), 200);
	assert_int_equal(load(*state, 5, LINE, 3000), 20);
}

static void test_upgrade_waits_for_the_farthest(void **state)
{
	load(*state, 0, LINE, 0);
	load(*state, 1, LINE, 1000);
	assert_int_equal(atomic(*state, 0, LINE, 2000), 48 + 7);
	load(*state, 1, LINE, 3000);
	load(*state, 4, LINE, 3000);
	assert_int_equal(atomic(*state, 0, LINE, 4000), 200 + 7);
	/* All others have lost it. */
	assert_int_equal(load(*state, 1, LINE, 5000), 48);
}

/* CPUs that increment one counter as fast as they can, in the order of their clocks. */
static double each_increment(struct coherence *k, int cpus)
{
	uint64_t clock[4] = { 0 }, last = 0;
	int count, i, cpu;

	for (count = 0; count < 1000; count++) {
		for (i = 1, cpu = 0; i < cpus; i++)
			if (clock[i] < clock[cpu])
				cpu = i;
		last = clock[cpu];
		clock[cpu] += atomic(k, cpu, LINE, clock[cpu]);
	}
	return (double)last / count;
}

/* One every half transfer, and what the one that has the line does before it leaves. */
static void test_shared_counter(void **state)
{
	struct coherence *k = calloc(1, sizeof(*k));
	struct costs near = costs;
	double two, four;

	(void)state;
	near.cores_per_l3 = 4;
	assert_int_equal(coherence_init(k, &near, 4, &first_has_all), 0);
	coherence_reset(k);
	two = each_increment(k, 2);
	coherence_reset(k);
	four = each_increment(k, 4);
	assert_float_equal(two, (48 + 7) / 2.0, 2);
	assert_float_equal(four, 48 / 2.0, 1);
}

static void test_ping_pong(void **state)
{
	uint64_t now = 0;
	int i;

	atomic(*state, 0, LINE, 0);
	/* Each waits for the other: a transfer each time. */
	for (i = 1; i <= 100; i++)
		now += atomic(*state, i & 1, LINE, now);
	assert_int_equal(now, 100 * (48 + 7));
}

static void test_requests_queue(void **state)
{
	store(*state, 0, LINE, 0);
	/* Each is served half a latency after the one before. */
	assert_int_equal(atomic(*state, 1, LINE, 1000), 48 + 7);
	assert_int_equal(atomic(*state, 2, LINE, 1000), 24 + 100 + 7);
	assert_int_equal(atomic(*state, 3, LINE, 1000), 24 + 50 + 48 + 7);
}

static void test_the_owner_hits_until_it_leaves(void **state)
{
	store(*state, 0, LINE, 0);
	atomic(*state, 1, LINE, 1000);
	assert_int_equal(atomic(*state, 0, LINE, 1023), 7);
	assert_int_equal(load(*state, 0, LINE, 1023), 0);
	/* It has left: behind the other's request. */
	assert_int_equal(atomic(*state, 0, LINE, 1024), 48 + 7);
}

static void test_what_others_want_is_contended(void **state)
{
	struct coherence *k = *state;

	atomic(k, 0, LINE, 0);
	assert_false(k->contended);
	atomic(k, 1, LINE, 100);
	atomic(k, 1, LINE, 200);
	assert_true(k->contended);
	atomic(k, 1, LINE + 1, 200);
	assert_false(k->contended);
	atomic(k, 1, LINE, 124 + CONTENDED_NS);
	assert_false(k->contended);
}

static void test_a_plain_store_waits_at_the_fence(void **state)
{
	store(*state, 0, LINE, 0);
	assert_int_equal(store(*state, 1, LINE, 1000), 0);
	assert_int_equal(coherence_fence(*state, 1, 1010), 38);
	assert_int_equal(coherence_fence(*state, 1, 1048), 0);
	store(*state, 0, LINE, 2000);
	/* A locked instruction on another line is a fence. */
	assert_int_equal(atomic(*state, 0, LINE + 1, 2010), 38 + 7);
}

static void test_stores_run_out_of_buffers(void **state)
{
	int i;

	for (i = 0; i <= STORES_UNDER_WAY; i++)
		store(*state, 0, LINE + i, 0);
	for (i = 0; i < STORES_UNDER_WAY; i++)
		assert_int_equal(store(*state, 1, LINE + i, 1000 + i), 0);
	assert_int_equal(store(*state, 1, LINE + i, 1010), 38);
}

/* N readers of a line that one CPU writes. */
static void test_readers_of_a_line_that_is_written(void **state)
{
	store(*state, 0, LINE, 0);
	assert_int_equal(load(*state, 1, LINE, 1000), 48);
	assert_int_equal(load(*state, 2, LINE, 1000), 24 + 100);
	/* It is in the L3 of CPU 3 when CPU 2 has it. */
	assert_int_equal(load(*state, 3, LINE, 1000), 24 + 100);
	assert_int_equal(load(*state, 3, LINE, 1000 + 24 + 100), 0);
	/* The writer does not wait, but the line is shared. */
	assert_int_equal(store(*state, 0, LINE, 2000), 0);
	assert_int_equal(coherence_fence(*state, 0, 2000), 100);
	assert_int_equal(load(*state, 3, LINE, 3000), 100);
}

/* A line that many CPUs behind an L3 read is there for all of them at the same time. */
static void test_an_l3_gets_a_line_once(void **state)
{
	store(*state, 0, LINE, 0);
	load(*state, 1, LINE, 1000);
	assert_int_equal(load(*state, 4, LINE, 2000), 200);
	assert_int_equal(load(*state, 5, LINE, 2000), 200);
	assert_int_equal(load(*state, 5, LINE, 2200), 0);
	load(*state, 0, LINE + 1, 0);
	load(*state, 4, LINE + 1, 1000);
	assert_int_equal(load(*state, 5, LINE + 1, 1190), 20);
}

static void test_a_load_waits_for_the_store_before_it(void **state)
{
	store(*state, 0, LINE, 0);
	assert_int_equal(store(*state, 4, LINE, 1000), 0);
	assert_int_equal(store(*state, 4, LINE, 1010), 0);
	assert_int_equal(load(*state, 4, LINE, 1020), 180);
	assert_int_equal(load(*state, 4, LINE, 1200), 0);
	/* A CPU that could read before can read on. */
	load(*state, 0, LINE, 2000);
	assert_int_equal(store(*state, 4, LINE, 3000), 0);
	assert_int_equal(load(*state, 4, LINE, 3001), 0);
}

/* One writes, another looks: until the line is shared the writer still writes. */
static void test_the_owner_writes_until_a_reader_has_it(void **state)
{
	atomic(*state, 0, LINE, 0);
	assert_int_equal(load(*state, 1, LINE, 1000), 48);
	assert_int_equal(atomic(*state, 0, LINE, 1023), 7);
	assert_int_equal(atomic(*state, 0, LINE, 1024), 48 + 7);
}

static void test_a_line_of_no_other_comes_back_to_write(void **state)
{
	const int sets = 32 * 1024 / 64 / 8;
	int i;

	for (i = 0; i <= 8; i++)
		store(*state, 0, LINE + i * sets, i);
	assert_int_equal(load(*state, 0, LINE, 100), 20);
	assert_int_equal(store(*state, 0, LINE, 200), 0);
	assert_int_equal(coherence_fence(*state, 0, 200), 0);
	/* Another that has read it has to give it up. */
	for (i = 0; i <= 8; i++)
		store(*state, 0, LINE + 1 + i * sets, i);
	assert_int_equal(load(*state, 1, LINE + 1, 300), 20);
	assert_int_equal(load(*state, 0, LINE + 1, 400), 48);
	assert_int_equal(atomic(*state, 0, LINE + 1, 500), 48 + 7);
}

/* Read mostly, as under RCU: after the first reads nobody waits. */
static void test_readers_of_a_line_that_is_not_written(void **state)
{
	int cpu, i;

	for (cpu = 0; cpu < 8; cpu++)
		load(*state, cpu, LINE, 0);
	for (i = 0; i < 100; i++)
		for (cpu = 0; cpu < 8; cpu++)
			assert_int_equal(load(*state, cpu, LINE, 1000 + i), 0);
}

/* Two counters in one line cost as one does; a line apart they cost nothing. */
static void test_padding(void **state)
{
	uint64_t clock[2] = { 0 };
	int i, cpu;

	/* By their addresses, as an access names them. */
	for (i = 0; i < 100; i++) {
		cpu = clock[1] < clock[0];
		clock[cpu] += atomic(*state, cpu, (0x10000 + 8 * cpu) >> LINE_SHIFT, clock[cpu]);
	}
	assert_in_range(clock[0], 100 * 24, 100 * 28);

	atomic(*state, 0, LINE, 0);
	atomic(*state, 1, LINE + 1, 0);
	for (i = 1; i < 100; i++) {
		assert_int_equal(atomic(*state, 0, LINE, 1000 * i), 7);
		assert_int_equal(atomic(*state, 1, LINE + 1, 1000 * i), 7);
	}
}

static void test_a_line_falls_out_of_the_private_cache(void **state)
{
	const int sets = 32 * 1024 / 64 / 8;
	int i;

	/* As many lines of one set as it has ways, and one. */
	for (i = 0; i <= 8; i++)
		assert_int_equal(load(*state, 0, LINE + i * sets, i), 0);
	assert_int_equal(load(*state, 0, LINE + 8 * sets, 100), 0);
	assert_int_equal(load(*state, 0, LINE, 100), 20);
	/* That made the next oldest leave; one that was changed comes from the L3 as well. */
	store(*state, 0, LINE + 2 * sets, 200);
	for (i = 9; i < 20; i++)
		load(*state, 0, LINE + i * sets, 200);
	assert_int_equal(load(*state, 1, LINE + 2 * sets, 300), 20);
}

static void test_first_use_is_free(void **state)
{
	assert_int_equal(atomic(*state, 5, LINE, 0), 7);
	assert_int_equal(load(*state, 5, LINE + 1, 0), 0);
	coherence_reset(*state);
	assert_int_equal(load(*state, 0, LINE, 0), 0);
}

/* 3 GiB and 1 GiB for each of two sockets: the first 2 GiB are the first one's. */
static void test_homes(void **state)
{
	static const struct coherence_homes homes = {
		.nodes = 2, .node_mb = 2048, .low_mb = 3072
	};
	static const struct {
		uint64_t mb;
		int second;
	} where[] = { { 0, 0 }, { 2047, 0 }, { 2048, 1 }, { 3071, 1 }, { 4096, 1 }, { 5119, 1 },
		      /* What is left is the last one's. */
		      { 5120, 1 } };
	struct coherence *k = calloc(1, sizeof(*k));
	uint64_t line;
	size_t i;

	(void)state;
	assert_int_equal(coherence_init(k, &costs, 8, &homes), 0);
	coherence_reset(k);
	for (i = 0; i < sizeof(where) / sizeof(where[0]); i++) {
		line = where[i].mb << 14;
		/* From one L3 of the first socket to its other, by way of the home. */
		store(k, 0, line, 0);
		assert_int_equal(load(k, 2, line, 1000), where[i].second ? 200 : 100);
		/* The same in the second. */
		store(k, 4, line + 1, 0);
		assert_int_equal(load(k, 6, line + 1, 1000), where[i].second ? 100 : 200);
		/* What stays behind one L3 stays there. */
		store(k, 4, line + 2, 0);
		assert_int_equal(load(k, 5, line + 2, 1000), 48);
	}
}

static void test_more_cpus_than_a_word_has_bits(void **state)
{
	struct coherence *k = calloc(1, sizeof(*k));
	struct costs many = costs;
	int i;

	(void)state;
	many.cores_per_l3 = 32;
	assert_int_equal(coherence_init(k, &many, CLOCK_MAX_CPUS, &first_has_all), 0);
	for (i = 0; i < CLOCK_MAX_CPUS; i++)
		load(k, i, LINE, 1000 * i);
	assert_int_equal(store(k, 255, LINE, 1000000), 0);
	for (i = 0; i < 255; i += 50)
		assert_int_not_equal(load(k, i, LINE, 2000000), 0);
	many.cores_per_l3 = 1;
	assert_int_equal(coherence_init(k, &many, 65, &first_has_all), -1);
}

int main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(test_own_line_is_free),
		TEST(test_modified_line_by_distance),
		TEST(test_shared_line),
		TEST(test_upgrade_waits_for_the_farthest),
		TEST(test_shared_counter),
		TEST(test_ping_pong),
		TEST(test_requests_queue),
		TEST(test_the_owner_hits_until_it_leaves),
		TEST(test_what_others_want_is_contended),
		TEST(test_a_plain_store_waits_at_the_fence),
		TEST(test_stores_run_out_of_buffers),
		TEST(test_readers_of_a_line_that_is_written),
		TEST(test_an_l3_gets_a_line_once),
		TEST(test_a_load_waits_for_the_store_before_it),
		TEST(test_the_owner_writes_until_a_reader_has_it),
		TEST(test_a_line_of_no_other_comes_back_to_write),
		TEST(test_readers_of_a_line_that_is_not_written),
		TEST(test_padding),
		TEST(test_a_line_falls_out_of_the_private_cache),
		TEST(test_first_use_is_free),
		TEST(test_homes),
		TEST(test_more_cpus_than_a_word_has_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
