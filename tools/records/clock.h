/* SPDX-License-Identifier: GPL-2.0 */
/* clock.jsonl: the parallel time of a run on the sim machine. */
#ifndef VB_CLOCK_H
#define VB_CLOCK_H

#include "records/events.h"

/*
 * ns by which a thread's time is off for each of its operations where an instruction is no
 * whole ns: what is left out of an operation (vmap_bench_pause()) is rounded on its own, up to
 * four times in an operation (module/workloads/wl_interrupt.c).
 */
#define VB_OP_ROUNDING_NS	4

void vb_clock_read(struct vb_run *run, const struct vb_campaign *c, struct vb_list *problems);
void vb_clock_refuse(const struct vb_run *run, const struct vb_campaign *c);

#endif
