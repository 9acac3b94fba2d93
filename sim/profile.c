// SPDX-License-Identifier: GPL-2.0
/*
 * profile.c - where in the code time goes
 *
 * Every block that is executed in a region is counted: no sampling. What a
 * CPU executes only to see whether it may stop spinning is not work: it is
 * counted as time spent spinning, like the time that its clock was moved on by.
 *
 * Everything is counted twice: for the whole machine, and for the CPUs whose
 * measured thread is between its markers, which adds up to the time per
 * operation.
 *
 * Of a block that a fault or an interrupt ends early all instructions are
 * counted, here as in the clock.
 *
 * Nothing here knows QEMU.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "costs.h"
#include "profile.h"

#define HASH_SIZE	65536

static struct {
	FILE *out;
	struct block *hash[HASH_SIZE];
	/* Those executed in this region. */
	struct block **used;
	size_t nr_used, room;
	/* Regions opened so far, this one included. */
	uint64_t region;
	/* What an instruction takes, ps. */
	uint64_t insn_ps;
	/* All of it, in user mode too. */
	uint64_t ns, insns;
	/* The CPU whose turn it is, and where measured threads are. */
	int cpu;
	bool measured[CLOCK_MAX_CPUS];
	/* Of a turn that may turn out to be a mere look. */
	bool looks;
	uint64_t look_insns, look_rest_ps;
	struct block *look[CLOCK_LOOK_INSNS + 1];
	unsigned int nr_look;
	/* Where each CPU has executed PAUSE. */
	struct block *spins[CLOCK_MAX_CPUS];
} profile;

/**
 * profile_init() - where the records go
 * @file: made anew
 * @insn_ps: what an instruction takes, ps
 *
 * Return: 0, or -1 and it is said why.
 */
int profile_init(const char *file, uint64_t insn_ps)
{
	profile.insn_ps = insn_ps;
	profile.out = fopen(file, "w");
	if (profile.out)
		return 0;
	fprintf(stderr, "vmapsim: error: cannot write %s: %s\n", file, strerror(errno));
	return -1;
}

static void *need(void *memory)
{
	if (memory)
		return memory;
	fprintf(stderr, "vmapsim: error: out of memory\n");
	exit(1);
}

/**
 * profile_block() - the block of that address, length and flags
 * @address: of its first instruction; 0 in user mode
 * @insns: how many instructions it has
 * @flags: to be kept with it
 *
 * A block that is translated again is the same one.
 *
 * Return: the block; it stays for good.
 */
struct block *profile_block(uint64_t address, uint32_t insns, uint32_t flags)
{
	struct block **head = &profile.hash[(address * 0x9e3779b97f4a7c15ULL) >> 48];
	struct block *b;

	for (b = *head; b; b = b->next)
		if (b->address == address && b->insns == insns && b->flags == flags)
			return b;
	b = need(calloc(1, sizeof(*b)));
	b->address = address;
	b->insns = insns;
	b->flags = flags;
	b->next = *head;
	*head = b;
	return b;
}

/**
 * profile_open() - a region begins: all counts are 0
 * @cpu: the one that executes
 */
void profile_open(int cpu)
{
	profile.cpu = cpu;
	profile.region++;
	profile.nr_used = 0;
	profile.ns = 0;
	profile.insns = 0;
	profile.look_rest_ps = 0;
	profile.nr_look = 0;
	profile.looks = false;
	memset(profile.spins, 0, sizeof(profile.spins));
	memset(profile.measured, 0, sizeof(profile.measured));
}

static void use(struct block *b)
{
	if (b->region == profile.region)
		return;
	b->region = profile.region;
	b->calls = 0;
	memset(&b->all, 0, sizeof(b->all));
	memset(&b->thread, 0, sizeof(b->thread));
	if (profile.nr_used == profile.room) {
		profile.room = profile.room ? 2 * profile.room : 4096;
		profile.used = need(realloc(profile.used, profile.room * sizeof(*profile.used)));
	}
	profile.used[profile.nr_used++] = b;
}

static void add_work(struct block *b)
{
	b->all.insns += b->insns;
	if (profile.measured[profile.cpu])
		b->thread.insns += b->insns;
}

static void add_spin(struct block *b, uint64_t ns)
{
	b->all.spin_ns += ns;
	if (profile.measured[profile.cpu])
		b->thread.spin_ns += ns;
}

/* It was no mere look. */
static void look_was_work(void)
{
	unsigned int i;

	for (i = 0; i < profile.nr_look; i++)
		add_work(profile.look[i]);
	profile.nr_look = 0;
	profile.looks = false;
}

/**
 * profile_turn() - another CPU executes from here on
 * @cpu: which
 * @looks: it was spinning, and now looks whether it still has to
 * @spun_ns: what its clock was moved on by because it spun
 */
