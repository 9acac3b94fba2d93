// SPDX-License-Identifier: GPL-2.0
/*
 * Reading published profiles: see published-profile.h.
 *
 * A file is a comment block of "# key: value" lines, a header "area symbol BEFORE
 * AFTER" that names two variants, and a row per line of the profile, the first
 * being the total; fields are separated by tabs.
 */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "records/paper.h"
#include "profile/published-profile.h"
#include "base/tsv.h"

#define COLUMNS		4
#define NOT_THERE	"-"

static const struct vb_paper_key keys[] = {
	{ "mail", offsetof(struct vb_old_profile, mail) },
	{ "list", offsetof(struct vb_old_profile, list) },
	{ "date", offsetof(struct vb_old_profile, date) },
	{ "machine", offsetof(struct vb_old_profile, machine) },
	{ "loop", offsetof(struct vb_old_profile, loop) },
	{ "workload", offsetof(struct vb_old_profile, workload) },
};

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
	row->line = number;
	memcpy(row->count, count, sizeof(count));
}

static void take_line(void *paper, char *line, int number)
{
	struct vb_old_profile *p = paper;

	if (!p->before)
		take_header(p, line, number);
	else
		take_row(p, line, number);
}

static void check_whole(void *paper)
{
	const struct vb_old_profile *p = paper;
	const struct vb_old_row *row;
	double sum[2] = { 0 };
	int side;

	if (p->total[0] <= 0 || p->total[1] <= 0)
		vb_die("%s: no line of the total", p->path);
	if (!p->n)
		vb_die("%s: no symbols", p->path);
	for (row = p->row; row < p->row + p->n; row++) {
		for (side = 0; side < 2; side++) {
			if (row->count[side] > 0)
				sum[side] += row->count[side];
			if (sum[side] > p->total[side])
				vb_die("%s:%d: more samples than the total, with %s", p->path,
				       row->line, "those of the lines above");
		}
	}
}

static const struct vb_paper_kind kind = {
	.key = keys,
	.nkeys = ARRAY_SIZE(keys),
	.size = sizeof(struct vb_old_profile),
	.line = take_line,
	.check = check_whole,
};

/**
 * vb_shelf_read() - read all published profiles
 * @shelf: filled in, by file name
 * @dir: directory with a .tsv file for each posting; NULL: none
 *
 * Ends the program with one line when there is something wrong with a file, or
 * no such directory.
 */
void vb_shelf_read(struct vb_shelf *shelf, const char *dir)
{
	shelf->paper = vb_papers_read(&kind, dir, &shelf->n);
}

static int is_area(const struct vb_parts *parts, const char *name)
{
	size_t i;

	if (!strcmp(name, "idle") || !strcmp(name, VB_PART_REST) || !strcmp(name, VB_PART_USER))
		return 1;
	for (i = 0; i < parts->nareas; i++)
		if (!strcmp(parts->area[i], name))
			return 1;
	return 0;
}

/**
 * vb_shelf_check() - are the areas of all lines known?
 * @shelf: the published profiles
 * @parts: what areas there are
 *
 * Ends the program with the file and the line where one is not.
 */
void vb_shelf_check(const struct vb_shelf *shelf, const struct vb_parts *parts)
{
	const struct vb_old_profile *p;
	const struct vb_old_row *row;

	for (p = shelf->paper; p < shelf->paper + shelf->n; p++)
		for (row = p->row; row < p->row + p->n; row++)
			if (!is_area(parts, row->area))
				vb_die("%s:%d: there is no subsystem %s", p->path, row->line,
				       row->area);
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
		for (i = 0; i < p->n; i++) {
			free(p->row[i].symbol);
			free(p->row[i].area);
		}
		vb_paper_free_texts(&kind, p);
		free(p->before);
		free(p->after);
		free(p->row);
	}
	free(shelf->paper);
}
