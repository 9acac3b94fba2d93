/* SPDX-License-Identifier: GPL-2.0 */
/*
 * memory.h - the accesses of the guest to its memory
 */
#ifndef VB_SIM_MEMORY_H
#define VB_SIM_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "coherence.h"
#include "costs.h"
#include "qemu-plugin.h"

int memory_init(const struct costs *costs, int ncpus, const struct coherence_homes *homes);
void memory_reset(void);
void memory_flush(int cpu);
uint64_t memory_load(int cpu, qemu_plugin_meminfo_t info, uint64_t address, uint64_t now);
uint64_t memory_store(int cpu, qemu_plugin_meminfo_t info, uint64_t address, uint64_t now);
uint64_t memory_atomic(int cpu, qemu_plugin_meminfo_t info, uint64_t address, uint64_t now);
bool memory_contended(void);
uint64_t memory_fence(int cpu, uint64_t now);

#endif
