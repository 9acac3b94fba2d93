// SPDX-License-Identifier: GPL-2.0
/*
 * json.c - counts as JSON.
 */
#include <errno.h>
#include <jansson.h>
#include "report.h"
#include "symbols.h"
#include "targets.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/*
 * A lock that exists is listed with the waits its type can have even if nobody
 * waited, so that a reader can tell "never contended" from "not there".
 */
static bool is_listed(const struct vs_counts *c, const struct vs_names *names,
		      int kind, int row)
{
	if (c->locks[kind][row].waits)
		return true;
	if (row == VS_ROW_OTHER || !names->known[row])
		return false;
	return vs_locks[row - 1].rwlock == (kind != VS_SPIN);
}

static json_t *wait_json(int row, int kind, const struct vs_wait_sum *w)
{
	return json_pack("{ss ss sI sI sI}",
			 "name", vs_lock_name(row), "kind", vs_kind_names[kind],
			 "waits", (json_int_t)w->waits,
			 "wait_ns", (json_int_t)w->wait_ns,
			 "max_ns", (json_int_t)w->max_ns);
}

static json_t *locks_json(const struct vs_counts *c, const struct vs_names *names)
{
	json_t *list = json_array();
	int kind, i;

	/* "other" is row 0 and comes last. */
	for (i = 1; i <= VS_ROWS; i++) {
		int row = i % VS_ROWS;

		for (kind = 0; kind < VS_KINDS; kind++) {
			if (is_listed(c, names, kind, row))
				json_array_append_new(list, wait_json(row, kind,
								      &c->locks[kind][row]));
		}
	}
	return list;
}

static json_t *missing_json(const struct vs_names *names)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; names->missing && names->missing[i]; i++)
		json_array_append_new(list, json_string(names->missing[i]));
	return list;
}

static json_t *probes_json(const struct vs_names *names)
{
	json_t *list = json_array();
	int i;

	for (i = 0; i < VS_NR_GROUPS; i++)
		if (names->groups & 1 << i)
			json_array_append_new(list, json_string(vs_group_names[i]));
	return list;
}

static json_t *hist_json(const __u64 hist[VS_CLASSES])
{
	json_t *list = json_array();
	int i, n = VS_CLASSES;

	while (n && !hist[n - 1])
		n--;
	for (i = 0; i < n; i++)
		json_array_append_new(list, json_integer(hist[i]));
	return list;
}

static void add_nr(json_t *line, const char *key, __u64 n)
{
	json_object_set_new(line, key, json_integer(n));
}

static json_t *queue_json(const struct vs_queue *q)
{
	return json_pack("{sI sI sI}", "blocks", (json_int_t)q->blocks,
			 "free_pages", (json_int_t)q->free, "dirty_pages", (json_int_t)q->dirty);
}

