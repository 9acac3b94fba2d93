// SPDX-License-Identifier: GPL-2.0
/* Sums over areas of the kernel as rows of areas.tsv: see pair.h. */
#include "profile/pair.h"

#define USER	"user mode"
#define IDLE	"idle"
#define TOTAL	"total"

/**
 * vb_pair_tsv_header() - the first line of areas.tsv
 * @out: where to
 */
void vb_pair_tsv_header(FILE *out)
{
	fputs("variant\tworkload\tpages\tthreads\tarea\tinsns\tns\n", out);
}

static void put_row(FILE *out, const struct vb_pair *pair, int side, const char *area,
		    json_int_t insns, json_int_t ns)
{
	fprintf(out, "%s\t%s\t%ld\t%ld\t%s\t%lld\t%lld\n", pair->variant[side],
		pair->point.workload, pair->point.pages, pair->point.threads, area,
		(long long)insns, (long long)ns);
}

static void put_side(FILE *out, const struct vb_pair *pair, int side)
{
	const struct vb_profile *p = &pair->profile[side];
	const struct vb_cost *cost;
	size_t i;

	for (i = 0; i <= pair->parts->nareas; i++) {
		cost = &pair->area[side][i];
		put_row(out, pair, side, vb_pair_area_name(pair, i), cost->insns, vb_cost_ns(cost));
	}
	put_row(out, pair, side, USER, 0, p->user_insns);
	put_row(out, pair, side, IDLE, 0, p->idle_ns);
	put_row(out, pair, side, TOTAL, pair->kernel[side].insns, pair->total_ns[side]);
}

/**
 * vb_pair_tsv() - the rows of a point, of both sides
 * @out: where to
 * @pair: joined
 */
void vb_pair_tsv(FILE *out, const struct vb_pair *pair)
{
	int side;

	for (side = 0; side < VB_SIDES; side++)
		put_side(out, pair, side);
}
