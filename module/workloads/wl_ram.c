// SPDX-License-Identifier: GPL-2.0
/*
 * Workload ram: vm_map_ram(), touch every page, vm_unmap_ram()
 */

#include <linux/errno.h>

#include "vmap_bench.h"

static int ram_op(struct vmap_bench_thread *t)
{
	unsigned int pages = t->run->p.pages;
	void *mem = NULL;

	if (!vmap_bench_inject(t))
		mem = vm_map_ram(t->pages, pages, NUMA_NO_NODE);
	if (!mem)
		return vmap_bench_fail(t, -ENOMEM, "vm_map_ram returned NULL");

	vmap_bench_touch(mem, pages);
	vm_unmap_ram(mem, pages);
	return 0;
}

const struct vmap_bench_workload vmap_bench_ram = {
	.name	= "ram",
	.text	= "vm_map_ram, touch every page, vm_unmap_ram",
	.op	= ram_op,
};
