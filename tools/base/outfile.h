/* SPDX-License-Identifier: GPL-2.0 */
/* Files that appear together: all of them, or none. */
#ifndef VB_OUTFILE_H
#define VB_OUTFILE_H

#include <stddef.h>
#include <stdio.h>

/**
 * struct vb_outfile - a file that is being made, in memory
 * @name: below the directory
 * @f: what is written goes here
 * @text: what it holds, after vb_outfile_text() or vb_outfiles_commit()
 * @len: its bytes
 */
struct vb_outfile {
	char *name;
	FILE *f;
	char *text;
	size_t len;
};

/**
 * struct vb_outfiles - all of them
 * @dir: the directory
 * @file: in the order in which they were begun
 * @n: how many
 */
struct vb_outfiles {
	const char *dir;
	struct vb_outfile **file;
	size_t n;
};

FILE *vb_outfile_open(struct vb_outfiles *all, const char *name);
FILE *vb_outfile_text(struct vb_outfiles *all, const char *name);
void vb_outfile_drop(struct vb_outfiles *all, const char *name);
int vb_outfile_same(struct vb_outfiles *all, const char *name);
void vb_outfiles_commit(struct vb_outfiles *all);
void vb_outfiles_remove_others(const struct vb_outfiles *all, const char *below,
			       const char *pattern);
void vb_outfiles_free(struct vb_outfiles *all);

#endif
