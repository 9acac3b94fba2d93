// SPDX-License-Identifier: GPL-2.0
/* The tree of a flame graph: see flame.h. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/flame.h"

static struct vb_flame *child_of(struct vb_flame *f, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (strlen(f->child[i].name) == len && !strncmp(f->child[i].name, name, len))
			return &f->child[i];
	f->child = vb_grow(f->child, f->n, sizeof(*f->child));
	f->child[f->n].name = vb_strf("%.*s", (int)len, name);
	return &f->child[f->n++];
}

static void add(struct vb_flame *root, int side, const char *frames, double ns)
{
	struct vb_flame *f = root;
	size_t len;

	if (ns <= 0)
		return;
	f->ns[side] += ns;
	for (;;) {
		len = strcspn(frames, ";");
		f = child_of(f, frames, len);
		f->ns[side] += ns;
		if (!frames[len])
			return;
		frames += len + 1;
	}
}

/**
 * vb_flame_add() - add the samples of a region
 * @root: cleared before the first
 * @side: 0 before, 1 after
 * @stacks: the samples; idle time is not sampled, and added as it is
 *
 * The sum is exact, whatever the number of samples.
 */
void vb_flame_add(struct vb_flame *root, int side, const struct vb_stacks *stacks)
{
	const double all = vb_stacks_total(stacks);
	size_t i;

	for (i = 0; i < stacks->n; i++)
		add(root, side, stacks->folded[i].frames,
		    stacks->busy_ns * (stacks->folded[i].samples / all));
	if (stacks->user)
		add(root, side, VB_FRAME_USER, stacks->busy_ns * (stacks->user / all));
	add(root, side, VB_FRAME_IDLE, stacks->idle_ns);
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct vb_flame *)a)->name, ((const struct vb_flame *)b)->name);
}

/**
 * vb_flame_finish() - nothing will be added any more
 * @root: the tree, which is sorted
 */
void vb_flame_finish(struct vb_flame *root)
{
	size_t i;

	if (root->n)
		qsort(root->child, root->n, sizeof(*root->child), compare);
	for (i = 0; i < root->n; i++)
		vb_flame_finish(&root->child[i]);
}

/**
 * vb_flame_share() - how much of all time
 * @root: all
 * @f: a function in its tree
 * @side: 0 before, 1 after
 *
 * Return: 0 to 1.
 */
double vb_flame_share(const struct vb_flame *root, const struct vb_flame *f, int side)
{
	return root->ns[side] > 0 ? f->ns[side] / root->ns[side] : 0;
}

/**
 * vb_flame_depth() - how high the tree is
 * @f: its root
 *
 * Return: 1 for a root alone.
 */
int vb_flame_depth(const struct vb_flame *f)
{
	int depth, max = 0;
	size_t i;

	for (i = 0; i < f->n; i++) {
		depth = vb_flame_depth(&f->child[i]);
		if (depth > max)
			max = depth;
	}
	return max + 1;
}

/**
 * vb_flame_free() - free the tree
 * @root: can be used again once it is cleared
 */
void vb_flame_free(struct vb_flame *root)
{
	size_t i;

	for (i = 0; i < root->n; i++)
		vb_flame_free(&root->child[i]);
	free(root->child);
	free(root->name);
}
