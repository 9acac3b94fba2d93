// SPDX-License-Identifier: GPL-2.0
/* A published profile beside ours: see pair.h. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/pair.h"
#include "base/text.h"

#define NOTHING	"-"
/* The area of published lines that say how long CPUs were idle. */
#define IDLE	"idle"

/* Is it of this workload and these kernels? */
static int concerns(const struct vb_old_profile *p, const struct vb_pair *pair)
{
	return !strcmp(p->workload, pair->point.workload) &&
	       !strcmp(p->before, pair->variant[0]) && !strcmp(p->after, pair->variant[1]);
}

static void put_samples(struct vb_table *t, size_t column, double count, double total)
{
	char cell[32];

	if (count < 0) {
		vb_table_cell(t, column, NOTHING);
		vb_table_cell(t, column + 1, NOTHING);
		return;
	}
	snprintf(cell, sizeof(cell), "%.0f", count);
	vb_table_cell(t, column, cell);
	snprintf(cell, sizeof(cell), "%.2f", 100 * count / total);
	vb_table_cell(t, column + 1, cell);
}

static void print_lines(FILE *out, const struct vb_old_profile *p)
{
	struct vb_table t = { .words = 2 };
	size_t i;
	int side;

	vb_table_column(&t, vb_strf("subsystem"));
	vb_table_column(&t, vb_strf("symbol"));
	for (side = 0; side < VB_SIDES; side++) {
		vb_table_column(&t, vb_strf("%s\nsamples", side ? "after" : "before"));
		vb_table_column(&t, vb_strf("%%"));
	}
	vb_table_cell(&t, 0, "");
	vb_table_cell(&t, 1, "total");
	for (side = 0; side < VB_SIDES; side++)
		put_samples(&t, 2 + 2 * side, p->total[side], p->total[side]);
	for (i = 0; i < p->n; i++) {
		vb_table_cell(&t, 0, p->row[i].area);
		vb_table_cell(&t, 1, p->row[i].symbol);
		for (side = 0; side < VB_SIDES; side++)
			put_samples(&t, 2 + 2 * side, p->row[i].count[side], p->total[side]);
	}
	vb_table_print(out, &t);
	fputc('\n', out);
	vb_table_free(&t);
}

/* Below 0: none of the published lines is of that area. */
static double published_share(const struct vb_old_profile *p, const char *area, int side)
{
	double sum = 0;
	int found = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		if (strcmp(p->row[i].area, area) || p->row[i].count[side] < 0)
			continue;
		sum += p->row[i].count[side];
		found = 1;
	}
	return found ? 100 * sum / p->total[side] : -1;
}

static double our_share(const struct vb_pair *pair, const char *area, int side)
{
	json_int_t ns = 0;
	size_t i;

	if (!pair->total_ns[side])
		return 0;
	if (!strcmp(area, IDLE))
		ns = pair->profile[side].idle_ns;
	for (i = 0; i < pair->parts->nareas; i++)
		if (!strcmp(pair->parts->area[i], area))
			ns = vb_cost_ns(&pair->area[side][i]);
	return 100.0 * (double)ns / (double)pair->total_ns[side];
}

static void put_share(struct vb_table *t, size_t column, double share)
{
	char cell[16];

	snprintf(cell, sizeof(cell), "%.2f", share);
	vb_table_cell(t, column, share < 0 ? NOTHING : cell);
}

static int is_first(const struct vb_old_profile *p, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (!strcmp(p->row[k].area, p->row[i].area))
			return 0;
	return 1;
}

static void print_shares(FILE *out, const struct vb_pair *pair, const struct vb_old_profile *p)
{
	struct vb_table t = { 0 };
	size_t i;
	int side;

	vb_table_column(&t, vb_strf("subsystem"));
	vb_table_column(&t, vb_strf("published\nbefore"));
	vb_table_column(&t, vb_strf("published\nafter"));
	vb_table_column(&t, vb_strf("here\n%s", pair->variant[0]));
	vb_table_column(&t, vb_strf("here\n%s", pair->variant[1]));
	for (i = 0; i < p->n; i++) {
		if (!is_first(p, i))
			continue;
		vb_table_cell(&t, 0, p->row[i].area);
		for (side = 0; side < VB_SIDES; side++) {
			put_share(&t, 1 + side, published_share(p, p->row[i].area, side));
			put_share(&t, 3 + side, our_share(pair, p->row[i].area, side));
		}
	}
	vb_table_print(out, &t);
	fputc('\n', out);
	vb_table_free(&t);
}

static void print_paper(FILE *out, const struct vb_pair *pair, const struct vb_old_profile *p)
{
	char *text;

	text = vb_strf("Published: %s, %s, %s. Profiled: %s. Machine: %s.\n"
		       "Lines that were not published are \"-\".",
		       p->mail, p->list, p->date, p->loop, p->machine);
	vb_wrap(out, "", "", text);
	fputc('\n', out);
	free(text);
	print_lines(out, p);
	text = vb_strf("Beside ours: %% of all samples there, %% of all %s here\n"
		       "(%ld CPUs, the table above). Another machine, another kernel: compare which subsystem is large,\n"
		       "and which goes away.",
		       vb_pair_is_sampled(pair) ? "samples" : "CPUs' time", pair->cpus);
	vb_wrap(out, "", "", text);
	fputc('\n', out);
	free(text);
	print_shares(out, pair, p);
}

/**
 * vb_pair_published() - published profiles of the same workload beside ours
 * @out: where to
 * @pair: joined
 * @shelf: what was published; what is of another workload or other kernels is left out
 */
void vb_pair_published(FILE *out, const struct vb_pair *pair, const struct vb_shelf *shelf)
{
	size_t i;

	for (i = 0; i < shelf->n; i++)
		if (concerns(&shelf->paper[i], pair))
			print_paper(out, pair, &shelf->paper[i]);
}
