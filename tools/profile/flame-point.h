/* SPDX-License-Identifier: GPL-2.0 */
/* The flame graph of one point of a campaign. */
#ifndef VB_FLAME_POINT_H
#define VB_FLAME_POINT_H

#include <stdio.h>

#include "base/kept.h"
#include "profile/flame.h"
#include "records/values.h"

/**
 * struct vb_flame_query - what is drawn
 * @variant: the kernel; of a difference, before and after
 * @sides: 1, or 2 for the difference
 * @point: which point; its variant does not matter
 */
struct vb_flame_query {
	const char *variant[VB_FLAME_SIDES];
	int sides;
	struct vb_point point;
};

int vb_flame_point(FILE *out, const struct vb_flame_query *q, const struct vb_campaign *c,
		   const struct vb_runs *runs, const struct vb_parts *parts,
		   struct vb_kept_files *files);

#endif
