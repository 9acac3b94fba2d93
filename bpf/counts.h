/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VS_COUNTS_H
#define VS_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include "vmapstat.h"

/** struct vs_wait_sum - finished waits for one lock, summed over CPUs */
struct vs_wait_sum {
	__u64 waits;
	__u64 wait_ns;
	__u64 max_ns;
};

/** struct vs_counts - everything that vmapstat reports for a span of time */
struct vs_counts {
	__u64 purges;
	__u64 pages_purged;
	__u64 flushes;
	__u64 flush_runs;
	__u64 ipis;
	__u64 lost;
	struct vs_wait_sum locks[VS_KINDS][VS_ROWS];
};

/**
 * struct vs_totals - sums of raw counters since the probes were attached
 *
 * What is derived from them, ipis and pages_purged, is not additive once it
 * has been clamped; so spans are differences of totals, never of counts.
 */
struct vs_totals {
	__u64 purges;
	__u64 lazy_pages;
	__s64 lazy_growth;
	__u64 flushes;
	__u64 flush_runs;
	__u64 lost;
	struct vs_wait_sum locks[VS_KINDS][VS_ROWS];
};

/**
 * vs_totals_sum() - sum the counters of all CPUs
 * @sum: the result; lost contains overflows only, lazy_growth is untouched
 * @cpus: the counters
 * @nr_cpus: how many
 * @gen: the interval whose maxima are wanted
 */
void vs_totals_sum(struct vs_totals *sum, const struct vs_cpu *cpus,
		   size_t nr_cpus, __u64 gen);

/**
 * vs_lazy_growth() - how much vmap_lazy_nr grew while counting
 * @ctl: state of the window
 */
__s64 vs_lazy_growth(const struct vs_control *ctl);

/**
 * vs_counts_between() - what happened between two readings
 * @out: the result; maxima are those of @now
 * @now: the later reading
 * @before: the earlier one, NULL for the beginning
 */
void vs_counts_between(struct vs_counts *out, const struct vs_totals *now,
		       const struct vs_totals *before);

/**
 * vs_max_merge() - raise the maxima of @to to at least those of @from
 * @to: one set of waits
 * @from: another
 */
void vs_max_merge(struct vs_wait_sum to[VS_KINDS][VS_ROWS],
		  const struct vs_wait_sum from[VS_KINDS][VS_ROWS]);

#endif /* VS_COUNTS_H */
