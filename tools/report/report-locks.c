// SPDX-License-Identifier: GPL-2.0
/* The sections of report.txt that need the records themselves: see report.h. */
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "base/text.h"

/* What the traced points of a variant add up to. */
struct total {
	json_int_t ops;
	json_int_t flushes;
	json_int_t flush_runs;
	json_int_t ipis;
};

static void add(const struct vb_report *r, json_int_t *sum, json_int_t more)
{
	if (!vb_sum(sum, more))
		vb_die("%s: counts of all runs: %s", r->c.dir, VB_TOO_LARGE);
}

static int counts(const struct vb_run *run, const struct vb_sample *s)
{
	return run->whole && s->has_counts && !s->failed;
}

static int same_lock(const struct vb_lock *a, const struct vb_lock *b)
{
	return !strcmp(a->name, b->name) && !strcmp(a->kind, b->kind);
}

/* Add a lock's figures to the list, keeping the order of first sight. */
static void add_lock(const struct vb_report *r, struct vb_lock **locks, size_t *n,
		     const struct vb_lock *lock)
{
	struct vb_lock *l;
	size_t i;

	for (i = 0; i < *n && !same_lock(*locks + i, lock); i++)
		;
	if (i == *n) {
		*locks = vb_grow(*locks, *n, sizeof(**locks));
		l = *locks + (*n)++;
		l->name = lock->name;
		l->kind = lock->kind;
	}
	l = *locks + i;
	add(r, &l->waits, lock->waits);
	add(r, &l->wait_ns, lock->wait_ns);
	if (lock->max_ns > l->max_ns)
		l->max_ns = lock->max_ns;
}

/* One variant, workload and number of threads: the locks that were waited for. */
static int add_rows(struct vb_table *t, const struct vb_report *r, size_t variant,
		    const char *workload, long threads)
{
	const char *name = r->c.variants[variant];
	struct vb_lock *locks = NULL;
	const struct vb_sample *s;
	const struct vb_run *run;
	json_int_t ops = 0;
	size_t n = 0, i, l, rows = 0;
	char cell[48];

	for (run = r->runs.run; run < r->runs.run + r->runs.n; run++) {
		for (i = 0; strcmp(run->variant, name) == 0 && i < run->nsamples; i++) {
			s = &run->sample[i];
			if (!counts(run, s) || s->threads != threads ||
			    strcmp(s->workload, workload))
				continue;
			add(r, &ops, s->ops_done);
			for (l = 0; l < s->nlocks; l++)
				add_lock(r, &locks, &n, &s->lock[l]);
		}
	}
	for (i = 0; i < n; i++) {
		if (!locks[i].waits)
			continue;
		rows++;
		vb_table_cell(t, 0, name);
		vb_table_cell(t, 1, workload);
		vb_table_cell(t, 2, locks[i].name);
		vb_table_cell(t, 3, locks[i].kind);
		vb_number(cell, sizeof(cell), 1000.0 * locks[i].waits / ops);
		vb_table_cell(t, 4, cell);
		vb_number(cell, sizeof(cell), (double)locks[i].wait_ns / ops);
		vb_table_cell(t, 5, cell);
		snprintf(cell, sizeof(cell), "%lld", (long long)locks[i].max_ns);
		vb_table_cell(t, 6, cell);
	}
	free(locks);
	return rows;
}

/**
 * vb_report_locks() - which locks were waited for
 * @out: where to
 * @r: the report
 */
