/* SPDX-License-Identifier: GPL-2.0 */
/* Do two campaigns differ in nothing but what is to be compared? */
#ifndef VB_LIKENESS_H
#define VB_LIKENESS_H

#include "compare/side.h"

/**
 * struct vb_difference - an item of the fingerprint or of what was asked for
 * @name: as in campaign.json, with dots where it nests
 * @before: its value, or "not recorded"
 * @after: its value, or "not recorded"
 */
struct vb_difference {
	char *name;
	char *before;
	char *after;
};

struct vb_differences {
	struct vb_difference *item;
	size_t n;
};

/**
 * struct vb_likeness - how two kernels and what they were measured with differ
 * @change: the kernel: what is to be compared
 * @unlike: everything else, which makes a comparison worthless
 */
struct vb_likeness {
	struct vb_differences change;
	struct vb_differences unlike;
};

void vb_likeness_plan(struct vb_likeness *l, const struct vb_campaign *before,
		      const struct vb_campaign *after);
void vb_likeness_kernels(struct vb_likeness *l, const struct vb_campaign *before,
			 const char *variant, const struct vb_campaign *after,
			 const char *other);
void vb_likeness_free(struct vb_likeness *l);

#endif
