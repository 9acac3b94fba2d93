/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VS_PROBES_H
#define VS_PROBES_H

#include <stdbool.h>
#include "counts.h"
#include "options.h"
#include "report.h"

struct vmapstat_bpf;
struct bpf_link;

#define VS_MAX_LINKS	64

/**
 * struct vs_probes - the loaded programs and how to reach their data
 * @o: what was asked for
 * @skel: the skeleton
 * @ctl: the control map, mapped
 * @cpus: room for one reading of the percpu map
 * @ops: the same of the ops map, NULL when it is not used
 * @nr_cpus: possible CPUs
 * @links: attached programs
 * @nr_links: how many
 * @sampler: link of the iterator that reads kernel memory
 * @areas_before: memory areas of BPF before anything was loaded
 * @missed_before: what was kept out and not made up for before the window was opened
 * @names: names for the output
 */
struct vs_probes {
	const struct vs_options *o;
	struct vmapstat_bpf *skel;
	struct vs_control *ctl;
	struct vs_cpu *cpus;
	struct vs_ops *ops;
	int nr_cpus;
	struct bpf_link *links[VS_MAX_LINKS];
	int nr_links;
	struct bpf_link *sampler;
	long areas_before;
	__s64 missed_before;
	struct vs_names names;
};

/**
 * vs_probes_start() - load and attach everything; nothing counts yet
 * @p: zeroed
 * @o: what was asked for
 *
 * Says on stderr what went wrong, and which symbols are missing.
 *
 * Return: 0 or -errno. Call vs_probes_stop() in both cases.
 */
int vs_probes_start(struct vs_probes *p, const struct vs_options *o);

/**
 * vs_probes_command() - open or close the window, or only look
 * @p: the probes
 * @command: what to do
 *
 * Return: 0 or -errno.
 */
int vs_probes_command(struct vs_probes *p, enum vs_command command);

/**
 * vs_probes_read() - sum up what was counted until now
 * @p: the probes
 * @totals: the sums; maxima are those since the last call of this function
 *
 * Return: 0 or -errno.
 */
int vs_probes_read(struct vs_probes *p, struct vs_totals *totals);

/**
 * vs_probes_detail() - who it was, as of the last reading
 * @p: the probes
 * @d: filled in; vs_detail_free() frees it
 *
 * Return: 0 or -errno.
 */
int vs_probes_detail(struct vs_probes *p, struct vs_detail *d);

/**
 * vs_probes_stop() - detach and free everything
 * @p: the probes
 */
void vs_probes_stop(struct vs_probes *p);

/**
 * vs_warn() - say something on stderr, after the program's name
 * @fmt: as for printf
 */
void vs_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* VS_PROBES_H */
