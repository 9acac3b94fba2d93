// SPDX-License-Identifier: GPL-2.0
/*
 * One run: create the threads, wait for them, keep the result
 */

#include <linux/atomic.h>
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/log2.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "vmap_bench.h"

/* One run at a time: two would measure each other. */
static atomic_t claimed = ATOMIC_INIT(0);

/**
 * vmap_bench_claim() - from now on nobody else can run
 * @number: of this run, from 1 on
 *
 * No mutex: a program that measures holds the claim between its system calls.
 *
 * Return: 0, or -EBUSY when a run is going on.
 */
int vmap_bench_claim(unsigned int *number)
{
	static unsigned int last;

	if (atomic_cmpxchg(&claimed, 0, 1))
		return -EBUSY;
	*number = ++last;
	return 0;
}

/**
 * vmap_bench_unclaim() - the run is over
 */
void vmap_bench_unclaim(void)
{
	atomic_set_release(&claimed, 0);
}

static void init_run(struct vmap_bench_run *run, const struct vmap_bench_params *p,
		     unsigned int number)
{
	run->number = number;
	run->p = *p;
	atomic_set(&run->warming, p->threads);
	atomic_set(&run->arriving, p->threads);
	atomic_set(&run->busy, p->threads);
	atomic_set(&run->active, p->threads);
	init_completion(&run->warm);
	init_completion(&run->ended);
	spin_lock_init(&run->error_lock);
}

static struct vmap_bench_thread *create_thread(struct vmap_bench_run *run, unsigned int cpu)
{
	/* Objects of a power of two are aligned to it and share no line. */
	size_t size = roundup_pow_of_two(sizeof(struct vmap_bench_thread));
	struct vmap_bench_thread *t;
	struct task_struct *task;

	t = kzalloc_node(size, GFP_KERNEL, cpu_to_node(cpu));
	if (!t)
		return ERR_PTR(-ENOMEM);

	t->run = run;
	t->cpu = cpu;
	t->quota = DIV_ROUND_UP(run->p.ops, run->p.threads);
	task = kthread_create_on_cpu(vmap_bench_thread_fn, t, cpu, "vmap_bench/%u");
	if (IS_ERR(task)) {
		kfree(t);
		return ERR_CAST(task);
	}
	t->task = get_task_struct(task);
	return t;
}

/* The n-th thread goes to the n-th CPU that is online. */
static int create_threads(struct vmap_bench_run *run)
{
	struct vmap_bench_thread *t;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		if (run->nr == run->p.threads)
			break;
		t = create_thread(run, cpu);
		if (IS_ERR(t)) {
			vmap_bench_fail_run(run, PTR_ERR(t), "cannot create a thread", NULL);
			return PTR_ERR(t);
		}
		run->thread[run->nr++] = t;
	}
	return 0;
}

/* Returns when no thread executes code of this module any more. */
static void reap_threads(struct vmap_bench_run *run)
{
	unsigned int i;

	for (i = 0; i < run->nr; i++) {
		kthread_stop(run->thread[i]->task);
		put_task_struct(run->thread[i]->task);
	}
}

static void free_run(struct vmap_bench_run *run)
{
	unsigned int i;

	for (i = 0; i < run->nr; i++)
		kfree(run->thread[i]);
	kfree(run->spaces);
	kfree(run);
}

static void start_and_wait(struct vmap_bench_run *run)
{
	unsigned int i;

	for (i = 0; i < run->nr; i++)
		wake_up_process(run->thread[i]->task);
	if (wait_for_completion_killable(&run->ended))
		vmap_bench_fail_run(run, -EINTR, "interrupted", NULL);
}

static int run_with(const struct vmap_bench_params *p, unsigned int number)
{
	struct vmap_bench_run *run;
	int err;

	vmap_bench_result_clear();
	run = kzalloc(struct_size(run, thread, p->threads), GFP_KERNEL);
	if (!run)
		return -ENOMEM;

	init_run(run, p, number);
	run->error.what = vmap_bench_params_check(p);
	if (run->error.what)
		vmap_bench_fail_run(run, -EINVAL, run->error.what, NULL);
	else if (!create_threads(run))
		start_and_wait(run);
	reap_threads(run);
	/* What is left now is not waiting for a purge: it has leaked. */
	vm_unmap_aliases();

	/* Not before the threads are gone: verify still looks while it ends. */
	err = run->error.code;
	if (vmap_bench_result_save(run) && !err)
		err = -ENOMEM;
	free_run(run);
	return err;
}

/**
 * vmap_bench_run() - do one run with the parameters set at this moment
 *
 * Sleeps until the run is over or the caller is killed. CPUs stay online and
 * offline meanwhile, so pinned means pinned.
 *
 * Return: 0, -EBUSY when a run is going on, or what made the run fail.
 */
int vmap_bench_run(void)
{
	struct vmap_bench_params p;
	unsigned int number;
	int err;

	err = vmap_bench_claim(&number);
	if (err)
		return err;

	cpus_read_lock();
	vmap_bench_params_get(&p);
	err = run_with(&p, number);
	cpus_read_unlock();
	vmap_bench_unclaim();
	return err;
}
