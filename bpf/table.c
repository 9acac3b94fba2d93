// SPDX-License-Identifier: GPL-2.0
/*
 * table.c - counts as tables for people.
 */
#include <errno.h>
#include <string.h>
#include "report.h"
#include "symbols.h"
#include "targets.h"

#define BAR	36	/* characters of the longest bar */

const char *const vs_kind_names[VS_KINDS] = {
	[VS_SPIN]	= "spin",
	[VS_WRITE]	= "write",
	[VS_READ]	= "read",
};

const char *const vs_op_names[VS_OPS] = {
	[VS_OP_MAP_RAM]		= "vm_map_ram",
	[VS_OP_UNMAP_RAM]	= "vm_unmap_ram",
	[VS_OP_VMAP]		= "vmap",
	[VS_OP_VUNMAP]		= "vunmap",
};

int vs_print_end(FILE *f)
{
	if (fflush(f) || ferror(f))
		return errno ? -errno : -EIO;
	return 0;
}

static double average(__u64 ns, __u64 n)
{
	return n ? ns / 1e3 / n : 0;
}

static void print_summary(FILE *f, const struct vs_counts *c, const char *stamp)
{
	if (stamp)
		fprintf(f, "%-8s ", "TIME");
	fprintf(f, "%7s %9s %8s %9s %9s %7s %8s %5s\n",
		"PURGES", "PAGES", "FLUSHES", "RUNS", "IPIS", "OTHER", "LAZY", "LOST");
	if (stamp)
		fprintf(f, "%-8s ", stamp);
	fprintf(f, "%7llu %9llu %8llu %9llu %9llu %7llu %8lld %5llu\n",
		c->nr[VS_NR_PURGES], c->pages_purged, c->nr[VS_NR_FLUSHES],
		c->nr[VS_NR_FLUSH_RUNS], c->ipis, c->nr[VS_NR_OTHER_IPIS],
		c->lazy_pages, c->lost);
}

static const struct vs_top *find_top(const struct vs_detail *d, int kind, int row)
{
	size_t i;

	for (i = 0; d && i < d->nr_tops; i++)
		if ((int)d->tops[i].kind == kind && (int)d->tops[i].row == row)
			return &d->tops[i];
	return NULL;
}

static void print_top(FILE *f, const struct vs_top *top)
{
	size_t i;

	fprintf(f, "    %llu waits, %.1f us, came this way:\n", top->waits,
		top->wait_ns / 1e3);
	for (i = 0; i < top->nr_frames; i++)
		fprintf(f, "      %s\n", top->frames[i]);
}

static void print_waits(FILE *f, const struct vs_counts *c, const struct vs_detail *d)
{
	bool any = false;
	int kind, row;

	for (row = VS_ROWS - 1; row >= 0; row--) {
		for (kind = 0; kind < VS_KINDS; kind++) {
			const struct vs_wait_sum *w = &c->locks[kind][row];
			const struct vs_top *top = find_top(d, kind, row);

			if (!w->waits)
				continue;
			if (!any)
				fprintf(f, "  %-22s %-5s %10s %10s %10s %13s\n",
					"LOCK", "KIND", "WAITS", "AVG(us)",
					"MAX(us)", "TOTAL(us)");
			any = true;
			fprintf(f, "  %-22s %-5s %10llu %10.1f %10.1f %13.1f\n",
				vs_lock_name(row), vs_kind_names[kind], w->waits,
				average(w->wait_ns, w->waits), w->max_ns / 1e3,
				w->wait_ns / 1e3);
			if (top)
				print_top(f, top);
		}
	}
	fputc('\n', f);
}

static void print_hist(FILE *f, const char *title, const __u64 hist[VS_CLASSES])
{
	static const char bar[BAR + 1] = "************************************";
	int i, first = 0, last = VS_CLASSES - 1;
	__u64 most = 0;

	while (last >= 0 && !hist[last])
		last--;
	if (last < 0)
		return;
	while (!hist[first])
		first++;
	for (i = first; i <= last; i++)
		if (hist[i] > most)
			most = hist[i];
	fprintf(f, "  %s\n    %10s    %-10s %10s\n", title, "FROM(ns)", "TO(ns)", "COUNT");
	for (i = first; i <= last; i++)
		fprintf(f, "    %10llu -> %-10llu %10llu %.*s\n", i ? 1ULL << i : 0,
			(2ULL << i) - 1, hist[i], (int)(hist[i] * BAR / most), bar);
}

static void print_whos(FILE *f, const char *what, const char *hits, const struct vs_who *who,
		       size_t n)
{
	if (n)
		fprintf(f, "  %-44s %10s %10s\n", what, "CALLS", hits);
	for (; n; n--, who++)
		fprintf(f, "  %-44.44s %10llu %10llu\n", who->name, who->calls,
			who->hits);
}

static void print_purges(FILE *f, const struct vs_counts *c, const struct vs_detail *d)
{
	fprintf(f, "  %10s %10s %10s %10s %10s %10s\n", "PURGECALLS", "PURGES", "AREAS",
		"AVG(us)", "LAZY", "LAZY_MAX");
	fprintf(f, "  %10llu %10llu %10llu %10.1f %10lld %10lld\n",
		c->nr[VS_NR_PURGE_CALLS], c->nr[VS_NR_PURGES],
		c->nr[VS_NR_AREAS_PURGED],
		average(c->nr[VS_NR_PURGE_NS], c->nr[VS_NR_PURGES]),
		c->lazy_pages, c->lazy_max);
	print_whos(f, "PURGED BY", "PURGES", d->callers, d->nr_callers);
	print_hist(f, "Time of purges", c->hist[VS_HIST_PURGE]);
}

