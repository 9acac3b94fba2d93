/* SPDX-License-Identifier: GPL-2.0 */
/* profile.txt and areas.tsv of a campaign of two variants. */
#ifndef VB_PAIR_REPORT_H
#define VB_PAIR_REPORT_H

#include <stdio.h>

#include "base/kept.h"
#include "profile/parts.h"
#include "profile/published-profile.h"
#include "records/runs.h"

/**
 * struct vb_pair_pages - what is written
 * @text: gets sums and symbols, a section for each point; NULL: not wanted
 * @tsv: gets the sums, a row for each side and area; NULL: not wanted
 * @shelf: published profiles, which @text shows beside ours
 */
struct vb_pair_pages {
	FILE *text;
	FILE *tsv;
	const struct vb_shelf *shelf;
};

int vb_pair_report(const struct vb_pair_pages *pages, const struct vb_campaign *c,
		   const struct vb_runs *runs, const struct vb_parts *parts,
		   struct vb_kept_files *files);

#endif
