// SPDX-License-Identifier: GPL-2.0
/*
 * directory.c - what is known about each cache line
 *
 * Three levels of tables by physical address, as a page table has them; the
 * last holds the 64 lines of a page. Nothing here knows QEMU.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "directory.h"

#define LINES_OF_PAGE	64
#define FAN		4096
/* 24 bits of pages and 12 of their offset: 64 GiB; above, addresses share lines. */

struct page {
	uint64_t region;
	struct line lines[LINES_OF_PAGE];
};

struct directory {
	uint64_t region;
	struct page **tables[FAN];
};

static void *need(size_t n, size_t size)
{
	void *memory = calloc(n, size);

	if (memory)
		return memory;
	fprintf(stderr, "vmapsim: error: out of memory\n");
	exit(1);
}

/**
 * directory_new() - an empty one
 *
 * Return: the directory; it stays for good.
 */
struct directory *directory_new(void)
{
	struct directory *d = need(1, sizeof(*d));

	d->region = 1;
	return d;
}

/**
 * directory_reset() - nothing is known of any line
 * @d: the directory
 */
void directory_reset(struct directory *d)
{
	/* Pages notice when they are looked up. */
	d->region++;
}

static void empty_page(struct page *p, uint64_t region)
{
	int i;

	memset(p, 0, sizeof(*p));
	p->region = region;
	for (i = 0; i < LINES_OF_PAGE; i++) {
		p->lines[i].owner = -1;
		p->lines[i].leaving = -1;
	}
}

/**
 * directory_line() - a line
 * @d: the directory
 * @line: physical address / 64
 *
 * Return: the line; it stays where it is.
 */
struct line *directory_line(struct directory *d, uint64_t line)
{
	const uint64_t nr = line / LINES_OF_PAGE;
	struct page ***table = &d->tables[nr / FAN % FAN];
	struct page **page;

	if (!*table)
		*table = need(FAN, sizeof(**table));
	page = &(*table)[nr % FAN];
	if (!*page)
		*page = need(1, sizeof(**page));
	if ((*page)->region != d->region)
		empty_page(*page, d->region);
	return &(*page)->lines[line % LINES_OF_PAGE];
}
