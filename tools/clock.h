/* SPDX-License-Identifier: GPL-2.0 */
/* clock.jsonl: the parallel time of a run on the sim machine. */
#ifndef VB_CLOCK_H
#define VB_CLOCK_H

#include "events.h"

void vb_clock_read(struct vb_run *run, const struct vb_campaign *c, struct vb_list *problems);
void vb_clock_refuse(const struct vb_run *run, const struct vb_campaign *c);

#endif
