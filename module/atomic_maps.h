/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Maps made where one cannot sleep, for the workloads that use them
 */
#ifndef VMAP_BENCH_ATOMIC_MAPS_H
#define VMAP_BENCH_ATOMIC_MAPS_H

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/kconfig.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#ifdef CONFIG_VMAP_REWRITE_IRQ
#include <linux/vmap_rewrite.h>
#endif

/* The only layer that knows such maps; in all others they are left out. */
#define HAVE_ATOMIC_MAPS	IS_ENABLED(CONFIG_VMAP_REWRITE_IRQ)

/**
 * map_atomic() - vm_map_ram() for any context but NMI
 * @pages: the pages
 * @n: how many
 *
 * Return: the mapping, or NULL: there may be none at the moment, and there is never
 * one of more pages than a block hands out.
 */
static inline void *map_atomic(struct page **pages, unsigned int n)
{
#ifdef CONFIG_VMAP_REWRITE_IRQ
	return vm_map_ram_gfp(pages, n, NUMA_NO_NODE, GFP_ATOMIC);
#else
	return NULL;
#endif
}

/**
 * leads_to_pages() - does a mapping show the pages it was made for?
 * @mem: the mapping
 * @pages: the pages
 * @n: how many
 * @slot: word of each page that nobody else writes to at the same time
 * @value: not the one written there before
 *
 * What is written through the mapping is read through the linear map.
 */
static inline bool leads_to_pages(void *mem, struct page **pages, unsigned int n,
				  unsigned int slot, unsigned long value)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		unsigned long *mapped = mem + i * PAGE_SIZE;
		unsigned long *linear = page_address(pages[i]);

		WRITE_ONCE(mapped[slot], value + i);
		if (READ_ONCE(linear[slot]) != value + i)
			return false;
	}
	return true;
}

#endif /* VMAP_BENCH_ATOMIC_MAPS_H */
