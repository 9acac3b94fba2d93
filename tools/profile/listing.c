// SPDX-License-Identifier: GPL-2.0
/* The profile of one point, for people or for flame graphs: see listing.h. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/listing.h"
#include "profile/profile.h"

/* Columns of a name: a longer one is cut, so that lines stay under 77 columns. */
#define NAME_USUAL	40
#define NAME_MAX	46

/* What a count is read from, and its time, in thousandths or not: members of struct vb_cost. */
struct part {
	const char *heading;
	const char *frame;
	size_t offset;
	size_t time;
	json_int_t per_ns;
};

#define COST(member)	offsetof(struct vb_cost, member)

static const struct part parts[] = {
	{ "instructions making progress", "kernel", COST(insns), COST(exec_ps), 1000 },
	{ "ns spinning", "spinning", COST(spin_ns), COST(spin_ns), 1 },
	{ "ns of costs charged", "costs", COST(cost_ns), COST(cost_ns), 1 },
	{ "ns that samples stand for", "kernel", COST(sampled_ns), COST(sampled_ns), 1 },
};

static json_int_t count_of(const struct part *part, const struct vb_profile_row *row)
{
	return *(const json_int_t *)((const char *)&row->cost + part->offset);
}

static json_int_t ns_of(const struct part *part, const struct vb_profile_row *row)
{
	return *(const json_int_t *)((const char *)&row->cost + part->time) / part->per_ns;
}

/* "name [module]", or name_[module] for files that end a name at a blank. */
static char *label(const struct vb_profile_row *row, char gap)
{
	if (!row->module)
		return vb_strf("%s", row->name);
	return vb_strf("%s%c[%s]", row->name, gap, row->module);
}

static const struct part *sort_part;

static int compare(const void *a, const void *b)
{
	const struct vb_profile_row *x = a, *y = b;
	json_int_t n = count_of(sort_part, x), m = count_of(sort_part, y);

	if (n != m)
		return n > m ? -1 : 1;
	if (strcmp(x->name, y->name))
		return strcmp(x->name, y->name);
	return (x->size < y->size) - (x->size > y->size);
}

static void sort_by(const struct part *part, struct vb_profile *p)
{
	sort_part = part;
	if (p->n)
		qsort(p->row, p->n, sizeof(*p->row), compare);
}

/* As readprofile prints: how many, where, how many per byte of code. */
static void print_row(FILE *out, int width, json_int_t count, const char *name, json_int_t size)
{
	int cut = strlen(name) > NAME_MAX;

	fprintf(out, "%*lld ", width, (long long)count);
	if (size)
		fprintf(out, "%-*.*s%s %8.4f\n", NAME_USUAL, cut ? NAME_MAX - 1 : NAME_MAX, name,
			cut ? "~" : "", (double)count / (double)size);
	else
		fprintf(out, "%.*s%s\n", cut ? NAME_MAX - 1 : NAME_MAX, name, cut ? "~" : "");
}

static int digits(json_int_t n)
{
	return snprintf(NULL, 0, "%lld", (long long)n);
}

/* Sums fit: vb_profile_read() could add up all rows. */
static void print_part(FILE *out, const struct part *part, struct vb_profile *p)
{
	json_int_t total = 0, size = 0;
	int width;
	size_t i;
	char *name;

	for (i = 0; i < p->n; i++)
		total += count_of(part, &p->row[i]);
	if (!total)
		return;
	width = digits(total) > 6 ? digits(total) : 6;
	sort_by(part, p);
	fprintf(out, "#\n# %s: count, symbol, count / bytes of code\n", part->heading);
	for (i = 0; i < p->n && count_of(part, &p->row[i]); i++) {
		name = label(&p->row[i], ' ');
		print_row(out, width, count_of(part, &p->row[i]), name, p->row[i].size);
		size += p->row[i].size;
		free(name);
	}
	print_row(out, width, total, "total", size);
}