void vb_report_locks(FILE *out, const struct vb_report *r)
{
	static const char *const heads[] = {
		"variant", "workload", "lock", "kind", "waits\n1/kop", "waiting\nns/op",
		"longest\nns",
	};
	long threads = vb_campaign_most_threads(&r->c);
	struct vb_table table = { 0 };
	size_t i, v, w, rows = 0;
	char *text;

	vb_report_heading(out, "Locks", '-');
	text = vb_strf("Slow paths by lock at %ld threads; traced samples, all runs and\n"
		       "numbers of pages together. \"other\" is every lock without a name in the table of the counters.%s",
		       threads, vb_campaign_is_sim(&r->c) ?
		       "\nOn sim ns are instructions of all CPUs." : "");
	vb_wrap(out, "", "", text);
	fputc('\n', out);
	for (i = 0; i < ARRAY_SIZE(heads); i++)
		vb_table_column(&table, vb_strf("%s", heads[i]));
	table.words = 4;
	for (v = 0; v < r->c.nvariants; v++)
		for (w = 0; w < r->c.nworkloads; w++)
			rows += add_rows(&table, r, v, r->c.workloads[w], threads);
	if (rows)
		vb_table_print(out, &table);
	else
		fputs("No lock was waited for.\n", out);
	fputc('\n', out);
	vb_table_free(&table);
	free(text);
}

static struct total add_up(const struct vb_report *r, const char *variant)
{
	struct total sum = { 0 };
	const struct vb_sample *s;
	const struct vb_run *run;
	size_t i;

	for (run = r->runs.run; run < r->runs.run + r->runs.n; run++) {
		for (i = 0; strcmp(run->variant, variant) == 0 && i < run->nsamples; i++) {
			s = &run->sample[i];
			if (!counts(run, s))
				continue;
			add(r, &sum.ops, s->ops_done);
			add(r, &sum.flushes, s->flushes);
			add(r, &sum.flush_runs, s->flush_runs);
			add(r, &sum.ipis, s->ipis);
		}
	}
	return sum;
}

static void put_quotient(struct vb_table *t, size_t column, json_int_t over, json_int_t under)
{
	char cell[32] = "-";

	if (under)
		vb_number(cell, sizeof(cell), (double)over / under);
	vb_table_cell(t, column, cell);
}

static void missing_symbols(FILE *out, const struct vb_report *r)
{
	const struct vb_run *run;
	size_t i;
	char *text, *more;

	for (run = r->runs.run; run < r->runs.run + r->runs.n; run++) {
		if (!run->whole || run->number != 1 || !run->missing.n)
			continue;
		text = vb_strf("%s has no %s", run->variant, run->missing.line[0]);
		for (i = 1; i < run->missing.n; i++) {
			more = vb_strf("%s, %s", text, run->missing.line[i]);
			free(text);
			text = more;
		}
		more = vb_strf("%s: what these count is 0 there.", text);
		vb_wrap(out, "", "", more);
		fputc('\n', out);
		free(more);
		free(text);
	}
}

/**
 * vb_report_checks() - do the counters agree with each other?
 * @out: where to
 * @r: the report
 */
void vb_report_checks(FILE *out, const struct vb_report *r)
{
	static const char *const heads[] = {
		"variant", "operations", "flushes", "flushes\n/ op", "IPIs",
		"IPIs\n/ flush", "runs\n/ flush",
	};
	struct vb_table table = { 0 };
	struct total sum;
	size_t i, v;
	char *text;

	vb_report_heading(out, "Cross-checks", '-');
	text = vb_strf("All traced points added up. A kernel TLB flush runs on every\n"
		       "CPU and sends an IPI to every other one, so on %ld CPUs a flush should have %ld IPIs and %ld runs.",
		       r->c.cpus, r->c.cpus - 1, r->c.cpus);
	vb_wrap(out, "", "", text);
	free(text);
	fputc('\n', out);
	table.words = 1;
	for (i = 0; i < ARRAY_SIZE(heads); i++)
		vb_table_column(&table, vb_strf("%s", heads[i]));
	for (v = 0; v < r->c.nvariants; v++) {
		sum = add_up(r, r->c.variants[v]);
		vb_table_cell(&table, 0, r->c.variants[v]);
		vb_table_count(&table, 1, sum.ops);
		vb_table_count(&table, 2, sum.flushes);
		put_quotient(&table, 3, sum.flushes, sum.ops);
		vb_table_count(&table, 4, sum.ipis);
		put_quotient(&table, 5, sum.ipis, sum.flushes);
		put_quotient(&table, 6, sum.flush_runs, sum.flushes);
	}
	vb_table_print(out, &table);
	vb_table_free(&table);
	fputc('\n', out);
	missing_symbols(out, r);
}
