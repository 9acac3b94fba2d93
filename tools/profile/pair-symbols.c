// SPDX-License-Identifier: GPL-2.0
/* The table of symbols before and after: see pair.h. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/pair.h"
#include "base/text.h"

/* A symbol with less than this share of the kernel's time on both sides is not named. */
#define SMALL		0.001
#define NAME_MIN	20

/* Widths of the columns. */
struct layout {
	int name;
	int count[VB_SIDES];
	int each[VB_SIDES];
	int decimals;
};

/* What a line says of one side. */
struct cell {
	json_int_t count;
	json_int_t size;
};

static double share(const struct vb_pair *pair, const struct vb_pair_row *row, int side)
{
	const json_int_t all = vb_cost_ns(&pair->kernel[side]);

	return all ? (double)vb_cost_ns(&row->cost[side]) / (double)all : 0;
}

static double larger_share(const struct vb_pair *pair, const struct vb_pair_row *row)
{
	const double before = share(pair, row, 0), after = share(pair, row, 1);

	return before > after ? before : after;
}

static const struct vb_pair *sorted;

static int compare(const void *a, const void *b)
{
	const struct vb_pair_row *x = a, *y = b;
	const double s = larger_share(sorted, x), t = larger_share(sorted, y);

	if (s != t)
		return s > t ? -1 : 1;
	if (strcmp(x->name, y->name))
		return strcmp(x->name, y->name);
	return strcmp(x->module ? x->module : "", y->module ? y->module : "");
}

static double per_byte(const struct cell *c)
{
	return c->size ? (double)c->count / (double)c->size : 0;
}

static struct cell cell_of(const struct vb_pair *pair, const struct vb_pair_row *row, int side)
{
	const struct cell c = {
		.count = vb_cost_ns(&row->cost[side]) / vb_pair_unit(pair, side),
		.size = row->size[side],
	};

	return c;
}

static int digits(json_int_t n)
{
	return snprintf(NULL, 0, "%lld", (long long)n);
}

/* Four decimals are readprofile's; large counts leave no room for them. */
static struct layout lay_out(const struct vb_pair *pair)
{
	double max[VB_SIDES] = { 0 };
	struct layout l = { .decimals = 4 };
	struct cell c;
	int side;
	size_t i;

	for (i = 0; i < pair->n; i++) {
		for (side = 0; side < VB_SIDES; side++) {
			c = cell_of(pair, &pair->row[i], side);
			if (per_byte(&c) > max[side])
				max[side] = per_byte(&c);
		}
	}
	if (max[0] >= 100000 || max[1] >= 100000)
		l.decimals = 1;
	l.name = VB_WIDTH - 2;
	for (side = 0; side < VB_SIDES; side++) {
		l.count[side] = digits(pair->total_ns[side] / vb_pair_unit(pair, side));
		if (l.count[side] < (int)strlen(pair->variant[side]))
			l.count[side] = strlen(pair->variant[side]);
		l.each[side] = snprintf(NULL, 0, "%.*f", l.decimals, max[side]);
		if (l.each[side] < (int)strlen("/ byte"))
			l.each[side] = strlen("/ byte");
		l.name -= l.count[side] + l.each[side] + 2;
	}
	if (l.name < NAME_MIN)
		l.name = NAME_MIN;
	return l;
}

static void print_side(FILE *out, const struct layout *l, int side, const struct cell *c)
{
	const int last = side == VB_SIDES - 1;

	if (!c->count)
		fprintf(out, " %*s", l->count[side], "-");
	else
		fprintf(out, " %*lld", l->count[side], (long long)c->count);
	if (c->count && c->size)
		fprintf(out, " %*.*f", l->each[side], l->decimals, per_byte(c));
	else if (!last)
		fprintf(out, " %*s", l->each[side], "");
}

