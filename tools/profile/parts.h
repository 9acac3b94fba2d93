/* SPDX-License-Identifier: GPL-2.0 */
/* What a symbol's time is spent on: parts.tsv. */
#ifndef VB_PARTS_H
#define VB_PARTS_H

#include <stddef.h>

/* What is in no part of the file. */
#define VB_PART_REST	"rest"
#define VB_PART_USER	"user mode"
#define VB_PART_HALTED	"halted"

/* What counters measure without a profile; the names are those of parts.tsv. */
#define VB_PART_FLUSH	"flush and IPIs"
#define VB_PART_LOCKS	"lock wait"

struct vb_pattern {
	char *text;
	int is_rest;
	size_t part;
	size_t area;
};

/**
 * struct vb_parts - the parts and areas, and how their symbols are told
 * @name: the parts, in the order of their first pattern
 * @n: how many
 * @area: the areas of the kernel, in the same order
 * @nareas: how many
 * @pattern: shell patterns for symbols; the first that fits decides
 * @npatterns: how many
 */
struct vb_parts {
	char **name;
	size_t n;
	char **area;
	size_t nareas;
	struct vb_pattern *pattern;
	size_t npatterns;
};

void vb_parts_read(struct vb_parts *parts, const char *path);
size_t vb_parts_of(const struct vb_parts *parts, const char *symbol, const char *module);
size_t vb_parts_area_of(const struct vb_parts *parts, const char *symbol, const char *module);
void vb_parts_free(struct vb_parts *parts);

#endif
