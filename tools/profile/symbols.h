/* SPDX-License-Identifier: GPL-2.0 */
/* Which symbol of a kernel and its modules an address belongs to. */
#ifndef VB_SYMBOLS_H
#define VB_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct vb_symbol - a piece of code with a name
 * @start: its first address
 * @end: the address behind it
 * @name: what it is called
 * @module: whose it is, NULL for the kernel's own
 * @rank: what the name is good for, see symbols.c
 */
struct vb_symbol {
	uint64_t start;
	uint64_t end;
	char *name;
	char *module;
	int rank;
};

/**
 * struct vb_symbols - a table of symbols
 * @symbol: once vb_symbols_finish() was called, sorted by address, one for each
 * @stext: where the kernel's code begins; 0 when no symbol said so
 */
struct vb_symbols {
	struct vb_symbol *symbol;
	size_t n;
	uint64_t stext;
};

void vb_symbols_add(struct vb_symbols *t, uint64_t address, char type, const char *name,
		    const char *module);
void vb_symbols_read_map(struct vb_symbols *t, const char *path);
void vb_symbols_finish(struct vb_symbols *t);
const struct vb_symbol *vb_symbols_find(const struct vb_symbols *t, uint64_t address);
int vb_symbols_address(const char *text, uint64_t *address);
void vb_symbols_free(struct vb_symbols *t);

#endif
