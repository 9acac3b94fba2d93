// SPDX-License-Identifier: GPL-2.0
/*
 * What every thread of a run does
 *
 * All threads go through the same stages whether something failed or not, so
 * nobody waits for a thread that gave up:
 *
 *   set up, warm up, sleep until everybody is warm,
 *   spin at the start barrier until everybody is there,	<- region begins
 *   measured operations, cool-down until everybody has done his,
 *   wait until everybody has stopped,				<- region ends
 *   tear down.
 */

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "marker.h"
#include "vmap_bench.h"

/* Pages that the module holds; 0 when no run is going on. */
atomic_t vmap_bench_live_pages = ATOMIC_INIT(0);

/**
 * vmap_bench_fail_run() - note why a run is bad and stop it
 * @run: the run
 * @code: negative errno
 * @what: constant text
 * @t: the thread that failed, or NULL
 *
 * The first failure counts, but a mismatch (-EIO) outranks all others: a map
 * that fails can be the consequence of an overlap that is found a moment later.
 */
void vmap_bench_fail_run(struct vmap_bench_run *run, int code, const char *what,
			 const struct vmap_bench_thread *t)
{
	struct vmap_bench_error *e = &run->error;

	spin_lock(&run->error_lock);
	if (!e->code || (code == -EIO && e->code != -EIO)) {
		e->code = code;
		e->what = what;
		e->cpu = t ? t->cpu : -1;
		e->op = t ? t->op : 0;
	}
	spin_unlock(&run->error_lock);
	WRITE_ONCE(run->stop, true);
}

/**
 * vmap_bench_fail() - a thread's operation failed
 * @t: the calling thread
 * @code: negative errno
 * @what: constant text
 *
 * Return: @code, for the caller to return.
 */
int vmap_bench_fail(struct vmap_bench_thread *t, int code, const char *what)
{
	vmap_bench_fail_run(t->run, code, what, t);
	return code;
}

static bool stopped(const struct vmap_bench_run *run)
{
	return READ_ONCE(run->stop);
}

static bool one_op(struct vmap_bench_thread *t)
{
	int err;

	t->op++;
	err = t->run->p.workload->op(t);
	/* Kernels without preemption: nobody else would ever get this CPU. */
	cond_resched();
	return !err;
}

static void free_pages_of(struct vmap_bench_thread *t)
{
	unsigned int i;

	if (!t->pages)
		return;

	for (i = 0; i < t->run->p.pages && t->pages[i] && !t->keep_pages; i++) {
		__free_page(t->pages[i]);
		atomic_dec(&vmap_bench_live_pages);
	}
	kfree(t->pages);
	t->pages = NULL;
}

static int alloc_pages_of(struct vmap_bench_thread *t)
{
	/* Fail rather than let the OOM killer loose. */
	const gfp_t gfp = GFP_KERNEL | __GFP_ZERO | __GFP_RETRY_MAYFAIL | __GFP_NOWARN;
	unsigned int i;

	t->pages = kcalloc(t->run->p.pages, sizeof(*t->pages), GFP_KERNEL);
	if (!t->pages)
		return vmap_bench_fail(t, -ENOMEM, "kcalloc of the page array returned NULL");

	for (i = 0; i < t->run->p.pages; i++) {
		t->pages[i] = alloc_page(gfp);
		if (!t->pages[i])
			return vmap_bench_fail(t, -ENOMEM, "alloc_page returned NULL");
		atomic_inc(&vmap_bench_live_pages);
	}
	return 0;
}

static void set_up(struct vmap_bench_thread *t)
{
	const struct vmap_bench_workload *w = t->run->p.workload;

	if (alloc_pages_of(t) || !w->setup)
		return;
	w->setup(t);
}

