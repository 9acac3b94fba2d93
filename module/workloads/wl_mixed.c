// SPDX-License-Identifier: GPL-2.0
/*
 * Workload mixed: maps of all sizes that live for different lengths of time
 *
 * All threads share a table of live maps. An operation maps 1 to "pages" pages by
 * vm_map_ram(), puts the map in the place of another one and unmaps that, whichever CPU
 * mapped it. Places come in groups of 1, 2, 4, ...; every group is chosen equally often,
 * so a map of the last group lives thousands of operations and one of the first a few.
 *
 * How much of the address space is in use is noted from time to time: what is
 * taken from the layer for each page that is mapped, and whether it grows, is what
 * fragmentation means here.
 */

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "vmap_bench.h"

/* Places for each thread, less one: groups of 1, 2, 4, 8, 16 and 32 for one thread. */
#define PLACES		64u

/* So often the space is noted, beside the state before the first map. */
#define NOTES		(VMAP_BENCH_SPACES - 1)

/**
 * struct mixed_map - a map
 * @mem: where it is, NULL when there is none
 * @count: its pages
 * @owner: whose pages they are
 */
struct mixed_map {
	void *mem;
	unsigned int count;
	const struct vmap_bench_thread *owner;
};

/**
 * struct mixed_place - a place for a live map
 * @lock: protects @map
 * @map: the map
 */
struct mixed_place {
	spinlock_t lock;	/* protects map */
	struct mixed_map map;
} ____cacheline_aligned_in_smp;

/**
 * struct mixed_table - the live maps of a run
 * @users: threads that have it
 * @groups: of places
 * @live_pages: pages mapped now
 * @nr: places
 * @place: those
 */
struct mixed_table {
	unsigned int users;
	unsigned int groups;
	atomic_long_t live_pages;
	unsigned int nr;
	struct mixed_place place[];
};

/* The table of the run that is going on; there is one run at a time. */
static DEFINE_MUTEX(table_lock);
static struct mixed_table *table;

static struct mixed_table *new_table(unsigned int threads)
{
	unsigned int nr = roundup_pow_of_two(PLACES * threads) - 1, i;
	struct mixed_table *new = kzalloc(struct_size(new, place, nr), GFP_KERNEL);

	if (!new)
		return NULL;
	new->nr = nr;
	new->groups = ilog2(nr + 1);
	for (i = 0; i < nr; i++)
		spin_lock_init(&new->place[i].lock);
	return new;
}

/* Before any thread has mapped something, the first of them notes what is there. */
static int mixed_setup(struct vmap_bench_thread *t)
{
	int err = 0;

	mutex_lock(&table_lock);
	if (!table) {
		table = new_table(t->run->p.threads);
		err = table ? vmap_bench_space(t, 0) :
			      vmap_bench_fail(t, -ENOMEM, "kzalloc of the table returned NULL");
	}
	if (table) {
		table->users++;
		t->private = table;
	}
	mutex_unlock(&table_lock);
	return err;
}

static struct mixed_place *choose_place(struct mixed_table *tab, const struct vmap_bench_thread *t)
{
	u32 group = jhash_3words(t->cpu, t->op, 1, 0) % tab->groups;
	u32 among = jhash_3words(t->cpu, t->op, 2, 0) & ((1u << group) - 1);

	return &tab->place[(1u << group) - 1 + among];
}

static void swap_map(struct mixed_place *place, struct mixed_map *map)
{
	spin_lock(&place->lock);
	swap(place->map, *map);
	spin_unlock(&place->lock);
}

static int make_map(struct vmap_bench_thread *t, struct mixed_map *map)
{
	map->count = 1 + jhash_3words(t->cpu, t->op, 3, 0) % t->run->p.pages;
	map->owner = t;
	map->mem = NULL;
	if (!vmap_bench_inject(t))
		map->mem = vm_map_ram(t->pages, map->count, NUMA_NO_NODE);
	if (!map->mem)
		return vmap_bench_fail(t, -ENOMEM, "vm_map_ram returned NULL");

	vmap_bench_touch(map->mem, map->count);
	return 0;
}

/* One thread notes the space, at equal distances of its own measured operations. */
static bool is_time(const struct vmap_bench_thread *t)
{
	return t == t->run->thread[0] && t->run->go && t->done < t->quota &&
	       (unsigned int)t->done % DIV_ROUND_UP(t->quota, NOTES) == 0;
}

static int note_space(struct vmap_bench_thread *t, const struct mixed_table *tab)
{
	int err;

	vmap_bench_pause(t);
	err = vmap_bench_space(t, atomic_long_read(&tab->live_pages));
	vmap_bench_resume(t);
	return err;
}

static int mixed_op(struct vmap_bench_thread *t)
{
	struct mixed_table *tab = t->private;
	struct mixed_map map;
	int err;

	if (is_time(t)) {
		err = note_space(t, tab);
		if (err)
			return err;
	}
	err = make_map(t, &map);
	if (err)
		return err;

	atomic_long_add(map.count, &tab->live_pages);
	swap_map(choose_place(tab, t), &map);
	if (map.mem) {
		vm_unmap_ram(map.mem, map.count);
		atomic_long_sub(map.count, &tab->live_pages);
	}
	return 0;
}

/* Nobody maps any more; each thread unmaps what its own pages are in. */
static void mixed_teardown(struct vmap_bench_thread *t)
{
	struct mixed_table *tab = t->private;
	unsigned int i;

	if (!tab)
		return;
	for (i = 0; i < tab->nr; i++) {
		struct mixed_map *map = &tab->place[i].map;

		if (map->mem && map->owner == t)
			vm_unmap_ram(map->mem, map->count);
	}
	mutex_lock(&table_lock);
	if (!--tab->users) {
		kfree(tab);
		table = NULL;
	}
	mutex_unlock(&table_lock);
}

const struct vmap_bench_workload vmap_bench_mixed = {
	.name		= "mixed",
	.text		= "maps of all sizes that live for different times; notes the space",
	.op		= mixed_op,
	.setup		= mixed_setup,
	.teardown	= mixed_teardown,
};
