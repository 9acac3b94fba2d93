/* SPDX-License-Identifier: GPL-2.0 */
/* summary.tsv from the records. */
#ifndef VB_SUMMARISE_H
#define VB_SUMMARISE_H

#include <stdio.h>

#include "records/runs.h"

void vb_summarise(FILE *out, const struct vb_campaign *c, const struct vb_runs *runs);

#endif
