/* SPDX-License-Identifier: GPL-2.0 */
/* The profiles of one point before and after a change, side by side. */
#ifndef VB_PAIR_H
#define VB_PAIR_H

#include <stdio.h>

#include "profile/parts.h"
#include "profile/profile.h"
#include "profile/published-profile.h"
#include "records/runs.h"
#include "records/values.h"

/* Before, and after. */
#define VB_SIDES	2

/**
 * struct vb_pair_row - a symbol on both sides
 * @name: its name
 * @module: whose it is, NULL for the kernel's own
 * @area: number of its area; that of all areas when it is in none
 * @cost: what it cost on all CPUs
 * @size: bytes of code; 0 where it did not run
 */
struct vb_pair_row {
	const char *name;
	const char *module;
	size_t area;
	struct vb_cost cost[VB_SIDES];
	json_int_t size[VB_SIDES];
};

/**
 * struct vb_pair - a point on both sides
 * @parts: areas and their symbols
 * @point: which point; its variant is that of the side
 * @variant: of each side
 * @cpus: CPUs of the machine
 * @machine: what it is called
 * @accelerator: what executed its instructions
 * @profile: of each side; names of rows live in it
 * @row: the symbols
 * @n: how many
 * @area: sums of each area, and behind them of symbols in none
 * @kernel: sums over all rows
 * @total_ns: all CPUs' time: that of the kernel, user mode and idle
 */
struct vb_pair {
	const struct vb_parts *parts;
	struct vb_point point;
	const char *variant[VB_SIDES];
	long cpus;
	const char *machine;
	const char *accelerator;
	struct vb_profile profile[VB_SIDES];
	struct vb_pair_row *row;
	size_t n;
	struct vb_cost *area[VB_SIDES];
	struct vb_cost kernel[VB_SIDES];
	json_int_t total_ns[VB_SIDES];
};

json_int_t vb_cost_ns(const struct vb_cost *c);
int vb_pair_is_sampled(const struct vb_pair *pair);
json_int_t vb_pair_unit(const struct vb_pair *pair, int side);
void vb_pair_join(struct vb_pair *pair);
void vb_pair_symbols(FILE *out, struct vb_pair *pair);
const char *vb_pair_area_name(const struct vb_pair *pair, size_t area);
void vb_pair_shares(FILE *out, const struct vb_pair *pair,
		    json_int_t (*amount)(const struct vb_cost *c), const char *what);
void vb_pair_areas(FILE *out, const struct vb_pair *pair);
void vb_pair_sampled_areas(FILE *out, const struct vb_pair *pair);
void vb_pair_published(FILE *out, const struct vb_pair *pair, const struct vb_shelf *shelf);
void vb_pair_tsv_header(FILE *out);
void vb_pair_tsv(FILE *out, const struct vb_pair *pair);
void vb_pair_free(struct vb_pair *pair);

#endif
