// SPDX-License-Identifier: GPL-2.0
/*
 * symbols.c - kernel symbols: reading kallsyms, and which locks have a name.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "symbols.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/*
 * Locks of all layers and versions; those a kernel lacks are passed over. A
 * mutex is here for the spinlock inside it: sleeping on it is not a slow path.
 */
const struct vs_lock_def vs_locks[] = {
	{ .name = "vmap_area_lock" },
	{ .name = "free_vmap_area_lock" },
	{ .name = "purge_vmap_area_lock" },
	{ .name = "vmap_purge_lock" },
	{ .name = "purge_lock" },
	{ .name = "vmlist_lock", .rwlock = true },
	{ .name = "vmap_block_tree_lock" },
	{ .name = VS_LOCK_QUEUE, .per_cpu = true },
	{ .name = "vmap_blocks" },
	{ .name = VS_LOCK_BLOCK },
	{ .name = VS_LOCK_NODE },
	/* Locks to fight for, of the module that makes the load. */
	{ .name = "vmap_bench_fight_lock", .module = "vmap_bench" },
	{ .name = "vmap_bench_nest_lock", .module = "vmap_bench" },
};

const size_t vs_nr_locks = ARRAY_SIZE(vs_locks);

static_assert(ARRAY_SIZE(vs_locks) < VS_ROWS,
	      "VS_ROWS must hold every known lock and \"other\"");

const char *vs_lock_name(unsigned int row)
{
	if (row == VS_ROW_OTHER || row > vs_nr_locks)
		return "other";
	return vs_locks[row - 1].name;
}

unsigned int vs_lock_row(const char *name)
{
	size_t i;

	for (i = 0; i < vs_nr_locks; i++)
		if (!strcmp(vs_locks[i].name, name))
			return i + 1;
	return VS_ROW_OTHER;
}

/* "ffffffff81000000 T name [module]", where a tab precedes the bracket. */
int vs_parse_line(char *text, struct vs_line *line)
{
	char *p;

	line->addr = strtoull(text, &p, 16);
	if (p == text || *p != ' ' || !p[1] || p[2] != ' ')
		return -EINVAL;
	line->type = p[1];
	line->name = p + 3;
	line->module = NULL;

	p = line->name + strcspn(line->name, " \t\n");
	if (p == line->name)
		return -EINVAL;
	if (*p == '\t' || *p == ' ') {
		*p++ = '\0';
		p += strspn(p, " \t");
		if (*p == '[') {
			line->module = p + 1;
			p += strcspn(p, "]\n");
		} else {
			p += strcspn(p, "\n");
		}
	}
	*p = '\0';
	return 0;
}

static bool is_data(char type)
{
	return !strchr("tTwW", type);
}

/*
 * The compiler numbers static variables of functions, purge_lock.12, and marks
 * what it made of a function, _vm_unmap_aliases.part.0.
 */
static bool same_name(const char *name, const struct vs_symbol *sym)
{
	size_t len = strlen(sym->name);

	if (strncmp(name, sym->name, len))
		return false;
	name += len;
	if (sym->clone)
		return name[0] == '.' && name[1] >= 'a' && name[1] <= 'z' &&
		       strncmp(name, ".cold", 5);
	if (!*name)
		return true;
	return sym->data && name[0] == '.' && name[1] &&
	       strspn(name + 1, "0123456789") == strlen(name + 1);
}

static bool same_module(const char *module, const char *want)
{
	if (want && !strcmp(want, VS_ANY_MODULE))
		return true;
	if (!module || !want)
		return !module && !want;
	return !strcmp(module, want);
}

static void match(struct vs_symbol *sym, const struct vs_line *line)
{
	/* Symbols come sorted, so the first higher address ends this one. */
	if (sym->matches && line->addr > sym->addr && line->addr < sym->end)
		sym->end = line->addr;

	if (sym->name[0] != line->name[0] || is_data(line->type) != sym->data ||
	    !same_name(line->name, sym) ||
	    !same_module(line->module, sym->module))
		return;
	if (!sym->matches++) {
		sym->addr = line->addr;
		sym->end = line->addr + VS_SYMBOL_MAX;
	}
}

int vs_kallsyms_read(FILE *f, struct vs_symbol *syms, size_t n)
{
	bool hidden = true;
	struct vs_line line;
	char *text = NULL;
	size_t size = 0;
	size_t lines = 0;
	size_t i;
	int err = 0;

	for (i = 0; i < n; i++) {
		syms[i].matches = 0;
		syms[i].addr = 0;
		syms[i].end = 0;
	}

	while (getline(&text, &size, f) > 0) {
		err = vs_parse_line(text, &line);
		if (err)
			goto out;
		lines++;
		if (line.addr)
			hidden = false;
		for (i = 0; i < n; i++)
			match(&syms[i], &line);
	}
	if (ferror(f) || !lines)
		err = -EIO;
	else if (hidden)
		err = -EPERM;
out:
	free(text);
	return err;
}

static int by_start(const void *a, const void *b)
{
	const struct vs_range *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

int vs_ranges_build(const struct vs_symbol *syms, const __u64 *offsets,
		    size_t nr_cpus, struct vs_range *out, size_t max)
{
	static const __u64 no_offset;
	size_t n = 0;
	size_t i, cpu;

	for (i = 0; i < vs_nr_locks; i++) {
		bool per_cpu = vs_locks[i].per_cpu;
		const __u64 *base = per_cpu ? offsets : &no_offset;
		size_t copies = per_cpu ? nr_cpus : 1;

		if (syms[i].matches != 1)
			continue;
		for (cpu = 0; cpu < copies; cpu++) {
			if (n == max)
				return -ENOSPC;
			out[n].start = syms[i].addr + base[cpu];
			out[n].end = syms[i].end + base[cpu];
			out[n].row = i + 1;
			out[n].pad = 0;
			n++;
		}
	}
	qsort(out, n, sizeof(*out), by_start);
	return n;
}
