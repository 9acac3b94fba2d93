// SPDX-License-Identifier: GPL-2.0
/* Reading and writing stacks.jsonl: see stacks.h. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/stacks.h"

/* The file that is being read, and the region that is looked for in it. */
struct reader {
	struct vb_jsonl file;
	struct vb_stacks *s;
	json_int_t run;
	int found;
};

/**
 * vb_stacks_head() - what a record says of the whole region
 * @f: the file, for the message
 * @o: a record of stacks.raw or stacks.jsonl
 * @s: cleared, and its members in front of the stacks filled in
 *
 * Ends the program when it is no such record.
 */
void vb_stacks_head(const struct vb_jsonl *f, json_t *o, struct vb_stacks *s)
{
	memset(s, 0, sizeof(*s));
	if (strcmp(vb_jsonl_str(f, o, "type"), "stacks"))
		vb_jsonl_bad(f, "not a record of stacks");
	s->run = vb_jsonl_int(f, o, "run");
	vb_sampling_read(&s->sampling, f, o);
	s->every_ns = vb_jsonl_int(f, o, "every_ns");
	if (!s->every_ns)
		vb_jsonl_bad(f, "\"every_ns\" is 0");
	s->busy_ns = vb_jsonl_int(f, o, "busy_ns");
	s->idle_ns = vb_jsonl_int(f, o, "idle_ns");
	s->user = vb_jsonl_int(f, o, "user");
}

/**
 * vb_stacks_add() - append samples
 * @s: the stacks
 * @frames: now owned by @s
 * @samples: how many
 */
void vb_stacks_add(struct vb_stacks *s, char *frames, json_int_t samples)
{
	s->folded = vb_grow(s->folded, s->n, sizeof(*s->folded));
	s->folded[s->n].frames = frames;
	s->folded[s->n++].samples = samples;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct vb_folded *)a)->frames, ((const struct vb_folded *)b)->frames);
}

/**
 * vb_stacks_fold() - equal stacks become one, and all are sorted
 * @s: the stacks
 */
void vb_stacks_fold(struct vb_stacks *s)
{
	size_t i, n = 0;

	if (!s->n)
		return;
	qsort(s->folded, s->n, sizeof(*s->folded), compare);
	for (i = 1; i < s->n; i++) {
		if (compare(&s->folded[n], &s->folded[i])) {
			s->folded[++n] = s->folded[i];
		} else {
			if (!vb_sum(&s->folded[n].samples, s->folded[i].samples))
				vb_die("stacks of run %lld: %s", (long long)s->run, VB_TOO_LARGE);
			free(s->folded[i].frames);
		}
	}
	s->n = n + 1;
}

/**
 * vb_stacks_write() - write a record of stacks.jsonl
 * @out: where to
 * @s: the stacks
 */
void vb_stacks_write(FILE *out, const struct vb_stacks *s)
{
	json_t *rows = json_array(), *o;
	size_t i;

	for (i = 0; i < s->n; i++)
		json_array_append_new(rows, json_pack("[sI]", s->folded[i].frames,
						      s->folded[i].samples));
	o = json_pack("{sisssIsIsIsIsI}", "v", 1, "type", "stacks", "run", s->run, "every_ns",
		      s->every_ns, "busy_ns", s->busy_ns, "idle_ns", s->idle_ns, "user", s->user);
	if (!o)
		vb_die("out of memory");
	vb_sampling_write(o, &s->sampling);
	json_object_set_new(o, "stacks", rows);
	json_dumpf(o, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(o);
}

/* Pictures are drawn frame by frame, by functions that call themselves. */
static int is_deep(const char *frames)
{
	size_t n = 1;

	for (; *frames; frames++)
		n += *frames == ';';
	return n > VB_STACK_FRAMES;
}

static void read_rows(struct reader *r, json_t *array)
{
	json_int_t total = r->s->user;
	const char *frames;
	json_t *row, *n;
	size_t i;

	if (!json_is_array(array))
		vb_jsonl_bad(&r->file, "\"stacks\" is missing or is not a list");
	json_array_foreach(array, i, row) {
		frames = json_string_value(json_array_get(row, 0));
		n = json_array_get(row, 1);
		if (!frames || !*frames || !vb_is_count(n) || !json_integer_value(n) ||
		    json_array_size(row) != 2)
			vb_jsonl_bad(&r->file, "a stack that is not [\"frames\", samples]");
		if (is_deep(frames))
			vb_jsonl_bad(&r->file, "a stack that is deeper than any can be");
		if (!vb_sum(&total, json_integer_value(n)))
			vb_jsonl_bad(&r->file, VB_TOO_LARGE);
		vb_stacks_add(r->s, vb_strf("%s", frames), json_integer_value(n));
	}
}

static void read_record(void *arg, json_t *o)
{
	struct reader *r = arg;
	struct vb_stacks head;

	if (vb_failed(&r->file, o, r->run))
		return;
	vb_stacks_head(&r->file, o, &head);
	if (head.run != r->run)
		return;
	if (r->found)
		vb_jsonl_bad(&r->file, "second stacks of the same run");
	r->found = 1;
	*r->s = head;
	read_rows(r, json_object_get(o, "stacks"));
}

/**
 * vb_stacks_read() - read the stacks of one region
 * @s: filled in
 * @files: the files read so far
 * @path: a stacks.jsonl
 * @run: which of the module's runs
 *
 * Ends the program when the file is there and is not what vb-stacks writes.
 *
 * Return: 1, or 0 when there is no such file or no such region in it.
 */
int vb_stacks_read(struct vb_stacks *s, struct vb_kept_files *files, const char *path,
		   json_int_t run)
{
	struct reader r = { .file.name = (char *)path, .s = s, .run = run };

	memset(s, 0, sizeof(*s));
	return vb_kept_read(files, &r.file, read_record, &r) && r.found;
}

/**
 * vb_stacks_total() - all samples, those in user mode too
 * @s: the stacks
 *
 * Return: how many.
 */
json_int_t vb_stacks_total(const struct vb_stacks *s)
{
	json_int_t total = s->user;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!vb_sum(&total, s->folded[i].samples))
			vb_die("stacks of run %lld: %s", (long long)s->run, VB_TOO_LARGE);
	return total;
}

/**
 * vb_stacks_free() - free the stacks
 * @s: can be used again
 */
void vb_stacks_free(struct vb_stacks *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		free(s->folded[i].frames);
	free(s->folded);
	memset(s, 0, sizeof(*s));
}
