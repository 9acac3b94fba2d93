// SPDX-License-Identifier: GPL-2.0
/*
 * Symbols by address: see symbols.h.
 *
 * Several names can share an address. The one that says most is taken: global
 * before weak before local, and those that linker scripts put around a section
 * last, because __lock_text_start is no function, and hides one. Then the first
 * in the alphabet.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/symbols.h"

#define PAGE 4096

enum rank {
	RANK_GLOBAL,
	RANK_WEAK,
	RANK_LOCAL,
	RANK_SECTION,	/* where a section of code begins */
	RANK_NO_CODE,	/* data, and where a section ends: what was before ends here, too */
};

static int ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && !strcmp(text + len - n, end);
}

static enum rank rank_of(char type, const char *name)
{
	if (!strchr("TtWw", type))
		return RANK_NO_CODE;
	if (ends_with(name, "_text_end") || !strcmp(name, "_etext") || !strcmp(name, "_einittext"))
		return RANK_NO_CODE;
	if (ends_with(name, "_text_start") || !strcmp(name, "_stext") || !strcmp(name, "_text") ||
	    !strcmp(name, "_sinittext"))
		return RANK_SECTION;
	if (type == 'T')
		return RANK_GLOBAL;
	return type == 't' ? RANK_LOCAL : RANK_WEAK;
}

/**
 * vb_symbols_address() - an address as the kernel writes it
 * @text: 1 to 16 hexadecimal digits and nothing else
 * @address: gets it
 *
 * Return: 1, or 0 when @text is no such thing.
 */
int vb_symbols_address(const char *text, uint64_t *address)
{
	size_t len = strlen(text);

	if (!len || len > 16 || strspn(text, "0123456789abcdefABCDEF") != len)
		return 0;
	*address = strtoull(text, NULL, 16);
	return 1;
}

/**
 * vb_symbols_add() - add a symbol
 * @t: the table
 * @address: where it is
 * @type: as in System.map; T, t, W and w are code, everything else is data. A, U
 *	and ? are left out: their values are not addresses of anything.
 * @name: what it is called
 * @module: whose it is, NULL for the kernel's own
 */
void vb_symbols_add(struct vb_symbols *t, uint64_t address, char type, const char *name,
		    const char *module)
{
	struct vb_symbol *s;

	if (strchr("AaUu?", type))
		return;
	t->symbol = vb_grow(t->symbol, t->n, sizeof(*t->symbol));
	s = &t->symbol[t->n++];
	s->start = address;
	s->name = vb_strf("%s", name);
	s->module = module ? vb_strf("%s", module) : NULL;
	s->rank = rank_of(type, name);
	if (!module && !strcmp(name, "_stext"))
		t->stext = address;
}

/* A line is an address, a letter and a name, a blank between them. */
static int read_line(struct vb_symbols *t, char *line)
{
	static const char blanks[] = "\n ";
	char *type, *name, *save = NULL;
	char *address = strtok_r(line, blanks, &save);
	uint64_t value;

	type = strtok_r(NULL, blanks, &save);
	name = strtok_r(NULL, blanks, &save);
	if (!name || strtok_r(NULL, blanks, &save))
		return 0;
	if (!vb_symbols_address(address, &value) || strlen(type) != 1)
		return 0;
	if (!isalpha((unsigned char)*type) && *type != '?')
		return 0;
	vb_symbols_add(t, value, *type, name, NULL);
	return 1;
}

/**
 * vb_symbols_read_map() - add the symbols of a kernel
 * @t: the table
 * @path: its System.map
 *
 * Ends the program when the file cannot be read, has a line that is no symbol,
 * or is not that of a kernel (no _stext).
 */
void vb_symbols_read_map(struct vb_symbols *t, const char *path)
{
	FILE *in = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	int number = 0;

	if (!in)
		vb_die("%s: %s", path, strerror(errno));
	while (getline(&line, &room, in) > 0) {
		number++;
		if (!read_line(t, line))
			vb_die("%s:%d: not a symbol", path, number);
	}
	if (!feof(in))
		vb_die("%s: %s", path, strerror(errno));
	fclose(in);
	free(line);
	if (!number)
		vb_die("%s: empty", path);
	if (!t->stext)
		vb_die("%s: not a kernel's: _stext is not in it", path);
}

static void free_symbol(struct vb_symbol *s)
{
	free(s->name);
	free(s->module);
}

static int compare(const void *a, const void *b)
{
	const struct vb_symbol *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank - y->rank;
	return strcmp(x->name, y->name);
}

static void keep_one_name(struct vb_symbols *t)
{
	size_t i, n = 0;

	for (i = 0; i < t->n; i++) {
		if (n && t->symbol[n - 1].start == t->symbol[i].start)
			free_symbol(&t->symbol[i]);
		else
			t->symbol[n++] = t->symbol[i];
	}
	t->n = n;
}

static int same_owner(const struct vb_symbol *a, const struct vb_symbol *b)
{
	if (!a->module || !b->module)
		return a->module == b->module;
	return !strcmp(a->module, b->module);
}

/*
 * The last one of the kernel or a module: nobody says where its code ends, but
 * code has pages of its own.
 */
static uint64_t end_of(const struct vb_symbols *t, size_t i)
{
	const struct vb_symbol *s = &t->symbol[i], *next = i + 1 < t->n ? s + 1 : NULL;
	uint64_t left = PAGE - s->start % PAGE;

	if (next && (same_owner(s, next) || next->start - s->start < left))
		return next->start;
	return s->start + left;
}

/**
 * vb_symbols_finish() - nothing will be added any more
 * @t: the table; from now on addresses can be looked up
 *
 * A symbol ends where the next one begins, as readprofile has it. The last one
 * of a module ends with its page.
 */
void vb_symbols_finish(struct vb_symbols *t)
{
	size_t i;

	if (t->n)
		qsort(t->symbol, t->n, sizeof(*t->symbol), compare);
	keep_one_name(t);
	for (i = 0; i < t->n; i++)
		t->symbol[i].end = end_of(t, i);
}

/**
 * vb_symbols_find() - whose code is it?
 * @t: the table, finished
 * @address: of an instruction
 *
 * Return: the symbol, or NULL when it is nobody's: in front of _stext, behind
 * the end of a section, in data, or nowhere.
 */
const struct vb_symbol *vb_symbols_find(const struct vb_symbols *t, uint64_t address)
{
	size_t low = 0, high = t->n, mid;
	const struct vb_symbol *s;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (t->symbol[mid].start <= address)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low || address < t->stext)
		return NULL;
	s = &t->symbol[low - 1];
	return s->rank == RANK_NO_CODE || address >= s->end ? NULL : s;
}

/**
 * vb_symbols_free() - free the table
 * @t: the table; it can be used again
 */
void vb_symbols_free(struct vb_symbols *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		free_symbol(&t->symbol[i]);
	free(t->symbol);
	memset(t, 0, sizeof(*t));
}
