// SPDX-License-Identifier: GPL-2.0
/*
 * Workloads whose events are known beforehand, to prove the counters with
 *
 * For one thread each, so that there is no cool-down and exactly as many
 * operations as were asked for. What an operation is on which layer is in
 * scripts/selftest.tsv.
 *
 *	st-flush	vm_map_ram(), vm_unmap_ram(), vm_unmap_aliases(): a flush
 *	st-purge	vmap(), vunmap(), vm_unmap_aliases(): a purge with its flush
 *	st-fight	a spinlock that another CPU holds: one wait in its slow path
 *	st-nest		the same, and an interrupt in the middle of it, or just after
 *			it, that waits for another spinlock: one wait for each
 */

#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "vmap_bench.h"

/* Instructions for which a lock is held once another CPU waits for it. */
#define HOLD		4000
#define PATIENCE_NS	NSEC_PER_SEC
/*
 * Instructions by which each interrupt comes later than the one before, so that some
 * strike while a program looks at the wait.
 */
#define NEST_STEP	14

static int flush_op(struct vmap_bench_thread *t)
{
	unsigned int pages = t->run->p.pages;
	void *mem = vm_map_ram(t->pages, pages, NUMA_NO_NODE);

	if (!mem)
		return vmap_bench_fail(t, -ENOMEM, "vm_map_ram returned NULL");
	vmap_bench_touch(mem, pages);
	vm_unmap_ram(mem, pages);
	vm_unmap_aliases();
	return 0;
}

static int purge_op(struct vmap_bench_thread *t)
{
	unsigned int pages = t->run->p.pages;
	void *mem = vmap(t->pages, pages, VM_MAP, PAGE_KERNEL);

	if (!mem)
		return vmap_bench_fail(t, -ENOMEM, "vmap returned NULL");
	vmap_bench_touch(mem, pages);
	vunmap(mem);
	vm_unmap_aliases();
	return 0;
}

/* The counters know them by these names. */
static DEFINE_SPINLOCK(vmap_bench_fight_lock);
static DEFINE_SPINLOCK(vmap_bench_nest_lock);

/**
 * struct fight - the measured thread and who holds the locks against it
 * @holder: its task, on another CPU
 * @cpu: of the measured thread
 * @nested: the first fight in which it is interrupted as well, or 0
 * @csd: the interrupt
 * @asked: fights that the measured thread has asked for
 * @held: fights for which the lock has been taken
 * @done: fights that are over
 * @alone: the other CPU was not seen to wait for a lock
 */
struct fight {
	struct task_struct *holder;
	int cpu;
	unsigned int nested;
	call_single_data_t csd;
	unsigned int asked;
	unsigned int held;
	unsigned int done;
	bool alone;
};

static void spend(unsigned int insns)
{
	unsigned int n = insns / 2;

	while (n) {
		barrier();
		n--;
	}
}

/* Keep a lock until the other CPU is in its slow path, and for HOLD more. */
static void keep(struct fight *f, spinlock_t *lock)
{
	u64 until = ktime_get_ns() + PATIENCE_NS;

	while (!spin_is_contended(lock)) {
		if (ktime_get_ns() > until) {
			f->alone = true;
			return;
		}
		cpu_relax();
	}
	spend(HOLD);
}

static void nest_interrupt(void *arg)
{
	spin_lock(&vmap_bench_nest_lock);
	spin_unlock(&vmap_bench_nest_lock);
}

static void interrupt_waiter(struct fight *f, unsigned int later)
{
	unsigned long flags;

	spin_lock_irqsave(&vmap_bench_nest_lock, flags);
	spend(later);
	if (smp_call_function_single_async(f->cpu, &f->csd))
		f->alone = true;
	else
		keep(f, &vmap_bench_nest_lock);
	spin_unlock_irqrestore(&vmap_bench_nest_lock, flags);
}

