// SPDX-License-Identifier: GPL-2.0
/*
 * The record of the last run, as one line of JSON
 */

#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "vmap_bench.h"

/**
 * struct thread_result - what one thread did
 * @cpu: where
 * @ops: measured operations
 * @done: these and the cool-down's
 * @ns: time of the measured operations
 */
struct thread_result {
	unsigned int cpu;
	u64 ops;
	u64 done;
	u64 ns;
};

/**
 * struct result - what is left of a run when its threads are gone
 * @p: its parameters
 * @error: @error.code is 0 for a good run
 * @window_ns: length of the measured window
 * @done: operations inside the window
 * @mismatches: faults found by the verify workload
 * @spaces: the space in use at some moments, or NULL
 * @nr: elements in @thread
 * @thread: results of the threads
 */
struct result {
	struct vmap_bench_params p;
	struct vmap_bench_error error;
	unsigned int number;
	u64 window_ns;
	u64 done;
	u64 mismatches;
	struct vmap_bench_spaces *spaces;
	unsigned int nr;
	struct thread_result thread[];
};

static DEFINE_MUTEX(result_lock);
static struct result *last;

static void replace_last(struct result *r)
{
	struct result *old;

	mutex_lock(&result_lock);
	old = last;
	last = r;
	mutex_unlock(&result_lock);
	if (old)
		kfree(old->spaces);
	kfree(old);
}

/**
 * vmap_bench_result_clear() - forget the last run
 *
 * So that nobody takes the record of an earlier run for that of the next.
 */
void vmap_bench_result_clear(void)
{
	replace_last(NULL);
}

/**
 * vmap_bench_result_save() - make the record of a run
 * @run: the run, its threads have ended; what it noted of the space is taken from it
 *
 * Return: 0 or -ENOMEM.
 */
int vmap_bench_result_save(struct vmap_bench_run *run)
{
	struct result *r;
	unsigned int i;

	r = kzalloc(struct_size(r, thread, run->nr), GFP_KERNEL);
	if (!r)
		return -ENOMEM;

	r->p = run->p;
	r->error = run->error;
	r->number = run->number;
	r->window_ns = run->window_ns;
	r->spaces = run->spaces;
	run->spaces = NULL;
	r->nr = run->nr;
	for (i = 0; i < run->nr; i++) {
		const struct vmap_bench_thread *t = run->thread[i];

		r->thread[i].cpu = t->cpu;
		r->thread[i].ops = t->ops;
		r->thread[i].done = t->done;
		r->thread[i].ns = t->ns;
		r->done += t->done;
		r->mismatches += t->mismatches;
	}
	replace_last(r);
	return 0;
}

/* Names and texts are constants of this module: nothing in them needs quoting. */
static void show_head(struct seq_file *m, const struct result *r, const char *type)
{
	seq_printf(m, "{\"v\":1,\"type\":\"%s\",\"run\":%u,\"workload\":\"%s\"", type,
		   r->number, r->p.workload->name);
	seq_printf(m, ",\"pages\":%u,\"threads\":%u,\"ops\":%u,\"warmup\":%u",
		   r->p.pages, r->p.threads, r->p.ops, r->p.warmup);
}

static void show_error(struct seq_file *m, const struct result *r)
{
	show_head(m, r, "error");
	seq_printf(m, ",\"errno\":%d,\"what\":\"%s\",\"cpu\":%d,\"op\":%llu",
		   r->error.code, r->error.what, r->error.cpu, r->error.op);
	seq_printf(m, ",\"mismatches\":%llu,\"fail_at\":%u}\n", r->mismatches, r->p.fail_at);
}

static void show_sample(struct seq_file *m, const struct result *r)
{
	unsigned int i;

	show_head(m, r, "sample");
	seq_printf(m, ",\"ops_done\":%llu,\"window_ns\":%llu,\"mismatches\":%llu,\"thread\":[",
		   r->done, r->window_ns, r->mismatches);
	for (i = 0; i < r->nr; i++)
		seq_printf(m, "%s{\"cpu\":%u,\"ops\":%llu,\"ns\":%llu,\"ops_done\":%llu}",
			   i ? "," : "", r->thread[i].cpu, r->thread[i].ops,
			   r->thread[i].ns, r->thread[i].done);
	seq_puts(m, "]");
	if (r->p.workload->show)
		r->p.workload->show(m);
	seq_puts(m, "}\n");
}

static void show_spaces(struct seq_file *m, const struct vmap_bench_spaces *spaces)
{
	unsigned int i;

	for (i = 0; i < spaces->nr; i++) {
		const struct vmap_bench_space *s = &spaces->at[i];

		seq_printf(m, "{\"v\":1,\"type\":\"space\",\"ops\":%llu,\"live_pages\":%lu",
			   s->ops, s->live_pages);
		seq_printf(m, ",\"areas\":%lu,\"pages\":%lu,\"lazy_pages\":%lu}\n",
			   s->areas, s->pages, s->lazy_pages);
	}
}

/**
 * vmap_bench_result_show() - seq_file show function of the result file
 * @m: where to print
 * @unused: position, of no interest
 *
 * Return: 0; nothing is printed before the first run.
 */
int vmap_bench_result_show(struct seq_file *m, void *unused)
{
	mutex_lock(&result_lock);
	if (last && last->error.code)
		show_error(m, last);
	else if (last)
		show_sample(m, last);
	if (last && !last->error.code && last->spaces)
		show_spaces(m, last->spaces);
	mutex_unlock(&result_lock);
	return 0;
}
