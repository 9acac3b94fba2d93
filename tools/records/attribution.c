// SPDX-License-Identifier: GPL-2.0
/* Writing, reading and checking attribution.tsv: see attribution.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "records/attribution.h"
#include "records/clock.h"
#include "base/common.h"
#include "base/tsv.h"
#include "records/values.h"

/* Both sides are written with nine digits. */
#define ROUNDING	0.00000001

static const struct vb_tsv kind = {
	.header = "variant\tworkload\tpages\tthreads\tpart\tns_per_op\n",
	.what = "a row of an attribution",
	.columns = 6,
};

/**
 * vb_attribution_header() - write the header line
 * @out: where to
 */
void vb_attribution_header(FILE *out)
{
	fputs(kind.header, out);
}

/**
 * vb_attribution_row() - write a row
 * @out: where to
 * @share: the row
 */
void vb_attribution_row(FILE *out, const struct vb_share *share)
{
	fprintf(out, "%s\t%s\t%ld\t%ld\t%s\t%.9g\n", share->variant, share->workload,
		share->pages, share->threads, share->part, share->ns_per_op);
}

static int take_row(void *arg, char **f)
{
	struct vb_attribution *a = arg;
	struct vb_share *share;

	a->share = vb_grow(a->share, a->n, sizeof(*a->share));
	share = &a->share[a->n];
	if (!*f[0] || !*f[1] || !*f[4] || vb_tsv_count(f[2], &share->pages) ||
	    vb_tsv_count(f[3], &share->threads) || vb_tsv_number(f[5], &share->ns_per_op))
		return -1;
	share->variant = f[0];
	share->workload = f[1];
	if (vb_attribution_find(a, share, f[4]))
		return -1;
	share->variant = vb_strf("%s", f[0]);
	share->workload = vb_strf("%s", f[1]);
	share->part = vb_strf("%s", f[4]);
	a->n++;
	return 0;
}

/**
 * vb_attribution_read_from() - read an open table
 * @a: filled in
 * @name: of the table, for messages
 * @f: the table
 *
 * Ends the program with one line when there is something wrong with it.
 */
void vb_attribution_read_from(struct vb_attribution *a, const char *name, FILE *f)
{
	memset(a, 0, sizeof(*a));
	vb_tsv_read_from(&kind, name, f, take_row, a);
}

/**
 * vb_attribution_read() - read DIR/attribution.tsv
 * @a: filled in; empty when there is no such file
 * @c: the campaign it is of
 *
 * Ends the program with one line when there is something wrong with the file, a
 * part that a point has twice included.
 */
void vb_attribution_read(struct vb_attribution *a, const struct vb_campaign *c)
{
	char *path = vb_strf("%s/attribution.tsv", c->dir);

	memset(a, 0, sizeof(*a));
	vb_tsv_read(&kind, path, take_row, a);
	free(path);
}

/**
 * vb_share_same_point() - are these of one point?
 * @a: a row
 * @b: another
 *
 * Return: 1 when they are, else 0.
 */
int vb_share_same_point(const struct vb_share *a, const struct vb_share *b)
{
	return a->pages == b->pages && a->threads == b->threads &&
	       !strcmp(a->variant, b->variant) && !strcmp(a->workload, b->workload);
}

/**
 * vb_attribution_find() - look a row up
 * @a: the attribution
 * @like: a row of the same point; its part and value do not matter
 * @part: which part; NULL: any
 *
 * Return: the row, or NULL.
 */
const struct vb_share *vb_attribution_find(const struct vb_attribution *a,
					   const struct vb_share *like, const char *part)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (vb_share_same_point(&a->share[i], like) &&
		    (!part || !strcmp(a->share[i].part, part)))
			return &a->share[i];
	return NULL;
}

/* All parts of a point, ns of an operation. */
static double sum_of(const struct vb_attribution *a, const struct vb_share *like)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < a->n; i++)
		if (vb_share_same_point(&a->share[i], like))
			sum += a->share[i].ns_per_op;
	return sum;
}

struct check {
	const struct vb_attribution *a;
	const struct vb_summary *s;
	const struct vb_campaign *c;
	struct vb_list *problems;
};

static void check_point(const struct vb_point *p, void *data)
{
	const struct check *check = data;
	const struct vb_row *row;
	struct vb_share like = {
		.variant = (char *)p->variant, .workload = (char *)p->workload,
		.pages = p->pages, .threads = p->threads,
	};
	double sum, off;

	row = vb_summary_find(check->s, p->variant, p->workload, p->pages, p->threads,
			      "ns_per_op");
	if (!row || !vb_attribution_find(check->a, &like, NULL))
		return;
	sum = sum_of(check->a, &like);
	off = ROUNDING * row->median;
	/* A clock shows whole ns: a thread can be off by one at its begin, at its end, and more. */
	if (!vb_campaign_insn_is_1ns(check->c))
		off += 2.0 * p->threads / check->c->ops + VB_OP_ROUNDING_NS;
	if (fabs(sum - row->median) > off)
		vb_list_add(check->problems,
			    "attribution.tsv: the parts of %s, %s, %ld pages, %ld threads add up to %.9g ns, and ns_per_op is %.9g",
			    p->variant, p->workload, p->pages, p->threads, sum, row->median);
}

/**
 * vb_attribution_check() - do the parts add up to the time of an operation?
 * @a: the attribution
 * @s: the summary, which has that time from the clock
 * @c: the campaign
 * @problems: gets a line for every point where they do not
 */
void vb_attribution_check(const struct vb_attribution *a, const struct vb_summary *s,
			  const struct vb_campaign *c, struct vb_list *problems)
{
	struct check check = { .a = a, .s = s, .c = c, .problems = problems };

	vb_each_point(c, check_point, &check);
}

/**
 * vb_attribution_free() - free what vb_attribution_read() took
 * @a: the attribution
 */
void vb_attribution_free(struct vb_attribution *a)
{
	size_t i;

	for (i = 0; i < a->n; i++) {
		free(a->share[i].variant);
		free(a->share[i].workload);
		free(a->share[i].part);
	}
	free(a->share);
}
