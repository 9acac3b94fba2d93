// SPDX-License-Identifier: GPL-2.0
/*
 * Workload interrupt: unmap where one cannot sleep
 *
 * In each operation the thread makes a map for each context of the table below, and
 * each context unmaps its own: a hard interrupt, a softirq, and the thread with a
 * spinlock held. On a layer that has maps for such places, each context makes one as
 * well, looks whether it leads to the pages, and unmaps it. What the thread prepares
 * is not measured.
 *
 * The contexts interrupt the thread where it holds no lock of the layer, so that
 * nothing hangs on a layer that does not stand this: there lockdep and "sleeping
 * function called from invalid context" complain, on kernels that have them.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "atomic_maps.h"
#include "vmap_bench.h"

#define NR_CONTEXTS	4

/**
 * struct interrupt_state - of one thread
 * @t: the thread
 * @hard: raises an interrupt on its CPU
 * @soft: runs in a softirq there
 * @done: the context is through
 * @lock: held in the contexts with a spinlock
 * @mem: what the context is to unmap
 * @seq: contexts so far
 * @context: the one that is at work, by its place in the table
 * @made: maps made in each
 * @tried: maps that were asked for, in all of them
 * @wrong: constant text of what a context found wrong, or NULL
 */
struct interrupt_state {
	struct vmap_bench_thread *t;
	struct irq_work hard;
	struct tasklet_struct soft;
	struct completion done;
	spinlock_t lock;	/* protects nothing: it is there to be held */
	void *mem;
	unsigned long seq;
	unsigned int context;
	u64 made[NR_CONTEXTS];
	u64 tried;
	const char *wrong;
};

/* Does not fail the run: that takes a lock which tasks hold, too. */
static void map_in_context(struct interrupt_state *s)
{
	unsigned int pages = s->t->run->p.pages;
	void *mem;

	s->tried++;
	mem = map_atomic(s->t->pages, pages);
	if (!mem)
		return;
	s->made[s->context]++;
	if (!leads_to_pages(mem, s->t->pages, pages, 0, s->seq))
		s->wrong = "a map made in a context does not lead to its pages";
	vm_unmap_ram(mem, pages);
}

static void in_context(struct interrupt_state *s)
{
	vm_unmap_ram(s->mem, s->t->run->p.pages);
	s->mem = NULL;
	if (HAVE_ATOMIC_MAPS)
		map_in_context(s);
}

static void hard_fn(struct irq_work *work)
{
	struct interrupt_state *s = container_of(work, struct interrupt_state, hard);

	if (!in_hardirq())
		s->wrong = "a hard interrupt is none";
	in_context(s);
	complete(&s->done);
}

static void in_hard(struct interrupt_state *s)
{
	irq_work_queue(&s->hard);
	wait_for_completion(&s->done);
	irq_work_sync(&s->hard);
}

static void soft_fn(struct tasklet_struct *tasklet)
{
	struct interrupt_state *s = from_tasklet(s, tasklet, soft);

	if (!in_serving_softirq())
		s->wrong = "a softirq is none";
	in_context(s);
	complete(&s->done);
}

/* It runs when softirqs are let through again, before anything else does. */
static void in_soft(struct interrupt_state *s)
{
	local_bh_disable();
	tasklet_schedule(&s->soft);
	local_bh_enable();
	wait_for_completion(&s->done);
}

static void in_locked(struct interrupt_state *s)
{
	spin_lock(&s->lock);
	in_context(s);
	spin_unlock(&s->lock);
}

static void in_irqs_off(struct interrupt_state *s)
{
	unsigned long flags;

	spin_lock_irqsave(&s->lock, flags);
	in_context(s);
	spin_unlock_irqrestore(&s->lock, flags);
}

/* A new context is a line here, and one more in NR_CONTEXTS. */
static const struct {
	void (*enter)(struct interrupt_state *s);
	const char *no_map;
} contexts[NR_CONTEXTS] = {
	{ in_hard, "no map was ever made in a hard interrupt" },
	{ in_soft, "no map was ever made in a softirq" },
	{ in_locked, "no map was ever made with a spinlock held" },
	{ in_irqs_off, "no map was ever made with interrupts off" },
};

/* In the thread, where one may sleep. */
static int prepare(struct interrupt_state *s)
{
	struct vmap_bench_thread *t = s->t;
	unsigned int pages = t->run->p.pages;

	if (!vmap_bench_inject(t))
		s->mem = vm_map_ram(t->pages, pages, NUMA_NO_NODE);
	if (!s->mem)
		return vmap_bench_fail(t, -ENOMEM, "vm_map_ram returned NULL");

	s->seq += pages;
	if (!leads_to_pages(s->mem, t->pages, pages, 0, s->seq))
		s->wrong = "a map does not lead to its pages";
	s->seq += pages;
	return 0;
}

static int interrupt_op(struct vmap_bench_thread *t)
{
	struct interrupt_state *s = t->private;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(contexts); i++) {
		vmap_bench_pause(t);
		err = prepare(s);
		vmap_bench_resume(t);
		if (err)
			return err;
		s->context = i;
		contexts[i].enter(s);
		if (s->wrong) {
			t->mismatches++;
			return vmap_bench_fail(t, -EIO, s->wrong);
		}
	}
	return 0;
}

static int interrupt_setup(struct vmap_bench_thread *t)
{
	struct interrupt_state *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return vmap_bench_fail(t, -ENOMEM, "kzalloc of the state returned NULL");
	s->t = t;
	s->hard = IRQ_WORK_INIT_HARD(hard_fn);
	tasklet_setup(&s->soft, soft_fn);
	init_completion(&s->done);
	spin_lock_init(&s->lock);
	t->private = s;
	return 0;
}

/* Some may fail; all of a context do so only when the layer has no such maps. */
static void check_made(struct interrupt_state *s)
{
	unsigned int i;

	if (!s->tried || s->t->run->p.pages > BITS_PER_LONG)
		return;
	for (i = 0; i < NR_CONTEXTS; i++)
		if (!s->made[i])
			vmap_bench_fail(s->t, -ENOMEM, contexts[i].no_map);
}

static void interrupt_teardown(struct vmap_bench_thread *t)
{
	struct interrupt_state *s = t->private;

	if (!s)
		return;
	check_made(s);
	irq_work_sync(&s->hard);
	tasklet_kill(&s->soft);
	kfree(s);
	t->private = NULL;
}

const struct vmap_bench_workload vmap_bench_interrupt = {
	.name		= "interrupt",
	.text		= "vm_unmap_ram in interrupts and under spinlocks",
	.setup		= interrupt_setup,
	.op		= interrupt_op,
	.teardown	= interrupt_teardown,
};