/* Odd ones are interrupted at the end of the wait, even ones at its begin. */
static void fight_once(struct fight *f, unsigned int asked)
{
	const bool nested = f->nested && asked >= f->nested;
	const unsigned int later = nested ? (asked - f->nested) / 2 * NEST_STEP : 0;

	spin_lock(&vmap_bench_fight_lock);
	/* The other one may come now; pairs with its acquire. */
	smp_store_release(&f->held, asked);
	if (nested && !(asked & 1))
		interrupt_waiter(f, later);
	keep(f, &vmap_bench_fight_lock);
	spin_unlock(&vmap_bench_fight_lock);
	if (nested && asked & 1)
		interrupt_waiter(f, later);
}

static int holder_fn(void *arg)
{
	struct fight *f = arg;
	unsigned int asked;

	while (!kthread_should_stop()) {
		/* Pairs with the release in fight_op(). */
		asked = smp_load_acquire(&f->asked);
		if (asked == f->done) {
			cpu_relax();
			cond_resched();
			continue;
		}
		fight_once(f, asked);
		/* Pairs with the acquire in fight_op(). */
		smp_store_release(&f->done, asked);
	}
	return 0;
}

static int set_up(struct vmap_bench_thread *t, unsigned int nested)
{
	unsigned int cpu = cpumask_any_but(cpu_online_mask, t->cpu);
	struct fight *f;

	if (t->run->p.threads != 1)
		return vmap_bench_fail(t, -EINVAL, "a fight is for one thread");
	if (cpu >= nr_cpu_ids)
		return vmap_bench_fail(t, -EINVAL, "a fight needs two CPUs");
	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!f)
		return vmap_bench_fail(t, -ENOMEM, "kzalloc returned NULL");
	f->cpu = t->cpu;
	f->nested = nested;
	INIT_CSD(&f->csd, nest_interrupt, f);
	f->holder = kthread_create_on_cpu(holder_fn, f, cpu, "vmap_bench_holder/%u");
	if (IS_ERR(f->holder)) {
		int err = PTR_ERR(f->holder);

		kfree(f);
		return vmap_bench_fail(t, err, "cannot create the holder");
	}
	t->private = f;
	wake_up_process(f->holder);
	return 0;
}

static int fight_setup(struct vmap_bench_thread *t)
{
	return set_up(t, 0);
}

static int nest_setup(struct vmap_bench_thread *t)
{
	/* Not while nothing counts. */
	return set_up(t, 1 + t->run->p.warmup);
}

static int fight_op(struct vmap_bench_thread *t)
{
	struct fight *f = t->private;
	unsigned int asked;

	if (!f)
		return -EINVAL;
	asked = f->asked + 1;
	/* Pairs with the acquire in holder_fn(). */
	smp_store_release(&f->asked, asked);
	/* Pairs with the release in fight_once(). */
	while (smp_load_acquire(&f->held) != asked)
		cpu_relax();
	spin_lock(&vmap_bench_fight_lock);
	spin_unlock(&vmap_bench_fight_lock);
	/* Pairs with the release in holder_fn(): the interrupt belongs to this one. */
	while (smp_load_acquire(&f->done) != asked)
		cpu_relax();
	if (READ_ONCE(f->alone))
		return vmap_bench_fail(t, -ETIME, "nobody is ever queued on a spinlock here");
	return 0;
}

static void fight_teardown(struct vmap_bench_thread *t)
{
	struct fight *f = t->private;

	if (!f)
		return;
	kthread_stop(f->holder);
	kfree(f);
	t->private = NULL;
}

const struct vmap_bench_workload vmap_bench_st_flush = {
	.name	= "st-flush",
	.text	= "selftest: vm_map_ram, vm_unmap_ram, vm_unmap_aliases",
	.op	= flush_op,
};

const struct vmap_bench_workload vmap_bench_st_purge = {
	.name	= "st-purge",
	.text	= "selftest: vmap, vunmap, vm_unmap_aliases",
	.op	= purge_op,
};

const struct vmap_bench_workload vmap_bench_st_fight = {
	.name		= "st-fight",
	.text		= "selftest: a spinlock that another CPU holds",
	.setup		= fight_setup,
	.op		= fight_op,
	.teardown	= fight_teardown,
};

const struct vmap_bench_workload vmap_bench_st_nest = {
	.name		= "st-nest",
	.text		= "selftest: st-fight, and an interrupt that waits for another",
	.setup		= nest_setup,
	.op		= fight_op,
	.teardown	= fight_teardown,
};
