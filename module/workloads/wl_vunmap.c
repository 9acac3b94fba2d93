// SPDX-License-Identifier: GPL-2.0
/*
 * Workload vunmap: vunmap() alone
 *
 * vmap() and touching every page come before it and are not measured.
 */

#include <linux/errno.h>

#include "vmap_bench.h"

static void *map_touched(struct vmap_bench_thread *t)
{
	unsigned int pages = t->run->p.pages;
	void *mem = NULL;

	if (!vmap_bench_inject(t))
		mem = vmap(t->pages, pages, VM_MAP, PAGE_KERNEL);
	if (mem)
		vmap_bench_touch(mem, pages);
	return mem;
}

static int vunmap_op(struct vmap_bench_thread *t)
{
	void *mem;

	vmap_bench_pause(t);
	mem = map_touched(t);
	vmap_bench_resume(t);
	if (!mem)
		return vmap_bench_fail(t, -ENOMEM, "vmap returned NULL");
	vunmap(mem);
	return 0;
}

const struct vmap_bench_workload vmap_bench_vunmap = {
	.name	= "vunmap",
	.text	= "vunmap alone, of pages that were touched",
	.op	= vunmap_op,
};
