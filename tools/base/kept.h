/* SPDX-License-Identifier: GPL-2.0 */
/* JSON Lines files that several points of a campaign are read from: parsed once. */
#ifndef VB_KEPT_H
#define VB_KEPT_H

#include <jansson.h>
#include <stddef.h>

#include "base/jsonl.h"

/**
 * struct vb_kept - a file in memory
 * @path: which
 * @found: there is such a file
 * @record: its records
 * @line: the line of each
 * @n: how many
 */
struct vb_kept {
	char *path;
	int found;
	json_t **record;
	int *line;
	size_t n;
};

/**
 * struct vb_kept_files - the files read so far
 */
struct vb_kept_files {
	struct vb_kept *file;
	size_t n;
};

int vb_kept_read(struct vb_kept_files *files, struct vb_jsonl *f,
		 void (*record)(void *arg, json_t *o), void *arg);
void vb_kept_free(struct vb_kept_files *files);

#endif
