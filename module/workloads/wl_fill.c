// SPDX-License-Identifier: GPL-2.0
/*
 * Workload fill: how much of a small vmalloc space can vm_map_ram() hand out?
 *
 * One operation maps until vm_map_ram() fails and keeps all of it. That is what is
 * measured, and how long each part of it took is remembered: a step maps a 32nd of
 * 128 MiB, which is whole blocks of every size there is, and of the maps in it that
 * begin a block, which has to be found room for, the fastest is remembered, too: the
 * others had a timer tick or a new page table in them.
 *
 * Then come, outside the measured time, frees at the limit: all maps in a small part of
 * the space are undone, so few that no layer purges for their number. What they had
 * is lazily free, and nothing else is: a layer that does not flush and try again
 * before it fails has no room for a single map. Whatever it can map now is counted.
 *
 * Both times the space is left as it is for "hold_ms", for those who want to look.
 */

#include <linux/align.h>
#include <linux/bitmap.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/pgtable.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <asm/cpu_entry_area.h>

#include "vmap_bench.h"

#define STEP_BYTES	SZ_4M

/* A space in which nobody waits for the end of a fill: that of 32 bits. */
#define MAX_SPACE	SZ_1G
#define MAX_STEPS	(MAX_SPACE / STEP_BYTES)

/* Blocks of all sizes there are begin where the largest may. */
#define BLOCK_ALIGN	SZ_4M
/* As the layers compute it: less where 16 such blocks for each CPU are too much. */
#if BITS_PER_LONG == 64 || CONFIG_NR_CPUS <= 2
#define BLOCK_BYTES	SZ_4M
#elif CONFIG_NR_CPUS <= 4
#define BLOCK_BYTES	SZ_2M
#elif CONFIG_NR_CPUS <= 8
#define BLOCK_BYTES	SZ_1M
#else
#define BLOCK_BYTES	SZ_512K
#endif
/* Half of what waits for a purge at least, with one CPU. */
#define FREED_BYTES	SZ_16M

/**
 * struct fill - the state of a run, and the result of the last one
 * @space: bytes of vmalloc space
 * @maps: until the first failure
 * @freed: maps undone then
 * @regained: maps made after that until the next failure
 * @first_ns: how long the first of these took
 * @step_maps: maps of a step
 * @steps: steps that the first failure ended or that came before
 * @step_ns: how long each took; the last may have less maps
 * @block_ns: how long the fastest map of each took that began a block; or 0
 * @at: a bit for each page of the space: a map of ours begins there
 */
static struct fill {
	unsigned long space;
	unsigned int maps;
	unsigned int freed;
	unsigned int regained;
	u64 first_ns;
	unsigned int step_maps;
	unsigned int steps;
	u64 step_ns[MAX_STEPS];
	u64 block_ns[MAX_STEPS];
	unsigned long *at;
} fill;

static unsigned long space_pages(void)
{
	return fill.space >> PAGE_SHIFT;
}

static unsigned long index_of(unsigned long addr)
{
	return (addr - VMALLOC_START) >> PAGE_SHIFT;
}

/* Returns its address, or 0. */
static unsigned long map_one(struct vmap_bench_thread *t)
{
	unsigned int pages = t->run->p.pages;
	unsigned long index;
	void *mem;

	mem = vm_map_ram(t->pages, pages, NUMA_NO_NODE);
	if (!mem)
		return 0;
	vmap_bench_touch(mem, pages);
	index = index_of((unsigned long)mem);
	if (index >= space_pages() || test_and_set_bit(index, fill.at)) {
		t->mismatches++;
		t->keep_pages = true;
		vmap_bench_fail(t, -EIO, "an address is outside of the space, or is live");
		return 0;
	}
	/* Kernels without preemption: nobody else would ever get this CPU. */
	cond_resched();
	return (unsigned long)mem;
}

/* Of the maps that begin in [start, end); returns how many there were. */
static unsigned int unmap_range(struct vmap_bench_thread *t, unsigned long start, unsigned long end)
{
	unsigned long last = index_of(end), index = index_of(start);
	unsigned int n = 0;

	for_each_set_bit_from(index, fill.at, last) {
		vm_unmap_ram((void *)(VMALLOC_START + (index << PAGE_SHIFT)), t->run->p.pages);
		clear_bit(index, fill.at);
		n++;
		cond_resched();
	}
	return n;
}

