// SPDX-License-Identifier: GPL-2.0
/* What a symbol's time is spent on: see parts.h. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "parts.h"
#include "tsv.h"

static const struct vb_tsv kind = {
	.what = "a part and a pattern",
	.columns = 2,
};

static int is_reserved(const char *name)
{
	return !strcmp(name, VB_PART_REST) || !strcmp(name, VB_PART_USER) ||
	       !strcmp(name, VB_PART_HALTED);
}

static size_t part_number(struct vb_parts *parts, const char *name)
{
	size_t i;

	for (i = 0; i < parts->n; i++)
		if (!strcmp(parts->name[i], name))
			return i;
	parts->name = vb_grow(parts->name, parts->n, sizeof(*parts->name));
	parts->name[parts->n] = vb_strf("%s", name);
	return parts->n++;
}

static int take_pattern(void *arg, char **f)
{
	struct vb_parts *parts = arg;
	struct vb_pattern *p;

	if (!*f[0] || !*f[1] || is_reserved(f[0]))
		return -1;
	parts->pattern = vb_grow(parts->pattern, parts->npatterns, sizeof(*parts->pattern));
	p = &parts->pattern[parts->npatterns++];
	p->part = part_number(parts, f[0]);
	p->text = vb_strf("%s", f[1]);
	return 0;
}

/**
 * vb_parts_read() - read the parts
 * @parts: filled in
 * @path: the file
 *
 * Ends the program with one line when there is something wrong with the file.
 */
void vb_parts_read(struct vb_parts *parts, const char *path)
{
	memset(parts, 0, sizeof(*parts));
	if (!vb_tsv_read(&kind, path, take_pattern, parts))
		vb_die("%s: no such file", path);
}

/**
 * vb_parts_of() - which part a symbol belongs to
 * @parts: the parts
 * @symbol: its name
 * @module: whose it is, NULL for the kernel's own
 *
 * Return: the number of the part; @parts->n when no pattern fits.
 */
size_t vb_parts_of(const struct vb_parts *parts, const char *symbol, const char *module)
{
	char *name = module ? vb_strf("%s[%s]", symbol, module) : vb_strf("%s", symbol);
	size_t i, part = parts->n;

	for (i = 0; i < parts->npatterns && part == parts->n; i++)
		if (!fnmatch(parts->pattern[i].text, name, 0))
			part = parts->pattern[i].part;
	free(name);
	return part;
}

/**
 * vb_parts_free() - free what vb_parts_read() took
 * @parts: the parts
 */
void vb_parts_free(struct vb_parts *parts)
{
	size_t i;

	for (i = 0; i < parts->n; i++)
		free(parts->name[i]);
	for (i = 0; i < parts->npatterns; i++)
		free(parts->pattern[i].text);
	free(parts->name);
	free(parts->pattern);
}
