// SPDX-License-Identifier: GPL-2.0
/*
 * Workloads aliases and aliases-ram: vm_unmap_aliases() when so many pages are lazily free
 *
 * Before each operation as many pages as "pages" says are mapped, touched and
 * unmapped, AREA_PAGES at a time. That is not measured; the flush that follows is. With
 * aliases each map is an area of its own, by vmap(); with aliases-ram it comes from a
 * per-CPU block, by vm_map_ram(), as a file system leaves them, and the flush has to go
 * through the blocks of all possible CPUs. On a layer that frees nothing lazily it has
 * nothing to do.
 */

#include <linux/errno.h>
#include <linux/minmax.h>

#include "vmap_bench.h"

/* Those of the published loop. */
#define AREA_PAGES	4u

/* Maps, touches and unmaps so many pages from the thread's number @first on. */
typedef int (*leave_fn)(struct vmap_bench_thread *t, unsigned int first, unsigned int pages);

static int leave_area(struct vmap_bench_thread *t, unsigned int first, unsigned int pages)
{
	void *mem = NULL;

	if (!vmap_bench_inject(t))
		mem = vmap(t->pages + first, pages, VM_MAP, PAGE_KERNEL);
	if (!mem)
		return vmap_bench_fail(t, -ENOMEM, "vmap returned NULL");

	vmap_bench_touch(mem, pages);
	vunmap(mem);
	return 0;
}

static int leave_in_block(struct vmap_bench_thread *t, unsigned int first, unsigned int pages)
{
	void *mem = NULL;

	if (!vmap_bench_inject(t))
		mem = vm_map_ram(t->pages + first, pages, NUMA_NO_NODE);
	if (!mem)
		return vmap_bench_fail(t, -ENOMEM, "vm_map_ram returned NULL");

	vmap_bench_touch(mem, pages);
	vm_unmap_ram(mem, pages);
	return 0;
}

/* One after the other, each at an address of its own: a free one is not given out. */
static int leave_pages(struct vmap_bench_thread *t, leave_fn leave)
{
	unsigned int left, done = 0;
	int err = 0;

	for (left = t->run->p.pages; left && !err; left -= min(left, AREA_PAGES)) {
		err = leave(t, done, min(left, AREA_PAGES));
		done += min(left, AREA_PAGES);
	}
	return err;
}

static int flush_op(struct vmap_bench_thread *t, leave_fn leave)
{
	int err;

	vmap_bench_pause(t);
	err = leave_pages(t, leave);
	vmap_bench_resume(t);
	if (err)
		return err;
	vm_unmap_aliases();
	return 0;
}

static int aliases_op(struct vmap_bench_thread *t)
{
	return flush_op(t, leave_area);
}

static int aliases_ram_op(struct vmap_bench_thread *t)
{
	return flush_op(t, leave_in_block);
}

const struct vmap_bench_workload vmap_bench_aliases = {
	.name	= "aliases",
	.text	= "vm_unmap_aliases alone, with so many pages lazily free",
	.op	= aliases_op,
};

const struct vmap_bench_workload vmap_bench_aliases_ram = {
	.name	= "aliases-ram",
	.text	= "the same, with these pages in per-CPU blocks",
	.op	= aliases_ram_op,
};
