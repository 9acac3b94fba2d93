// SPDX-License-Identifier: GPL-2.0
/* Sums over areas of the kernel, of samples: see pair.h. */
#include <math.h>
#include <stdlib.h>

#include "base/common.h"
#include "profile/pair.h"
#include "base/text.h"

#define NOTHING	"-"
/* Of n samples two standard deviations are that many square roots of n. */
#define DEVIATIONS	2

static double percent(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

static json_int_t samples_of(const struct vb_pair *pair, int side, json_int_t ns)
{
	return ns / vb_pair_unit(pair, side);
}

static void put_share(struct vb_table *t, size_t column, const struct vb_pair *pair, int side,
		      json_int_t ns)
{
	const double all = pair->profile[side].sampling.samples;
	const double n = samples_of(pair, side, ns);
	char cell[16];

	if (n < 1) {
		vb_table_cell(t, column, NOTHING);
		vb_table_cell(t, column + 1, NOTHING);
		vb_table_cell(t, column + 2, NOTHING);
		return;
	}
	vb_table_count(t, column, n);
	snprintf(cell, sizeof(cell), "%.2f", percent(n, all));
	vb_table_cell(t, column + 1, cell);
	snprintf(cell, sizeof(cell), "%.2f", percent(DEVIATIONS * sqrt(n), all));
	vb_table_cell(t, column + 2, cell);
}

static void put_row(struct vb_table *t, const struct vb_pair *pair, const char *name,
		    json_int_t before, json_int_t after)
{
	if (!before && !after)
		return;
	vb_table_cell(t, 0, name);
	put_share(t, 1, pair, 0, before);
	put_share(t, 4, pair, 1, after);
}

/* All of them are all of them, without an error. */
static void put_total(struct vb_table *t, const struct vb_pair *pair)
{
	int side;

	vb_table_cell(t, 0, "total");
	for (side = 0; side < VB_SIDES; side++) {
		vb_table_count(t, 1 + 3 * side, pair->profile[side].sampling.samples);
		vb_table_cell(t, 2 + 3 * side, "100.00");
		vb_table_cell(t, 3 + 3 * side, "");
	}
}

static void print_table(FILE *out, const struct vb_pair *pair)
{
	struct vb_table t = { 0 };
	size_t i;
	int side;

	vb_table_column(&t, vb_strf("subsystem"));
	for (side = 0; side < VB_SIDES; side++) {
		vb_table_column(&t, vb_strf("%s\nsamples", side ? "after" : "before"));
		vb_table_column(&t, vb_strf("\n%%"));
		vb_table_column(&t, vb_strf("\n-+"));
	}
	for (i = 0; i <= pair->parts->nareas; i++)
		put_row(&t, pair, vb_pair_area_name(pair, i), vb_cost_ns(&pair->area[0][i]),
			vb_cost_ns(&pair->area[1][i]));
	put_row(&t, pair, "user mode", pair->profile[0].user_insns, pair->profile[1].user_insns);
	put_row(&t, pair, "idle", pair->profile[0].idle_ns, pair->profile[1].idle_ns);
	put_total(&t, pair);
	vb_table_print(out, &t);
	fputc('\n', out);
	vb_table_free(&t);
}

/**
 * vb_pair_sampled_areas() - how it was sampled, and sums over areas
 * @out: where to
 * @pair: joined, of samples
 */
void vb_pair_sampled_areas(FILE *out, const struct vb_pair *pair)
{
	const struct vb_sampling *before = &pair->profile[0].sampling;
	const struct vb_sampling *after = &pair->profile[1].sampling;
	char *text;

	text = vb_strf("Sampled, not counted: %lld and %lld samples, one every %lld ns of each\n"
		       "CPU's clock, which are %.0f%% and %.0f%% of those that were due. Of n\n"
		       "samples expect n -+ %d sqrt(n). Machine %s, accelerator %s.",
		       (long long)before->samples, (long long)after->samples,
		       (long long)before->every_ns,
		       percent(before->samples, before->due), percent(after->samples, after->due),
		       DEVIATIONS, pair->machine, pair->accelerator);
	vb_wrap(out, "", "", text);
	fputc('\n', out);
	free(text);
	vb_wrap(out, "", "",
		"What the kernel does: of all samples in the kernel on all CPUs, waiting included; user mode and idle time are not in it.");
	fputc('\n', out);
	vb_pair_shares(out, pair, vb_cost_ns, "samples");
	fprintf(out, "\nA hundred per cent are %lld and %lld samples.\n\n",
		(long long)samples_of(pair, 0, vb_cost_ns(&pair->kernel[0])),
		(long long)samples_of(pair, 1, vb_cost_ns(&pair->kernel[1])));
	vb_wrap(out, "", "",
		"Where time goes: % of all samples from the start of the first thread to the end of the last, and its error: two standard deviations.");
	fputc('\n', out);
	print_table(out, pair);
}
