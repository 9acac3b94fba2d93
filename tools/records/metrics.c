// SPDX-License-Identifier: GPL-2.0
/*
 * The metrics, one row each. A new metric is a new row, with a function when
 * none of those above fits; docs/metrics.md says when to distrust it.
 */
#include <math.h>
#include <string.h>

#include "records/metrics.h"

static double per_kop(const struct vb_sample *s, json_int_t count)
{
	return 1000.0 * count / s->ops_done;
}

static double window_per_op(const struct vb_sample *s)
{
	return (double)s->window_ns / s->ops_done;
}

/* What an earlier run left, and this one gave back, is no credit. */
static double areas_left(const struct vb_sample *s)
{
	json_int_t more = s->areas_after - s->areas_before;

	if (!s->has_areas)
		return NAN;
	return per_kop(s, more > 0 ? more : 0);
}

/* What the workload has taken from the layer, and has not freed. */
static double held_pages(const struct vb_sample *s, const struct vb_space *space)
{
	return space->pages - space->lazy_pages - (s->space->pages - s->space->lazy_pages);
}

/* The first note is the state before; the second half is when the run has settled. */
static double space_per_page(const struct vb_sample *s)
{
	const size_t from = 1 + s->nspaces / 2;
	double held = 0, live = 0;
	size_t i;

	for (i = from; i < s->nspaces; i++) {
		held += held_pages(s, &s->space[i]);
		live += s->space[i].live_pages;
	}
	return live > 0 ? held / live : NAN;
}

static double most_space(const struct vb_sample *s, size_t from, size_t to)
{
	double most = 0;
	size_t i;

	for (i = from; i < to; i++)
		most = fmax(most, s->space[i].pages - s->space->pages);
	return most;
}

static double space_growth(const struct vb_sample *s)
{
	const size_t half = 1 + s->nspaces / 2;
	double before = most_space(s, 1, half);

	return half < s->nspaces && before > 0 ? most_space(s, half, s->nspaces) / before : NAN;
}

static double lazy_pages_max(const struct vb_sample *s)
{
	json_int_t most = 0;
	size_t i;

	for (i = 1; i < s->nspaces; i++)
		if (s->space[i].lazy_pages > most)
			most = s->space[i].lazy_pages;
	return s->nspaces > 1 ? most : NAN;
}

static double freed_pages(const struct vb_sample *s)
{
	return s->has_audit ? per_kop(s, s->freed_pages) : NAN;
}

static double aliased_pages(const struct vb_sample *s)
{
	return s->has_audit ? per_kop(s, s->aliased_pages) : NAN;
}

/* Every thread has readings of its own operations; threads weigh the same. */
static double mean_per_op(const struct vb_sample *s, size_t member)
{
	const struct vb_thread *t;
	double sum = 0;
	size_t i;

	for (i = 0; i < s->nthreads; i++) {
		t = &s->thread[i];
		sum += (double)*(const json_int_t *)((const char *)t + member) / t->ops;
	}
	return sum / s->nthreads;
}

static double thread_ns_per_op(const struct vb_sample *s)
{
	return mean_per_op(s, s->has_clock ? offsetof(struct vb_thread, parallel_ns) :
					     offsetof(struct vb_thread, ns));
}

static double spin_ns_per_op(const struct vb_sample *s)
{
	return mean_per_op(s, offsetof(struct vb_thread, spin_ns));
}

static double halt_ns_per_op(const struct vb_sample *s)
{
	return mean_per_op(s, offsetof(struct vb_thread, halt_ns));
}

static double cost_ns_per_op(const struct vb_sample *s)
{
	return mean_per_op(s, offsetof(struct vb_thread, cost_ns));
}

static double purges(const struct vb_sample *s)
{
	return per_kop(s, s->purges);
}

static double pages_purged(const struct vb_sample *s)
{
	return per_kop(s, s->pages_purged);
}

static double flushes(const struct vb_sample *s)
{
	return per_kop(s, s->flushes);
}

static double ipis(const struct vb_sample *s)
{
	return per_kop(s, s->ipis);
}

/* Sums over all locks fit: vb_counts_read() could add them up. */
static double lock_waits(const struct vb_sample *s)
{
	json_int_t sum = 0;
	size_t i;

	for (i = 0; i < s->nlocks; i++)
		sum += s->lock[i].waits;
	return per_kop(s, sum);
}

static double lock_wait_ns(const struct vb_sample *s)
{
	json_int_t sum = 0;
	size_t i;

	for (i = 0; i < s->nlocks; i++)
		sum += s->lock[i].wait_ns;
	return (double)sum / s->ops_done;
}

