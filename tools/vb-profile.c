// SPDX-License-Identifier: GPL-2.0
/* vb-profile - the profile of one point, for people or for flame graphs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "records/events.h"
#include "base/options.h"
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

/* What is asked for, and where; as mode VB_MODES, the one with a profile. */
struct query {
	const char *dir;
	const char *workload;
	enum vb_mode mode;
	long pages;
	long threads;
	int folded;
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
static void print_row(int width, json_int_t count, const char *name, json_int_t size)
{
	int cut = strlen(name) > NAME_MAX;

	printf("%*lld ", width, (long long)count);
	if (size)
		printf("%-*.*s%s %8.4f\n", NAME_USUAL, cut ? NAME_MAX - 1 : NAME_MAX, name,
		       cut ? "~" : "", (double)count / (double)size);
	else
		printf("%.*s%s\n", cut ? NAME_MAX - 1 : NAME_MAX, name, cut ? "~" : "");
}

static int digits(json_int_t n)
{
	return snprintf(NULL, 0, "%lld", (long long)n);
}

/* Sums fit: vb_profile_read() could add up all rows. */
static void print_part(const struct part *part, struct vb_profile *p)
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
	printf("#\n# %s: count, symbol, count / bytes of code\n", part->heading);
	for (i = 0; i < p->n && count_of(part, &p->row[i]); i++) {
		name = label(&p->row[i], ' ');
		print_row(width, count_of(part, &p->row[i]), name, p->row[i].size);
		size += p->row[i].size;
		free(name);
	}
	print_row(width, total, "total", size);
}

static void print_tables(const struct query *q, const struct vb_run *run, struct vb_profile *p)
{
	size_t i;

	printf("# %s: workload %s, %ld pages, %ld threads, %s\n", run->variant, q->workload,
	       q->pages, q->threads, vb_mode_name[q->mode]);
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		print_part(&parts[i], p);
	printf("#\n# %lld ns idle, added up over CPUs\n", (long long)p->idle_ns);
	printf("# %lld %s in user mode\n", (long long)p->user_insns,
	       p->sampling.every_ns || p->insn_ps != 1000 ? "ns" : "instructions");
	if (p->sampling.every_ns)
		printf("# sampled: %lld of %lld samples due, one every %lld ns of a CPU's clock\n",
		       (long long)p->sampling.samples, (long long)p->sampling.due,
		       (long long)p->sampling.every_ns);
}

static void print_folded_rest(const char *variant, const char *frame, json_int_t count)
{
	if (count)
		printf("%s;%s %lld\n", variant, frame, (long long)count);
}

static void print_folded(const struct vb_run *run, struct vb_profile *p)
{
	char *name;
	size_t i, k;

	for (k = 0; k < ARRAY_SIZE(parts); k++) {
		sort_by(&parts[k], p);
		for (i = 0; i < p->n && count_of(&parts[k], &p->row[i]); i++) {
			name = label(&p->row[i], '_');
			printf("%s;%s;%s %lld\n", run->variant, parts[k].frame, name,
			       (long long)ns_of(&parts[k], &p->row[i]));
			free(name);
		}
	}
	print_folded_rest(run->variant, "user", p->user_insns);
	print_folded_rest(run->variant, "idle", p->idle_ns);
}

/* The point has no profile: one line, and nothing on stdout. */
static int nothing(const struct query *q, const char *why)
{
	fprintf(stderr, "%s: %s: %s point %s, %ld pages, %ld threads: %s\n", vb_name, q->dir,
		vb_mode_name[q->mode], q->workload, q->pages, q->threads, why);
	return VB_INCOMPLETE;
}

/* A simulator profiles what is measured, elsewhere it is a measurement of its own. */
static void settle_mode(struct query *q, const struct vb_run *run)
{
	if (q->mode != VB_MODES)
		return;
	q->mode = VB_SAMPLED;
	if (!vb_run_next(run, NULL, q->mode, q->workload, q->pages, q->threads))
		q->mode = VB_BARE;
}

static int print_point(const struct query *q, const struct vb_run *run)
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
	found = vb_profile_read(&p, path, s->number);
	free(path);
	if (!found)
		return nothing(q, "no profile of it in profile.jsonl");
	if (q->folded)
		print_folded(run, &p);
	else
		print_tables(q, run, &p);
	vb_profile_free(&p);
	return VB_OK;
}

static void help(void)
{
	puts("usage: vb-profile [--folded] RUN_DIR --workload W --pages P --threads T\n"
	     "                  [--mode bare|traced|sampled]\n"
	     "\n"
	     "Reads events.jsonl and profile.jsonl in RUN_DIR (results/ID/VARIANT/run-N) and\n"
	     "prints where in the kernel that point spent its time, as readprofile does: count,\n"
	     "symbol, count / bytes of code. The total's bytes are those of the symbols above it.\n"
	     "\n"
	     "  --mode M   which measurement of the point (default sampled if there is one,\n"
	     "             else bare)\n"
	     "  --folded   lines for flame graphs: frames with ; between them, and ns\n"
	     "\n"
	     "exit codes: 0 printed; 1 the run has no profile of that point; 2 usage error, or\n"
	     "a file that is not what it should be");
}

static enum vb_mode mode_of(const char *text)
{
	int mode;

	for (mode = VB_BARE; mode < VB_MODES; mode++)
		if (!strcmp(text, vb_mode_name[mode]))
			return mode;
	vb_usage("--mode: %s is neither bare nor traced nor sampled", text);
}

static void parse(struct query *q, int argc, char **argv)
{
	const char *mode = NULL;
	const struct vb_option options[] = {
		{ "folded", VB_FLAG, &q->folded },
		{ "workload", VB_TEXT, &q->workload },
		{ "pages", VB_NUMBER, &q->pages },
		{ "threads", VB_NUMBER, &q->threads },
		{ "mode", VB_TEXT, &mode },
	};

	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (mode)
		q->mode = mode_of(mode);
	if (argc - optind != 1)
		vb_usage("one run's folder is needed");
	if (!q->workload || !q->pages || !q->threads)
		vb_usage("--workload, --pages and --threads are needed");
	q->dir = argv[optind];
}

int main(int argc, char **argv)
{
	struct query q = { .mode = VB_MODES };
	struct vb_list problems = { 0 };
	struct vb_run run;
	int ret;

	vb_name = "vb-profile";
	parse(&q, argc, argv);
	vb_run_read_folder(&run, q.dir, &problems);
	settle_mode(&q, &run);
	ret = print_point(&q, &run);
	vb_run_free(&run);
	vb_list_free(&problems);
	vb_close_stdout();
	return ret;
}
