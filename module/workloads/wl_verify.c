// SPDX-License-Identifier: GPL-2.0
/*
 * Workload verify: does the vmap layer do what it promises?
 *
 * Every thread keeps a window of live maps of its pages, of differing sizes
 * and of both kinds. An operation replaces the oldest by a new one and checks:
 *
 *  - no two live maps overlap, whichever threads they belong to;
 *  - every address of a map leads to the page it was made for;
 *  - what was written through one mapping is read through the next mapping of
 *    the same page, through the older ones and through the linear map.
 *
 * A fault ends the run with -EIO. It must not end the kernel as well, so page
 * tables are looked at before an address is used, and memory is accessed in
 * ways that survive a mapping which vanishes in between.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "vmap_bench.h"

/* Live maps of each thread. */
#define WINDOW		8

/* Each page holds the pattern at its start and the inverse at its end. */
#define LAST_WORD	(PAGE_SIZE / sizeof(unsigned long) - 1)

/**
 * struct live_map - a mapping that exists now
 * @node: its place among all live maps
 * @registered: it has one
 * @start: the first address
 * @end: the address behind the last
 * @mem: the mapping, NULL when there is none
 * @first: index of the first page in it
 * @count: number of pages
 * @ram: made by vm_map_ram(), not vmap()
 * @lost: it turned out not to be ours, or not ours alone
 */
struct live_map {
	struct rb_node node;
	bool registered;
	unsigned long start;
	unsigned long end;
	void *mem;
	unsigned int first;
	unsigned int count;
	bool ram;
	bool lost;
};

/**
 * struct verify_state - what a thread remembers
 * @map: the window, a ring
 * @seq: maps made so far
 * @expect: the pattern that each page holds
 */
struct verify_state {
	struct live_map map[WINDOW];
	u32 seq;
	u32 expect[];
};

/* The live maps of all threads by address. Those in the tree never overlap. */
static DEFINE_SPINLOCK(live_lock);
static struct rb_root live_root = RB_ROOT;

static int mismatch(struct vmap_bench_thread *t, const char *what, unsigned long addr)
{
	t->mismatches++;
	pr_err_ratelimited("verify: cpu %u, op %llu, address 0x%lx: %s\n",
			   t->cpu, t->op, addr, what);
	return vmap_bench_fail(t, -EIO, what);
}

/*
 * False if the map overlaps a live one; then it is not registered. To prove
 * that this is noticed, it can pretend to be where the first live map is.
 */
static bool register_map(struct live_map *m, bool pretend)
{
	struct rb_node **link = &live_root.rb_node, *parent = NULL;
	struct live_map *other;

	spin_lock(&live_lock);
	if (pretend && rb_first(&live_root))
		goto overlap;
	while (*link) {
		parent = *link;
		other = rb_entry(parent, struct live_map, node);
		if (m->end <= other->start)
			link = &parent->rb_left;
		else if (m->start >= other->end)
			link = &parent->rb_right;
		else
			goto overlap;
	}
	rb_link_node(&m->node, parent, link);
	rb_insert_color(&m->node, &live_root);
	m->registered = true;
	spin_unlock(&live_lock);
	return true;

overlap:
	spin_unlock(&live_lock);
	return false;
}

static void unregister_map(struct live_map *m)
{
	if (!m->registered)
		return;

	spin_lock(&live_lock);
	rb_erase(&m->node, &live_root);
	spin_unlock(&live_lock);
	m->registered = false;
}

static bool read_word(const unsigned long *from, unsigned long *to)
{
	return !get_kernel_nofault(*to, from);
}

static bool write_word(unsigned long *to, unsigned long value)
{
	pagefault_disable();
	__put_kernel_nofault(to, &value, unsigned long, fault);
	pagefault_enable();
	return true;

fault:
	pagefault_enable();
	return false;
}

static bool holds(const unsigned long *page, u32 pattern)
{
	unsigned long head, tail;

	return read_word(page, &head) && read_word(page + LAST_WORD, &tail) &&
	       head == pattern && tail == ~(unsigned long)pattern;
}

static bool fill(unsigned long *page, u32 pattern)
{
	return write_word(page, pattern) &&
	       write_word(page + LAST_WORD, ~(unsigned long)pattern);
}

static int check_page(struct vmap_bench_thread *t, struct live_map *m, unsigned int i)
{
	const struct verify_state *s = t->private;
	unsigned int index = m->first + i;
	void *mem = m->mem + i * PAGE_SIZE;

	if (vmalloc_to_page(mem) != t->pages[index]) {
		m->lost = true;
		return mismatch(t, "an address does not map its page", m->start + i * PAGE_SIZE);
	}
	if (!holds(mem, s->expect[index]))
		return mismatch(t, "a mapping does not show what was written before",
				m->start + i * PAGE_SIZE);
	if (!holds(page_address(t->pages[index]), s->expect[index]))
		return mismatch(t, "the linear map does not show what was written before",
				m->start + i * PAGE_SIZE);
	return 0;
}

/* Looks at every page, so that the count of mismatches says how bad it is. */
static int check_map(struct vmap_bench_thread *t, struct live_map *m)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < m->count; i++)
		err = check_page(t, m, i) ?: err;
	return err;
}

