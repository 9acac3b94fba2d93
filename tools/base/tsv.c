// SPDX-License-Identifier: GPL-2.0
/* Rows of fields between tabs: see tsv.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "base/tsv.h"

/**
 * vb_tsv_split() - cut a line at its tabs
 * @line: the line, its newline is cut off
 * @field: gets the fields, which are parts of @line
 * @columns: how many there have to be
 *
 * Return: 0, or -1 when there are more or fewer.
 */
int vb_tsv_split(char *line, char **field, size_t columns)
{
	size_t n = 0;

	line[strcspn(line, "\n")] = '\0';
	while (line && n < columns)
		field[n++] = strsep(&line, "\t");
	return line || n < columns ? -1 : 0;
}

/**
 * vb_tsv_number() - a field that is a number
 * @text: the field
 * @value: gets it
 *
 * Return: 0, or -1 when it is no finite number or there is something behind it.
 */
int vb_tsv_number(const char *text, double *value)
{
	char *end;

	*value = strtod(text, &end);
	return end == text || *end || !isfinite(*value) ? -1 : 0;
}

/**
 * vb_tsv_count() - a field that is a whole number
 * @text: the field
 * @value: gets it
 *
 * Return: 0, or -1 when it is negative, above VB_COUNT_MAX, no number, or there is
 * something behind it.
 */
int vb_tsv_count(const char *text, long *value)
{
	char *end;

	errno = 0;
	*value = strtol(text, &end, 10);
	return errno || end == text || *end || *value < 0 || *value > VB_COUNT_MAX ? -1 : 0;
}

static int is_row(const struct vb_tsv *kind, const char *path, const char *line, int number)
{
	if (!kind->header)
		return *line != '#';
	if (number > 1)
		return 1;
	if (strcmp(line, kind->header))
		vb_die("%s:1: not the header line", path);
	return 0;
}

/**
 * vb_tsv_read_from() - hand every row of an open file to a function
 * @kind: what kind of file it is
 * @path: its name, for messages
 * @f: the file
 * @row: as for vb_tsv_read()
 * @arg: whatever it needs
 *
 * Ends the program with one line when there is something wrong with the file.
 */
void vb_tsv_read_from(const struct vb_tsv *kind, const char *path, FILE *f, vb_tsv_fn row,
		      void *arg)
{
	char *field[VB_TSV_COLUMNS];
	char *line = NULL;
	size_t room = 0;
	int number = 0;

	while (getline(&line, &room, f) > 0) {
		number++;
		if (!is_row(kind, path, line, number))
			continue;
		if (vb_tsv_split(line, field, kind->columns) || row(arg, field))
			vb_die("%s:%d: not %s", path, number, kind->what);
	}
	if (!feof(f))
		vb_die("%s: %s", path, strerror(errno));
	if (kind->header && !number)
		vb_die("%s:1: not the header line", path);
	free(line);
}

/**
 * vb_tsv_read() - hand every row of a file to a function
 * @kind: what kind of file it is
 * @path: the file
 * @row: gets @arg and the fields, good until it returns; not 0: they are no such row
 * @arg: whatever it needs
 *
 * Ends the program with one line when there is something wrong with the file.
 *
 * Return: 1, or 0 when there is no such file.
 */
int vb_tsv_read(const struct vb_tsv *kind, const char *path, vb_tsv_fn row, void *arg)
{
	FILE *f = fopen(path, "r");

	if (!f && errno == ENOENT)
		return 0;
	if (!f)
		vb_die("%s: %s", path, strerror(errno));
	vb_tsv_read_from(kind, path, f, row, arg);
	fclose(f);
	return 1;
}
