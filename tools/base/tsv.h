/* SPDX-License-Identifier: GPL-2.0 */
/* Files with a row a line and tabs between the fields. */
#ifndef VB_TSV_H
#define VB_TSV_H

#include <stddef.h>
#include <stdio.h>

/* No file here has more columns. */
#define VB_TSV_COLUMNS	12

/**
 * struct vb_tsv - a kind of file
 * @header: its first line with the newline; NULL: it has none, and lines that begin
 *	with # are comments
 * @what: what a row is, for messages: "a row of ..."
 * @columns: fields of each row
 */
struct vb_tsv {
	const char *header;
	const char *what;
	size_t columns;
};

typedef int (*vb_tsv_fn)(void *arg, char **field);

int vb_tsv_split(char *line, char **field, size_t columns);
int vb_tsv_number(const char *text, double *value);
int vb_tsv_count(const char *text, long *value);
void vb_tsv_read_from(const struct vb_tsv *kind, const char *path, FILE *f, vb_tsv_fn row,
		      void *arg);
int vb_tsv_read(const struct vb_tsv *kind, const char *path, vb_tsv_fn row, void *arg);

#endif