static void add_numbers(json_t *line, const struct vs_counts *c)
{
	static const struct {
		const char *key;
		enum vs_nr nr;
	} keys[] = {
		{ "purge_calls", VS_NR_PURGE_CALLS },
		{ "areas_purged", VS_NR_AREAS_PURGED },
		{ "purge_ns", VS_NR_PURGE_NS },
		{ "flushes_all", VS_NR_FLUSHES_ALL },
		{ "flushes_range", VS_NR_FLUSHES_RANGE },
		{ "flush_pages", VS_NR_FLUSH_PAGES },
		{ "flush_ns", VS_NR_FLUSH_NS },
		{ "other_calls", VS_NR_OTHER_CALLS },
		{ "other_ipis", VS_NR_OTHER_IPIS },
		{ "aliases", VS_NR_ALIASES },
		{ "aliases_ns", VS_NR_ALIASES_NS },
		{ "blocks_new", VS_NR_BLOCKS_NEW },
		{ "blocks_freed", VS_NR_BLOCKS_FREED },
		{ "blocks_purged", VS_NR_BLOCKS_PURGED },
		{ "hits", VS_NR_HITS },
		{ "second", VS_NR_SECOND },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		add_nr(line, keys[i].key, c->nr[keys[i].nr]);
	add_nr(line, "blocks_full", c->blocks_full);
	json_object_set_new(line, "lazy_pages", json_integer(c->lazy_pages));
	json_object_set_new(line, "lazy_pages_max", json_integer(c->lazy_max));
	json_object_set_new(line, "queue", queue_json(&c->queue));
	json_object_set_new(line, "purge_hist", hist_json(c->hist[VS_HIST_PURGE]));
	json_object_set_new(line, "flush_hist", hist_json(c->hist[VS_HIST_FLUSH]));
	json_object_set_new(line, "aliases_hist", hist_json(c->hist[VS_HIST_ALIASES]));
}

/* By size first; those that did not happen are left out. */
static json_t *op_hist_json(const __u64 hist[VS_SIZES][VS_CLASSES])
{
	json_t *sizes = json_object(), *classes;
	char key[16];
	int i;

	for (i = 0; i < VS_SIZES; i++) {
		classes = hist_json(hist[i]);
		snprintf(key, sizeof(key), "%d", i ? 1 << (i - 1) : 0);
		if (json_array_size(classes))
			json_object_set(sizes, key, classes);
		json_decref(classes);
	}
	return sizes;
}

static void add_ops(json_t *line, const struct vs_ops *ops, bool hist)
{
	json_t *calls = json_object(), *ns = json_object(), *all = json_object();
	int i;

	for (i = 0; i < VS_OPS; i++) {
		add_nr(calls, vs_op_names[i], ops->calls[i]);
		add_nr(ns, vs_op_names[i], ops->ns[i]);
		json_object_set_new(all, vs_op_names[i], op_hist_json(ops->hist[i]));
	}
	json_object_set_new(line, "calls", calls);
	json_object_set_new(line, "calls_ns", ns);
	if (hist)
		json_object_set(line, "calls_hist", all);
	json_decref(all);
}

static json_t *whos_json(const struct vs_who *who, size_t n, const char *hits)
{
	json_t *list = json_array();

	for (; n; n--, who++)
		json_array_append_new(list, json_pack("{ss sI sI}", "name", who->name,
						      "calls", (json_int_t)who->calls,
						      hits, (json_int_t)who->hits));
	return list;
}

static json_t *top_json(const struct vs_top *top)
{
	json_t *frames = json_array();
	size_t i;

	for (i = 0; i < top->nr_frames; i++)
		json_array_append_new(frames, json_string(top->frames[i]));
	return json_pack("{ss ss sI sI so}", "name", vs_lock_name(top->row),
			 "kind", vs_kind_names[top->kind],
			 "waits", (json_int_t)top->waits,
			 "wait_ns", (json_int_t)top->wait_ns, "frames", frames);
}

static json_t *cpu_json(const struct vs_cpu_nr *cpu)
{
	return json_pack("{si sI sI sI sI sI sI}", "cpu", (int)cpu->cpu,
			 "purges", (json_int_t)cpu->nr[VS_NR_PURGES],
			 "flushes", (json_int_t)cpu->nr[VS_NR_FLUSHES],
			 "flush_runs", (json_int_t)cpu->nr[VS_NR_FLUSH_RUNS],
			 "ipis", (json_int_t)cpu->nr[VS_NR_FLUSH_TARGETS],
			 "other_ipis", (json_int_t)cpu->nr[VS_NR_OTHER_IPIS],
			 "hits", (json_int_t)cpu->nr[VS_NR_HITS]);
}

static void add_detail(json_t *line, const struct vs_detail *d)
{
	json_t *list;
	size_t i;

	json_object_set_new(line, "callers", whos_json(d->callers, d->nr_callers, "purges"));
	json_object_set_new(line, "functions", whos_json(d->funcs, d->nr_funcs, "ipis"));
	if (d->nr_tops) {
		list = json_array();
		for (i = 0; i < d->nr_tops; i++)
			json_array_append_new(list, top_json(&d->tops[i]));
		json_object_set_new(line, "stacks", list);
	}
	if (d->nr_cpus) {
		list = json_array();
		for (i = 0; i < d->nr_cpus; i++)
			json_array_append_new(list, cpu_json(&d->cpus[i]));
		json_object_set_new(line, "cpus", list);
	}
}

int vs_print_json(FILE *f, const char *type, const struct vs_counts *c,
		  const struct vs_detail *d, const struct vs_names *names)
{
	json_t *line;
	int err;

	line = json_pack("{si ss ss* sI sI sI sI sI so sI so so}",
			 "v", 1, "type", type, "point", names->point,
			 "purges", (json_int_t)c->nr[VS_NR_PURGES],
			 "pages_purged", (json_int_t)c->pages_purged,
			 "flushes", (json_int_t)c->nr[VS_NR_FLUSHES],
			 "flush_runs", (json_int_t)c->nr[VS_NR_FLUSH_RUNS],
			 "ipis", (json_int_t)c->ipis,
			 "locks", locks_json(c, names),
			 "lost", (json_int_t)c->lost,
			 "missing", missing_json(names),
			 "probes", probes_json(names));
	if (!line)
		return -ENOMEM;
	add_numbers(line, c);
	add_ops(line, &c->ops, names->groups & VS_MAP);
	if (d)
		add_detail(line, d);
	err = json_dumpf(line, f, JSON_COMPACT);
	json_decref(line);
	if (err || fputc('\n', f) == EOF)
		return errno ? -errno : -EIO;
	return vs_print_end(f);
}
