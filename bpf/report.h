/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VS_REPORT_H
#define VS_REPORT_H

#include <stdbool.h>
#include <stdio.h>
#include "counts.h"

#define VS_NAME_MAX	64

/**
 * struct vs_names - which names belong into the output
 * @known: rows whose lock this kernel has; they are in the JSON even unused
 * @missing: symbols that this kernel has not, up to NULL
 * @groups: what was counted, enum vs_group
 * @point: what was measured, for the JSON; NULL: nobody said
 */
struct vs_names {
	bool known[VS_ROWS];
	const char *const *missing;
	unsigned int groups;
	const char *point;
};

/** struct vs_who - a function, and what it was the reason of */
struct vs_who {
	char name[VS_NAME_MAX];
	__u64 calls;
	__u64 hits;	/* purges that found something; CPUs asked */
	__u64 ns;
};

/** struct vs_top - the stack that waited longest for a lock */
struct vs_top {
	__u32 kind;
	__u32 row;
	__u64 waits;
	__u64 wait_ns;
	size_t nr_frames;
	char frames[VS_FRAMES][VS_NAME_MAX];
};

/** struct vs_cpu_nr - what one CPU did */
struct vs_cpu_nr {
	unsigned int cpu;
	__u64 nr[VS_NR_COUNT];
};

/**
 * struct vs_detail - who it was
 * @callers: functions that purged, most calls first
 * @nr_callers: how many
 * @funcs: functions that CPUs were asked to run, most CPUs first
 * @nr_funcs: how many
 * @tops: a stack for each lock that was waited for
 * @nr_tops: how many
 * @cpus: the CPUs that were chosen
 * @nr_cpus: how many; 0 when nobody asked for them
 */
struct vs_detail {
	struct vs_who callers[VS_SITES];
	size_t nr_callers;
	struct vs_who funcs[VS_SITES];
	size_t nr_funcs;
	struct vs_top tops[VS_KINDS * VS_ROWS];
	size_t nr_tops;
	struct vs_cpu_nr *cpus;
	size_t nr_cpus;
};

extern const char *const vs_kind_names[VS_KINDS];
extern const char *const vs_op_names[VS_OPS];

/**
 * vs_print_line() - print an interval for people, less than 80 columns wide
 * @f: where to
 * @c: the counts
 * @stamp: text of the first column, NULL for none
 *
 * Return: 0 or -errno.
 */
int vs_print_line(FILE *f, const struct vs_counts *c, const char *stamp);

/**
 * vs_print_report() - print everything for people, less than 80 columns wide
 * @f: where to
 * @c: the counts
 * @d: who it was
 * @names: what was counted
 * @stamp: text of the first column, NULL for none
 *
 * Return: 0 or -errno.
 */
int vs_print_report(FILE *f, const struct vs_counts *c, const struct vs_detail *d,
		    const struct vs_names *names, const char *stamp);

/**
 * vs_print_json() - print counts as one line of JSON
 * @f: where to
 * @type: "counts", or "interval" for a part of them
 * @c: the counts
 * @d: who it was, NULL: not known
 * @names: names to list
 *
 * Return: 0 or -errno.
 */
int vs_print_json(FILE *f, const char *type, const struct vs_counts *c,
		  const struct vs_detail *d, const struct vs_names *names);

/**
 * vs_print_end() - what was printed has to arrive; it fails late, in the buffer
 * @f: where to
 *
 * Return: 0 or -errno.
 */
int vs_print_end(FILE *f);

#endif /* VS_REPORT_H */
