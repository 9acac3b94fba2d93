/* SPDX-License-Identifier: GPL-2.0 */
/* The options of a program: a table says what there is and where it goes. */
#ifndef VB_OPTIONS_H
#define VB_OPTIONS_H

#include <stddef.h>
#include <unistd.h>	/* optind */

/* What an option takes, and the type of what that is put into. */
enum vb_kind {
	VB_FLAG,	/* nothing; an int becomes 1 */
	VB_TEXT,	/* text; const char * */
	VB_NUMBER,	/* a whole number from 1 on; long */
	VB_TEXTS,	/* text, any number of times; struct vb_list */
};

/**
 * struct vb_option - a long option
 * @name: without the dashes
 * @kind: what it takes
 * @value: where that goes; untouched when the option is not given
 */
struct vb_option {
	const char *name;
	enum vb_kind kind;
	void *value;
};

void vb_options(int argc, char **argv, void (*help)(void), const struct vb_option *o, size_t n);

#endif
