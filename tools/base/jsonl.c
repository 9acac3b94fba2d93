// SPDX-License-Identifier: GPL-2.0
/* JSON Lines: see jsonl.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "base/jsonl.h"

static char *path_of(const struct vb_jsonl *f)
{
	return f->dir ? vb_strf("%s/%s", f->dir, f->name) : vb_strf("%s", f->name);
}

/**
 * vb_jsonl_bad() - end the program: the file is not what it should be
 * @f: the file, at the line in question
 * @what: what is wrong with it
 */
noreturn void vb_jsonl_bad(const struct vb_jsonl *f, const char *what)
{
	vb_die("%s:%d: %s", path_of(f), f->line, what);
}

/**
 * vb_is_count() - can it be counted so far?
 * @value: any value, or NULL
 *
 * Return: 1 when it is a whole number from 0 to VB_COUNT_MAX, else 0.
 */
int vb_is_count(json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0 &&
	       json_integer_value(value) <= VB_COUNT_MAX;
}

/**
 * vb_jsonl_int() - a member that is a count
 * @f: the file, for the message
 * @o: the object
 * @key: name of the member
 *
 * Ends the program when it is not there, no integer, negative, or above VB_COUNT_MAX.
 *
 * Return: its value.
 */
json_int_t vb_jsonl_int(const struct vb_jsonl *f, json_t *o, const char *key)
{
	json_t *value = json_object_get(o, key);
	char *what;

	if (vb_is_count(value))
		return json_integer_value(value);
	what = vb_strf("\"%s\" is missing or is not a count", key);
	vb_jsonl_bad(f, what);
}

/**
 * vb_jsonl_str() - a member that is a string
 * @f: the file, for the message
 * @o: the object
 * @key: name of the member
 *
 * Ends the program when it is not there or no string.
 *
 * Return: its text, owned by @o.
 */
const char *vb_jsonl_str(const struct vb_jsonl *f, json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));
	char *what;

	if (s)
		return s;
	what = vb_strf("\"%s\" is missing or is not a string", key);
	vb_jsonl_bad(f, what);
}

static int has_controls(const char *s, char except)
{
	for (; *s; s++)
		if (*s != except && vb_is_control(s))
			return 1;
	return 0;
}

/**
 * vb_json_controls() - could a text in there move a terminal's cursor, or turn text round?
 * @value: the object, or whatever it is
 * @except: a control character that is allowed, or 0
 *
 * Return: 1 if there is a control character in a text or in the name of a member, else 0.
 */
int vb_json_controls(json_t *value, char except)
{
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_string(value))
		return has_controls(json_string_value(value), except);
	json_array_foreach(value, i, member)
		if (vb_json_controls(member, except))
			return 1;
	json_object_foreach(value, key, member)
		if (has_controls(key, except) || vb_json_controls(member, except))
			return 1;
	return 0;
}

/* Records are long, and few of them have what such a text needs. */
/* What bpftrace has printed has lines, and stays in its record. */
static char allowed_control(json_t *record)
{
	const char *type = json_string_value(json_object_get(record, "type"));

	return type && !strcmp(type, "twin") ? '\n' : 0;
}

static int may_have_controls(const char *text, size_t len)
{
	return memchr(text, '\\', len) || memchr(text, 0x7f, len) || memchr(text, 0xc2, len) ||
	       memchr(text, 0xe2, len);
}

static void read_lines(struct vb_jsonl *f, FILE *in, void (*record)(void *arg, json_t *o),
		       void *arg)
{
	char *text = NULL;
	size_t room = 0;
	json_error_t e;
	ssize_t len;
	json_t *o;

	while ((len = getline(&text, &room, in)) > 0) {
		f->line++;
		o = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);
		if (!o)
			vb_jsonl_bad(f, e.text);
		if (!json_is_object(o))
			vb_jsonl_bad(f, "not a JSON object");
		if (may_have_controls(text, len) && vb_json_controls(o, allowed_control(o)))
			vb_jsonl_bad(f, "a control character in a text");
		if (vb_jsonl_int(f, o, "v") != 1)
			vb_jsonl_bad(f, "\"v\" is not 1: written by another version of vmapbench");
		record(arg, o);
		json_decref(o);
	}
	if (!feof(in))
		vb_jsonl_bad(f, strerror(errno));
	free(text);
}

/**
 * vb_jsonl_read() - hand every object of a file to a function
 * @f: the file; @f->line counts
 * @record: gets @arg and the object, which it must not keep
 * @arg: whatever it needs
 *
 * Ends the program when the file is there and is not JSON Lines of version 1.
 *
 * Return: 1, or 0 when there is no such file.
 */
int vb_jsonl_read(struct vb_jsonl *f, void (*record)(void *arg, json_t *o), void *arg)
{
	char *path = path_of(f);
	FILE *in = fopen(path, "r");

	if (!in && errno != ENOENT && errno != ENOTDIR)
		vb_die("%s: %s", path, strerror(errno));
	free(path);
	if (!in)
		return 0;
	read_lines(f, in, record, arg);
	fclose(in);
	return 1;
}
