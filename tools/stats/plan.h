/* SPDX-License-Identifier: GPL-2.0 */
/* When boots that are added a few at a time are looked at, and what a look may spend. */
#ifndef VB_PLAN_H
#define VB_PLAN_H

/**
 * struct vb_plan - looks at a comparison that grows
 * @first: boots of each side before the first look
 * @step: boots more before each further one
 * @most: boots before the last one
 */
struct vb_plan {
	long first;
	long step;
	long most;
};

int vb_plan_read(struct vb_plan *plan, const char *text);
int vb_plan_look(const struct vb_plan *plan, long boots);
int vb_plan_looks(const struct vb_plan *plan);
double vb_plan_alpha(const struct vb_plan *plan, long boots, double alpha);

#endif
