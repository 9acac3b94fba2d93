/* SPDX-License-Identifier: GPL-2.0 */
/* attribution.tsv from profiles and counts. */
#ifndef VB_ATTRIBUTE_H
#define VB_ATTRIBUTE_H

#include <stdio.h>

#include "base/kept.h"
#include "profile/parts.h"
#include "records/runs.h"

void vb_attribute(FILE *out, const struct vb_campaign *c, const struct vb_runs *runs,
		  const struct vb_parts *parts, struct vb_kept_files *files);

#endif
