// SPDX-License-Identifier: GPL-2.0
/* Writing and reading summary.tsv: see summary.h. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "records/summary.h"
#include "base/tsv.h"

static const struct vb_tsv kind = {
	.header = "variant\tmachine\tworkload\tpages\tcpus\tthreads\tmetric\tunit\t"
		  "n\tmedian\tlo\thi\n",
	.what = "a row of a summary",
	.columns = 12,
};

/**
 * vb_summary_header() - write the header line
 * @out: where to
 */
void vb_summary_header(FILE *out)
{
	fputs(kind.header, out);
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

static int take_row(void *arg, char **f)
{
	struct vb_summary *s = arg;
	struct vb_row *row;

	s->row = vb_grow(s->row, s->n, sizeof(*s->row));
	row = &s->row[s->n];
	if (vb_tsv_count(f[3], &row->pages) || vb_tsv_count(f[4], &row->cpus) ||
	    vb_tsv_count(f[5], &row->threads) || vb_tsv_count(f[8], &row->n) ||
	    vb_tsv_number(f[9], &row->median) || vb_tsv_number(f[10], &row->lo) ||
	    vb_tsv_number(f[11], &row->hi))
		return -1;
	row->variant = vb_strf("%s", f[0]);
	row->machine = vb_strf("%s", f[1]);
	row->workload = vb_strf("%s", f[2]);
	row->metric = vb_strf("%s", f[6]);
	row->unit = vb_strf("%s", f[7]);
	s->n++;
	return 0;
}

/**
 * vb_summary_read_from() - read an open table
 * @s: filled in
 * @name: of the table, for messages
 * @f: the table
 *
 * Ends the program with one line when there is something wrong with it.
 */
void vb_summary_read_from(struct vb_summary *s, const char *name, FILE *f)
{
	memset(s, 0, sizeof(*s));
	vb_tsv_read_from(&kind, name, f, take_row, s);
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
	char *path = vb_strf("%s/summary.tsv", c->dir);

	memset(s, 0, sizeof(*s));
	if (!vb_tsv_read(&kind, path, take_row, s))
		vb_die("%s: no such file", path);
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
