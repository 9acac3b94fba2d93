/* SPDX-License-Identifier: GPL-2.0 */
/* JSON Lines: one object a line, and errors that say which line. */
#ifndef VB_JSONL_H
#define VB_JSONL_H

#include <jansson.h>
#include <stdnoreturn.h>

/**
 * struct vb_jsonl - a file that is being read
 * @dir: the campaign's directory, or NULL
 * @name: the file, below @dir if there is one
 * @line: from 1
 */
struct vb_jsonl {
	const char *dir;
	char *name;
	int line;
};

noreturn void vb_jsonl_bad(const struct vb_jsonl *f, const char *what);
int vb_is_count(json_t *value);
json_int_t vb_jsonl_int(const struct vb_jsonl *f, json_t *o, const char *key);
const char *vb_jsonl_str(const struct vb_jsonl *f, json_t *o, const char *key);
int vb_json_controls(json_t *value, char except);
int vb_jsonl_read(struct vb_jsonl *f, void (*record)(void *arg, json_t *o), void *arg);

#endif
