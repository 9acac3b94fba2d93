// SPDX-License-Identifier: GPL-2.0
/* What a symbol's time is spent on: see parts.h. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/parts.h"
#include "base/tsv.h"

static const struct vb_tsv kind = {
	.what = "a part, a subsystem and a pattern",
	.columns = 3,
};

static int is_reserved(const char *name)
{
	return !strcmp(name, VB_PART_USER) || !strcmp(name, VB_PART_HALTED);
}

/* The number of a name in a list of names; it is added if it is not there. */
static size_t number_of(char ***names, size_t *n, const char *name)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if (!strcmp((*names)[i], name))
			return i;
	*names = vb_grow(*names, *n, sizeof(**names));
	(*names)[*n] = vb_strf("%s", name);
	return (*n)++;
}

static int take_pattern(void *arg, char **f)
{
	struct vb_parts *parts = arg;
	struct vb_pattern *p;

	if (!*f[0] || !*f[1] || !*f[2] || is_reserved(f[0]) || !strcmp(f[1], VB_PART_REST))
		return -1;
	parts->pattern = vb_grow(parts->pattern, parts->npatterns, sizeof(*parts->pattern));
	p = &parts->pattern[parts->npatterns++];
	p->is_rest = !strcmp(f[0], VB_PART_REST);
	if (!p->is_rest)
		p->part = number_of(&parts->name, &parts->n, f[0]);
	p->area = number_of(&parts->area, &parts->nareas, f[1]);
	p->text = vb_strf("%s", f[2]);
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

static const struct vb_pattern *find(const struct vb_parts *parts, const char *symbol,
				     const char *module)
{
	char *name = module ? vb_strf("%s[%s]", symbol, module) : vb_strf("%s", symbol);
	const struct vb_pattern *p = parts->pattern;
	const struct vb_pattern *end = p + parts->npatterns;

	while (p < end && fnmatch(p->text, name, 0))
		p++;
	free(name);
	return p < end ? p : NULL;
}

/**
 * vb_parts_of() - which part a symbol belongs to
 * @parts: the parts
 * @symbol: its name
 * @module: whose it is, NULL for the kernel's own
 *
 * Return: the number of the part; @parts->n when it is the rest.
 */
size_t vb_parts_of(const struct vb_parts *parts, const char *symbol, const char *module)
{
	const struct vb_pattern *p = find(parts, symbol, module);

	return p && !p->is_rest ? p->part : parts->n;
}

/**
 * vb_parts_area_of() - which area of the kernel a symbol belongs to
 * @parts: the parts
 * @symbol: its name
 * @module: whose it is, NULL for the kernel's own
 *
 * Return: the number of the area; @parts->nareas when no pattern fits.
 */
size_t vb_parts_area_of(const struct vb_parts *parts, const char *symbol, const char *module)
{
	const struct vb_pattern *p = find(parts, symbol, module);

	return p ? p->area : parts->nareas;
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
	for (i = 0; i < parts->nareas; i++)
		free(parts->area[i]);
	for (i = 0; i < parts->npatterns; i++)
		free(parts->pattern[i].text);
	free(parts->name);
	free(parts->area);
	free(parts->pattern);
}
