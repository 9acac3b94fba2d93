/* SPDX-License-Identifier: GPL-2.0 */
/* All runs of a campaign, and what is wrong with them. */
#ifndef VB_RUNS_H
#define VB_RUNS_H

#include "records/events.h"

/**
 * struct vb_runs - the runs of a campaign, variants in the order asked for
 * @marks: a line for everything about the campaign that is to be taken with care
 * @problems: a line for everything that was asked for and is left out
 */
struct vb_runs {
	struct vb_run *run;
	size_t n;
	struct vb_list problems;
	struct vb_list marks;
};

void vb_runs_read(struct vb_runs *runs, const struct vb_campaign *c);
void vb_runs_free(struct vb_runs *runs);

#endif
