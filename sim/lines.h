/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lines.h - who has a cache line
 */
#ifndef VB_SIM_LINES_H
#define VB_SIM_LINES_H

#include <stdbool.h>
#include <stdint.h>

void lines_init(void);
bool lines_take(int cpu, uint64_t address);

#endif
