/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the vmap_bench module share
 */
#ifndef VMAP_BENCH_H
#define VMAP_BENCH_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/completion.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/vmalloc.h>

struct dentry;
struct seq_file;
struct task_struct;
struct vmap_bench_run;
struct vmap_bench_spaces;
struct vmap_bench_thread;

/**
 * struct vmap_bench_workload - one operation loop to put on the vmap layer
 * @name: what is written to the workload file
 * @text: one line for the reader of the workloads file
 * @setup: optional; called by every thread before its first operation
 * @op: one operation; 0, or what vmap_bench_fail() returned
 * @teardown: optional; called by every thread after the measured window, also
 *	after a @setup that failed
 * @show: optional; prints members for the sample record, a comma in front, about the
 *	last run, which was good
 */
struct vmap_bench_workload {
	const char *name;
	const char *text;
	int (*setup)(struct vmap_bench_thread *t);
	int (*op)(struct vmap_bench_thread *t);
	void (*teardown)(struct vmap_bench_thread *t);
	void (*show)(struct seq_file *m);
};

extern const struct vmap_bench_workload vmap_bench_ram;
extern const struct vmap_bench_workload vmap_bench_vmap;
extern const struct vmap_bench_workload vmap_bench_verify;
extern const struct vmap_bench_workload vmap_bench_aliases;
extern const struct vmap_bench_workload vmap_bench_aliases_ram;
extern const struct vmap_bench_workload vmap_bench_vunmap;
extern const struct vmap_bench_workload vmap_bench_mixed;
extern const struct vmap_bench_workload vmap_bench_interrupt;
extern const struct vmap_bench_workload vmap_bench_storm;
extern const struct vmap_bench_workload vmap_bench_tv_fix_size;
extern const struct vmap_bench_workload vmap_bench_tv_full_fit;
extern const struct vmap_bench_workload vmap_bench_tv_long_busy_list;
extern const struct vmap_bench_workload vmap_bench_tv_random_size;
extern const struct vmap_bench_workload vmap_bench_tv_fix_align;
extern const struct vmap_bench_workload vmap_bench_tv_random_size_align;
extern const struct vmap_bench_workload vmap_bench_tv_align_shift;
extern const struct vmap_bench_workload vmap_bench_tv_pcpu;
extern const struct vmap_bench_workload vmap_bench_tv_kvfree_rcu_one;
extern const struct vmap_bench_workload vmap_bench_tv_kvfree_rcu_two;
extern const struct vmap_bench_workload vmap_bench_fill;
extern const struct vmap_bench_workload vmap_bench_refill;
extern const struct vmap_bench_workload vmap_bench_cal_alone;
extern const struct vmap_bench_workload vmap_bench_cal_spinlock;
extern const struct vmap_bench_workload vmap_bench_cal_two_locks;
extern const struct vmap_bench_workload vmap_bench_cal_readers;
extern const struct vmap_bench_workload vmap_bench_cal_writers;
extern const struct vmap_bench_workload vmap_bench_cal_mutex;
extern const struct vmap_bench_workload vmap_bench_cal_ipi;
extern const struct vmap_bench_workload vmap_bench_cal_ipi_empty;
extern const struct vmap_bench_workload vmap_bench_cal_idle;
extern const struct vmap_bench_workload vmap_bench_line_own;
extern const struct vmap_bench_workload vmap_bench_line_counter;
extern const struct vmap_bench_workload vmap_bench_line_neighbours;
extern const struct vmap_bench_workload vmap_bench_line_spinlock;
extern const struct vmap_bench_workload vmap_bench_line_readers;
extern const struct vmap_bench_workload vmap_bench_line_rcu;
extern const struct vmap_bench_workload vmap_bench_st_flush;
extern const struct vmap_bench_workload vmap_bench_st_purge;
extern const struct vmap_bench_workload vmap_bench_st_fight;
extern const struct vmap_bench_workload vmap_bench_st_nest;
extern const struct vmap_bench_workload vmap_bench_st_stray;
extern const struct vmap_bench_workload vmap_bench_st_held;

/**
 * struct vmap_bench_params - what one run does; params.c has the ranges
 * @workload: the operation
 * @pages: pages per operation
 * @threads: threads, each on a CPU of its own
 * @ops: measured operations of all threads together
 * @warmup: operations of each thread before the start barrier
 * @fail_at: the map of each thread that is treated as failed, 0 for none
 * @overlap_at: the map of each thread that verify takes for overlapping
 * @corrupt_at: the map of each thread whose data verify finds changed
 * @hold_ms: how long fill leaves a full space as it is
 *
 * Maps are counted from 1 in each thread, the warm-up included.
 */
struct vmap_bench_params {
	const struct vmap_bench_workload *workload;
	unsigned int pages;
	unsigned int threads;
	unsigned int ops;
	unsigned int warmup;
	unsigned int fail_at;
	unsigned int overlap_at;
	unsigned int corrupt_at;
	unsigned int hold_ms;
};

/**
 * struct vmap_bench_thread - one thread of a run
 * @run: the run it belongs to
 * @task: its task, with a reference held
 * @pages: the pages it maps, allocated on its own node
 * @private: state of the workload
 * @cpu: where it is pinned
 * @quota: measured operations it has to do
 * @keep_pages: some page is still mapped where it must not be unmapped, so the
 *	pages are never given back
 * @maps: map operations so far, for the injected faults
 * @op: operations begun so far, warm-up included
 * @ops: measured operations done
 * @done: @ops and those of the cool-down
 * @ns: time the measured operations took
 * @mismatches: faults that the verify workload found
 * @pause_begin: when the pause began that is going on
 * @paused_ns: how long pauses of its measured operations took
 */