static void print_tables(FILE *out, const struct vb_listing *q, const struct vb_run *run,
			 struct vb_profile *p)
{
	size_t i;

	fprintf(out, "# %s: workload %s, %ld pages, %ld threads, %s\n", run->variant, q->workload,
		q->pages, q->threads, vb_mode_name[q->mode]);
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		print_part(out, &parts[i], p);
	fprintf(out, "#\n# %lld ns idle, added up over CPUs\n", (long long)p->idle_ns);
	fprintf(out, "# %lld %s in user mode\n", (long long)p->user_insns,
		p->sampling.every_ns || p->insn_ps != 1000 ? "ns" : "instructions");
	if (p->sampling.every_ns)
		fprintf(out, "# sampled: %lld of %lld samples due, one every %lld ns of a %s\n",
			(long long)p->sampling.samples, (long long)p->sampling.due,
			(long long)p->sampling.every_ns, "CPU's clock");
}

static void print_folded_rest(FILE *out, const char *variant, const char *frame, json_int_t count)
{
	if (count)
		fprintf(out, "%s;%s %lld\n", variant, frame, (long long)count);
}

static void print_folded(FILE *out, const struct vb_run *run, struct vb_profile *p)
{
	char *name;
	size_t i, k;

	for (k = 0; k < ARRAY_SIZE(parts); k++) {
		sort_by(&parts[k], p);
		for (i = 0; i < p->n && count_of(&parts[k], &p->row[i]); i++) {
			name = label(&p->row[i], '_');
			fprintf(out, "%s;%s;%s %lld\n", run->variant, parts[k].frame, name,
				(long long)ns_of(&parts[k], &p->row[i]));
			free(name);
		}
	}
	print_folded_rest(out, run->variant, "user", p->user_insns);
	print_folded_rest(out, run->variant, "idle", p->idle_ns);
}

/* The point has no profile: one line, and nothing on stdout. */
static int nothing(const struct vb_listing *q, const char *why)
{
	fprintf(stderr, "%s: %s: %s point %s, %ld pages, %ld threads: %s\n", vb_name, q->dir,
		vb_mode_name[q->mode], q->workload, q->pages, q->threads, why);
	return VB_INCOMPLETE;
}

/* A simulator profiles what is measured, elsewhere it is a measurement of its own. */
static void settle_mode(struct vb_listing *q, const struct vb_run *run)
{
	if (q->mode != VB_MODES)
		return;
	q->mode = VB_SAMPLED;
	if (!vb_run_next(run, NULL, q->mode, q->workload, q->pages, q->threads))
		q->mode = VB_BARE;
}

static int print_point(FILE *out, const struct vb_listing *q, const struct vb_run *run,
		       struct vb_kept_files *files)
{
	const struct vb_sample *s;
	struct vb_profile p;
	char *path;
	int found;

	if (!run->whole)
		return nothing(q, "the run has no end record");
	s = vb_run_next(run, NULL, q->mode, q->workload, q->pages, q->threads);
	if (!s)
		return nothing(q, "not in this run");
	if (s->failed)
		return nothing(q, "it has no sample that can be used");
	path = vb_strf("%s/profile.jsonl", q->dir);
	found = vb_profile_read(&p, files, path, s->number);
	free(path);
	if (!found)
		return nothing(q, "no profile of it in profile.jsonl");
	if (q->folded)
		print_folded(out, run, &p);
	else
		print_tables(out, q, run, &p);
	vb_profile_free(&p);
	return VB_OK;
}

/**
 * vb_profile_listing() - print the profile of a point
 * @out: where to
 * @q: which point
 * @run: the run that has it
 * @files: keeps the profiles that are read
 *
 * Return: VB_OK, or VB_INCOMPLETE when the run has no such profile: stderr says why.
 */
int vb_profile_listing(FILE *out, const struct vb_listing *q, const struct vb_run *run,
		       struct vb_kept_files *files)
{
	struct vb_listing settled = *q;

	settle_mode(&settled, run);
	return print_point(out, &settled, run, files);
}