static void warm_up(struct vmap_bench_thread *t)
{
	struct vmap_bench_run *run = t->run;
	unsigned int i;

	for (i = 0; i < run->p.warmup && !stopped(run); i++)
		if (!one_op(t))
			break;

	/* Sleep: a simulator that runs CPUs in turn must not pay for waiting. */
	if (atomic_dec_and_test(&run->warming))
		complete_all(&run->warm);
	else
		wait_for_completion_state(&run->warm, TASK_IDLE);
}

/*
 * Everybody is warm and on the way here, so the spinning is short. The last to
 * arrive opens the barrier and with it the region.
 */
static void start_barrier(struct vmap_bench_run *run)
{
	if (atomic_dec_and_test(&run->arriving)) {
		if (!stopped(run)) {
			run->region_open = true;
			vmap_bench_audit_region(true);
			vmap_bench_region_align();
			vmap_bench_region_begin();
			run->begin_ns = ktime_get_ns();
			vmap_bench_mark(VMAP_BENCH_OPEN, run->number);
		}
		/* Pairs with the acquire below: who sees it open sees the window. */
		smp_store_release(&run->go, true);
		return;
	}
	/* Pairs with the release above. */
	while (!smp_load_acquire(&run->go))
		cpu_relax();
}

/**
 * vmap_bench_pause() - what comes now is no part of the operation
 * @t: the calling thread
 *
 * For what an operation needs to be there before it begins. The time of the
 * operation leaves it out; what is counted of the whole region does not.
 */
void vmap_bench_pause(struct vmap_bench_thread *t)
{
	vmap_bench_mark(VMAP_BENCH_THREAD_PAUSE, t->cpu);
	t->pause_begin = ktime_get_ns();
}

/**
 * vmap_bench_resume() - the operation begins, or goes on
 * @t: the calling thread, after vmap_bench_pause()
 */
void vmap_bench_resume(struct vmap_bench_thread *t)
{
	t->paused_ns += ktime_get_ns() - t->pause_begin;
	vmap_bench_mark(VMAP_BENCH_THREAD_RESUME, t->cpu);
}

static void measure(struct vmap_bench_thread *t)
{
	struct vmap_bench_run *run = t->run;
	u64 start = ktime_get_ns();

	t->paused_ns = 0;
	vmap_bench_mark(VMAP_BENCH_THREAD_BEGIN, t->cpu);
	while (t->done < t->quota && !stopped(run)) {
		if (!one_op(t))
			break;
		t->done++;
	}
	vmap_bench_mark(VMAP_BENCH_THREAD_END, t->cpu);
	t->ns = ktime_get_ns() - start - t->paused_ns;
	t->ops = t->done;
	atomic_dec(&run->busy);
}

/* Keep up the load, or those that are still measuring would have it easier. */
static void cool_down(struct vmap_bench_thread *t)
{
	struct vmap_bench_run *run = t->run;

	while (atomic_read(&run->busy) && !stopped(run)) {
		if (!one_op(t))
			break;
		t->done++;
	}
}

static void end_barrier(struct vmap_bench_run *run)
{
	if (!atomic_dec_and_test(&run->active)) {
		wait_for_completion_state(&run->ended, TASK_IDLE);
		return;
	}
	if (run->region_open) {
		vmap_bench_mark(VMAP_BENCH_CLOSE, 0);
		run->window_ns = ktime_get_ns() - run->begin_ns;
		vmap_bench_region_end();
		vmap_bench_audit_region(false);
	}
	complete_all(&run->ended);
}

/**
 * vmap_bench_thread_fn() - the kthread function
 * @arg: its struct vmap_bench_thread
 *
 * Return: 0; failures are noted in the run.
 */
int vmap_bench_thread_fn(void *arg)
{
	struct vmap_bench_thread *t = arg;
	const struct vmap_bench_workload *w = t->run->p.workload;

	set_up(t);
	warm_up(t);
	start_barrier(t->run);
	measure(t);
	cool_down(t);
	end_barrier(t->run);
	if (w->teardown)
		w->teardown(t);
	free_pages_of(t);
	return 0;
}