static unsigned int fill_up(struct vmap_bench_thread *t)
{
	unsigned int n = 0;

	while (map_one(t))
		n++;
	return n;
}

/* Returns whether the space is full. */
static bool fill_step(struct vmap_bench_thread *t)
{
	u64 start = ktime_get_ns(), begin = start, least = 0;
	unsigned long addr;
	unsigned int n;

	/* The time of the map that fails, a search of all of the space, is in no step. */
	for (n = 0; n < fill.step_maps; n++) {
		addr = map_one(t);
		if (!addr)
			break;
		if (IS_ALIGNED(addr, BLOCK_BYTES))
			least = min_not_zero(least, ktime_get_ns() - begin);
		begin = ktime_get_ns();
	}
	fill.maps += n;
	if (n) {
		fill.step_ns[fill.steps] = begin - start;
		fill.block_ns[fill.steps++] = least;
	}
	return n < fill.step_maps;
}

static void hold(struct vmap_bench_thread *t)
{
	if (t->run->p.hold_ms)
		msleep(t->run->p.hold_ms);
}

static void free_at_limit(struct vmap_bench_thread *t)
{
	unsigned long start = ALIGN(VMALLOC_START, BLOCK_ALIGN);
	u64 begin;

	hold(t);
	fill.freed = unmap_range(t, start, min(start + FREED_BYTES, VMALLOC_START + fill.space));
	hold(t);
	begin = ktime_get_ns();
	fill.regained = !!map_one(t);
	fill.first_ns = ktime_get_ns() - begin;
	if (fill.regained)
		fill.regained += fill_up(t);
}

static int fill_op(struct vmap_bench_thread *t)
{
	fill.maps = 0;
	fill.steps = 0;
	while (fill.steps < ARRAY_SIZE(fill.step_ns) && !fill_step(t))
		;
	vmap_bench_pause(t);
	free_at_limit(t);
	unmap_range(t, VMALLOC_START, VMALLOC_START + fill.space);
	vmap_bench_resume(t);
	if (!fill.maps)
		return vmap_bench_fail(t, -ENOMEM, "vm_map_ram returned NULL");
	return t->mismatches ? -EIO : 0;
}

static int fill_setup(struct vmap_bench_thread *t)
{
	unsigned long space = VMALLOC_END - VMALLOC_START;

	if (t->run->p.threads != 1)
		return vmap_bench_fail(t, -EINVAL, "fill is for one thread");
	if (space > MAX_SPACE)
		return vmap_bench_fail(t, -EOPNOTSUPP, "vmalloc space is too large to be filled");
	fill.space = space;
	fill.step_maps = (STEP_BYTES >> PAGE_SHIFT) / t->run->p.pages;
	fill.at = bitmap_zalloc(space_pages(), GFP_KERNEL);
	if (!fill.at)
		return vmap_bench_fail(t, -ENOMEM, "bitmap_zalloc returned NULL");
	return 0;
}

static void fill_teardown(struct vmap_bench_thread *t)
{
	bitmap_free(fill.at);
	fill.at = NULL;
}

static void show_steps(struct seq_file *m, const char *name, const u64 *ns)
{
	unsigned int i;

	seq_printf(m, ",\"%s\":[", name);
	for (i = 0; i < fill.steps; i++)
		seq_printf(m, "%s%llu", i ? "," : "", ns[i]);
	seq_puts(m, "]");
}

static void fill_show(struct seq_file *m)
{
	seq_printf(m, ",\"values\":{\"space_pages\":%lu,\"maps\":%u", space_pages(), fill.maps);
	seq_printf(m, ",\"maps_freed\":%u,\"maps_regained\":%u}", fill.freed, fill.regained);
	seq_printf(m, ",\"fill\":{\"first_ns\":%llu,\"step_maps\":%u", fill.first_ns,
		   fill.step_maps);
	show_steps(m, "step_ns", fill.step_ns);
	show_steps(m, "block_ns", fill.block_ns);
	seq_puts(m, "}");
}

const struct vmap_bench_workload vmap_bench_fill = {
	.name		= "fill",
	.text		= "vm_map_ram until it fails, and again after frees at the limit",
	.setup		= fill_setup,
	.op		= fill_op,
	.teardown	= fill_teardown,
	.show		= fill_show,
};
