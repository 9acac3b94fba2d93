/* SPDX-License-Identifier: GPL-2.0 */
/* Files of the directory published/: comments with keys, a header, and rows. */
#ifndef VB_PAPER_H
#define VB_PAPER_H

#include <stddef.h>

/**
 * struct vb_paper_key - a line "# key: value" that every file of a kind has
 * @key: the key
 * @member: where the value goes, a char * in what the file is read into
 */
struct vb_paper_key {
	const char *key;
	size_t member;
};

/**
 * struct vb_paper_kind - a kind of files
 * @key: what all of them have to say
 * @nkeys: how many keys
 * @size: bytes of what a file is read into; its first member is a char * that gets
 *	  the file's name
 * @comment: gets other lines "# key: value"; NULL: they are for people
 * @line: gets all lines that are no comments; the first is the header
 * @check: is it whole? Ends the program when it is not
 */
struct vb_paper_kind {
	const struct vb_paper_key *key;
	size_t nkeys;
	size_t size;
	void (*comment)(void *paper, const char *key, size_t len, const char *value, int number);
	void (*line)(void *paper, char *line, int number);
	void (*check)(void *paper);
};

void *vb_papers_read(const struct vb_paper_kind *kind, const char *dir, size_t *n);
void vb_paper_free_texts(const struct vb_paper_kind *kind, void *paper);

#endif
