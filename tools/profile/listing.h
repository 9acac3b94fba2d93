/* SPDX-License-Identifier: GPL-2.0 */
/* The profile of one point as readprofile prints it, or folded. */
#ifndef VB_LISTING_H
#define VB_LISTING_H

#include <stdio.h>

#include "base/kept.h"
#include "records/events.h"

/**
 * struct vb_listing - what is asked for
 * @dir: of the run
 * @workload: of the point
 * @mode: which measurement of it; VB_MODES: the one with a profile
 * @pages: of the point
 * @threads: of the point
 * @folded: lines for flame graphs
 */
struct vb_listing {
	const char *dir;
	const char *workload;
	enum vb_mode mode;
	long pages;
	long threads;
	int folded;
};

int vb_profile_listing(FILE *out, const struct vb_listing *q, const struct vb_run *run,
		       struct vb_kept_files *files);

#endif