static void print_flushes(FILE *f, const struct vs_counts *c)
{
	__u64 n = c->nr[VS_NR_FLUSHES_ALL] + c->nr[VS_NR_FLUSHES_RANGE];

	fprintf(f, "  %10s %10s %14s %10s\n", "FLUSH_ALL", "FLUSHRANGE", "PAGES", "AVG(us)");
	fprintf(f, "  %10llu %10llu %14llu %10.1f\n", c->nr[VS_NR_FLUSHES_ALL],
		c->nr[VS_NR_FLUSHES_RANGE], c->nr[VS_NR_FLUSH_PAGES],
		average(c->nr[VS_NR_FLUSH_NS], n));
	print_hist(f, "Time of flushes, first IPI to last answer", c->hist[VS_HIST_FLUSH]);
}

static void print_aliases(FILE *f, const struct vs_counts *c)
{
	__u64 n = c->nr[VS_NR_ALIASES];

	fprintf(f, "  %10s %10s %13s\n", "ALIASES", "AVG(us)", "TOTAL(us)");
	fprintf(f, "  %10llu %10.1f %13.1f\n", n, average(c->nr[VS_NR_ALIASES_NS], n),
		c->nr[VS_NR_ALIASES_NS] / 1e3);
	print_hist(f, "Time of vm_unmap_aliases", c->hist[VS_HIST_ALIASES]);
}

static void print_blocks(FILE *f, const struct vs_counts *c)
{
	fprintf(f, "  %10s %8s %8s %8s %8s %11s %12s\n", "BLOCKS_NEW", "FULL", "FREED",
		"PURGED", "QUEUED", "FREE_PAGES", "DIRTY_PAGES");
	fprintf(f, "  %10llu %8llu %8llu %8llu %8lld %11lld %12lld\n",
		c->nr[VS_NR_BLOCKS_NEW], c->blocks_full,
		c->nr[VS_NR_BLOCKS_FREED], c->nr[VS_NR_BLOCKS_PURGED],
		c->queue.blocks, c->queue.free,
		c->queue.dirty);
}

static void print_op(FILE *f, const struct vs_ops *ops, int op)
{
	char title[40], size[16];
	int i;

	fprintf(f, "  %-16s %10llu %10.1f %13.1f\n", vs_op_names[op], ops->calls[op],
		average(ops->ns[op], ops->calls[op]), ops->ns[op] / 1e3);
	for (i = 0; i < VS_SIZES; i++) {
		snprintf(size, sizeof(size), "%d to %d", 1 << i >> 1, (1 << i) - 1);
		if (i < 2)
			strcpy(size, i ? "1" : "unknown");
		snprintf(title, sizeof(title), "%s, pages: %s", vs_op_names[op],
			 i == VS_SIZES - 1 ? "2048 and more" : size);
		print_hist(f, title, ops->hist[op][i]);
	}
}

static void print_ops(FILE *f, const struct vs_ops *ops)
{
	int op;

	fprintf(f, "  %-16s %10s %10s %13s\n", "CALL", "CALLS", "AVG(us)", "TOTAL(us)");
	for (op = 0; op < VS_OPS; op++)
		print_op(f, ops, op);
}

static void print_cpus(FILE *f, const struct vs_detail *d)
{
	size_t i;

	if (d->nr_cpus)
		fprintf(f, "  %4s %9s %9s %9s %10s %10s %11s\n", "CPU", "PURGES", "FLUSHES",
			"RUNS", "IPIS_SENT", "OTHER_SENT", "HITS");
	for (i = 0; i < d->nr_cpus; i++) {
		const __u64 *nr = d->cpus[i].nr;

		fprintf(f, "  %4u %9llu %9llu %9llu %10llu %10llu %11llu\n", d->cpus[i].cpu,
			nr[VS_NR_PURGES], nr[VS_NR_FLUSHES],
			nr[VS_NR_FLUSH_RUNS], nr[VS_NR_FLUSH_TARGETS],
			nr[VS_NR_OTHER_IPIS], nr[VS_NR_HITS]);
	}
}

int vs_print_line(FILE *f, const struct vs_counts *c, const char *stamp)
{
	print_summary(f, c, stamp);
	print_waits(f, c, NULL);
	return vs_print_end(f);
}

int vs_print_report(FILE *f, const struct vs_counts *c, const struct vs_detail *d,
		    const struct vs_names *names, const char *stamp)
{
	print_summary(f, c, stamp);
	if (names->groups & VS_PURGE)
		print_purges(f, c, d);
	if (names->groups & VS_FLUSH)
		print_flushes(f, c);
	if (names->groups & VS_IPI)
		print_whos(f, "FUNCTION CALLED ON OTHER CPUS", "IPIS", d->funcs, d->nr_funcs);
	if (names->groups & VS_ALIASES)
		print_aliases(f, c);
	if (names->groups & VS_BLOCK)
		print_blocks(f, c);
	if (names->groups & VS_MAP)
		print_ops(f, &c->ops);
	print_cpus(f, d);
	print_waits(f, c, d);
	fprintf(f, "  %llu runs of probes\n", c->nr[VS_NR_HITS]);
	return vs_print_end(f);
}
