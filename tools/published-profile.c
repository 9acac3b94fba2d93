// SPDX-License-Identifier: GPL-2.0
/*
 * Reading published profiles: see published-profile.h.
 *
 * A file is a comment block of "# key: value" lines, a header "area symbol BEFORE
 * AFTER" that names two variants, and a row per line of the profile, the first
 * being the total; fields are separated by tabs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "published-profile.h"
#include "tsv.h"

#define COLUMNS		4
#define NOT_THERE	"-"

static const struct {
	const char *key;
	size_t member;
} keys[] = {
	{ "mail", offsetof(struct vb_old_profile, mail) },
	{ "list", offsetof(struct vb_old_profile, list) },
	{ "date", offsetof(struct vb_old_profile, date) },
	{ "machine", offsetof(struct vb_old_profile, machine) },
	{ "loop", offsetof(struct vb_old_profile, loop) },
	{ "workload", offsetof(struct vb_old_profile, workload) },
};

static char **text_member(struct vb_old_profile *p, size_t i)
{
	return (char **)((char *)p + keys[i].member);
}

/* "# key: value"; other comments are for people. */
static void take_comment(struct vb_old_profile *p, const char *line)
{
	const char *value = strstr(line, ": ");
	size_t i, len;

	if (strncmp(line, "# ", 2) || !value)
		return;
	line += 2;
	len = value - line;
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (len != strlen(keys[i].key) || strncmp(line, keys[i].key, len))
			continue;
		free(*text_member(p, i));
		*text_member(p, i) = vb_strf("%s", value + 2);
	}
}

static void take_header(struct vb_old_profile *p, char *line, int number)
{
	char *f[COLUMNS];

	if (vb_tsv_split(line, f, COLUMNS) || strcmp(f[0], "area") || strcmp(f[1], "symbol") ||
	    !*f[2] || !*f[3])
		vb_die("%s:%d: not the header \"area symbol BEFORE AFTER\"", p->path, number);
	p->before = vb_strf("%s", f[2]);
	p->after = vb_strf("%s", f[3]);
}

static int to_samples(const char *text, double *count)
{
	long n;

	*count = -1;
	if (!strcmp(text, NOT_THERE))
		return 0;
	if (vb_tsv_count(text, &n) || n < 1)
		return -1;
	*count = n;
	return 0;
}

static void take_row(struct vb_old_profile *p, char *line, int number)
{
	struct vb_old_row *row;
	double count[2];
	char *f[COLUMNS];

	if (vb_tsv_split(line, f, COLUMNS) || !*f[0] || !*f[1] || to_samples(f[2], &count[0]) ||
	    to_samples(f[3], &count[1]))
		vb_die("%s:%d: not a line of a published profile", p->path, number);
	if (!strcmp(f[1], "total")) {
		memcpy(p->total, count, sizeof(count));
		return;
	}
	p->row = vb_grow(p->row, p->n, sizeof(*p->row));
	row = &p->row[p->n++];
	row->area = vb_strf("%s", f[0]);
	row->symbol = vb_strf("%s", f[1]);
	memcpy(row->count, count, sizeof(count));
}

static void check_whole(struct vb_old_profile *p)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!*text_member(p, i))
			vb_die("%s: no line \"# %s: ...\"", p->path, keys[i].key);
	if (p->total[0] <= 0 || p->total[1] <= 0)
		vb_die("%s: no line of the total", p->path);
	if (!p->n)
		vb_die("%s: no symbols", p->path);
}

static void read_paper(struct vb_old_profile *p, const char *path)
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
			take_comment(p, line);
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
 * vb_shelf_read() - read all published profiles
 * @shelf: filled in, by file name
 * @dir: folder with a .tsv file for each posting; NULL: none
 *
 * Ends the program with one line when there is something wrong with a file.
 */
void vb_shelf_read(struct vb_shelf *shelf, const char *dir)
{
	char *pattern;
	glob_t found;
	size_t i;

	memset(shelf, 0, sizeof(*shelf));
	if (!dir)
		return;
	pattern = vb_strf("%s/*.tsv", dir);
	if (!glob(pattern, GLOB_ERR, NULL, &found)) {
		for (i = 0; i < found.gl_pathc; i++) {
			shelf->paper = vb_grow(shelf->paper, shelf->n, sizeof(*shelf->paper));
			read_paper(&shelf->paper[shelf->n++], found.gl_pathv[i]);
		}
		globfree(&found);
	}
	free(pattern);
}

/**
 * vb_shelf_free() - free what vb_shelf_read() took
 * @shelf: the shelf
 */
void vb_shelf_free(struct vb_shelf *shelf)
{
	struct vb_old_profile *p;
	size_t i;

	for (p = shelf->paper; p < shelf->paper + shelf->n; p++) {
		for (i = 0; i < ARRAY_SIZE(keys); i++)
			free(*text_member(p, i));
		for (i = 0; i < p->n; i++) {
			free(p->row[i].symbol);
			free(p->row[i].area);
		}
		free(p->path);
		free(p->before);
		free(p->after);
		free(p->row);
	}
	free(shelf->paper);
}
