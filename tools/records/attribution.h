/* SPDX-License-Identifier: GPL-2.0 */
/* attribution.tsv: what the time of an operation is spent on. */
#ifndef VB_ATTRIBUTION_H
#define VB_ATTRIBUTION_H

#include <stddef.h>
#include <stdio.h>

#include "records/campaign.h"
#include "base/common.h"
#include "records/summary.h"

/**
 * struct vb_share - a row of attribution.tsv
 * @variant: which kernel
 * @workload: which operation loop
 * @pages: pages per operation
 * @threads: how many threads
 * @part: what the time was spent on
 * @ns_per_op: how much of it; the parts of a point add up to its ns_per_op
 */
struct vb_share {
	char *variant;
	char *workload;
	long pages;
	long threads;
	char *part;
	double ns_per_op;
};

struct vb_attribution {
	struct vb_share *share;
	size_t n;
};

void vb_attribution_header(FILE *out);
void vb_attribution_row(FILE *out, const struct vb_share *share);
void vb_attribution_read_from(struct vb_attribution *a, const char *name, FILE *f);
void vb_attribution_read(struct vb_attribution *a, const struct vb_campaign *c);
int vb_share_same_point(const struct vb_share *a, const struct vb_share *b);
const struct vb_share *vb_attribution_find(const struct vb_attribution *a,
					   const struct vb_share *like, const char *part);
void vb_attribution_check(const struct vb_attribution *a, const struct vb_summary *s,
			  const struct vb_campaign *c, struct vb_list *problems);
void vb_attribution_free(struct vb_attribution *a);

#endif
