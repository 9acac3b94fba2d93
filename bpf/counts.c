// SPDX-License-Identifier: GPL-2.0
/*
 * counts.c - from what each CPU counted to what is reported.
 */
#include <string.h>
#include "counts.h"

static void add_cpu(struct vs_totals *sum, const struct vs_cpu *cpu, __u64 gen)
{
	int kind, row;

	sum->purges += cpu->purges;
	sum->lazy_pages += cpu->lazy_pages;
	sum->flushes += cpu->flushes;
	sum->flush_runs += cpu->flush_runs;
	sum->lost += cpu->overflows;

	for (kind = 0; kind < VS_KINDS; kind++) {
		for (row = 0; row < VS_ROWS; row++) {
			const struct vs_lock_stat *stat = &cpu->locks[kind][row];
			struct vs_wait_sum *wait = &sum->locks[kind][row];

			wait->waits += stat->waits;
			wait->wait_ns += stat->wait_ns;
			if (stat->max_gen == gen && stat->max_ns > wait->max_ns)
				wait->max_ns = stat->max_ns;
		}
	}
}

void vs_totals_sum(struct vs_totals *sum, const struct vs_cpu *cpus,
		   size_t nr_cpus, __u64 gen)
{
	__s64 growth = sum->lazy_growth;
	size_t i;

	memset(sum, 0, sizeof(*sum));
	sum->lazy_growth = growth;
	for (i = 0; i < nr_cpus; i++)
		add_cpu(sum, &cpus[i], gen);
}

__s64 vs_lazy_growth(const struct vs_control *ctl)
{
	__s64 growth = ctl->lazy_growth;

	if (ctl->active)
		growth += ctl->lazy_now - ctl->lazy_open;
	return growth;
}

/*
 * Reading happens while the kernel goes on, so a flush may be seen before its
 * runs. Rather nothing than a huge number; the next reading makes up for it.
 */
static __u64 not_negative(__s64 n)
{
	return n > 0 ? n : 0;
}

static __u64 pages_purged(const struct vs_totals *t)
{
	return not_negative((__s64)t->lazy_pages - t->lazy_growth);
}

static __u64 ipis(const struct vs_totals *t)
{
	return not_negative((__s64)(t->flush_runs - t->flushes));
}

void vs_counts_between(struct vs_counts *out, const struct vs_totals *now,
		       const struct vs_totals *before)
{
	static const struct vs_totals nothing;
	int kind, row;

	if (!before)
		before = &nothing;

	out->purges = now->purges - before->purges;
	out->pages_purged = not_negative((__s64)(pages_purged(now) -
						 pages_purged(before)));
	out->flushes = now->flushes - before->flushes;
	out->flush_runs = now->flush_runs - before->flush_runs;
	out->ipis = not_negative((__s64)(ipis(now) - ipis(before)));
	out->lost = now->lost - before->lost;

	for (kind = 0; kind < VS_KINDS; kind++) {
		for (row = 0; row < VS_ROWS; row++) {
			const struct vs_wait_sum *a = &before->locks[kind][row];
			const struct vs_wait_sum *b = &now->locks[kind][row];
			struct vs_wait_sum *wait = &out->locks[kind][row];

			wait->waits = b->waits - a->waits;
			wait->wait_ns = b->wait_ns - a->wait_ns;
			wait->max_ns = b->max_ns;
		}
	}
}

void vs_max_merge(struct vs_wait_sum to[VS_KINDS][VS_ROWS],
		  const struct vs_wait_sum from[VS_KINDS][VS_ROWS])
{
	int kind, row;

	for (kind = 0; kind < VS_KINDS; kind++)
		for (row = 0; row < VS_ROWS; row++)
			if (from[kind][row].max_ns > to[kind][row].max_ns)
				to[kind][row].max_ns = from[kind][row].max_ns;
}
