// SPDX-License-Identifier: GPL-2.0
/*
 * Reading published figures: see published.h.
 *
 * A file is a comment block of "# key: value" lines, a header "threads BEFORE
 * AFTER" that names two variants, and a row per number of threads; fields are
 * separated by tabs.
 */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "records/metrics.h"
#include "records/paper.h"
#include "report/published.h"
#include "base/tsv.h"

#define COLUMNS 3

/* What every file has to say; all of it is text but the pages. */
static const struct vb_paper_key keys[] = {
	{ "mail", offsetof(struct vb_published, mail) },
	{ "list", offsetof(struct vb_published, list) },
	{ "date", offsetof(struct vb_published, date) },
	{ "machine", offsetof(struct vb_published, machine) },
	{ "loop", offsetof(struct vb_published, loop) },
	{ "workload", offsetof(struct vb_published, workload) },
	{ "metric", offsetof(struct vb_published, metric) },
};

/* A whole number from 1, and nothing behind it. */
static int to_count(const char *text, long *count)
{
	return vb_tsv_count(text, count) || *count < 1 ? -1 : 0;
}

static int to_figure(const char *text, double *figure)
{
	return vb_tsv_number(text, figure) || *figure <= 0 ? -1 : 0;
}

static void take_comment(void *paper, const char *key, size_t len, const char *value, int number)
{
	struct vb_published *p = paper;

	if (len == strlen("pages") && !strncmp(key, "pages", len) && to_count(value, &p->pages))
		vb_die("%s:%d: \"pages\" is not a count", p->path, number);
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

static void take_line(void *paper, char *line, int number)
{
	struct vb_published *p = paper;

	if (!p->before)
		take_header(p, line, number);
	else
		take_row(p, line, number);
}

static void check_whole(void *paper)
{
	const struct vb_published *p = paper;

	if (!p->pages)
		vb_die("%s: no line \"# pages: ...\"", p->path);
	if (!vb_metric_find(p->metric))
		vb_die("%s: \"%s\" is not a metric", p->path, p->metric);
	if (!p->n)
		vb_die("%s: no figures", p->path);
}

static const struct vb_paper_kind kind = {
	.key = keys,
	.nkeys = ARRAY_SIZE(keys),
	.size = sizeof(struct vb_published),
	.comment = take_comment,
	.line = take_line,
	.check = check_whole,
};

/**
 * vb_library_read() - read all published figures
 * @lib: filled in, by file name
 * @dir: directory with a .tsv file for each posting; NULL: none
 *
 * Ends the program with one line when there is something wrong with a file, or
 * no such directory. A directory without such files is none.
 */
void vb_library_read(struct vb_library *lib, const char *dir)
{
	lib->paper = vb_papers_read(&kind, dir, &lib->n);
}

/**
 * vb_library_free() - free what vb_library_read() took
 * @lib: the library
 */
void vb_library_free(struct vb_library *lib)
{
	struct vb_published *p;

	for (p = lib->paper; p < lib->paper + lib->n; p++) {
		vb_paper_free_texts(&kind, p);
		free(p->before);
		free(p->after);
		free(p->row);
	}
	free(lib->paper);
}