static void print_line(FILE *out, const struct layout *l, char mark, const char *name,
		       const struct cell *before, const struct cell *after)
{
	const int cut = (int)strlen(name) > l->name;

	fprintf(out, "%c %-*.*s%s", mark, cut ? 0 : l->name, cut ? l->name - 1 : l->name, name,
		cut ? "~" : "");
	print_side(out, l, 0, before);
	print_side(out, l, 1, after);
	fputc('\n', out);
}

static char mark_of(const struct vb_pair *pair, size_t area)
{
	return area < pair->parts->nareas ? toupper(pair->parts->area[area][0]) : ' ';
}

static void print_row(FILE *out, const struct layout *l, const struct vb_pair *pair,
		      const struct vb_pair_row *row)
{
	const struct cell before = cell_of(pair, row, 0), after = cell_of(pair, row, 1);
	char *name = row->module ? vb_strf("%s [%s]", row->name, row->module) :
				   vb_strf("%s", row->name);

	print_line(out, l, mark_of(pair, row->area), name, &before, &after);
	free(name);
}

static void print_rest(FILE *out, const struct layout *l, const struct vb_pair *pair,
		       const char *name, json_int_t before, json_int_t after)
{
	const struct cell b = { .count = before / vb_pair_unit(pair, 0) };
	const struct cell a = { .count = after / vb_pair_unit(pair, 1) };

	if (before || after)
		print_line(out, l, ' ', name, &b, &a);
}

static void print_small(FILE *out, const struct layout *l, const struct vb_pair *pair, size_t from)
{
	json_int_t ns[VB_SIDES] = { 0 };
	char *name;
	size_t i;
	int side;

	for (i = from; i < pair->n; i++)
		for (side = 0; side < VB_SIDES; side++)
			ns[side] += vb_cost_ns(&pair->row[i].cost[side]);
	name = vb_strf("%zu other symbols", pair->n - from);
	print_rest(out, l, pair, name, ns[0], ns[1]);
	free(name);
}

static void print_legend(FILE *out, const struct vb_pair *pair)
{
	char *text, *more;
	size_t i;

	text = vb_strf("Count is %s; / byte is that by the symbol's bytes of code. Marks:",
		       vb_pair_is_sampled(pair) ?
		       "samples on all CPUs, of which expect n -+ 2 sqrt(n)" :
		       "ns of all CPUs: instructions, time spun, and costs charged");
	for (i = 0; i < pair->parts->nareas; i++) {
		more = vb_strf("%s %c %s%s", text, mark_of(pair, i), pair->parts->area[i],
			       i + 1 < pair->parts->nareas ? "," : ".");
		free(text);
		text = more;
	}
	vb_wrap(out, "", "", text);
	fputc('\n', out);
	free(text);
}

static void print_head(FILE *out, const struct layout *l, const struct vb_pair *pair)
{
	fprintf(out, "%-*s %*s %*s %*s %*s\n", l->name + 2, "  symbol", l->count[0],
		pair->variant[0], l->each[0], "/ byte", l->count[1], pair->variant[1], l->each[1],
		"/ byte");
}

/**
 * vb_pair_symbols() - the symbols, those with the largest share first
 * @out: where to
 * @pair: joined; its rows are sorted anew
 *
 * All counts add up to the total.
 */
void vb_pair_symbols(FILE *out, struct vb_pair *pair)
{
	const struct layout l = lay_out(pair);
	size_t i;

	sorted = pair;
	if (pair->n)
		qsort(pair->row, pair->n, sizeof(*pair->row), compare);
	print_legend(out, pair);
	print_head(out, &l, pair);
	print_rest(out, &l, pair, "total", pair->total_ns[0], pair->total_ns[1]);
	for (i = 0; i < pair->n && larger_share(pair, &pair->row[i]) >= SMALL; i++)
		print_row(out, &l, pair, &pair->row[i]);
	if (i < pair->n)
		print_small(out, &l, pair, i);
	print_rest(out, &l, pair, "user mode", pair->profile[0].user_insns,
		   pair->profile[1].user_insns);
	print_rest(out, &l, pair, "idle", pair->profile[0].idle_ns, pair->profile[1].idle_ns);
	fputc('\n', out);
}