const struct vb_metric vb_metrics[] = {
	{ "ns_per_op", "ns", "time", VB_PER_OP, VB_BARE, VB_ANYWHERE, thread_ns_per_op,
	  "mean over threads of a thread's own time / its own operations" },
	{ "spin_ns_per_op", "ns", "spinning", VB_PER_OP, VB_BARE, VB_ON_SIM, spin_ns_per_op,
	  "the part of ns_per_op in which the CPU spun" },
	{ "halt_ns_per_op", "ns", "halted", VB_PER_OP, VB_BARE, VB_ON_SIM, halt_ns_per_op,
	  "the part of ns_per_op in which the CPU was halted" },
	{ "cost_ns_per_op", "ns", "costs", VB_PER_OP, VB_BARE, VB_ON_SIM, cost_ns_per_op,
	  "the part of ns_per_op that the table of costs charged" },
	{ "insn_per_op", "insn", "instructions", VB_PER_OP, VB_BARE, VB_ON_SIM, window_per_op,
	  "instructions of all CPUs in the window / operations done in it" },
	{ "purges_per_kop", "1/kop", "purges", VB_PER_KOP, VB_TRACED, VB_ANYWHERE, purges,
	  "purges of lazily freed areas that found something to free" },
	{ "pages_purged_per_kop", "1/kop", "pages purged", VB_PER_KOP, VB_TRACED, VB_ANYWHERE,
	  pages_purged, "pages of address space given back by purges" },
	{ "flushes_per_kop", "1/kop", "kernel TLB flushes", VB_PER_KOP, VB_TRACED, VB_ANYWHERE,
	  flushes, "calls that flush kernel addresses from the TLB of all CPUs" },
	{ "ipis_per_kop", "1/kop", "flush IPIs", VB_PER_KOP, VB_TRACED, VB_ANYWHERE, ipis,
	  "inter-processor interrupts sent by kernel TLB flushes" },
	{ "lock_waits_per_kop", "1/kop", "lock waits", VB_PER_KOP, VB_TRACED, VB_ANYWHERE,
	  lock_waits, "slow paths taken by spinlocks and rwlocks, all locks together" },
	{ "areas_left_per_kop", "1/kop", "areas left", VB_PER_KOP, VB_BARE, VB_ANYWHERE,
	  areas_left, "vmap areas that are there after a run and a purge and were not before" },
	{ "space_per_page", "pages", "address space", VB_PER_POINT, VB_BARE, VB_ANYWHERE,
	  space_per_page,
	  "pages of address space held for each page mapped, in the second half of the run" },
	{ "space_growth", "1", "growth of the space in use", VB_PER_POINT, VB_BARE, VB_ANYWHERE,
	  space_growth,
	  "most pages of address space in use in the second half of the run / in the first" },
	{ "lazy_pages_max", "pages", "lazily free pages", VB_PER_POINT, VB_BARE, VB_ANYWHERE,
	  lazy_pages_max, "most pages of address space that waited for a purge" },
	{ "space_pages", "pages", "vmalloc space", VB_PER_POINT, VB_BARE, VB_ANYWHERE, NULL,
	  "pages of vmalloc space, whoever uses them" },
	{ "maps", "maps", "maps", VB_PER_POINT, VB_BARE, VB_ANYWHERE, NULL,
	  "maps that vmalloc space had room for until the first failure" },
	{ "maps_freed", "maps", "maps freed", VB_PER_POINT, VB_BARE, VB_ANYWHERE, NULL,
	  "of these, maps then undone and lazily free" },
	{ "maps_regained", "maps", "maps regained", VB_PER_POINT, VB_BARE, VB_ANYWHERE, NULL,
	  "maps made after that until the next failure" },
	{ "maps_least", "maps", "fewest maps", VB_PER_POINT, VB_BARE, VB_ANYWHERE, NULL,
	  "maps of the fill that found the least room, after the first was undone" },
	{ "areas", "maps", "maps that are areas", VB_PER_POINT, VB_BARE, VB_ANYWHERE, NULL,
	  "maps too large for a block that vmalloc space had room for" },
	{ "areas_least", "maps", "fewest maps that are areas", VB_PER_POINT, VB_BARE, VB_ANYWHERE,
	  NULL, "those of the fill that found the least room" },
	{ "grace_periods", "1", "RCU grace periods", VB_PER_POINT, VB_BARE, VB_ANYWHERE, NULL,
	  "1 if one ended between the first map and the last, else 0" },
	{ "freed_pages_per_kop", "1/kop", "pages freed", VB_PER_KOP, VB_BARE, VB_ANYWHERE,
	  freed_pages, "pages given back to the page allocator, by anybody" },
	{ "aliased_pages_per_kop", "1/kop", "pages freed while mapped", VB_PER_KOP, VB_BARE,
	  VB_ANYWHERE, aliased_pages,
	  "pages given back while an entry of the vmalloc space's page tables led to them" },
	{ "lock_wait_ns_per_op", "ns", "lock waiting", VB_PER_OP, VB_TRACED, VB_ANYWHERE,
	  lock_wait_ns, "guest clock that passed in lock slow paths, all waiters added up" },
};

const size_t vb_nmetrics = ARRAY_SIZE(vb_metrics);

/**
 * vb_metric_find() - look a metric up
 * @name: as in summary.tsv
 *
 * Return: its row, or NULL.
 */
const struct vb_metric *vb_metric_find(const char *name)
{
	size_t i;

	for (i = 0; i < vb_nmetrics; i++)
		if (!strcmp(vb_metrics[i].name, name))
			return &vb_metrics[i];
	return NULL;
}

/**
 * vb_metric_applies() - does the campaign's machine give this metric?
 * @m: the metric
 * @c: the campaign
 *
 * Return: 1 when it does, else 0.
 */
int vb_metric_applies(const struct vb_metric *m, const struct vb_campaign *c)
{
	return m->where == VB_ANYWHERE || vb_campaign_is_sim(c);
}

/**
 * vb_metric_value() - the value of a metric in a sample
 * @m: the metric
 * @s: a sample of its mode
 *
 * Return: the value, or NAN: the sample does not say.
 */
double vb_metric_value(const struct vb_metric *m, const struct vb_sample *s)
{
	size_t i;

	if (m->value)
		return m->value(s);
	for (i = 0; i < s->nnamed; i++)
		if (!strcmp(s->named[i].name, m->name))
			return s->named[i].value;
	return NAN;
}

/**
 * vb_metric_per() - the denominator in words
 * @m: the metric
 *
 * Return: text for headings.
 */
const char *vb_metric_per(const struct vb_metric *m)
{
	static const char *const words[] = {
		[VB_PER_OP] = "per operation", [VB_PER_KOP] = "per 1000 operations",
		[VB_PER_POINT] = "of the run",
	};

	return words[m->per];
}
