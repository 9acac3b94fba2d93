// SPDX-License-Identifier: GPL-2.0
/* Reading and writing profile.jsonl: see profile.h. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/profile.h"

/* What an instruction takes, ps, unless the simulator says something else. */
#define INSN_PS		1000
#define INSN_PS_MIN	10
#define INSN_PS_MAX	100000

/* The file that is being read, and the region that is looked for in it. */
struct reader {
	struct vb_jsonl file;
	struct vb_profile *p;
	json_int_t run;
	int found;
};

/**
 * vb_cost_add() - add up
 * @sum: what @more is added to
 * @more: not negative
 *
 * Return: 1, or 0 when a sum is above VB_COUNT_MAX, or one of ps above 2^63 - 1; @sum is
 * useless then.
 */
int vb_cost_add(struct vb_cost *sum, const struct vb_cost *more)
{
	return vb_sum(&sum->insns, more->insns) &&
	       !__builtin_add_overflow(sum->exec_ps, more->exec_ps, &sum->exec_ps) &&
	       vb_sum(&sum->spin_ns, more->spin_ns) && vb_sum(&sum->cost_ns, more->cost_ns) &&
	       vb_sum(&sum->sampled_ns, more->sampled_ns);
}

/**
 * vb_cost_same() - are they equal?
 * @a: one
 * @b: another
 *
 * Return: 1 when they are, else 0.
 */
int vb_cost_same(const struct vb_cost *a, const struct vb_cost *b)
{
	return a->insns == b->insns && a->spin_ns == b->spin_ns && a->cost_ns == b->cost_ns &&
	       a->sampled_ns == b->sampled_ns;
}

/**
 * vb_cost_is_nothing() - is there nothing in it?
 * @c: the costs
 *
 * Return: 1 when all are 0, else 0.
 */
int vb_cost_is_nothing(const struct vb_cost *c)
{
	return !c->insns && !c->spin_ns && !c->cost_ns && !c->sampled_ns;
}

/* Where it is not 1 the simulator says so. */
static json_int_t read_insn_ps(const struct vb_jsonl *f, json_t *o)
{
	json_int_t ps = INSN_PS;

	if (json_object_get(o, "insn_ps"))
		ps = vb_jsonl_int(f, o, "insn_ps");
	if (ps < INSN_PS_MIN || ps > INSN_PS_MAX)
		vb_jsonl_bad(f, "\"insn_ps\" is not from 10 to 100000");
	return ps;
}

/* What instructions took, ps. */
static json_int_t exec_ps(const struct reader *r, json_int_t insns)
{
	json_int_t ps;

	if (__builtin_mul_overflow(insns, r->p->insn_ps, &ps))
		vb_jsonl_bad(&r->file, "more instructions than can be");
	return ps;
}

/**
 * vb_profile_head() - what a record says of the whole region
 * @f: the file, for the message
 * @o: a record of profile.raw or profile.jsonl
 * @p: cleared, and its members in front of the rows filled in
 *
 * What threads did is not in profiles of earlier versions.
 *
 * Ends the program when it is no such record.
 */
void vb_profile_head(const struct vb_jsonl *f, json_t *o, struct vb_profile *p)
{
	memset(p, 0, sizeof(*p));
	if (strcmp(vb_jsonl_str(f, o, "type"), "profile"))
		vb_jsonl_bad(f, "not a profile record");
	p->run = vb_jsonl_int(f, o, "run");
	vb_sampling_read(&p->sampling, f, o);
	p->idle_ns = vb_jsonl_int(f, o, "idle_ns");
	p->insn_ps = read_insn_ps(f, o);
	if (p->sampling.every_ns) {
		p->user_insns = vb_jsonl_int(f, o, "user_ns");
		return;
	}
	p->user_insns = vb_jsonl_int(f, o, "user_insns");
	p->has_thread = json_object_get(o, "thread_user_insns") ||
			json_object_get(o, "thread_halt_ns");
	if (!p->has_thread)
		return;
	p->thread_user_insns = vb_jsonl_int(f, o, "thread_user_insns");
	p->thread_halt_ns = vb_jsonl_int(f, o, "thread_halt_ns");
}

