/* SPDX-License-Identifier: GPL-2.0 */
/*
 * profile.h - where in the code time goes
 */
#ifndef VB_SIM_PROFILE_H
#define VB_SIM_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct profile_time - what some code took
 * @insns: instructions that were work
 * @spin_ns: time spun in it
 * @cost_ns: what it was charged
 */
struct profile_time {
	uint64_t insns;
	uint64_t spin_ns;
	uint64_t cost_ns;
};

/**
 * struct block - instructions that were translated together
 * @address: of the first of them; 0 in user mode
 * @insns: how many there are
 * @flags: what else the owner wants to know of it
 */
struct block {
	uint64_t address;
	uint32_t insns;
	uint32_t flags;
	/* private */
	uint64_t region;
	uint64_t calls;
	/* On all CPUs; on those whose measured thread has begun and not ended. */
	struct profile_time all, thread;
	struct block *next;
};

int profile_init(const char *file, uint64_t insn_ps);
struct block *profile_block(uint64_t address, uint32_t insns, uint32_t flags);
void profile_open(int cpu);
void profile_turn(int cpu, bool looks, uint64_t spun_ns);
void profile_execute(struct block *b);
void profile_spin(int cpu, struct block *b);
void profile_cost(struct block *b, uint64_t ns);
void profile_thread(bool measured);
uint64_t profile_ns(void);
uint64_t profile_close(uint64_t run, uint64_t machine_ns, uint64_t thread_halt_ns);

#endif
