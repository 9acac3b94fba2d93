// SPDX-License-Identifier: GPL-2.0
/*
 * Workloads that use cache lines in ways whose time is known beforehand
 *
 * Each does something ROUNDS times in an operation. With H half of a transfer
 * between the CPUs, and n threads behind one L3:
 *
 *	line-own	increment a counter of one's own	flat
 *	line-counter	increment one counter of all		n x H
 *	line-neighbours	increment one's own, in the same line	as line-counter
 *	line-spinlock	lock and unlock one spinlock		n x a hand-over
 *	line-readers	two locked instructions and two loads on one line, as a
 *			reader's lock and unlock do		n x 4 H
 *	line-rcu	read what nobody writes			flat
 */

#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "vmap_bench.h"

#define ROUNDS		100
#define THREADS_MAX	256

struct counter {
	atomic_long_t n;
};

struct padded_counter {
	atomic_long_t n;
} ____cacheline_aligned;

struct pair {
	long a, b;
};

static struct padded_counter own[THREADS_MAX];
static struct padded_counter counter, readers;
static struct counter neighbours[THREADS_MAX] ____cacheline_aligned;
static DEFINE_SPINLOCK(spinlock);
static struct pair pair ____cacheline_aligned = { 1, 2 };
static struct pair __rcu *reader_pair = RCU_INITIALIZER(&pair);

static int own_op(struct vmap_bench_thread *t)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		atomic_long_inc(&own[t->cpu % THREADS_MAX].n);
	return 0;
}

static int counter_op(struct vmap_bench_thread *t)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		atomic_long_inc(&counter.n);
	return 0;
}

static int neighbours_op(struct vmap_bench_thread *t)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		atomic_long_inc(&neighbours[t->cpu % THREADS_MAX].n);
	return 0;
}

static int spinlock_op(struct vmap_bench_thread *t)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		spin_lock(&spinlock);
		spin_unlock(&spinlock);
	}
	return 0;
}

/* Functions, as glibc's are: it looks and adds itself, looks again and takes itself out. */
static noinline void readers_lock(void)
{
	while (atomic_long_read(&readers.n) < 0)
		cpu_relax();
	atomic_long_inc(&readers.n);
}

static noinline void readers_unlock(void)
{
	long seen = atomic_long_read(&readers.n);

	while (!atomic_long_try_cmpxchg(&readers.n, &seen, seen - 1))
		;
}

static int readers_op(struct vmap_bench_thread *t)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		readers_lock();
		readers_unlock();
	}
	return 0;
}

static int rcu_op(struct vmap_bench_thread *t)
{
	const struct pair *p;
	long sum = 0;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		rcu_read_lock();
		p = rcu_dereference(reader_pair);
		sum += READ_ONCE(p->a) + READ_ONCE(p->b);
		rcu_read_unlock();
	}
	if (sum != 3 * ROUNDS)
		return vmap_bench_fail(t, -EIO, "a pair that nobody writes has changed");
	return 0;
}

#define LINES(symbol, word, what)					\
const struct vmap_bench_workload vmap_bench_line_##symbol = {		\
	.name	= "line-" word,						\
	.text	= "cache lines: " what,					\
	.op	= symbol##_op,						\
}

LINES(own, "own", "a counter of each thread, in a line of its own");
LINES(counter, "counter", "one counter of all threads");
LINES(neighbours, "neighbours", "a counter of each thread, in lines that they share");
LINES(spinlock, "spinlock", "one spinlock, nothing under it");
LINES(readers, "readers", "one reader's lock, nothing under it");
LINES(rcu, "rcu", "read under RCU what nobody writes");
