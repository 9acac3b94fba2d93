// SPDX-License-Identifier: GPL-2.0
/* Sums over areas of the kernel, before and after: see pair.h. */
#include "base/common.h"
#include "profile/pair.h"
#include "base/text.h"

#define NOTHING	"-"

static json_int_t insns_of(const struct vb_cost *c)
{
	return c->insns;
}

static void put_percent(struct vb_table *t, size_t column, json_int_t part, json_int_t whole)
{
	char cell[16];

	snprintf(cell, sizeof(cell), "%.2f", part ? 100.0 * (double)part / (double)whole : 0);
	vb_table_cell(t, column, part ? cell : NOTHING);
}

/* A row; a part without a member of its own is all in the column of sums. */
static void put_row(struct vb_table *t, const struct vb_pair *pair, const char *name,
		    const struct vb_cost *cost[VB_SIDES], const json_int_t sum[VB_SIDES])
{
	size_t column = 1;
	int side;

	vb_table_cell(t, 0, name);
	for (side = 0; side < VB_SIDES; side++) {
		const json_int_t all = pair->total_ns[side];

		put_percent(t, column++, cost[side]->exec_ps / 1000, all);
		put_percent(t, column++, cost[side]->spin_ns, all);
		put_percent(t, column++, cost[side]->cost_ns, all);
		put_percent(t, column++, sum[side], all);
	}
}

static void put_plain(struct vb_table *t, const struct vb_pair *pair, const char *name,
		      json_int_t before, json_int_t after)
{
	static const struct vb_cost none;
	const struct vb_cost *cost[VB_SIDES] = { &none, &none };
	const json_int_t sum[VB_SIDES] = { before, after };

	if (before || after)
		put_row(t, pair, name, cost, sum);
}

static void put_cost(struct vb_table *t, const struct vb_pair *pair, const char *name,
		     const struct vb_cost *before, const struct vb_cost *after)
{
	const struct vb_cost *cost[VB_SIDES] = { before, after };
	const json_int_t sum[VB_SIDES] = { vb_cost_ns(before), vb_cost_ns(after) };

	if (sum[0] || sum[1])
		put_row(t, pair, name, cost, sum);
}

static void print_time(FILE *out, const struct vb_pair *pair)
{
	static const char *const head[] = { "instr.", "spins", "costs", "all" };
	struct vb_table t = { 0 };
	struct vb_cost sum[VB_SIDES] = { pair->kernel[0], pair->kernel[1] };
	const struct vb_cost *cost[VB_SIDES] = { &sum[0], &sum[1] };
	size_t i;
	int side;

	vb_table_column(&t, vb_strf("subsystem"));
	for (side = 0; side < VB_SIDES; side++)
		for (i = 0; i < ARRAY_SIZE(head); i++)
			vb_table_column(&t, vb_strf("%s\n%s", side ? "after" : "before", head[i]));
	for (i = 0; i <= pair->parts->nareas; i++)
		put_cost(&t, pair, vb_pair_area_name(pair, i), &pair->area[0][i],
			 &pair->area[1][i]);
	put_plain(&t, pair, "user mode", pair->profile[0].user_insns, pair->profile[1].user_insns);
	put_plain(&t, pair, "idle", pair->profile[0].idle_ns, pair->profile[1].idle_ns);
	put_row(&t, pair, "total", cost, pair->total_ns);
	vb_table_print(out, &t);
	fputc('\n', out);
	vb_table_free(&t);
}

/**
 * vb_pair_areas() - sums over areas
 * @out: where to
 * @pair: joined
 */
void vb_pair_areas(FILE *out, const struct vb_pair *pair)
{
	if (vb_pair_is_sampled(pair)) {
		vb_pair_sampled_areas(out, pair);
		return;
	}
	vb_wrap(out, "", "",
		"What the kernel executes: of all instructions of the kernel on all CPUs while they made progress; spinning and idle time are not in it.");
	fputc('\n', out);
	vb_pair_shares(out, pair, insns_of, "instructions");
	fprintf(out, "\nA hundred per cent are %lld and %lld instructions.\n\n",
		(long long)pair->kernel[0].insns, (long long)pair->kernel[1].insns);
	vb_wrap(out, "", "",
		"Where time goes: % of all CPUs' time from the start of the first thread to the end of the last, by instructions, spinning, and costs charged.");
	fputc('\n', out);
	print_time(out, pair);
}
