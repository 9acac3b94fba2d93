/* SPDX-License-Identifier: GPL-2.0 */
/* Plain text at most vb_width columns wide: paragraphs, numbers, tables. */
#ifndef VB_TEXT_H
#define VB_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "base/common.h"

/* Columns of a line at most; the first is what it is unless a program sets another. */
#define VB_WIDTH 76
extern int vb_width;

/**
 * struct vb_column - a column of a table
 * @head: heading; a newline in it makes a second line
 * @cell: the cells, from the top
 */
struct vb_column {
	char *head;
	struct vb_list cell;
};

/**
 * struct vb_table - a table; the first column names the rows
 * @words: how many columns at the left hold words; the others hold figures
 */
struct vb_table {
	struct vb_column *column;
	size_t n;
	size_t words;
};

void vb_wrap(FILE *out, const char *first, const char *rest, const char *text);
void vb_number(char *buf, size_t size, double value);
void vb_ratio(char *buf, size_t size, double before, double after);
size_t vb_table_column(struct vb_table *t, char *head);
void vb_table_cell(struct vb_table *t, size_t column, const char *text);
void vb_table_value(struct vb_table *t, size_t column, double value);
void vb_table_count(struct vb_table *t, size_t column, long long count);
void vb_table_print(FILE *out, const struct vb_table *t);
void vb_table_free(struct vb_table *t);

#endif
