/* SPDX-License-Identifier: GPL-2.0 */
/* Figures that others published: the files of the directory published/. */
#ifndef VB_PUBLISHED_H
#define VB_PUBLISHED_H

#include <stddef.h>

/**
 * struct vb_published_row - what was published for one number of threads
 * @threads: 1 or more
 * @before: above 0, in the unit of the metric
 * @after: as @before
 */
struct vb_published_row {
	long threads;
	double before;
	double after;
};

/**
 * struct vb_published - one file: one posting
 * @path: the file
 * @mail: subject of the posting
 * @list: where it was posted
 * @date: when
 * @machine: what it was measured on
 * @loop: what was measured, in words
 * @workload: the workload that does the same here
 * @pages: pages per operation
 * @metric: name of the metric that is the same here
 * @before: variant that stands for the kernel before the change
 * @after: variant that stands for the kernel with it
 * @row: the figures, as they are in the file
 * @n: how many rows
 */
struct vb_published {
	char *path;
	char *mail;
	char *list;
	char *date;
	char *machine;
	char *loop;
	char *workload;
	long pages;
	char *metric;
	char *before;
	char *after;
	struct vb_published_row *row;
	size_t n;
};

/**
 * struct vb_library - all published figures
 * @paper: the files, by name
 * @n: how many
 */
struct vb_library {
	struct vb_published *paper;
	size_t n;
};

void vb_library_read(struct vb_library *lib, const char *dir);
void vb_library_free(struct vb_library *lib);

#endif
