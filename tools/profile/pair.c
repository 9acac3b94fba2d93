// SPDX-License-Identifier: GPL-2.0
/* Two profiles become one list of symbols with sums: see pair.h. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/pair.h"

/**
 * vb_cost_ns() - all of it
 * @c: what some code cost
 *
 * Return: ns of CPUs.
 */
json_int_t vb_cost_ns(const struct vb_cost *c)
{
	return c->exec_ps / 1000 + c->spin_ns + c->cost_ns + c->sampled_ns;
}

/**
 * vb_pair_is_sampled() - are the counts those of samples?
 * @pair: its profiles are filled in
 *
 * Return: 1 when they are, 0 when they were counted exactly.
 */
int vb_pair_is_sampled(const struct vb_pair *pair)
{
	return pair->profile[0].sampling.every_ns != 0;
}

/**
 * vb_pair_unit() - what is counted
 * @pair: its profiles are filled in
 * @side: of which side
 *
 * Return: ns that a count of one stands for.
 */
json_int_t vb_pair_unit(const struct vb_pair *pair, int side)
{
	const json_int_t every = pair->profile[side].sampling.every_ns;

	return every ? every : 1;
}

static int compare(const void *a, const void *b)
{
	const struct vb_pair_row *x = a, *y = b;
	int names = strcmp(x->name, y->name);

	return names ? names : strcmp(x->module ? x->module : "", y->module ? y->module : "");
}

static void add_rows(struct vb_pair *pair, int side)
{
	const struct vb_profile *p = &pair->profile[side];
	struct vb_pair_row *row;
	size_t i;

	for (i = 0; i < p->n; i++) {
		pair->row = vb_grow(pair->row, pair->n, sizeof(*pair->row));
		row = &pair->row[pair->n++];
		row->name = p->row[i].name;
		row->module = p->row[i].module;
		row->area = vb_parts_area_of(pair->parts, row->name, row->module);
		row->cost[side] = p->row[i].cost;
		row->size[side] = p->row[i].size;
	}
}

static noreturn void die_sum(const struct vb_pair *pair, int side)
{
	vb_die("the profile of %s, %s, %ld pages, %ld threads: %s", pair->variant[side],
	       pair->point.workload, pair->point.pages, pair->point.threads, VB_TOO_LARGE);
}

static void add(const struct vb_pair *pair, int side, struct vb_cost *sum,
		const struct vb_cost *more)
{
	if (!vb_cost_add(sum, more))
		die_sum(pair, side);
}

/* Static functions that have a name in common are one row. */
static void merge_rows(struct vb_pair *pair)
{
	size_t i, n = 0;
	int side;

	if (!pair->n)
		return;
	qsort(pair->row, pair->n, sizeof(*pair->row), compare);
	for (i = 1; i < pair->n; i++) {
		if (compare(&pair->row[n], &pair->row[i])) {
			pair->row[++n] = pair->row[i];
			continue;
		}
		for (side = 0; side < VB_SIDES; side++) {
			add(pair, side, &pair->row[n].cost[side], &pair->row[i].cost[side]);
			if (!vb_sum(&pair->row[n].size[side], pair->row[i].size[side]))
				die_sum(pair, side);
		}
	}
	pair->n = n + 1;
}

static void sum_up(struct vb_pair *pair, int side)
{
	const struct vb_profile *p = &pair->profile[side];
	size_t i;

	pair->area[side] = calloc(pair->parts->nareas + 1, sizeof(*pair->area[side]));
	if (!pair->area[side])
		vb_die("out of memory");
	for (i = 0; i < pair->n; i++) {
		add(pair, side, &pair->area[side][pair->row[i].area], &pair->row[i].cost[side]);
		add(pair, side, &pair->kernel[side], &pair->row[i].cost[side]);
	}
	pair->total_ns[side] = vb_cost_ns(&pair->kernel[side]);
	if (!vb_sum(&pair->total_ns[side], p->user_insns) ||
	    !vb_sum(&pair->total_ns[side], p->idle_ns))
		die_sum(pair, side);
}

/**
 * vb_pair_join() - make rows and sums of the profiles
 * @pair: its members from @row on are empty, those in front filled in
 */
void vb_pair_join(struct vb_pair *pair)
{
	int side;

	for (side = 0; side < VB_SIDES; side++)
		add_rows(pair, side);
	merge_rows(pair);
	for (side = 0; side < VB_SIDES; side++)
		sum_up(pair, side);
}

/**
 * vb_pair_free() - free rows, sums and profiles
 * @pair: not to be used again
 */
void vb_pair_free(struct vb_pair *pair)
{
	int side;

	for (side = 0; side < VB_SIDES; side++) {
		free(pair->area[side]);
		vb_profile_free(&pair->profile[side]);
	}
	free(pair->row);
}
