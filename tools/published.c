// SPDX-License-Identifier: GPL-2.0
/*
 * Reading published figures: see published.h.
 *
 * A file is a comment block of "# key: value" lines, a header "threads BEFORE
 * AFTER" that names two variants, and a row per number of threads; fields are
 * separated by tabs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common.h"
#include "metrics.h"
#include "published.h"
#include "tsv.h"

#define COLUMNS 3

/* What every file has to say; all of it is text but the pages. */
static const struct {
	const char *key;
	size_t member;
} keys[] = {
	{ "mail", offsetof(struct vb_published, mail) },
	{ "list", offsetof(struct vb_published, list) },
	{ "date", offsetof(struct vb_published, date) },
	{ "machine", offsetof(struct vb_published, machine) },
	{ "loop", offsetof(struct vb_published, loop) },
	{ "workload", offsetof(struct vb_published, workload) },
	{ "metric", offsetof(struct vb_published, metric) },
};

static char **text_member(struct vb_published *p, size_t i)
{
	return (char **)((char *)p + keys[i].member);
}

/* A whole number from 1, and nothing behind it. */
static int to_count(const char *text, long *count)
{
	return vb_tsv_count(text, count) || *count < 1 ? -1 : 0;
}

static int to_figure(const char *text, double *figure)
{
	return vb_tsv_number(text, figure) || *figure <= 0 ? -1 : 0;
}

/* "# key: value"; other comments are for people. */
static void take_comment(struct vb_published *p, const char *line, int number)
{
	const char *value = strstr(line, ": ");
	size_t i, len;

	if (strncmp(line, "# ", 2) || !value)
		return;
	line += 2;
	len = value - line;
	value += 2;
	if (len == strlen("pages") && !strncmp(line, "pages", len) && to_count(value, &p->pages))
		vb_die("%s:%d: \"pages\" is not a count", p->path, number);
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (len != strlen(keys[i].key) || strncmp(line, keys[i].key, len))
			continue;
		free(*text_member(p, i));
		*text_member(p, i) = vb_strf("%s", value);
	}
}

static void take_header(struct vb_published *p, char *line, int number)
{
	char *f[COLUMNS];

	if (vb_tsv_split(line, f, COLUMNS) || strcmp(f[0], "threads") || !*f[1] || !*f[2])
		vb_die("%s:%d: not the header \"threads BEFORE AFTER\"", p->path, number);
	p->before = vb_strf("%s", f[1]);
	p->after = vb_strf("%s", f[2]);
}

static void take_row(struct vb_published *p, char *line, int number)
{
	struct vb_published_row *row;
	char *f[COLUMNS];

	p->row = vb_grow(p->row, p->n, sizeof(*p->row));
	row = &p->row[p->n++];
	if (vb_tsv_split(line, f, COLUMNS) || to_count(f[0], &row->threads) ||
	    to_figure(f[1], &row->before) || to_figure(f[2], &row->after))
		vb_die("%s:%d: not a row of published figures", p->path, number);
}

static void check_whole(struct vb_published *p)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!*text_member(p, i))
			vb_die("%s: no line \"# %s: ...\"", p->path, keys[i].key);
	if (!p->pages)
		vb_die("%s: no line \"# pages: ...\"", p->path);
	if (!vb_metric_find(p->metric))
		vb_die("%s: \"%s\" is not a metric", p->path, p->metric);
	if (!p->n)
		vb_die("%s: no figures", p->path);
}

static void read_paper(struct vb_published *p, const char *path)
{
	char *line = NULL;
	size_t room = 0;
	int number = 0;
	FILE *f;

	p->path = vb_strf("%s", path);
	f = fopen(path, "r");
	if (!f)
		vb_die("%s: %s", path, strerror(errno));
	while (getline(&line, &room, f) > 0) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		if (*line == '#')
			take_comment(p, line, number);
		else if (!p->before)
			take_header(p, line, number);
		else
			take_row(p, line, number);
	}
	if (ferror(f))
		vb_die("%s: %s", path, strerror(errno));
	fclose(f);
	free(line);
	check_whole(p);
}

/**
 * vb_library_read() - read all published figures
 * @lib: filled in, by file name
 * @dir: folder with a .tsv file for each posting; NULL: none
 *
 * Ends the program with one line when there is something wrong with a file, or
 * no such folder. A folder without such files is none.
 */
void vb_library_read(struct vb_library *lib, const char *dir)
{
	struct stat st;
	char *pattern;
	glob_t found;
	size_t i;

	memset(lib, 0, sizeof(*lib));
	if (!dir)
		return;
	if (stat(dir, &st))
		vb_die("%s: %s", dir, strerror(errno));
	pattern = vb_strf("%s/*.tsv", dir);
	switch (glob(pattern, GLOB_ERR, NULL, &found)) {
	case 0:
		for (i = 0; i < found.gl_pathc; i++) {
			lib->paper = vb_grow(lib->paper, lib->n, sizeof(*lib->paper));
			read_paper(&lib->paper[lib->n++], found.gl_pathv[i]);
		}
		globfree(&found);
		break;
	case GLOB_NOMATCH:
		break;
	default:
		vb_die("%s: cannot be read", dir);
	}
	free(pattern);
}

/**
 * vb_library_free() - free what vb_library_read() took
 * @lib: the library
 */
void vb_library_free(struct vb_library *lib)
{
	struct vb_published *p;
	size_t i;

	for (p = lib->paper; p < lib->paper + lib->n; p++) {
		for (i = 0; i < ARRAY_SIZE(keys); i++)
			free(*text_member(p, i));
		free(p->path);
		free(p->before);
		free(p->after);
		free(p->row);
	}
	free(lib->paper);
}