/**
 * vb_profile_row_add() - append a symbol
 * @p: the profile
 * @name: its name
 * @module: whose it is, NULL for the kernel's own
 *
 * Return: the row, without size and costs; good until the next is added.
 */
struct vb_profile_row *vb_profile_row_add(struct vb_profile *p, const char *name,
					  const char *module)
{
	struct vb_profile_row *row;

	p->row = vb_grow(p->row, p->n, sizeof(*p->row));
	row = &p->row[p->n++];
	row->name = vb_strf("%s", name);
	row->module = module ? vb_strf("%s", module) : NULL;
	return row;
}

static int by_value(json_int_t x, json_int_t y)
{
	return (x < y) - (x > y);
}

static int compare(const void *a, const void *b)
{
	const struct vb_profile_row *x = a, *y = b;
	int order = by_value(x->cost.insns, y->cost.insns);

	if (!order)
		order = by_value(x->cost.sampled_ns, y->cost.sampled_ns);
	if (!order)
		order = strcmp(x->name, y->name);
	if (!order)
		order = strcmp(x->module ? x->module : "", y->module ? y->module : "");
	if (!order)
		order = by_value(x->size, y->size);
	if (!order)
		order = by_value(x->cost.spin_ns, y->cost.spin_ns);
	if (!order)
		order = by_value(x->cost.cost_ns, y->cost.cost_ns);
	return order;
}

/**
 * vb_profile_sort() - put the rows in the order in which they are written
 * @p: the profile, of instructions or of samples
 *
 * What cost most comes first. Several static functions can have one name: then the larger
 * one, so that the order never depends on anything else.
 */
void vb_profile_sort(struct vb_profile *p)
{
	if (p->n)
		qsort(p->row, p->n, sizeof(*p->row), compare);
}

static json_t *row_to_json(const struct vb_profile_row *row)
{
	json_t *o = json_pack("{ss}", "name", row->name);

	if (!o)
		vb_die("a symbol's name is not UTF-8: %s", row->name);
	if (row->module)
		json_object_set_new(o, "module", json_string(row->module));
	json_object_set_new(o, "size", json_integer(row->size));
	if (row->cost.sampled_ns) {
		json_object_set_new(o, "sampled_ns", json_integer(row->cost.sampled_ns));
		return o;
	}
	json_object_set_new(o, "calls", json_integer(row->calls));
	json_object_set_new(o, "insns", json_integer(row->cost.insns));
	json_object_set_new(o, "spin_ns", json_integer(row->cost.spin_ns));
	json_object_set_new(o, "cost_ns", json_integer(row->cost.cost_ns));
	json_object_set_new(o, "thread_insns", json_integer(row->thread.insns));
	json_object_set_new(o, "thread_spin_ns", json_integer(row->thread.spin_ns));
	json_object_set_new(o, "thread_cost_ns", json_integer(row->thread.cost_ns));
	return o;
}

static void write_user(json_t *o, const struct vb_profile *p)
{
	if (p->sampling.every_ns) {
		json_object_set_new(o, "user_ns", json_integer(p->user_insns));
		return;
	}
	if (p->insn_ps != INSN_PS)
		json_object_set_new(o, "insn_ps", json_integer(p->insn_ps));
	json_object_set_new(o, "user_insns", json_integer(p->user_insns));
	json_object_set_new(o, "thread_user_insns", json_integer(p->thread_user_insns));
	json_object_set_new(o, "thread_halt_ns", json_integer(p->thread_halt_ns));
}

/**
 * vb_profile_write() - write a record of profile.jsonl
 * @out: where to
 * @p: the profile, its rows in the order wanted; it says what threads did, or is of
 *	samples
 */
