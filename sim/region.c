// SPDX-License-Identifier: GPL-2.0
/*
 * region.c - the measured part of a guest's life
 *
 * The guest executes a marker when all threads wait to start, each thread
 * does when it starts and ends, and around what is not to be measured, and the
 * last one does when all have stopped.
 * A line of JSON says how much time each of them took, another one in which code.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cpus.h"
#include "lines.h"
#include "memory.h"
#include "profile.h"
#include "region.h"
#include "stacks.h"
#include "warp.h"

bool region_is_open;

static struct {
	FILE *out;
	FILE *speed;
	struct timespec opened;
	int cpus;
	uint64_t run;
	uint64_t yields;
	int threads;
	struct {
		int cpu;
		bool ended, paused;
		/* Of what was measured: a pause moves the begin on by its length. */
		struct clock_cpu begin, end, pause;
	} thread[CLOCK_MAX_CPUS];
} region;

static FILE *make_file(const char *name)
{
	FILE *f = fopen(name, "w");

	if (!f)
		fprintf(stderr, "vmapsim: error: cannot write %s: %s\n", name, strerror(errno));
	return f;
}

/**
 * region_init() - where the lines go
 * @clock_file: for time, made anew
 * @speed_file: for how fast the simulator was, made anew
 * @cpus: how many the machine has
 *
 * Return: 0, or -1 and it is said why.
 */
int region_init(const char *clock_file, const char *speed_file, int cpus)
{
	region.cpus = cpus;
	region.out = make_file(clock_file);
	region.speed = make_file(speed_file);
	return region.out && region.speed ? 0 : -1;
}

/**
 * region_yielded() - a CPU had to let the others catch up
 */
void region_yielded(void)
{
	region.yields++;
}

/* Everybody waits for the one who opens the region: it is the same time. */
static void open_region(struct clock *c, uint64_t run)
{
	clock_init(c, c->insn_ps);
	warp_init();
	lines_init();
	memory_reset();
	profile_open(cpus_running());
	if (stacks_wanted)
		stacks_open(cpus_running());
	clock_turn(c, cpus_running());
	/* The others wait for this one, but have not been seen yet. */
	c->limit = CLOCK_QUANTUM;
	region.run = run;
	region.yields = 0;
	region.threads = 0;
	clock_gettime(CLOCK_MONOTONIC, &region.opened);
	region_is_open = true;
}

static void begin_thread(const struct clock *c, int cpu)
{
	const int i = region.threads++;

	region.thread[i].cpu = cpu;
	region.thread[i].ended = false;
	region.thread[i].paused = false;
	region.thread[i].begin = c->cpu[cpus_running()];
	profile_thread(true);
}

/* The thread that is being measured on this CPU, or -1. */
static int measured_thread(int cpu)
{
	int i;

	for (i = 0; i < region.threads; i++)
		if (region.thread[i].cpu == cpu && !region.thread[i].ended)
			return i;
	return -1;
}

static void end_thread(const struct clock *c, int cpu)
{
	const int i = measured_thread(cpu);

	if (i < 0)
		return;
	region.thread[i].ended = true;
	region.thread[i].end = c->cpu[cpus_running()];
	profile_thread(false);
}

/* What a thread does before its begin and after its end is not measured anyway. */
static void pause_thread(const struct clock *c, int cpu)
{
	const int i = measured_thread(cpu);

	if (i < 0 || region.thread[i].paused)
		return;
	region.thread[i].paused = true;
	region.thread[i].pause = c->cpu[cpus_running()];
	profile_thread(false);
}

