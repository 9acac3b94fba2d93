// SPDX-License-Identifier: GPL-2.0
/*
 * Workloads of the cases of the kernel's own test of vmalloc(), under its names
 *
 * An operation is what a case of lib/test_vmalloc.c does in its loop, with the same
 * sizes and numbers; what it does around the loop is done before the start barrier and
 * after the window. "ops" is its test_loop_count, "pages" its nr_pages. The numbers
 * drawn are the same in every run.
 *
 *	fix_size_alloc_test		"pages" pages
 *	full_fit_alloc_test		1 page, between so many that holes of 1 are left
 *	long_busy_list_alloc_test	100 pages and 1, behind 15000 areas
 *	random_size_alloc_test		1 to 100 pages
 *	fix_align_alloc_test		5 pages, aligned to twice a thread's stack
 *	random_size_align_alloc_test	1 to 10 pages, aligned to 1 to 4 MiB
 *	align_shift_alloc_test		1 page at each alignment there is: meant to fail
 *	pcpu_alloc_test			35000 per-CPU areas
 *	kvfree_rcu_1_arg_vmalloc_test	1 page, freed after a grace period
 *	kvfree_rcu_2_arg_vmalloc_test	the same, with a head in it
 */

#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/percpu.h>
#include <linux/prandom.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/thread_info.h>

#include "vmap_bench.h"

#define BUSY_AREAS	15000u
#define PERCPU_AREAS	35000u

/* It has had this name since 6.3. */
#ifndef kvfree_rcu_mightsleep
#define kvfree_rcu_mightsleep(ptr)	kvfree_rcu(ptr)
#endif

/**
 * struct tv_state - of one thread
 * @rnd: where its numbers come from
 * @nr: areas in @area
 * @area: what it holds during the run, or has room for
 */
struct tv_state {
	struct rnd_state rnd;
	unsigned int nr;
	void *area[];
};

/* What is freed after a grace period. */
struct tv_object {
	struct rcu_head rcu;
	unsigned char byte;
};

static void *aligned_area(struct vmap_bench_thread *t, unsigned int pages, unsigned long align)
{
	gfp_t gfp = GFP_KERNEL | (align > 1 ? __GFP_ZERO : 0);
	void *mem = NULL;

	if (!vmap_bench_inject(t))
		mem = __vmalloc_node(pages * PAGE_SIZE, align, gfp, NUMA_NO_NODE,
				     __builtin_return_address(0));
	if (!mem)
		vmap_bench_fail(t, -ENOMEM, "vmalloc returned NULL");
	return mem;
}

static void *written_area(struct vmap_bench_thread *t, unsigned int pages)
{
	unsigned char *mem = aligned_area(t, pages, 1);

	if (mem)
		WRITE_ONCE(*mem, 1);
	return mem;
}

static int use_area(struct vmap_bench_thread *t, unsigned int pages)
{
	void *mem = written_area(t, pages);

	vfree(mem);
	return mem ? 0 : -ENOMEM;
}

static int use_aligned(struct vmap_bench_thread *t, unsigned int pages, unsigned long align)
{
	void *mem = aligned_area(t, pages, align);

	vfree(mem);
	return mem ? 0 : -ENOMEM;
}

static unsigned int draw(struct vmap_bench_thread *t, unsigned int below)
{
	struct tv_state *s = t->private;

	return prandom_u32_state(&s->rnd) % below;
}

static int setup_room(struct vmap_bench_thread *t, unsigned int room)
{
	struct tv_state *s = vzalloc(struct_size(s, area, room));

	if (!s)
		return vmap_bench_fail(t, -ENOMEM, "vzalloc of the state returned NULL");
	prandom_seed_state(&s->rnd, t->cpu + 1);
	t->private = s;
	return 0;
}

static int tv_setup(struct vmap_bench_thread *t)
{
	return setup_room(t, 0);
}

/* A page each; those in between are freed again. */
static int hold_areas(struct vmap_bench_thread *t, unsigned int nr, unsigned int step)
{
	struct tv_state *s;
	unsigned int i;
	int err;

	err = setup_room(t, nr);
	if (err)
		return err;
	s = t->private;
	for (s->nr = 0; s->nr < nr; s->nr++) {
		s->area[s->nr] = aligned_area(t, 1, 1);
		if (!s->area[s->nr])
			return -ENOMEM;
		cond_resched();
	}
	for (i = 1; step > 1 && i < nr; i += step) {
		vfree(s->area[i]);
		s->area[i] = NULL;
		cond_resched();
	}
	return 0;
}

static int full_fit_setup(struct vmap_bench_thread *t)
{
	/* As much as may be lazily free, and as much between it. */
	unsigned int kept = fls(num_online_cpus()) * (SZ_32M / PAGE_SIZE);

	return hold_areas(t, 2 * kept, 2);
}

static int busy_setup(struct vmap_bench_thread *t)
{
	return hold_areas(t, BUSY_AREAS, 1);
}

