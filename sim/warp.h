/* SPDX-License-Identifier: GPL-2.0 */
/*
 * warp.h - the time in which the whole machine was idle
 */
#ifndef VB_SIM_WARP_H
#define VB_SIM_WARP_H

#include <stdint.h>

#include "clock.h"

void warp_init(void);
void warp_count(uint64_t insns);
void warp_expect(int cpu);
void warp_look(struct clock *c, int cpu);

#endif