static void resume_thread(const struct clock *c, int cpu)
{
	const int i = measured_thread(cpu);
	const struct clock_cpu *now = &c->cpu[cpus_running()];
	const struct clock_cpu *pause;
	struct clock_cpu *begin;

	if (i < 0 || !region.thread[i].paused)
		return;
	pause = &region.thread[i].pause;
	begin = &region.thread[i].begin;
	begin->now += now->now - pause->now;
	begin->insns += now->insns - pause->insns;
	begin->spin_ns += now->spin_ns - pause->spin_ns;
	begin->halt_ns += now->halt_ns - pause->halt_ns;
	begin->cost_ns += now->cost_ns - pause->cost_ns;
	begin->early_insns += now->early_insns - pause->early_insns;
	region.thread[i].paused = false;
	profile_thread(true);
}

static void write_count(const char *name, uint64_t value)
{
	fprintf(region.out, ",\"%s\":%llu", name, (unsigned long long)value);
}

static void write_thread(int i)
{
	const struct clock_cpu *b = &region.thread[i].begin, *e = &region.thread[i].end;

	fprintf(region.out, "%s{\"cpu\":%d", i ? "," : "", region.thread[i].cpu);
	write_count("ns", e->now - b->now);
	write_count("insns", e->insns - b->insns);
	write_count("spin_ns", e->spin_ns - b->spin_ns);
	write_count("halt_ns", e->halt_ns - b->halt_ns);
	write_count("cost_ns", e->cost_ns - b->cost_ns);
	write_count("early_insns", e->early_insns - b->early_insns);
	fprintf(region.out, "}");
}

/* The one figure that depends on the host; it has a file of its own. */
static void write_speed(const struct clock *c)
{
	struct timespec now;
	uint64_t insns = 0;
	int64_t ns;
	int i;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ns = (now.tv_sec - region.opened.tv_sec) * 1000000000LL +
	     (now.tv_nsec - region.opened.tv_nsec);
	for (i = 0; i < c->ncpus; i++)
		insns += c->cpu[i].insns;
	fprintf(region.speed, "{\"v\":1,\"type\":\"speed\",\"run\":%llu",
		(unsigned long long)region.run);
	fprintf(region.speed, ",\"insns\":%llu,\"host_ns\":%lld}\n", (unsigned long long)insns,
		(long long)ns);
	fflush(region.speed);
}

static uint64_t threads_halt_ns(void)
{
	uint64_t ns = 0;
	int i;

	for (i = 0; i < region.threads; i++)
		ns += region.thread[i].end.halt_ns - region.thread[i].begin.halt_ns;
	return ns;
}

static void close_region(const struct clock *c)
{
	uint64_t idle_ns;
	int i;

	region_is_open = false;
	fprintf(region.out, "{\"v\":1,\"type\":\"clock\"");
	write_count("run", region.run);
	write_count("window_ns", clock_latest(c));
	write_count("quantum_ns", CLOCK_QUANTUM);
	write_count("max_skew_ns", c->max_skew);
	write_count("yields", region.yields);
	fprintf(region.out, ",\"thread\":[");
	for (i = 0; i < region.threads; i++)
		write_thread(i);
	fprintf(region.out, "]}\n");
	fflush(region.out);
	write_speed(c);
	idle_ns = profile_close(region.run, clock_latest(c) * region.cpus, threads_halt_ns());
	if (stacks_wanted)
		stacks_close(region.run, profile_ns(), idle_ns);
}

/**
 * region_marker() - the guest has executed a marker
 * @c: the clocks
 * @marker: which
 *
 * Context: in a callback that may read registers.
 */
void region_marker(struct clock *c, enum region_marker marker)
{
	if (marker == REGION_OPEN)
		open_region(c, cpus_rdi());
	else if (!region_is_open)
		return;
	else if (marker == REGION_THREAD_BEGIN && region.threads < CLOCK_MAX_CPUS)
		begin_thread(c, (int)cpus_rdi());
	else if (marker == REGION_THREAD_END)
		end_thread(c, (int)cpus_rdi());
	else if (marker == REGION_THREAD_PAUSE)
		pause_thread(c, (int)cpus_rdi());
	else if (marker == REGION_THREAD_RESUME)
		resume_thread(c, (int)cpus_rdi());
	else if (marker == REGION_CLOSE)
		close_region(c);
}
