/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VS_SYMBOLS_H
#define VS_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <linux/types.h>
#include "vmapstat.h"

/**
 * struct vs_symbol - one symbol to look for in kallsyms
 * @name: its name
 * @module: the module it must be in, NULL for the kernel itself,
 *	VS_ANY_MODULE for either
 * @data: a variable is wanted, not a function
 * @clone: only a part or a special version of the function, name.part.0
 * @matches: how many symbols of that name there are
 * @addr: address of the first of them
 * @end: start of the next symbol, at most VS_SYMBOL_MAX bytes on
 */
struct vs_symbol {
	const char *name;
	const char *module;
	bool data;
	bool clone;
	unsigned int matches;
	__u64 addr;
	__u64 end;
};

#define VS_SYMBOL_MAX	4096
#define VS_ANY_MODULE	"*"

/** struct vs_line - one line of kallsyms, taken apart */
struct vs_line {
	__u64 addr;
	char type;
	char *name;
	char *module;	/* NULL: the kernel itself */
};

/**
 * vs_parse_line() - take a line of kallsyms apart
 * @text: the line; changed
 * @line: its parts, which point into it
 *
 * Return: 0 or -EINVAL.
 */
int vs_parse_line(char *text, struct vs_line *line);

/**
 * struct vs_lock_def - a lock of the vmap layer, in any version of it
 * @name: the symbol, or a name for locks that have none
 * @module: the module it is in, NULL for the kernel itself
 * @rwlock: waits are for writing and reading
 * @per_cpu: the symbol is a per-CPU variable
 */
struct vs_lock_def {
	const char *name;
	const char *module;
	bool rwlock;
	bool per_cpu;
};

/* Row i + 1 of the lock table is vs_locks[i]; row 0 is everything else. */
extern const struct vs_lock_def vs_locks[];
extern const size_t vs_nr_locks;

/* Locks on the heap: known by who takes them, or by where the heap has them. */
#define VS_LOCK_BLOCK	"vmap_block.lock"
#define VS_LOCK_NODE	"vmap_node"
#define VS_LOCK_QUEUE	"vmap_block_queue"

/**
 * vs_lock_row() - the row of a lock
 * @name: its name, one of vs_locks
 */
unsigned int vs_lock_row(const char *name);

/**
 * vs_kallsyms_read() - look symbols up in one pass over a kallsyms file
 * @f: the file
 * @syms: what to look for; matches, addr and end are filled in
 * @n: how many
 *
 * Return: 0, -EINVAL for a malformed line, -EPERM when the kernel shows zeros
 * instead of addresses, -EIO when the file cannot be read or is empty.
 */
int vs_kallsyms_read(FILE *f, struct vs_symbol *syms, size_t n);

/**
 * vs_ranges_build() - the sorted address table that the probes search
 * @syms: one symbol for each entry of vs_locks, looked up
 * @offsets: where each CPU's per-CPU area is
 * @nr_cpus: entries of @offsets
 * @out: the table
 * @max: its size
 *
 * A lock whose name is ambiguous is left out: it counts as "other".
 *
 * Return: the number of ranges, or -ENOSPC.
 */
int vs_ranges_build(const struct vs_symbol *syms, const __u64 *offsets,
		    size_t nr_cpus, struct vs_range *out, size_t max);

/**
 * vs_lock_name() - the name of a row of the lock table
 * @row: the row
 */
const char *vs_lock_name(unsigned int row);

#endif /* VS_SYMBOLS_H */
