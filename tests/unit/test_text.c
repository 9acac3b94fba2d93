// SPDX-License-Identifier: GPL-2.0
/* LINK: tools/base/text.c tools/base/common.c LIBS: -lm */
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "tools/base/text.h"

static void numbers(void **state)
{
	static const struct {
		double value;
		const char *text;
	} expected[] = {
		{ 0, "0" }, { 0.125, "0.125" }, { 0.00015625, "0.000156" }, { 1, "1.00" },
		{ 99.5, "99.50" }, { 100.25, "100.2" }, { 1234567, "1234567" },
		{ 999.96, "1000" },
	};
	char buf[32];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		vb_number(buf, sizeof(buf), expected[i].value);
		assert_string_equal(buf, expected[i].text);
	}
}

static void ratios(void **state)
{
	char buf[32];

	(void)state;
	vb_ratio(buf, sizeof(buf), 70000, 2800);
	assert_string_equal(buf, "25.00x");
	vb_ratio(buf, sizeof(buf), 0, 0);
	assert_string_equal(buf, "both 0");
	vb_ratio(buf, sizeof(buf), 7000, 0);
	assert_string_equal(buf, "to 0");
	vb_ratio(buf, sizeof(buf), 0, 3);
	assert_string_equal(buf, "from 0");
}

static char *printed(const struct vb_table *t)
{
	char *text;
	size_t size;
	FILE *mem = open_memstream(&text, &size);

	vb_table_print(mem, t);
	fclose(mem);
	return text;
}

static void table(void **state)
{
	struct vb_table t = { .words = 0 };
	char *text;

	(void)state;
	vb_table_column(&t, vb_strf("threads"));
	vb_table_column(&t, vb_strf("before"));
	vb_table_column(&t, vb_strf("before\n/ after"));
	vb_table_cell(&t, 0, "8");
	vb_table_cell(&t, 1, "70000");
	vb_table_cell(&t, 2, "25x");
	text = printed(&t);
	assert_string_equal(text,
			    "                   before\n"
			    " threads  before  / after\n"
			    " -------  ------  -------\n"
			    "       8   70000      25x\n");
	free(text);
	vb_table_free(&t);
}

/* Seven variants and their ratios: no line is too wide and nothing is lost. */
static void wide_table(void **state)
{
	struct vb_table t = { .words = 1 };
	char *text, *line, *rest, *cell;
	int seen = 0, i;

	(void)state;
	vb_table_column(&t, vb_strf("metric"));
	vb_table_cell(&t, 0, "pages_purged_per_kop");
	for (i = 1; i <= 13; i++) {
		vb_table_column(&t, vb_strf("variant-with-a-name-%d", i));
		cell = vb_strf("%d", 1000 + i);
		vb_table_cell(&t, i, cell);
		free(cell);
	}
	text = printed(&t);
	for (i = 1; i <= 13; i++) {
		cell = vb_strf("%d", 1000 + i);
		assert_non_null(strstr(text, cell));
		free(cell);
	}
	for (rest = text; (line = strsep(&rest, "\n"));) {
		assert_true(strlen(line) <= VB_WIDTH);
		assert_true(!*line || line[strlen(line) - 1] != ' ');
		if (strstr(line, "pages_purged_per_kop"))
			seen++;
	}
	assert_int_equal(seen, 7);
	free(text);
	vb_table_free(&t);
}

static void wrapping(void **state)
{
	char *text, *line, *rest;
	size_t size;
	FILE *mem = open_memstream(&text, &size);
	int lines = 0;

	(void)state;
	vb_wrap(mem, "- ", "  ",
		"one two three four five six seven eight nine ten eleven twelve thirteen fourteen\n"
		"and a line break in the source is only a blank in the text");
	fclose(mem);
	assert_int_equal(strncmp(text, "- one ", 6), 0);
	for (rest = text; (line = strsep(&rest, "\n")) && *line;) {
		assert_true(strlen(line) <= VB_WIDTH);
		if (lines++)
			assert_int_equal(strncmp(line, "  ", 2), 0);
	}
	assert_int_equal(lines, 2);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(ratios),
		cmocka_unit_test(table),
		cmocka_unit_test(wide_table),
		cmocka_unit_test(wrapping),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
