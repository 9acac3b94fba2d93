// SPDX-License-Identifier: GPL-2.0
/*
 * clock.c - parallel time from CPUs that run one after another
 *
 * The simulator executes CPUs in turn, so its own clock is the sum of what
 * all of them did. Here each CPU has a clock of its own. Executing an
 * instruction moves it on by what one takes. A CPU that spins or is halted makes
 * no progress: when it executes something again, the time that has passed
 * meanwhile is that of the slowest CPU that did make progress, and its clock
 * is moved on to that. A CPU that is ahead of the slowest by more than half a
 * quantum has to yield; so what one CPU sees of another is off by that and a
 * few blocks at most, and max_skew says by how much it was.
 *
 * Nothing here knows QEMU.
 */
#include <string.h>

#include "clock.h"

/*
 * A CPU that spins is let look again after so much of the time for which
 * nothing has changed: a share of the wait bounds the error, and 15 CPUs that
 * wait for the 16th cost few turns.
 */
#define PATIENCE	32

/**
 * clock_init() - all clocks at 0, no CPU known
 * @c: the clocks
 * @insn_ps: what an instruction takes, ps
 */
void clock_init(struct clock *c, uint64_t insn_ps)
{
	memset(c, 0, sizeof(*c));
	c->insn_ps = insn_ps;
	c->running = -1;
	c->quiet_cpu = -1;
}

/* Of the CPUs that make progress, bar the one whose turn it is. */
static uint64_t slowest_other(const struct clock *c)
{
	uint64_t min = UINT64_MAX;
	int i;

	for (i = 0; i < c->ncpus; i++)
		if (i != c->running && c->cpu[i].state == CLOCK_RUNNING && c->cpu[i].now < min)
			min = c->cpu[i].now;
	return min;
}

static bool somebody_spins(const struct clock *c)
{
	int i;

	for (i = 0; i < c->ncpus; i++)
		if (i != c->running && c->cpu[i].state == CLOCK_SPINNING)
			return true;
	return false;
}

static void move_on(struct clock_cpu *cpu, uint64_t ns)
{
	if (ns <= cpu->now)
		return;
	if (cpu->state == CLOCK_SPINNING)
		cpu->spin_ns += ns - cpu->now;
	else
		cpu->halt_ns += ns - cpu->now;
	cpu->now = ns;
}

/* For how long the running CPU may leave those that spin alone. */
static uint64_t spinners_wait(struct clock *c)
{
	const uint64_t now = c->cpu[c->running].now;

	if (c->quiet_cpu != c->running || c->changes != c->quiet_changes) {
		c->quiet_cpu = c->running;
		c->quiet_changes = c->changes;
		c->quiet_since = now;
	}
	return CLOCK_QUANTUM + (now - c->quiet_since) / PATIENCE;
}

static uint64_t limit(struct clock *c, bool looks)
{
	uint64_t ns, max = UINT64_MAX;

	if (c->slowest != UINT64_MAX)
		max = c->slowest + CLOCK_LEAD;
	if (somebody_spins(c)) {
		/* Who has just been spinning itself is no change, not yet. */
		ns = c->cpu[c->running].now + (looks ? CLOCK_QUANTUM : spinners_wait(c));
		if (max > ns)
			max = ns;
	}
	return max;
}

/*
 * A CPU that is halted does not take an IPI before it arrives. One that runs
 * cannot be kept from it; so it is the sender who waits for the delivery.
 */
static void wait_for_ipi(struct clock_cpu *me, uint64_t arrival)
{
	if (arrival <= me->now)
		return;
	move_on(me, arrival);
	me->charged_to = arrival;
}

/**
 * clock_turn() - another CPU executes from here on
 * @c: the clocks
 * @cpu: 0 to CLOCK_MAX_CPUS - 1
 *
 * If it was waiting, its clock is moved on to that of the slowest CPU that
 * makes progress, and if it was halted, to when the last IPI arrives: one that
 * runs for a CPU that sleeps, and whose sender may be waiting too, is what woke
 * it. If it was spinning, and for the answer to an IPI of its own, that cannot
 * have come before the IPI had arrived.
 */
void clock_turn(struct clock *c, int cpu)
{
	struct clock_cpu *me = &c->cpu[cpu];
	const bool looks = me->state == CLOCK_SPINNING;

	if (cpu >= c->ncpus)
		c->ncpus = cpu + 1;
	c->running = cpu;
	c->over = false;
	c->turn_insns = 0;
	c->slowest = slowest_other(c);
	if (me->state == CLOCK_HALTED)
		wait_for_ipi(me, c->last_ipi);
	else if (looks)
		wait_for_ipi(me, me->answer);
	if (me->state != CLOCK_RUNNING)
		move_on(me, c->slowest == UINT64_MAX ? c->last_progress : c->slowest);
	move_on(me, c->floor);
	me->state = CLOCK_RUNNING;
	c->limit = limit(c, looks);
}