void vb_profile_write(FILE *out, const struct vb_profile *p)
{
	json_t *rows = json_array(), *o;
	size_t i;

	for (i = 0; i < p->n; i++)
		json_array_append_new(rows, row_to_json(&p->row[i]));
	o = json_pack("{sisssI}", "v", 1, "type", "profile", "run", p->run);
	if (!o)
		vb_die("out of memory");
	vb_sampling_write(o, &p->sampling);
	json_object_set_new(o, "idle_ns", json_integer(p->idle_ns));
	write_user(o, p);
	json_object_set_new(o, "symbols", rows);
	json_dumpf(o, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(o);
}

static void read_thread(const struct reader *r, struct vb_profile_row *row, json_t *o)
{
	row->calls = vb_jsonl_int(&r->file, o, "calls");
	row->thread.insns = vb_jsonl_int(&r->file, o, "thread_insns");
	row->thread.exec_ps = exec_ps(r, row->thread.insns);
	row->thread.spin_ns = vb_jsonl_int(&r->file, o, "thread_spin_ns");
	row->thread.cost_ns = vb_jsonl_int(&r->file, o, "thread_cost_ns");
}

/* Whoever reads a profile adds up some of its rows. */
static void check_sums(const struct reader *r)
{
	struct vb_profile_row sum = { 0 };
	const struct vb_profile_row *row;

	for (row = r->p->row; row < r->p->row + r->p->n; row++)
		if (!vb_sum(&sum.size, row->size) || !vb_sum(&sum.calls, row->calls) ||
		    !vb_cost_add(&sum.cost, &row->cost) || !vb_cost_add(&sum.thread, &row->thread))
			vb_jsonl_bad(&r->file, VB_TOO_LARGE);
}

static void read_rows(struct reader *r, json_t *array)
{
	struct vb_profile_row *row;
	json_t *value, *module;
	size_t i;

	if (!json_is_array(array))
		vb_jsonl_bad(&r->file, "\"symbols\" is missing or is not a list");
	json_array_foreach(array, i, value) {
		module = json_object_get(value, "module");
		row = vb_profile_row_add(r->p, vb_jsonl_str(&r->file, value, "name"),
					 module ? vb_jsonl_str(&r->file, value, "module") : NULL);
		row->size = vb_jsonl_int(&r->file, value, "size");
		if (r->p->sampling.every_ns) {
			row->cost.sampled_ns = vb_jsonl_int(&r->file, value, "sampled_ns");
			continue;
		}
		row->cost.insns = vb_jsonl_int(&r->file, value, "insns");
		row->cost.exec_ps = exec_ps(r, row->cost.insns);
		row->cost.spin_ns = vb_jsonl_int(&r->file, value, "spin_ns");
		row->cost.cost_ns = vb_jsonl_int(&r->file, value, "cost_ns");
		if (r->p->has_thread)
			read_thread(r, row, value);
	}
}

static void read_record(void *arg, json_t *o)
{
	struct reader *r = arg;
	struct vb_profile head;

	if (vb_failed(&r->file, o, r->run))
		return;
	vb_profile_head(&r->file, o, &head);
	if (head.run != r->run)
		return;
	if (r->found)
		vb_jsonl_bad(&r->file, "a second profile of the same run");
	r->found = 1;
	*r->p = head;
	read_rows(r, json_object_get(o, "symbols"));
	check_sums(r);
}

/**
 * vb_profile_read() - read the profile of one region
 * @p: filled in
 * @files: the files read so far
 * @path: a profile.jsonl
 * @run: which of the module's runs
 *
 * Ends the program when the file is there and is not what vb-symbolise writes.
 *
 * Return: 1, or 0 when there is no such file or no such region in it.
 */
int vb_profile_read(struct vb_profile *p, struct vb_kept_files *files, const char *path,
		    json_int_t run)
{
	struct reader r = { .file.name = (char *)path, .p = p, .run = run };

	memset(p, 0, sizeof(*p));
	return vb_kept_read(files, &r.file, read_record, &r) && r.found;
}

/**
 * vb_profile_free() - free the rows
 * @p: the profile
 */
void vb_profile_free(struct vb_profile *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		free(p->row[i].name);
		free(p->row[i].module);
	}
	free(p->row);
	p->row = NULL;
	p->n = 0;
}
