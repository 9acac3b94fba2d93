/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stacks.h - samples of call stacks
 */
#ifndef VB_SIM_STACKS_H
#define VB_SIM_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "profile.h"

/**
 * struct stacks_machine - how to look at the CPU that executes
 * @registers: its RSP and RBP
 * @read: copy @len bytes of kernel memory; false if they are not mapped
 */
struct stacks_machine {
	void (*registers)(uint64_t *sp, uint64_t *bp);
	bool (*read)(uint64_t address, void *to, size_t len);
};

/* Are samples taken? All functions but stacks_init() are for when they are. */
extern bool stacks_wanted;

int stacks_init(const char *file, const char *every, const struct stacks_machine *machine);
void stacks_open(int cpu);
void stacks_turn(int cpu, bool looks, uint64_t spun_ns);
void stacks_execute(const struct block *b, uint64_t ns, bool may_wait);
void stacks_spin(int cpu);
void stacks_cost(uint64_t ns);
void stacks_close(uint64_t run, uint64_t busy_ns, uint64_t idle_ns);

#endif
