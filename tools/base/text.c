// SPDX-License-Identifier: GPL-2.0
/* Plain text: see text.h. */
#define _GNU_SOURCE
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define GAP 2	/* blanks between columns */

int vb_width = VB_WIDTH;

/**
 * vb_wrap() - print a paragraph
 * @out: where to
 * @first: in front of the first line
 * @rest: in front of the others
 * @text: the words; a word wider than a line gets a line of its own
 */
void vb_wrap(FILE *out, const char *first, const char *rest, const char *text)
{
	size_t used = strlen(first), len;
	int fresh = 1;

	fputs(first, out);
	for (; *text; text += len) {
		text += strspn(text, "\n ");
		len = strcspn(text, "\n ");
		if (!len)
			break;
		if (!fresh && used + 1 + len > (size_t)vb_width) {
			fprintf(out, "\n%s", rest);
			used = strlen(rest);
			fresh = 1;
		}
		used += fprintf(out, "%s%.*s", fresh ? "" : " ", (int)len, text);
		fresh = 0;
	}
	fputc('\n', out);
}

/**
 * vb_number() - a value for a cell
 * @buf: where to put it
 * @size: room there
 * @value: the value
 *
 * All digits in front of the point are shown, so that a difference of one
 * instruction is seen; behind it only what makes three digits or so. "-" when
 * it is no number.
 */
void vb_number(char *buf, size_t size, double value)
{
	double magnitude = fabs(value);

	if (isnan(value))
		snprintf(buf, size, "-");
	else if (value == 0)
		snprintf(buf, size, "0");
	else if (magnitude >= 999.5)
		snprintf(buf, size, "%.0f", value);
	else if (magnitude >= 99.95)
		snprintf(buf, size, "%.1f", value);
	else if (magnitude >= 1)
		snprintf(buf, size, "%.2f", value);
	else
		snprintf(buf, size, "%.3g", value);
}

/**
 * vb_ratio() - how many times less there is after than before
 * @buf: where to put it
 * @size: room there
 * @before: value in front
 * @after: value to divide it by
 *
 * No number is made up where there is none: a division by zero says in words
 * what happened.
 */
void vb_ratio(char *buf, size_t size, double before, double after)
{
	char number[32];

	if (before == 0 && after == 0) {
		snprintf(buf, size, "both 0");
	} else if (after == 0) {
		snprintf(buf, size, "to 0");
	} else if (before == 0) {
		snprintf(buf, size, "from 0");
	} else {
		vb_number(number, sizeof(number), before / after);
		snprintf(buf, size, "%sx", number);
	}
}

/**
 * vb_table_column() - add a column
 * @t: the table
 * @head: its heading, freed with the table
 *
 * Return: the column's number, for vb_table_cell().
 */
size_t vb_table_column(struct vb_table *t, char *head)
{
	t->column = vb_grow(t->column, t->n, sizeof(*t->column));
	t->column[t->n].head = head;
	return t->n++;
}

/**
 * vb_table_cell() - add a cell at the foot of a column
 * @t: the table
 * @column: the column's number
 * @text: what it says
 */
void vb_table_cell(struct vb_table *t, size_t column, const char *text)
{
	vb_list_add(&t->column[column].cell, "%s", text);
}

/**
 * vb_table_value() - add a cell that is a number
 * @t: the table
 * @column: the column's number
 * @value: the number, see vb_number()
 */
void vb_table_value(struct vb_table *t, size_t column, double value)
{
	char cell[32];

	vb_number(cell, sizeof(cell), value);
	vb_table_cell(t, column, cell);
}

/**
 * vb_table_count() - add a cell that is a whole number
 * @t: the table
 * @column: the column's number
 * @count: the number
 */
void vb_table_count(struct vb_table *t, size_t column, long long count)
{
	char cell[32];

	snprintf(cell, sizeof(cell), "%lld", count);
	vb_table_cell(t, column, cell);
}

/* The part of a heading that belongs on line 0 or 1; one line stands low. */
static const char *head_line(const struct vb_column *c, int line, int *len)
{
	const char *second = strchr(c->head, '\n');

	if (!second) {
		*len = line ? (int)strlen(c->head) : 0;
		return c->head;
	}
	*len = line ? (int)strlen(second + 1) : (int)(second - c->head);
	return line ? second + 1 : c->head;
}

static int width(const struct vb_column *c)
{
	int max = 0, len, line;
	size_t i;

	for (line = 0; line < 2; line++) {
		head_line(c, line, &len);
		if (len > max)
			max = len;
	}
	for (i = 0; i < c->cell.n; i++)
		if ((int)strlen(c->cell.line[i]) > max)
			max = strlen(c->cell.line[i]);
	return max;
}

static void put(FILE *out, const struct vb_table *t, size_t column, const char *text, int len)
{
	int w = width(&t->column[column]);

	if (column < t->words)
		fprintf(out, "%*s%-*.*s", column ? GAP : 1, "", w, len, text);
	else
		fprintf(out, "%*s%*.*s", column ? GAP : 1, "", w, len, text);
}

static void put_rule(FILE *out, const struct vb_table *t, size_t column)
{
	int i;

	fprintf(out, "%*s", column ? GAP : 1, "");
	for (i = width(&t->column[column]); i; i--)
		fputc('-', out);
}

/* Lines must not end in blanks: print into memory, then cut them. */
static void put_line(FILE *out, char *line)
{
	size_t len = strlen(line);

	while (len && line[len - 1] == ' ')
		len--;
	fprintf(out, "%.*s\n", (int)len, line);
}

/* One line of a block: a heading (-2, -1), the rule (0) or a row (from 1). */
static void print_line(FILE *out, const struct vb_table *t, size_t from, size_t to, int row)
{
	const char *text;
	char *line;
	size_t size, i;
	FILE *mem;
	int len;

	mem = open_memstream(&line, &size);
	if (!mem)
		vb_die("out of memory");
	for (i = 0; i < to; i = i ? i + 1 : from) {
		if (!row) {
			put_rule(mem, t, i);
			continue;
		}
		if (row < 0) {
			text = head_line(&t->column[i], row + 2, &len);
		} else {
			text = t->column[i].cell.line[row - 1];
			len = strlen(text);
		}
		put(mem, t, i, text, len);
	}
	fclose(mem);
	if (row != -2 || strspn(line, " ") < size)
		put_line(out, line);
	free(line);
}

/**
 * vb_table_print() - print a table
 * @out: where to
 * @t: the table; all columns have the same number of cells
 *
 * What does not fit beside each other goes below, with the first column again.
 */
void vb_table_print(FILE *out, const struct vb_table *t)
{
	size_t from = 1, to;
	int used, row;

	while (from < t->n) {
		used = 1 + width(&t->column[0]);
		for (to = from; to < t->n; to++) {
			used += GAP + width(&t->column[to]);
			if (used > vb_width && to > from)
				break;
		}
		if (from > 1)
			fputc('\n', out);
		for (row = -2; row <= (int)t->column[0].cell.n; row++)
			print_line(out, t, from, to, row);
		from = to;
	}
}

/**
 * vb_table_free() - free the cells and columns; the table can be used again
 * @t: the table
 */
void vb_table_free(struct vb_table *t)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		free(t->column[i].head);
		vb_list_free(&t->column[i].cell);
	}
	free(t->column);
	t->column = NULL;
	t->n = 0;
}
