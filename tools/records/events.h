/* SPDX-License-Identifier: GPL-2.0 */
/* events.jsonl: what one run's guest said. */
#ifndef VB_EVENTS_H
#define VB_EVENTS_H

#include <stddef.h>

#include "records/campaign.h"
#include "base/common.h"

enum vb_mode {
	VB_BARE,	/* nothing attached: clock and instructions */
	VB_TRACED,	/* counters attached: counts, never the clock */
	VB_SAMPLED,	/* samples taken in the guest: a profile, never the clock */
	VB_MODES
};

extern const char *const vb_mode_name[];

struct vb_lock {
	char *name;
	char *kind;
	json_int_t waits;
	json_int_t wait_ns;
	json_int_t max_ns;
};

/**
 * struct vb_thread - what one thread of a point did
 * @cpu: where
 * @ops: measured operations
 * @ns: time they took by the guest's clock
 * @has_clock: its CPU's own clock was read
 * @parallel_ns: the same by its CPU's own clock; sim only, as the rest is
 * @insns: instructions its CPU executed meanwhile
 * @spin_ns: the part of @parallel_ns in which it spun
 * @halt_ns: the part of @parallel_ns in which it was halted
 * @cost_ns: the part of @parallel_ns that the table of costs charged
 * @early_insns: instructions executed before other CPUs were as far
 */
struct vb_thread {
	json_int_t cpu;
	json_int_t ops;
	json_int_t ns;
	int has_clock;
	json_int_t parallel_ns;
	json_int_t insns;
	json_int_t spin_ns;
	json_int_t halt_ns;
	json_int_t cost_ns;
	json_int_t early_insns;
};

/**
 * struct vb_space - how much of the vmalloc space is in use at a moment of a point
 * @ops: operations done by then
 * @live_pages: pages of it that the workload has mapped
 * @areas: areas that there are
 * @pages: pages of address space in them
 * @lazy_pages: the part of @pages that waits for a purge
 */
struct vb_space {
	json_int_t ops;
	json_int_t live_pages;
	json_int_t areas;
	json_int_t pages;
	json_int_t lazy_pages;
};

/**
 * struct vb_fill - how long maps took as the vmalloc space filled
 * @space_pages: pages of it
 * @maps: of the whole fill
 * @step_maps: of a step; the last may have fewer
 * @step_ns: how long those of each step took
 * @block_ns: how long one of them took that needed a new block; 0: none did
 * @nsteps: how many; 0 for workloads that fill nothing
 */
struct vb_fill {
	json_int_t space_pages;
	json_int_t maps;
	json_int_t step_maps;
	json_int_t *step_ns;
	json_int_t *block_ns;
	size_t nsteps;
};

/**
 * struct vb_named - a figure that only one workload has
 * @name: that of the metric
 * @value: of the run, not of an operation
 */
struct vb_named {
	char *name;
	json_int_t value;
};

/**
 * struct vb_sample - one point of a run: what the module and vmapstat said
 * @number: which of the module's runs it was
 * @ops: operations that all threads are to do
 * @failed: the point was tried and cannot be used; the reason was reported
 * @has_clock: the threads have their parallel time
 * @has_counts: the members from @purges on are filled in
 * @has_hits: @hits is there: how often a BPF program ran
 * @has_flush_ns: @flush_ns is there: guest clock that passed in kernel TLB flushes
 * @has_areas: @areas_before and @areas_after are there: vmap areas around the run,
 *	when nothing waits for a purge
 * @space: the space in use, the first before the workload has mapped anything
 * @nspaces: how many; 0 for workloads that do not note it
 * @fill: how long maps took as the space filled
 * @named: figures that only this workload has, metrics by their names
 * @nnamed: how many
 * @has_audit: @freed_pages and @aliased_pages are there: pages freed in the window, and
 *	those of them that were still mapped then
 */
struct vb_sample {
	enum vb_mode mode;
	char *workload;
	json_int_t pages;
	json_int_t threads;
	json_int_t ops;
	int failed;
	json_int_t number;
	json_int_t ops_done;
	json_int_t window_ns;
	struct vb_thread *thread;
	size_t nthreads;
	int has_clock;
	int has_counts;
	json_int_t purges;
	json_int_t pages_purged;
	json_int_t flushes;
	json_int_t flush_runs;
	json_int_t ipis;
	int has_hits;
	json_int_t hits;
	int has_flush_ns;
	json_int_t flush_ns;
	int has_areas;
	json_int_t areas_before;
	json_int_t areas_after;
	struct vb_space *space;
	size_t nspaces;
	struct vb_fill fill;
	struct vb_named *named;
	size_t nnamed;
	int has_audit;
	json_int_t freed_pages;
	json_int_t aliased_pages;
	struct vb_lock *lock;
	size_t nlocks;
};

/**
 * struct vb_run - one boot of one variant
 * @variant: which kernel
 * @own_variant: @variant, if the run had to say itself which kernel it is of
 * @number: 1 for the first boot
 * @whole: the run ended by itself; nothing of it counts otherwise
 * @kernel: release string that the guest reported
 * @marks: points whose figures are there, and have warnings
 * @missing: symbols that this kernel does not have, so that they count as 0
 * @named: counts records that say which point they are of
 * @unnamed: those that do not: an earlier version wrote them
 */
struct vb_run {
	const char *variant;
	char *own_variant;
	long number;
	int whole;
	char *kernel;
	struct vb_list marks;
	struct vb_list missing;
	size_t named;
	size_t unnamed;
	struct vb_sample *sample;
	size_t nsamples;
};

void vb_run_read(struct vb_run *run, const struct vb_campaign *c, const char *variant, long number,
		 struct vb_list *problems);
void vb_run_read_dir(struct vb_run *run, const char *dir, struct vb_list *problems);
const struct vb_sample *vb_run_next(const struct vb_run *run, const struct vb_sample *prev,
				    enum vb_mode mode, const char *workload, long pages,
				    long threads);
void vb_run_free(struct vb_run *run);

#endif
