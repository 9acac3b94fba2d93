// SPDX-License-Identifier: GPL-2.0
/*
 * Workload storm: a thread and the interrupts of its CPU map at the same time
 *
 * A timer in hard interrupt context strikes while the thread maps and unmaps, wherever
 * it is, locks of the layer held or not. It maps, touches and unmaps, and has a tasklet
 * do the same in a softirq. Only for a layer that stands this: on any other the CPU
 * would wait for itself, so there the run is refused.
 */

#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/slab.h>

#include "atomic_maps.h"
#include "vmap_bench.h"

/* Several operations of a thread; on a debug kernel the timer skips what it misses. */
#define PERIOD_NS	200000

/* The thread has everything flushed as often as this. */
#define FLUSH_EVERY	64

/* The words of a page that each of them writes to. */
enum storm_slot {
	SLOT_THREAD,
	SLOT_HARD,
	SLOT_SOFT,
	SLOTS
};

/**
 * struct storm_state - of one thread
 * @t: the thread
 * @timer: strikes on its CPU
 * @soft: is started by the timer
 * @seq: values written, by who writes
 * @made: maps made, by who made them
 * @wrong: a map did not lead to its pages
 */
struct storm_state {
	struct vmap_bench_thread *t;
	struct hrtimer timer;
	struct tasklet_struct soft;
	unsigned long seq[SLOTS];
	u64 made[SLOTS];
	bool wrong;
};

/* A map that cannot be had now is not missed: the next one can. */
static void map_and_unmap(struct storm_state *s, enum storm_slot slot)
{
	unsigned int pages = s->t->run->p.pages;
	void *mem = map_atomic(s->t->pages, pages);

	if (!mem)
		return;
	s->made[slot]++;
	s->seq[slot] += pages;
	if (!leads_to_pages(mem, s->t->pages, pages, slot, s->seq[slot]))
		WRITE_ONCE(s->wrong, true);
	vm_unmap_ram(mem, pages);
}

static enum hrtimer_restart timer_fn(struct hrtimer *timer)
{
	struct storm_state *s = container_of(timer, struct storm_state, timer);

	map_and_unmap(s, SLOT_HARD);
	tasklet_schedule(&s->soft);
	hrtimer_forward_now(timer, ns_to_ktime(PERIOD_NS));
	return HRTIMER_RESTART;
}

static void soft_fn(struct tasklet_struct *tasklet)
{
	struct storm_state *s = from_tasklet(s, tasklet, soft);

	map_and_unmap(s, SLOT_SOFT);
}

static int storm_op(struct vmap_bench_thread *t)
{
	struct storm_state *s = t->private;
	unsigned int pages = t->run->p.pages;
	void *mem = NULL;

	if (!vmap_bench_inject(t))
		mem = vm_map_ram(t->pages, pages, NUMA_NO_NODE);
	if (!mem)
		return vmap_bench_fail(t, -ENOMEM, "vm_map_ram returned NULL");
	s->seq[SLOT_THREAD] += pages;
	if (!leads_to_pages(mem, t->pages, pages, SLOT_THREAD, s->seq[SLOT_THREAD]))
		WRITE_ONCE(s->wrong, true);
	vm_unmap_ram(mem, pages);

	if (t->op % FLUSH_EVERY == 0)
		vm_unmap_aliases();
	if (READ_ONCE(s->wrong)) {
		t->mismatches++;
		return vmap_bench_fail(t, -EIO, "a map does not lead to its pages");
	}
	return 0;
}

static int storm_setup(struct vmap_bench_thread *t)
{
	struct storm_state *s;

	if (!HAVE_ATOMIC_MAPS)
		return vmap_bench_fail(t, -EOPNOTSUPP, "this layer has no maps for interrupts");
	if (t->run->p.pages > BITS_PER_LONG)
		return vmap_bench_fail(t, -EINVAL, "storm is for pages that come from blocks");
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return vmap_bench_fail(t, -ENOMEM, "kzalloc of the state returned NULL");

	s->t = t;
	tasklet_setup(&s->soft, soft_fn);
	hrtimer_init(&s->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	s->timer.function = timer_fn;
	t->private = s;
	hrtimer_start(&s->timer, ns_to_ktime(PERIOD_NS), HRTIMER_MODE_REL_PINNED_HARD);
	return 0;
}

static void storm_teardown(struct vmap_bench_thread *t)
{
	struct storm_state *s = t->private;

	if (!s)
		return;
	/* The timer starts the tasklet, so it goes first. */
	hrtimer_cancel(&s->timer);
	tasklet_kill(&s->soft);
	if (!s->made[SLOT_HARD] || !s->made[SLOT_SOFT])
		vmap_bench_fail(t, -ENODATA, "no interrupt came, or none got a map");
	kfree(s);
	t->private = NULL;
}

const struct vmap_bench_workload vmap_bench_storm = {
	.name		= "storm",
	.text		= "vm_map_ram, struck by interrupts that map as well",
	.setup		= storm_setup,
	.op		= storm_op,
	.teardown	= storm_teardown,
};
