/* SPDX-License-Identifier: GPL-2.0 */
/* fill.tsv from the records: how long maps took as the vmalloc space filled. */
#ifndef VB_FILL_TABLE_H
#define VB_FILL_TABLE_H

#include <stdio.h>

#include "records/runs.h"

/* The workload that notes it. */
#define VB_FILL	"fill"

void vb_fill_table(FILE *out, const struct vb_campaign *c, const struct vb_runs *runs);

#endif
