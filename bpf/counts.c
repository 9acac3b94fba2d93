// SPDX-License-Identifier: GPL-2.0
/*
 * counts.c - from what each CPU counted to what is reported.
 */
#include <string.h>
#include "counts.h"

/* Structures that hold nothing but counters are summed as arrays of them. */
#define WORDS(x)	(sizeof(x) / sizeof(__u64))

static void add_words(void *to, const void *from, size_t n)
{
	const __u64 *b = from;
	__u64 *a = to;

	while (n--)
		*a++ += *b++;
}

static void sub_words(void *to, const void *from, size_t n)
{
	const __u64 *b = from;
	__u64 *a = to;

	while (n--)
		*a++ -= *b++;
}

static void add_waits(struct vs_totals *sum, const struct vs_cpu *cpu, __u64 gen)
{
	int kind, row;

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
		   const struct vs_ops *ops, size_t nr_cpus,
		   const bool *chosen, __u64 gen)
{
	size_t i;

	memset(sum, 0, sizeof(*sum));
	sum->some_cpus = chosen;
	for (i = 0; i < nr_cpus; i++) {
		/* What was lost makes no sum any better. */
		sum->lost += cpus[i].nr[VS_NR_LOST];
		if (chosen && !(i < VS_CPUS && chosen[i]))
			continue;
		add_words(sum->nr, cpus[i].nr, WORDS(sum->nr));
		add_words(sum->hist, cpus[i].hist, WORDS(sum->hist));
		add_waits(sum, &cpus[i], gen);
		if (ops)
			add_words(&sum->ops, &ops[i], WORDS(*ops));
	}
}

void vs_totals_window(struct vs_totals *sum, const struct vs_control *ctl)
{
	sum->lazy_growth = ctl->lazy_growth;
	sum->queue_growth = ctl->queue_growth;
	if (ctl->active) {
		sum->lazy_growth += ctl->lazy_now - ctl->lazy_open;
		sum->queue_growth += ctl->queue_now.blocks - ctl->queue_open.blocks;
	}
	sum->lazy_pages = ctl->lazy_now;
	sum->lazy_max = ctl->lazy_max;
	sum->queue = ctl->queue_now;
	if (!ctl->lazy_nr_addr || ctl->nr_filters)
		sum->some_purges = true;
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
	if (t->some_cpus || t->some_purges)
		return t->nr[VS_NR_LAZY_DONE];
	return not_negative((__s64)t->nr[VS_NR_LAZY_PAGES] - t->lazy_growth);
}

static __u64 ipis(const struct vs_totals *t)
{
	if (t->some_cpus)
		return t->nr[VS_NR_FLUSH_TARGETS];
	return not_negative((__s64)(t->nr[VS_NR_FLUSH_RUNS] - t->nr[VS_NR_FLUSHES]));
}

/*
 * A block is put on a queue when it is made. It leaves it when it is full, which
 * no probe sees, or when a purge takes it for being all dirty or free.
 */
static __u64 blocks_full(const struct vs_totals *t)
{
	if (t->some_cpus)
		return 0;
	return not_negative((__s64)(t->nr[VS_NR_BLOCKS_NEW] - t->nr[VS_NR_BLOCKS_PURGED]) -
			    t->queue_growth);
}

void vs_counts_between(struct vs_counts *out, const struct vs_totals *now,
		       const struct vs_totals *before)
{
	static const struct vs_totals nothing;
	int kind, row;

	if (!before)
		before = &nothing;

	memcpy(out->nr, now->nr, sizeof(out->nr));
	sub_words(out->nr, before->nr, WORDS(out->nr));
	memcpy(out->hist, now->hist, sizeof(out->hist));
	sub_words(out->hist, before->hist, WORDS(out->hist));
	out->ops = now->ops;
	sub_words(&out->ops, &before->ops, WORDS(out->ops));

	out->pages_purged = not_negative((__s64)(pages_purged(now) -
						 pages_purged(before)));
	out->ipis = not_negative((__s64)(ipis(now) - ipis(before)));
	out->blocks_full = not_negative((__s64)(blocks_full(now) - blocks_full(before)));
	out->lazy_pages = now->lazy_pages;
	out->lazy_max = now->lazy_max;
	out->queue = now->queue;
	out->lost = not_negative((__s64)(now->lost - before->lost));

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
