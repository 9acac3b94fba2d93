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
	__u64 nr[VS_NR_COUNT];
	__u64 hist[VS_HIST_COUNT][VS_CLASSES];
	__u64 pages_purged;
	__u64 ipis;
	__u64 blocks_full;
	__s64 lazy_pages;
	__s64 lazy_max;
	struct vs_queue queue;
	__u64 lost;
	struct vs_wait_sum locks[VS_KINDS][VS_ROWS];
	struct vs_ops ops;
};

/**
 * struct vs_totals - sums of raw counters since the probes were attached
 *
 * What is derived from them, as ipis and pages_purged, is not additive once it
 * has been clamped; so spans are differences of totals, never of counts.
 *
 * @some_cpus: not all CPUs are in the sums: what relates those that ask to
 *	those that carry out, or to numbers of the whole kernel, is counted
 *	where it was asked for
 * @some_purges: the same for purges
 */
struct vs_totals {
	bool some_cpus;
	bool some_purges;
	__u64 nr[VS_NR_COUNT];
	__u64 hist[VS_HIST_COUNT][VS_CLASSES];
	__s64 lazy_growth;
	__s64 lazy_pages;
	__s64 lazy_max;
	__s64 queue_growth;
	struct vs_queue queue;
	__u64 lost;
	struct vs_wait_sum locks[VS_KINDS][VS_ROWS];
	struct vs_ops ops;
};

/**
 * vs_totals_sum() - sum the counters of CPUs
 * @sum: the result; lost contains what found no room on any CPU
 * @cpus: the counters
 * @ops: calls that map and unmap, NULL when they are not counted
 * @nr_cpus: how many there are of both
 * @chosen: for each CPU whether it counts, NULL: all do
 * @gen: the interval whose maxima are wanted
 */
void vs_totals_sum(struct vs_totals *sum, const struct vs_cpu *cpus,
		   const struct vs_ops *ops, size_t nr_cpus,
		   const bool *chosen, __u64 gen);

/**
 * vs_totals_window() - add what is known of the window as a whole
 * @sum: the sums
 * @ctl: state of the window
 */
void vs_totals_window(struct vs_totals *sum, const struct vs_control *ctl);

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
