// SPDX-License-Identifier: GPL-2.0
/*
 * Workload aliases: vm_unmap_aliases() when so many pages are lazily free
 *
 * Before each operation as many pages as "pages" says are mapped, touched and
 * unmapped, in areas of AREA_PAGES, as a file system leaves them. That is not
 * measured; the flush that follows is. On a layer that frees nothing lazily it has
 * nothing to do.
 */

#include <linux/errno.h>
#include <linux/minmax.h>

#include "vmap_bench.h"

/* Those of the published loop. */
#define AREA_PAGES	4u

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

/* One after the other, each at an address of its own: a free one is not given out. */
static int leave_pages(struct vmap_bench_thread *t)
{
	unsigned int left, done = 0;
	int err = 0;

	for (left = t->run->p.pages; left && !err; left -= min(left, AREA_PAGES)) {
		err = leave_area(t, done, min(left, AREA_PAGES));
		done += min(left, AREA_PAGES);
	}
	return err;
}

static int aliases_op(struct vmap_bench_thread *t)
{
	int err;

	vmap_bench_pause(t);
	err = leave_pages(t);
	vmap_bench_resume(t);
	if (err)
		return err;
	vm_unmap_aliases();
	return 0;
}

const struct vmap_bench_workload vmap_bench_aliases = {
	.name	= "aliases",
	.text	= "vm_unmap_aliases alone, with so many pages lazily free",
	.op	= aliases_op,
};