void profile_turn(int cpu, bool looks, uint64_t spun_ns)
{
	look_was_work();
	profile.cpu = cpu;
	profile.looks = looks;
	profile.look_insns = 0;
	profile.ns += spun_ns;
	if (profile.spins[cpu])
		add_spin(profile.spins[cpu], spun_ns);
}

/**
 * profile_execute() - the running CPU executes a block
 * @b: which
 */
void profile_execute(struct block *b)
{
	use(b);
	b->calls++;
	profile.insns += b->insns;
	if (!profile.looks) {
		add_work(b);
		return;
	}
	profile.look[profile.nr_look++] = b;
	profile.look_insns += b->insns;
	if (profile.look_insns > CLOCK_LOOK_INSNS)
		look_was_work();
}

/**
 * profile_spin() - the block ends with PAUSE
 * @cpu: on this CPU
 * @b: which; profile_execute() was called for it
 */
void profile_spin(int cpu, struct block *b)
{
	if (profile.looks) {
		const uint64_t ps = profile.look_insns * profile.insn_ps + profile.look_rest_ps;

		add_spin(b, ps / 1000);
		profile.look_rest_ps = ps % 1000;
		profile.nr_look = 0;
		profile.looks = false;
	}
	profile.spins[cpu] = b;
}

/**
 * profile_cost() - the running CPU is charged for what a block does
 * @b: the block
 * @ns: how much
 */
void profile_cost(struct block *b, uint64_t ns)
{
	use(b);
	b->all.cost_ns += ns;
	if (profile.measured[profile.cpu])
		b->thread.cost_ns += ns;
	profile.ns += ns;
}

/**
 * profile_thread() - a measured thread begins or ends on the running CPU
 * @measured: what this CPU does from here on belongs to its operations
 */
void profile_thread(bool measured)
{
	look_was_work();
	profile.measured[profile.cpu] = measured;
}

static int by_address(const void *a, const void *b)
{
	const struct block *x = *(struct block *const *)a, *y = *(struct block *const *)b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return (x->insns > y->insns) - (x->insns < y->insns);
}

/* Instructions, time spun, and what was charged. */
static uint64_t user_ns(bool threads)
{
	uint64_t ns = 0, insns = 0;
	size_t i;

	for (i = 0; i < profile.nr_used; i++) {
		const struct block *b = profile.used[i];
		const struct profile_time *t = threads ? &b->thread : &b->all;

		if (b->address)
			continue;
		insns += t->insns;
		ns += t->spin_ns + t->cost_ns;
	}
	return ns + insns * profile.insn_ps / 1000;
}

static void write_number(uint64_t n)
{
	fprintf(profile.out, ",%llu", (unsigned long long)n);
}

static void write_time(const struct profile_time *t)
{
	write_number(t->insns);
	write_number(t->spin_ns);
	write_number(t->cost_ns);
}

static void write_blocks(void)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < profile.nr_used; i++) {
		const struct block *b = profile.used[i];

		if (!b->address)
			continue;
		fprintf(profile.out, "%s[\"%llx\"", comma, (unsigned long long)b->address);
		write_number(b->calls);
		write_time(&b->all);
		write_time(&b->thread);
		fputc(']', profile.out);
		comma = ",";
	}
}

/**
 * profile_ns() - all that was counted in this region so far
 *
 * Return: ns of all CPUs together, idle time not among them.
 */
uint64_t profile_ns(void)
{
	return profile.ns + profile.insns * profile.insn_ps / 1000;
}

/**
 * profile_close() - the region is over: write its record
 * @run: its number
 * @machine_ns: the time of all CPUs of the machine together; what none of
 *		them executed, spun or was charged is idle time
 * @thread_halt_ns: how long measured threads were halted, all together
 *
 * Return: the idle time.
 */
uint64_t profile_close(uint64_t run, uint64_t machine_ns, uint64_t thread_halt_ns)
{
	const uint64_t busy = profile_ns(), idle = machine_ns > busy ? machine_ns - busy : 0;

	look_was_work();
	qsort(profile.used, profile.nr_used, sizeof(*profile.used), by_address);
	fprintf(profile.out, "{\"v\":1,\"type\":\"profile\",\"run\":%llu,\"idle_ns\":%llu",
		(unsigned long long)run, (unsigned long long)idle);
	if (profile.insn_ps != INSN_PS)
		fprintf(profile.out, ",\"insn_ps\":%llu", (unsigned long long)profile.insn_ps);
	fprintf(profile.out, ",\"user_insns\":%llu,\"thread_user_insns\":%llu",
		(unsigned long long)user_ns(false), (unsigned long long)user_ns(true));
	fprintf(profile.out, ",\"thread_halt_ns\":%llu,\"blocks\":[",
		(unsigned long long)thread_halt_ns);
	write_blocks();
	fprintf(profile.out, "]}\n");
	fflush(profile.out);
	return idle;
}
