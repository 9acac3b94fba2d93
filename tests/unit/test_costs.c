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

#define FIRST_THREE	"ipi_delivery\t1000\tsomewhere\nline_transfer\t0\n\ntlb_flush_page\t7\tx\n"

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
	assert_int_equal(read_text("# why\n" FIRST_THREE "tlb_flush_all\t1000000\n"), 0);
	assert_int_equal(costs.ipi_delivery, 1000);
	assert_int_equal(costs.line_transfer, 0);
	assert_int_equal(costs.tlb_flush_page, 7);
	assert_int_equal(costs.tlb_flush_all, 1000000);
}

static void what_is_wrong_is_refused(void **state)
{
	static const char *const wrong[] = {
		FIRST_THREE,
		FIRST_THREE "tlb_flush_all\n",
		FIRST_THREE "tlb_flush_all\t\n",
		FIRST_THREE "tlb_flush_all\t-1\n",
		FIRST_THREE "tlb_flush_all\t1.5\n",
		FIRST_THREE "tlb_flush_all\t10ns\n",
		FIRST_THREE "tlb_flush_all\t1000001\n",
		FIRST_THREE "tlb_flush_all\t99999999999999999999\n",
		FIRST_THREE "tlb_flush_all\t1\nipi_delivery\t2\n",
		FIRST_THREE "tlb_flush_all\t1\ncache_miss\t2\n",
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
		cmocka_unit_test(what_is_wrong_is_refused),
		cmocka_unit_test(a_line_belongs_to_who_changed_it_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
