// SPDX-License-Identifier: GPL-2.0
/* LINK: sim/costs.c sim/lines.c LIBS: */
/* The table of costs, and who has a cache line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "sim/costs.h"
#include "sim/lines.h"

/* All rows but tlb_flush_all. */
#define MOST	"ipi_delivery\t1000\tsomewhere\nline_transfer\t0\n\ntlb_flush_page\t7\tx\n" \
	"coherence\t1\natomic\t8\nl3_hit\t21\nline_l3\t47\nline_socket\t48\nline_remote\t149\n" \
	"cores_per_l3\t28\nl3s_per_socket\t2\n"
#define CACHE	"cache_kib\t1024\ncache_ways\t16\n"

static struct costs costs;

static int read_text(const char *text)
{
	char name[] = "/tmp/costs.XXXXXX";
	int fd = mkstemp(name), ret;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	ret = costs_read(&costs, name);
	unlink(name);
	return ret;
}

static void a_table_is_read(void **state)
{
	(void)state;
	assert_int_equal(read_text("# why\n" MOST CACHE "tlb_flush_all\t1000000\n"), 0);
	assert_int_equal(costs.ipi_delivery, 1000);
	assert_int_equal(costs.line_transfer, 0);
	assert_int_equal(costs.tlb_flush_page, 7);
	assert_int_equal(costs.tlb_flush_all, 1000000);
	assert_int_equal(costs.coherence, 1);
	assert_int_equal(costs.line_remote, 149);
	assert_int_equal(costs.cache_kib, 1024);
	assert_int_equal(costs.l3s_per_socket, 2);
	assert_int_equal(costs.insn_ps, 1000);
	assert_int_equal(read_text(MOST CACHE "tlb_flush_all\t1\ninsn_ns\t0.35\n"), 0);
	assert_int_equal(costs.insn_ps, 350);
	assert_int_equal(read_text(MOST CACHE "tlb_flush_all\t1\ninsn_ns\t2\n"), 0);
	assert_int_equal(costs.insn_ps, 2000);
}

static void without_coherence_no_caches_are_needed(void **state)
{
	static const char four[] =
		"ipi_delivery\t1\nline_transfer\t2\ntlb_flush_page\t3\ntlb_flush_all\t4\n";
	char text[200];

	(void)state;
	assert_int_equal(read_text(four), 0);
	assert_int_equal(costs.coherence, 0);
	assert_int_equal(costs.ipi_lines, 0);
	snprintf(text, sizeof(text), "%scoherence\t0\n", four);
	assert_int_equal(read_text(text), 0);
	snprintf(text, sizeof(text), "%scoherence\t1\n", four);
	assert_int_equal(read_text(text), -1);
}

static void what_is_wrong_is_refused(void **state)
{
	static const char *const wrong[] = {
		MOST CACHE,
		MOST CACHE "tlb_flush_all\n",
		MOST CACHE "tlb_flush_all\t\n",
		MOST CACHE "tlb_flush_all\t-1\n",
		MOST CACHE "tlb_flush_all\t1.5\n",
		MOST CACHE "tlb_flush_all\t10ns\n",
		MOST CACHE "tlb_flush_all\t1000001\n",
		MOST CACHE "tlb_flush_all\t99999999999999999999\n",
		MOST CACHE "tlb_flush_all\t1\nipi_delivery\t2\n",
		MOST CACHE "tlb_flush_all\t1\ncache_miss\t2\n",
		MOST "tlb_flush_all\t1\ncache_kib\t1024\n",
		/* 24 sets, none, and no ways. */
		MOST "tlb_flush_all\t1\ncache_kib\t24\ncache_ways\t16\n",
		MOST "tlb_flush_all\t1\ncache_kib\t1024\ncache_ways\t15\n",
		MOST "tlb_flush_all\t1\ncache_kib\t1024\ncache_ways\t0\n",
		MOST "tlb_flush_all\t1\ncache_kib\t0\ncache_ways\t16\n",
		MOST "tlb_flush_all\t1\ncache_kib\t8192\ncache_ways\t16\n",
		MOST CACHE "tlb_flush_all\t1\ninsn_ns\t0\n",
		MOST CACHE "tlb_flush_all\t1\ninsn_ns\t0.0001\n",
		MOST CACHE "tlb_flush_all\t1\ninsn_ns\t.5\n",
		MOST CACHE "tlb_flush_all\t1\ninsn_ns\t0.5x\n",
		MOST CACHE "tlb_flush_all\t1\ninsn_ns\t101\n",
		MOST CACHE "tlb_flush_all\t1\ninsn_ns\t\n",
		"",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (read_text(wrong[i]) != -1)
			fail_msg("taken: %s", wrong[i]);
	assert_int_equal(costs_read(&costs, "/nonexistent"), -1);
}

static void a_line_belongs_to_who_changed_it_last(void **state)
{
	(void)state;
	lines_init();
	assert_false(lines_take(1, 0x1000));
	assert_false(lines_take(1, 0x103f));
	assert_true(lines_take(2, 0x1020));
	assert_false(lines_take(2, 0x1000));
	assert_true(lines_take(1, 0x1000));
	/* The next line is another one. */
	assert_false(lines_take(3, 0x1040));
	lines_init();
	assert_false(lines_take(3, 0x1000));
	assert_false(lines_take(0, 0));
	assert_true(lines_take(1, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_is_read),
		cmocka_unit_test(without_coherence_no_caches_are_needed),
		cmocka_unit_test(what_is_wrong_is_refused),
		cmocka_unit_test(a_line_belongs_to_who_changed_it_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
