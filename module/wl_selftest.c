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
 */

#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "vmap_bench.h"

/* Instructions for which the lock is held once somebody waits for it. */
#define HOLD		4000
#define PATIENCE_NS	NSEC_PER_SEC

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

/* The counters know it by this name. */
static DEFINE_SPINLOCK(vmap_bench_fight_lock);

/**
 * struct fight - the measured thread and who holds the lock against it
 * @holder: its task, on another CPU
 * @asked: fights that the measured thread has asked for
 * @held: fights for which the lock has been taken
 * @alone: nobody was seen to wait for the lock
 */
struct fight {
	struct task_struct *holder;
	unsigned int asked;
	unsigned int held;
	bool alone;
};

static void hold(void)
{
	unsigned int n = HOLD / 2;

	while (n) {
		barrier();
		n--;
	}
}

/* Until somebody is queued; then the other CPU is in the slow path. */
static bool somebody_waits(void)
{
	u64 until = ktime_get_ns() + PATIENCE_NS;

	while (!spin_is_contended(&vmap_bench_fight_lock)) {
		if (ktime_get_ns() > until)
			return false;
		cpu_relax();
	}
	return true;
}

static int holder_fn(void *arg)
{
	struct fight *f = arg;
	unsigned int asked;

	while (!kthread_should_stop()) {
		/* Pairs with the release in fight_op(). */
		asked = smp_load_acquire(&f->asked);
		if (asked == f->held) {
			cpu_relax();
			cond_resched();
			continue;
		}
		spin_lock(&vmap_bench_fight_lock);
		/* The other one may come now; pairs with its acquire. */
		smp_store_release(&f->held, asked);
		if (somebody_waits())
			hold();
		else
			f->alone = true;
		spin_unlock(&vmap_bench_fight_lock);
	}
	return 0;
}

static int fight_setup(struct vmap_bench_thread *t)
{
	unsigned int cpu = cpumask_any_but(cpu_online_mask, t->cpu);
	struct fight *f;

	if (t->run->p.threads != 1)
		return vmap_bench_fail(t, -EINVAL, "st-fight is for one thread");
	if (cpu >= nr_cpu_ids)
		return vmap_bench_fail(t, -EINVAL, "st-fight needs two CPUs");
	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!f)
		return vmap_bench_fail(t, -ENOMEM, "kzalloc returned NULL");
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

static int fight_op(struct vmap_bench_thread *t)
{
	struct fight *f = t->private;
	unsigned int asked;

	if (!f)
		return -EINVAL;
	asked = f->asked + 1;
	smp_store_release(&f->asked, asked);
	/* Pairs with the release in holder_fn(). */
	while (smp_load_acquire(&f->held) != asked)
		cpu_relax();
	spin_lock(&vmap_bench_fight_lock);
	spin_unlock(&vmap_bench_fight_lock);
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
