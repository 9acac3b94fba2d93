// SPDX-License-Identifier: GPL-2.0
/*
 * Workloads whose time is known beforehand
 *
 * Each does a section of SECTION instructions, and what it does around it says
 * how the time grows with the threads. A clock that does not show these times
 * is not to be believed about any other.
 *
 *	cal-alone	section			flat
 *	cal-spinlock	under one spinlock	threads x section
 *	cal-two-locks	under one of two	threads / 2 x section
 *	cal-readers	read_lock()		flat
 *	cal-writers	write_lock()		threads x section
 *	cal-mutex	under one mutex		threads x section
 *	cal-ipi		on_each_cpu()		flat: all CPUs at the same time
 *	cal-ipi-empty	the same, no section	what the section is added to
 *	cal-idle	sleeps SLEEP_US		flat: the machine is idle
 */

#include <linux/delay.h>
#include <linux/mutex.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "vmap_bench.h"

#define SECTION		4000
#define SLEEP_US	20000

static DEFINE_SPINLOCK(spin_a);
static DEFINE_SPINLOCK(spin_b);
static DEFINE_RWLOCK(rwlock);
static DEFINE_MUTEX(mutex);

/* Two instructions a round. */
static noinline void section(void)
{
	unsigned int n = SECTION / 2;

	while (n) {
		barrier();
		n--;
	}
}

static int alone_op(struct vmap_bench_thread *t)
{
	section();
	return 0;
}

static int spinlock_op(struct vmap_bench_thread *t)
{
	spin_lock(&spin_a);
	section();
	spin_unlock(&spin_a);
	return 0;
}

static int two_locks_op(struct vmap_bench_thread *t)
{
	spinlock_t *lock = t->cpu & 1 ? &spin_a : &spin_b;

	spin_lock(lock);
	section();
	spin_unlock(lock);
	return 0;
}

static int readers_op(struct vmap_bench_thread *t)
{
	read_lock(&rwlock);
	section();
	read_unlock(&rwlock);
	return 0;
}

static int writers_op(struct vmap_bench_thread *t)
{
	write_lock(&rwlock);
	section();
	write_unlock(&rwlock);
	return 0;
}

static int mutex_op(struct vmap_bench_thread *t)
{
	mutex_lock(&mutex);
	section();
	mutex_unlock(&mutex);
	return 0;
}

static void section_here(void *unused)
{
	section();
}

static int ipi_op(struct vmap_bench_thread *t)
{
	on_each_cpu(section_here, NULL, 1);
	return 0;
}

static void nothing(void *unused)
{
}

static int ipi_empty_op(struct vmap_bench_thread *t)
{
	on_each_cpu(nothing, NULL, 1);
	return 0;
}

static int idle_op(struct vmap_bench_thread *t)
{
	usleep_range(SLEEP_US, SLEEP_US + 1);
	return 0;
}

#define CALIBRATE(symbol, word, what)					\
const struct vmap_bench_workload vmap_bench_cal_##symbol = {		\
	.name	= "cal-" word,						\
	.text	= "calibration: " what,					\
	.op	= symbol##_op,						\
}

CALIBRATE(alone, "alone", "no sharing");
CALIBRATE(spinlock, "spinlock", "one spinlock");
CALIBRATE(two_locks, "two-locks", "two spinlocks, half of the threads each");
CALIBRATE(readers, "readers", "one reader-writer lock, readers");
CALIBRATE(writers, "writers", "one reader-writer lock, writers");
CALIBRATE(mutex, "mutex", "one mutex");
CALIBRATE(ipi, "ipi", "on_each_cpu()");
CALIBRATE(ipi_empty, "ipi-empty", "on_each_cpu() of nothing");
CALIBRATE(idle, "idle", "sleep");
