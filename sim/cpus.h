/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cpus.h - which CPU executes, and what is in its registers
 */
#ifndef VB_SIM_CPUS_H
#define VB_SIM_CPUS_H

#include <stdint.h>

#include "stacks.h"

extern const struct stacks_machine cpus_machine;

void cpus_init(int n);
int cpus_running(void);
uint64_t cpus_rdi(void);
uint64_t cpus_tsc(void);

#endif