static int write_map(struct vmap_bench_thread *t, struct live_map *m)
{
	struct verify_state *s = t->private;
	unsigned int i;

	for (i = 0; i < m->count; i++) {
		unsigned int index = m->first + i;

		s->expect[index] = jhash_3words(t->cpu, index, s->seq, 0);
		if (!fill(m->mem + i * PAGE_SIZE, s->expect[index])) {
			m->lost = true;
			return mismatch(t, "a mapping cannot be written",
					m->start + i * PAGE_SIZE);
		}
	}
	return 0;
}

/*
 * A map that is not ours alone is never unmapped: that would take the other
 * one's pages away, or be a BUG. So our pages stay in use for ever.
 */
static void unmap(struct vmap_bench_thread *t, struct live_map *m)
{
	unregister_map(m);
	if (m->lost)
		t->keep_pages = true;
	else if (m->ram)
		vm_unmap_ram(m->mem, m->count);
	else
		vunmap(m->mem);
	m->mem = NULL;
}

/* Check a map for the last time, and unmap it. */
static int retire(struct vmap_bench_thread *t, struct live_map *m)
{
	int err = 0;

	if (!m->mem)
		return 0;
	/* One that was refused has been reported, and is not looked into. */
	if (m->registered)
		err = check_map(t, m);
	unmap(t, m);
	return err;
}

/* Choose kind, size and pages of the next map: the same in every run. */
static void plan(struct vmap_bench_thread *t, struct live_map *m)
{
	struct verify_state *s = t->private;
	unsigned int pages = t->run->p.pages;

	s->seq++;
	m->ram = jhash_3words(t->cpu, s->seq, 1, 0) & 1;
	m->count = 1 + jhash_3words(t->cpu, s->seq, 2, 0) % pages;
	m->first = jhash_3words(t->cpu, s->seq, 3, 0) % (pages - m->count + 1);
}

static int map(struct vmap_bench_thread *t, struct live_map *m)
{
	struct page **pages = t->pages + m->first;

	if (vmap_bench_inject(t))
		m->mem = NULL;
	else if (m->ram)
		m->mem = vm_map_ram(pages, m->count, NUMA_NO_NODE);
	else
		m->mem = vmap(pages, m->count, VM_MAP, PAGE_KERNEL);

	if (!m->mem)
		return vmap_bench_fail(t, -ENOMEM, m->ram ? "vm_map_ram returned NULL" :
							    "vmap returned NULL");
	m->start = (unsigned long)m->mem;
	m->end = m->start + m->count * PAGE_SIZE;
	m->lost = false;
	return 0;
}

/* Is the address of a new map one that it can have? */
static int admit(struct vmap_bench_thread *t, struct live_map *m)
{
	bool pretend = t->maps == t->run->p.overlap_at;

	if (!PAGE_ALIGNED(m->start) || !is_vmalloc_addr(m->mem)) {
		m->lost = true;
		return mismatch(t, "an address is not in the vmalloc space", m->start);
	}
	if (!register_map(m, pretend)) {
		m->lost = !pretend;
		return mismatch(t, "two live maps overlap", m->start);
	}
	return 0;
}

static void corrupt(const struct vmap_bench_thread *t, const struct live_map *m)
{
	unsigned long *word = page_address(t->pages[m->first]);

	if (t->maps == t->run->p.corrupt_at)
		*word ^= 1;
}

static int verify_op(struct vmap_bench_thread *t)
{
	struct verify_state *s = t->private;
	struct live_map *m = &s->map[s->seq % WINDOW];
	int err;

	err = retire(t, m);
	if (err)
		return err;

	plan(t, m);
	err = map(t, m);
	if (err)
		return err;

	err = admit(t, m);
	if (err)
		return err;

	/* As the maps before left it, then as this one writes it. */
	err = check_map(t, m);
	if (err)
		return err;
	err = write_map(t, m);
	if (err)
		return err;
	corrupt(t, m);
	return check_map(t, m);
}

static int verify_setup(struct vmap_bench_thread *t)
{
	unsigned int pages = t->run->p.pages, i;
	struct verify_state *s;

	s = kzalloc(struct_size(s, expect, pages), GFP_KERNEL);
	if (!s)
		return vmap_bench_fail(t, -ENOMEM, "kzalloc of the state returned NULL");

	t->private = s;
	for (i = 0; i < pages; i++) {
		s->expect[i] = jhash_3words(t->cpu, i, 0, 0);
		fill(page_address(t->pages[i]), s->expect[i]);
	}
	return 0;
}

/* Faults of the last maps count too, though the window is closed. */
static void verify_teardown(struct vmap_bench_thread *t)
{
	struct verify_state *s = t->private;
	unsigned int i;

	if (!s)
		return;
	for (i = 0; i < WINDOW; i++)
		retire(t, &s->map[i]);
	kfree(s);
	t->private = NULL;
}

const struct vmap_bench_workload vmap_bench_verify = {
	.name		= "verify",
	.text		= "many live maps, checked for overlaps, pages and contents",
	.op		= verify_op,
	.setup		= verify_setup,
	.teardown	= verify_teardown,
};
