// SPDX-License-Identifier: GPL-2.0
/* Writing and reading summary.tsv: see summary.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "summary.h"

static const char header[] =
	"variant\tmachine\tworkload\tpages\tcpus\tthreads\tmetric\tunit\tn\tmedian\tlo\thi";

#define COLUMNS 12

/**
 * vb_summary_header() - write the header line
 * @out: where to
 */
void vb_summary_header(FILE *out)
{
	fprintf(out, "%s\n", header);
}

/**
 * vb_summary_row() - write a row
 * @out: where to
 * @row: the row
 *
 * Nine digits keep a difference of one instruction visible and stay free of
 * the last bits, in which C libraries differ.
 */
void vb_summary_row(FILE *out, const struct vb_row *row)
{
	fprintf(out, "%s\t%s\t%s\t%ld\t%ld\t%ld\t%s\t%s\t%ld\t%.9g\t%.9g\t%.9g\n", row->variant,
		row->machine, row->workload, row->pages, row->cpus, row->threads, row->metric,
		row->unit, row->n, row->median, row->lo, row->hi);
}

/* Cut a line at its tabs; -1 when there are more or fewer fields than columns. */
static int split(char *line, char **field)
{
	int n = 0;

	line[strcspn(line, "\n")] = '\0';
	while (line && n < COLUMNS)
		field[n++] = strsep(&line, "\t");
	return line || n < COLUMNS ? -1 : 0;
}

static int to_number(const char *text, double *value)
{
	char *end;

	*value = strtod(text, &end);
	return end == text || *end ? -1 : 0;
}

static int to_row(char *line, struct vb_row *row)
{
	double pages, cpus, threads, n;
	char *f[COLUMNS];

	if (split(line, f) || to_number(f[3], &pages) || to_number(f[4], &cpus) ||
	    to_number(f[5], &threads) || to_number(f[8], &n) || to_number(f[9], &row->median) ||
	    to_number(f[10], &row->lo) || to_number(f[11], &row->hi))
		return -1;
	row->variant = vb_strf("%s", f[0]);
	row->machine = vb_strf("%s", f[1]);
	row->workload = vb_strf("%s", f[2]);
	row->pages = pages;
	row->cpus = cpus;
	row->threads = threads;
	row->metric = vb_strf("%s", f[6]);
	row->unit = vb_strf("%s", f[7]);
	row->n = n;
	return 0;
}

/**
 * vb_summary_read() - read DIR/summary.tsv
 * @s: filled in
 * @c: the campaign it is of
 *
 * Ends the program with one line when there is something wrong with the file.
 */
void vb_summary_read(struct vb_summary *s, const struct vb_campaign *c)
{
	char *path = vb_strf("%s/summary.tsv", c->dir), *line = NULL;
	size_t room = 0;
	int number = 1;
	FILE *f;

	memset(s, 0, sizeof(*s));
	f = fopen(path, "r");
	if (!f)
		vb_die("%s: %s", path, strerror(errno));
	if (getline(&line, &room, f) <= 0 || strncmp(line, header, strlen(header)) ||
	    line[strlen(header)] != '\n')
		vb_die("%s:1: not the header of a summary", path);
	while (getline(&line, &room, f) > 0) {
		number++;
		s->row = vb_grow(s->row, s->n, sizeof(*s->row));
		if (to_row(line, &s->row[s->n++]))
			vb_die("%s:%d: not a row of a summary", path, number);
	}
	if (ferror(f))
		vb_die("%s: %s", path, strerror(errno));
	fclose(f);
	free(line);
	free(path);
}

/**
 * vb_summary_find() - look a row up
 * @s: the summary
 * @variant: which kernel
 * @workload: which operation loop
 * @pages: pages per operation
 * @threads: how many threads
 * @metric: which metric
 *
 * Return: the row, or NULL.
 */
const struct vb_row *vb_summary_find(const struct vb_summary *s, const char *variant,
				     const char *workload, long pages, long threads,
				     const char *metric)
{
	const struct vb_row *r;

	for (r = s->row; r < s->row + s->n; r++)
		if (r->pages == pages && r->threads == threads && !strcmp(r->variant, variant) &&
		    !strcmp(r->workload, workload) && !strcmp(r->metric, metric))
			return r;
	return NULL;
}

/**
 * vb_summary_free() - free what vb_summary_read() took
 * @s: the summary
 */
void vb_summary_free(struct vb_summary *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		free(s->row[i].variant);
		free(s->row[i].machine);
		free(s->row[i].workload);
		free(s->row[i].metric);
		free(s->row[i].unit);
	}
	free(s->row);
}
