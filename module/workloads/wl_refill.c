// SPDX-License-Identifier: GPL-2.0
/*
 * Workload refill: can frees that are put off exhaust a small vmalloc space?
 *
 * One operation fills the space with maps until vm_map_ram() fails, undoes them all and
 * fills it again, in rounds, by turns with single pages, which come from blocks, and
 * with maps that are areas of their own. Each fill has to find as much room as the first of
 * its kind, although what was undone just then is lazily free and what the layer
 * frees by RCU is not freed at all: from the first map to the last there is neither a
 * reschedule nor anything else that would let a grace period end, which is
 * asked of RCU and is part of the record.
 */

#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/pgtable.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <asm/cpu_entry_area.h>

#include "vmap_bench.h"

#define ROUNDS		4

/* A space in which nobody waits for the end of a fill: that of 32 bits. */
#define MAX_SPACE	SZ_1G

/* More than a block gives out at once, whatever the size of a long. */
#define AREA_PAGES	(BITS_PER_LONG + 1)

enum { SINGLE, AREA, KINDS };

/**
 * struct refill - the state of a run, and the result of the last one
 * @first: maps of the first fill, of each kind
 * @least: fewest maps of a later one
 * @grace: a grace period ended meanwhile
 * @max: more maps than fit
 * @mem: the maps
 * @page: what each of them maps, the same page all over
 */
static struct refill {
	unsigned int first[KINDS];
	unsigned int least[KINDS];
	bool grace;
	unsigned int max;
	void **mem;
	struct page *page[AREA_PAGES];
} refill;

static unsigned int fill_up(unsigned int pages)
{
	unsigned int n = 0;

	while (n < refill.max) {
		refill.mem[n] = vm_map_ram(refill.page, pages, NUMA_NO_NODE);
		if (!refill.mem[n])
			break;
		vmap_bench_touch(refill.mem[n++], pages);
	}
	return n;
}

static unsigned int fill_and_undo(unsigned int pages)
{
	unsigned int n = fill_up(pages), i;

	for (i = 0; i < n; i++)
		vm_unmap_ram(refill.mem[i], pages);
	return n;
}

static int refill_op(struct vmap_bench_thread *t)
{
	static const unsigned int pages[KINDS] = { [SINGLE] = 1, [AREA] = AREA_PAGES };
	unsigned long state = get_state_synchronize_rcu();
	unsigned int round, kind, n;

	for (round = 0; round < ROUNDS; round++) {
		for (kind = 0; kind < KINDS; kind++) {
			n = fill_and_undo(pages[kind]);
			if (!round)
				refill.first[kind] = n;
			if (round == 1 || (round && n < refill.least[kind]))
				refill.least[kind] = n;
		}
	}
	refill.grace = poll_state_synchronize_rcu(state);
	if (!refill.first[SINGLE] || !refill.first[AREA])
		return vmap_bench_fail(t, -ENOMEM, "vm_map_ram returned NULL");
	return 0;
}

static int refill_setup(struct vmap_bench_thread *t)
{
	unsigned long space = VMALLOC_END - VMALLOC_START;
	unsigned int i;

	if (t->run->p.threads != 1)
		return vmap_bench_fail(t, -EINVAL, "refill is for one thread");
	if (space > MAX_SPACE)
		return vmap_bench_fail(t, -EOPNOTSUPP, "vmalloc space is too large to be filled");
	refill.max = space >> PAGE_SHIFT;
	/* Not of the space that is to be filled. */
	refill.mem = kcalloc(refill.max, sizeof(*refill.mem), GFP_KERNEL);
	if (!refill.mem)
		return vmap_bench_fail(t, -ENOMEM, "kcalloc of the list of maps returned NULL");
	for (i = 0; i < AREA_PAGES; i++)
		refill.page[i] = t->pages[0];
	return 0;
}

static void refill_teardown(struct vmap_bench_thread *t)
{
	kfree(refill.mem);
	refill.mem = NULL;
}

static void refill_show(struct seq_file *m)
{
	seq_printf(m, ",\"values\":{\"maps\":%u,\"maps_least\":%u", refill.first[SINGLE],
		   refill.least[SINGLE]);
	seq_printf(m, ",\"areas\":%u,\"areas_least\":%u", refill.first[AREA], refill.least[AREA]);
	seq_printf(m, ",\"space_pages\":%u", refill.max);
	seq_printf(m, ",\"grace_periods\":%u}", refill.grace);
}

const struct vmap_bench_workload vmap_bench_refill = {
	.name		= "refill",
	.text		= "fill vmalloc space, undo it all, fill it again, without a grace period",
	.setup		= refill_setup,
	.op		= refill_op,
	.teardown	= refill_teardown,
	.show		= refill_show,
};
