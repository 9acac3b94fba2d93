/* SPDX-License-Identifier: GPL-2.0 */
/* space.tsv from the records. */
#ifndef VB_SPACE_H
#define VB_SPACE_H

#include <stdio.h>

#include "records/runs.h"

size_t vb_space_table(FILE *out, const struct vb_campaign *c, const struct vb_runs *runs);

#endif
