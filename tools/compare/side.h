/* SPDX-License-Identifier: GPL-2.0 */
/* One side of a comparison: a campaign, or one variant of it. */
#ifndef VB_SIDE_H
#define VB_SIDE_H

#include "records/attribution.h"
#include "records/runs.h"

/**
 * struct vb_side - a campaign in memory
 * @variant: the only variant that is meant; NULL: all
 * @name: the campaign's name, with the variant behind a colon if one is meant
 */
struct vb_side {
	char *dir;
	char *variant;
	char *name;
	struct vb_campaign c;
	struct vb_runs runs;
	struct vb_attribution a;
};

void vb_side_read(struct vb_side *side, const char *arg);
int vb_side_has(const struct vb_side *side, const char *variant);
const char *vb_side_accelerator(const struct vb_side *side);
void vb_side_free(struct vb_side *side);

#endif
