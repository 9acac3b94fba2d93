/* SPDX-License-Identifier: GPL-2.0 */
/* Profiles that others published: the files of the directory published/profiles/. */
#ifndef VB_PUBLISHED_PROFILE_H
#define VB_PUBLISHED_PROFILE_H

#include <stddef.h>

#include "profile/parts.h"

/**
 * struct vb_old_row - a published line, on both sides
 * @symbol: of their kernel
 * @area: as in parts.tsv, or "idle"
 * @line: of the file
 * @count: samples before and after; below 0: not among those published
 */
struct vb_old_row {
	char *symbol;
	char *area;
	int line;
	double count[2];
};

/**
 * struct vb_old_profile - one file: one posting
 * @path: the file
 * @mail: subject of the posting
 * @list: where it was posted
 * @date: when
 * @machine: what it was taken on
 * @loop: what was profiled, in words
 * @workload: the workload that does the same here
 * @before: variant that stands for the kernel before the change
 * @after: variant that stands for the kernel with it
 * @total: all samples of each side
 * @row: the lines, as they are in the file
 * @n: how many
 */
struct vb_old_profile {
	char *path;
	char *mail;
	char *list;
	char *date;
	char *machine;
	char *loop;
	char *workload;
	char *before;
	char *after;
	double total[2];
	struct vb_old_row *row;
	size_t n;
};

/**
 * struct vb_shelf - all published profiles
 * @paper: the files, by name
 * @n: how many
 */
struct vb_shelf {
	struct vb_old_profile *paper;
	size_t n;
};

void vb_shelf_read(struct vb_shelf *shelf, const char *dir);
void vb_shelf_check(const struct vb_shelf *shelf, const struct vb_parts *parts);
void vb_shelf_free(struct vb_shelf *shelf);

#endif