struct vmap_bench_thread {
	struct vmap_bench_run *run;
	struct task_struct *task;
	struct page **pages;
	void *private;
	unsigned int cpu;
	unsigned int quota;
	bool keep_pages;

	u64 maps;
	u64 op;
	u64 ops;
	u64 done;
	u64 ns;
	u64 mismatches;
	u64 pause_begin;
	u64 paused_ns;
};

/**
 * struct vmap_bench_error - why a run ended early
 * @code: negative errno, 0 when the run is good
 * @what: constant text
 * @cpu: of the thread that failed, -1 when it was none
 * @op: operation of that thread, counted from 1, warm-up included; or 0
 */
struct vmap_bench_error {
	int code;
	const char *what;
	int cpu;
	u64 op;
};

/* So often a run can note the space in use: before the first map, and 64 times later. */
#define VMAP_BENCH_SPACES	65

/**
 * struct vmap_bench_space - how much of the address space is in use at a moment
 * @ops: operations of all threads done by then
 * @live_pages: pages of it that the workload has mapped
 * @areas: areas that there are, those of others included
 * @pages: pages of address space in them, guard pages included
 * @lazy_pages: the part of @pages that has been freed and waits for a purge
 */
struct vmap_bench_space {
	u64 ops;
	unsigned long live_pages;
	unsigned long areas;
	unsigned long pages;
	unsigned long lazy_pages;
};

/**
 * struct vmap_bench_spaces - what a run noted of the space
 * @nr: elements of @at that are used
 * @at: in the order of time
 */
struct vmap_bench_spaces {
	unsigned int nr;
	struct vmap_bench_space at[VMAP_BENCH_SPACES];
};

/**
 * struct vmap_bench_run - all that the threads of one run share
 * @p: the parameters, a copy that nobody changes
 * @stop: give up now: something failed or the user lost patience
 * @number: of the run, from 1 on since the module was loaded
 * @region_open: the start barrier opened, so the region has to be closed
 * @warming: threads that are not through with their warm-up
 * @warm: everybody is
 * @arriving: threads that do not yet wait at the start barrier
 * @go: the start barrier is open
 * @busy: threads that have measured operations left
 * @active: threads that still put load on the vmap layer
 * @ended: no load any more, the window is closed
 * @begin_ns: start of the window
 * @window_ns: length of the window
 * @spaces: what was noted of the space in use, NULL when nothing was
 * @error_lock: protects @error
 * @error: the first failure, or the first mismatch if there was one
 * @nr: elements in @thread
 * @thread: the threads; separate objects, so that they share no cache line
 *
 * What all threads read in every operation is kept apart from what they write.
 */
struct vmap_bench_run {
	struct vmap_bench_params p;
	bool stop;
	unsigned int number;
	bool region_open;

	atomic_t warming ____cacheline_aligned_in_smp;
	atomic_t arriving;
	struct completion warm;
	bool go ____cacheline_aligned_in_smp;
	atomic_t busy ____cacheline_aligned_in_smp;
	atomic_t active;
	struct completion ended;
	u64 begin_ns;
	u64 window_ns;
	struct vmap_bench_spaces *spaces;

	spinlock_t error_lock;	/* protects error */
	struct vmap_bench_error error;
	unsigned int nr;
	struct vmap_bench_thread *thread[];
};

/* params.c */
void vmap_bench_params_get(struct vmap_bench_params *p);
const char *vmap_bench_params_check(const struct vmap_bench_params *p);
void vmap_bench_params_create(struct dentry *dir);

/* run.c */
int vmap_bench_claim(unsigned int *number);
void vmap_bench_unclaim(void);
int vmap_bench_run(void);

/* thread.c */
extern atomic_t vmap_bench_live_pages;
int vmap_bench_fail(struct vmap_bench_thread *t, int code, const char *what);
void vmap_bench_fail_run(struct vmap_bench_run *run, int code, const char *what,
			 const struct vmap_bench_thread *t);
void vmap_bench_pause(struct vmap_bench_thread *t);
void vmap_bench_resume(struct vmap_bench_thread *t);
int vmap_bench_thread_fn(void *arg);

/* space.c */
int vmap_bench_space(struct vmap_bench_thread *t, unsigned long live_pages);

/* region.c */
void vmap_bench_region_align(void);
void vmap_bench_region_begin(void);
void vmap_bench_region_end(void);

/* audit.c */
void vmap_bench_audit_region(bool inside);
void vmap_bench_audit_create(struct dentry *dir);
void vmap_bench_audit_remove(void);

/* user.c */
void vmap_bench_region_create(struct dentry *dir);

/* result.c */
int vmap_bench_result_save(struct vmap_bench_run *run);
void vmap_bench_result_clear(void);
int vmap_bench_result_show(struct seq_file *m, void *unused);

/**
 * vmap_bench_inject() - is this map operation to be treated as failed?
 * @t: the calling thread
 *
 * To be called once before every map operation; it counts them.
 */
static inline bool vmap_bench_inject(struct vmap_bench_thread *t)
{
	return unlikely(++t->maps == t->run->p.fail_at);
}

/**
 * vmap_bench_touch() - read and write every page of a mapping
 * @mem: the mapping
 * @pages: its length
 */
static inline void vmap_bench_touch(void *mem, unsigned int pages)
{
	unsigned int i;

	for (i = 0; i < pages; i++) {
		unsigned long *word = mem + i * PAGE_SIZE;

		WRITE_ONCE(*word, READ_ONCE(*word) + 1);
	}
}

#endif /* VMAP_BENCH_H */
