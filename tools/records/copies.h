/* SPDX-License-Identifier: GPL-2.0 */
/* Boots that are there more than once. */
#ifndef VB_COPIES_H
#define VB_COPIES_H

#include "records/runs.h"

void vb_check_copies(const struct vb_runs *runs, const struct vb_campaign *c);

#endif
