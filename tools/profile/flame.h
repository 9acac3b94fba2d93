/* SPDX-License-Identifier: GPL-2.0 */
/* A flame graph: stacks as a tree, and its picture. */
#ifndef VB_FLAME_H
#define VB_FLAME_H

#include <stdio.h>

#include "profile/parts.h"
#include "profile/stacks.h"

/* Before and after; a graph of one profile has only the first. */
#define VB_FLAME_SIDES	2

/**
 * struct vb_flame - a function, called by what is below it
 * @name: as in stacks.jsonl
 * @ns: time in it and in what it called, on each side
 * @child: what it called; by name once vb_flame_finish() was called
 * @n: how many
 */
struct vb_flame {
	char *name;
	double ns[VB_FLAME_SIDES];
	struct vb_flame *child;
	size_t n;
};

/**
 * struct vb_picture - what is drawn
 * @title: in large letters
 * @subtitle: below it
 * @root: all of it
 * @parts: areas of functions, for colours
 * @diff: both sides; colours say how a share has changed
 */
struct vb_picture {
	const char *title;
	const char *subtitle;
	const struct vb_flame *root;
	const struct vb_parts *parts;
	int diff;
};

void vb_flame_add(struct vb_flame *root, int side, const struct vb_stacks *stacks);
void vb_flame_finish(struct vb_flame *root);
double vb_flame_share(const struct vb_flame *root, const struct vb_flame *f, int side);
int vb_flame_depth(const struct vb_flame *f);
void vb_flame_free(struct vb_flame *root);
void vb_flame_draw(FILE *out, const struct vb_picture *p);

#endif
