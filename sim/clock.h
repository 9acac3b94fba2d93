/* SPDX-License-Identifier: GPL-2.0 */
/*
 * clock.h - parallel time from CPUs that run one after another
 */
#ifndef VB_SIM_CLOCK_H
#define VB_SIM_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_MAX_CPUS	256
#define CLOCK_QUANTUM	200	/* ns: how far CPUs may be apart is said in these */
#define CLOCK_LEAD	100	/* ns ahead of the slowest a CPU has to yield */
/* The same after it used what others want: less than a cache line takes to travel. */
#define CLOCK_ORDER	10
/* A turn of more instructions is no mere look at what a CPU spins for. */
#define CLOCK_LOOK_INSNS	64

/**
 * struct clock_cpu - one CPU's part of the time
 * @now: its clock, ns
 * @rest_ps: what its instructions took in addition, below 1000 ps
 * @insns: instructions executed, those in spinning and in idle loops too
 * @spin_ns: what @now was moved on because it spun
 * @halt_ns: what @now was moved on because it was halted
 * @cost_ns: what it was charged
 * @early_insns: instructions executed too early: when the others were more than
 *		 two quanta from where what it was charged, or the delivery of an
 *		 IPI, ends
 */
struct clock_cpu {
	uint64_t now;
	uint64_t rest_ps;
	uint64_t insns;
	uint64_t spin_ns;
	uint64_t halt_ns;
	uint64_t cost_ns;
	uint64_t early_insns;
	/* private: what it was charged lasts until then; nor can its IPIs be answered before */
	uint64_t charged_to;
	uint64_t answer;
	enum clock_state { CLOCK_HALTED, CLOCK_SPINNING, CLOCK_RUNNING } state;
};

/**
 * struct clock - the clocks of a machine
 * @insn_ps: what an instruction takes, ps
 * @ncpus: CPUs seen so far
 * @running: the CPU whose turn it is
 * @over: its turn is over; what it executes next belongs to another turn
 * @limit: what @running's clock may reach before it has to yield
 * @slowest: the clock of the slowest other CPU that makes progress
 * @floor: the end of the last time when all CPUs were halted: what happens
 *	   later does not happen earlier
 * @last_progress: when the last CPU that made progress stopped to
 * @last_ipi: when the last IPI arrives
 * @max_skew: the largest distance seen between a CPU that executes and the
 *	      slowest that makes progress, ns, without what it was charged
 */
struct clock {
	struct clock_cpu cpu[CLOCK_MAX_CPUS];
	uint64_t insn_ps;
	int ncpus;
	int running;
	bool over;
	uint64_t limit;
	uint64_t slowest;
	uint64_t floor;
	uint64_t last_progress;
	uint64_t last_ipi;
	uint64_t max_skew;
	/* private: instructions of this turn; since when nothing has changed */
	uint64_t turn_insns;
	uint64_t changes;
	int quiet_cpu;
	uint64_t quiet_changes;
	uint64_t quiet_since;
};

void clock_init(struct clock *c, uint64_t insn_ps);
uint64_t clock_insns_ns(const struct clock *c, uint64_t insns);
void clock_turn(struct clock *c, int cpu);
bool clock_has_turn(const struct clock *c, int cpu);
bool clock_advance(struct clock *c, uint64_t insns);
void clock_spin(struct clock *c);
void clock_halt(struct clock *c);
bool clock_charge(struct clock *c, uint64_t ns);
bool clock_order(struct clock *c);
void clock_ipi(struct clock *c, uint64_t delivery_ns);
uint64_t clock_latest(const struct clock *c);
void clock_idle(struct clock *c, uint64_t ns);

#endif
