// SPDX-License-Identifier: GPL-2.0
/* Areas of the kernel by name, and their shares, counted or sampled: see pair.h. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/pair.h"
#include "base/text.h"

/**
 * vb_pair_area_name() - what an area is called
 * @pair: joined
 * @area: its number; that of all areas for what is in none
 *
 * Return: its name.
 */
const char *vb_pair_area_name(const struct vb_pair *pair, size_t area)
{
	return area < pair->parts->nareas ? pair->parts->area[area] : VB_PART_REST;
}

static double percent(json_int_t part, json_int_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

/* Columns that the names of areas need. */
static int area_width(const struct vb_pair *pair)
{
	int len, max = 0;
	size_t i;

	for (i = 0; i <= pair->parts->nareas; i++) {
		len = strlen(vb_pair_area_name(pair, i));
		if (len > max)
			max = len;
	}
	return max;
}

/**
 * vb_pair_shares() - a line for each area: its share of the kernel, before and after
 * @out: where to
 * @pair: joined
 * @amount: of what a cost is taken
 * @what: that is called
 */
void vb_pair_shares(FILE *out, const struct vb_pair *pair,
		    json_int_t (*amount)(const struct vb_cost *c), const char *what)
{
	const int width = area_width(pair) + 1;
	json_int_t before, after;
	char *name;
	size_t i;

	for (i = 0; i <= pair->parts->nareas; i++) {
		before = amount(&pair->area[0][i]);
		after = amount(&pair->area[1][i]);
		if (!before && !after)
			continue;
		name = vb_strf("%s:", vb_pair_area_name(pair, i));
		fprintf(out, "%-*s %6.2f%% -> %6.2f%% of kernel %s\n", width, name,
			percent(before, amount(&pair->kernel[0])),
			percent(after, amount(&pair->kernel[1])), what);
		free(name);
	}
}
