// SPDX-License-Identifier: GPL-2.0
/*
 * Workload vmap: vmap(), touch every page, vunmap()
 */

#include <linux/errno.h>

#include "vmap_bench.h"

static int vmap_op(struct vmap_bench_thread *t)
{
	unsigned int pages = t->run->p.pages;
	void *mem = NULL;

	if (!vmap_bench_inject(t))
		mem = vmap(t->pages, pages, VM_MAP, PAGE_KERNEL);
	if (!mem)
		return vmap_bench_fail(t, -ENOMEM, "vmap returned NULL");

	vmap_bench_touch(mem, pages);
	vunmap(mem);
	return 0;
}

const struct vmap_bench_workload vmap_bench_vmap = {
	.name	= "vmap",
	.text	= "vmap, touch every page, vunmap",
	.op	= vmap_op,
};