static int pcpu_setup(struct vmap_bench_thread *t)
{
	return setup_room(t, PERCPU_AREAS);
}

static void tv_teardown(struct vmap_bench_thread *t)
{
	struct tv_state *s = t->private;
	unsigned int i;

	if (!s)
		return;
	for (i = 0; i < s->nr; i++) {
		vfree(s->area[i]);
		cond_resched();
	}
	vfree(s);
	t->private = NULL;
}

static int fix_size_op(struct vmap_bench_thread *t)
{
	return use_area(t, t->run->p.pages);
}

static int one_page_op(struct vmap_bench_thread *t)
{
	return use_area(t, 1);
}

static int busy_op(struct vmap_bench_thread *t)
{
	void *large = written_area(t, 100), *small = large ? written_area(t, 1) : NULL;

	vfree(large);
	vfree(small);
	return small ? 0 : -ENOMEM;
}

static int random_size_op(struct vmap_bench_thread *t)
{
	return use_area(t, 1 + draw(t, 100));
}

static int fix_align_op(struct vmap_bench_thread *t)
{
	return use_aligned(t, 5, THREAD_ALIGN << 1);
}

static int random_align_op(struct vmap_bench_thread *t)
{
	unsigned int number = draw(t, 256);

	return use_aligned(t, 1 + number % 10, 1ul << number % 23);
}

static int align_shift_op(struct vmap_bench_thread *t)
{
	unsigned int shift;
	int err = 0;

	for (shift = 0; shift < BITS_PER_LONG && !err; shift++)
		err = use_aligned(t, 1, 1ul << shift);
	return err;
}

static int pcpu_op(struct vmap_bench_thread *t)
{
	struct tv_state *s = t->private;
	void __percpu **area = (void __percpu **)s->area;
	unsigned int i;
	int err = 0;

	for (i = 0; i < PERCPU_AREAS; i++) {
		unsigned int size = 1 + draw(t, PAGE_SIZE / 4);

		area[i] = __alloc_percpu(size, 2u << draw(t, 11));
		if (!area[i])
			err = -ENOMEM;
		cond_resched();
	}
	for (i = 0; i < PERCPU_AREAS; i++) {
		free_percpu(area[i]);
		area[i] = NULL;
		cond_resched();
	}
	return err ? vmap_bench_fail(t, err, "__alloc_percpu returned NULL") : 0;
}

static int kvfree_1_op(struct vmap_bench_thread *t)
{
	struct tv_object *object = aligned_area(t, 1, 1);

	if (!object)
		return -ENOMEM;
	WRITE_ONCE(object->byte, 1);
	kvfree_rcu_mightsleep(object);
	return 0;
}

static int kvfree_2_op(struct vmap_bench_thread *t)
{
	struct tv_object *object = aligned_area(t, 1, 1);

	if (!object)
		return -ENOMEM;
	WRITE_ONCE(object->byte, 1);
	kvfree_rcu(object, rcu);
	return 0;
}

/* What a case has beside its name. */
#define TV_CASE(s, o)						\
	.text		= "case of the kernel's test_vmalloc",	\
	.setup		= (s),					\
	.op		= (o),					\
	.teardown	= tv_teardown

const struct vmap_bench_workload vmap_bench_tv_fix_size = {
	.name		= "fix_size_alloc_test",
	TV_CASE(tv_setup, fix_size_op),
};

const struct vmap_bench_workload vmap_bench_tv_full_fit = {
	.name		= "full_fit_alloc_test",
	TV_CASE(full_fit_setup, one_page_op),
};

const struct vmap_bench_workload vmap_bench_tv_long_busy_list = {
	.name		= "long_busy_list_alloc_test",
	TV_CASE(busy_setup, busy_op),
};

const struct vmap_bench_workload vmap_bench_tv_random_size = {
	.name		= "random_size_alloc_test",
	TV_CASE(tv_setup, random_size_op),
};

const struct vmap_bench_workload vmap_bench_tv_fix_align = {
	.name		= "fix_align_alloc_test",
	TV_CASE(tv_setup, fix_align_op),
};

const struct vmap_bench_workload vmap_bench_tv_random_size_align = {
	.name		= "random_size_align_alloc_test",
	TV_CASE(tv_setup, random_align_op),
};

const struct vmap_bench_workload vmap_bench_tv_align_shift = {
	.name		= "align_shift_alloc_test",
	TV_CASE(tv_setup, align_shift_op),
};

const struct vmap_bench_workload vmap_bench_tv_pcpu = {
	.name		= "pcpu_alloc_test",
	TV_CASE(pcpu_setup, pcpu_op),
};

const struct vmap_bench_workload vmap_bench_tv_kvfree_rcu_one = {
	.name		= "kvfree_rcu_1_arg_vmalloc_test",
	TV_CASE(tv_setup, kvfree_1_op),
};

const struct vmap_bench_workload vmap_bench_tv_kvfree_rcu_two = {
	.name		= "kvfree_rcu_2_arg_vmalloc_test",
	TV_CASE(tv_setup, kvfree_2_op),
};