/**
 * clock_has_turn() - does what a CPU executes belong to the turn that goes on?
 * @c: the clocks
 * @cpu: the CPU
 *
 * Return: false if clock_turn() has to be called first.
 */
bool clock_has_turn(const struct clock *c, int cpu)
{
	return c->running == cpu && !c->over;
}

/* Thousandths that are left are part of what comes next. */
static uint64_t insns_ps(const struct clock *c, uint64_t insns)
{
	return insns * c->insn_ps + c->cpu[c->running].rest_ps;
}

/**
 * clock_insns_ns() - what the running CPU's next instructions will take
 * @c: the clocks
 * @insns: how many
 *
 * Return: ns by which clock_advance() would move its clock on.
 */
uint64_t clock_insns_ns(const struct clock *c, uint64_t insns)
{
	return insns_ps(c, insns) / 1000;
}

/* Behind whom it is, the slowest or the end of what it was charged. */
static void note_skew(struct clock *c, struct clock_cpu *me, uint64_t insns)
{
	uint64_t from = c->slowest;

	if (from == UINT64_MAX)
		return;
	if (me->charged_to > from + 2 * CLOCK_QUANTUM)
		me->early_insns += insns;
	if (me->charged_to > from)
		from = me->charged_to;
	if (me->now > from + c->max_skew)
		c->max_skew = me->now - from;
}

/**
 * clock_advance() - the running CPU executes instructions
 * @c: the clocks
 * @insns: how many
 *
 * Return: true if it is too far ahead now and has to yield.
 */
bool clock_advance(struct clock *c, uint64_t insns)
{
	struct clock_cpu *me = &c->cpu[c->running];
	uint64_t ps;

	ps = insns_ps(c, insns);
	me->now += ps / 1000;
	me->rest_ps = ps % 1000;
	me->insns += insns;
	c->turn_insns += insns;
	if (me->now <= c->limit)
		return false;
	note_skew(c, me, insns);
	c->over = true;
	return true;
}

/**
 * clock_charge() - what the running CPU has just done takes longer
 * @c: the clocks
 * @ns: by so much
 *
 * Return: true if it is too far ahead now and has to yield.
 */
bool clock_charge(struct clock *c, uint64_t ns)
{
	struct clock_cpu *me = &c->cpu[c->running];
	const bool over = c->over;

	me->now += ns;
	me->cost_ns += ns;
	me->charged_to = me->now;
	if (me->now <= c->limit)
		return false;
	c->over = true;
	return !over;
}

/**
 * clock_order() - the running CPU has used what others want
 * @c: the clocks
 *
 * Return: true if it is ahead of them and has to yield, so that they come in the order
 * of their clocks.
 */
bool clock_order(struct clock *c)
{
	if (c->over || c->slowest == UINT64_MAX ||
	    c->cpu[c->running].now <= c->slowest + CLOCK_ORDER)
		return false;
	c->over = true;
	return true;
}

static void stop(struct clock *c, enum clock_state state)
{
	struct clock_cpu *me = &c->cpu[c->running];

	me->state = state;
	c->over = true;
	if (c->last_progress < me->now)
		c->last_progress = me->now;
}

/**
 * clock_spin() - the running CPU has executed PAUSE and ends its turn
 * @c: the clocks
 */
void clock_spin(struct clock *c)
{
	stop(c, CLOCK_SPINNING);
	if (c->turn_insns > CLOCK_LOOK_INSNS)
		c->changes++;
}

/**
 * clock_halt() - the running CPU has executed HLT and ends its turn
 * @c: the clocks
 */
void clock_halt(struct clock *c)
{
	stop(c, CLOCK_HALTED);
	c->changes++;
}

/**
 * clock_ipi() - the running CPU sends an IPI
 * @c: the clocks
 * @delivery_ns: how long it takes to arrive
 */
void clock_ipi(struct clock *c, uint64_t delivery_ns)
{
	struct clock_cpu *me = &c->cpu[c->running];

	c->last_ipi = me->now + delivery_ns;
	me->answer = c->last_ipi;
	c->changes++;
	/* Those it goes to have something to do from now on. */
	if (c->limit > me->now + CLOCK_LEAD)
		c->limit = me->now + CLOCK_LEAD;
}

/**
 * clock_latest() - how late it is
 * @c: the clocks
 *
 * Return: the latest of all clocks, ns.
 */
uint64_t clock_latest(const struct clock *c)
{
	uint64_t latest = 0;
	int i;

	for (i = 0; i < c->ncpus; i++)
		if (c->cpu[i].now > latest)
			latest = c->cpu[i].now;
	return latest;
}

/**
 * clock_idle() - all CPUs were halted until a moment ago
 * @c: the clocks
 * @ns: for how long, counted from the latest clock of them all
 */
void clock_idle(struct clock *c, uint64_t ns)
{
	int i;

	c->floor = clock_latest(c) + ns;
	for (i = 0; i < c->ncpus; i++) {
		c->cpu[i].halt_ns += c->floor - c->cpu[i].now;
		c->cpu[i].now = c->floor;
	}
	clock_turn(c, c->running);
}
