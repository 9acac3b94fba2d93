// SPDX-License-Identifier: GPL-2.0
/*
 * Workloads that free a page, to prove the audit with
 *
 *	st-stray	while it is mapped: a stray alias in each operation
 *	st-held		when its mapping is gone from all page tables and TLBs: none
 */

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "vmap_bench.h"

static void *map_page(struct vmap_bench_thread *t, struct page **page)
{
	void *mem = NULL;

	*page = alloc_page(GFP_KERNEL);
	if (!*page) {
		vmap_bench_fail(t, -ENOMEM, "alloc_page returned NULL");
		return NULL;
	}
	if (!vmap_bench_inject(t))
		mem = vmap(page, 1, VM_MAP, PAGE_KERNEL);
	if (mem) {
		vmap_bench_touch(mem, 1);
	} else {
		__free_page(*page);
		vmap_bench_fail(t, -ENOMEM, "vmap returned NULL");
	}
	return mem;
}

/* Nobody touches the mapping of what is free. */
static int stray_op(struct vmap_bench_thread *t)
{
	struct page *page;
	void *mem = map_page(t, &page);

	if (!mem)
		return -ENOMEM;
	__free_page(page);
	vunmap(mem);
	return 0;
}

static int held_op(struct vmap_bench_thread *t)
{
	struct page *page;
	void *mem = map_page(t, &page);

	if (!mem)
		return -ENOMEM;
	vunmap(mem);
	vm_unmap_aliases();
	__free_page(page);
	return 0;
}

const struct vmap_bench_workload vmap_bench_st_stray = {
	.name	= "st-stray",
	.text	= "selftest: a page freed while it is mapped, for the audit",
	.op	= stray_op,
};

const struct vmap_bench_workload vmap_bench_st_held = {
	.name	= "st-held",
	.text	= "selftest: a page freed after vunmap, vm_unmap_aliases",
	.op	= held_op,
};
