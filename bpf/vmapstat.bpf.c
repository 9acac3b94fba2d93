// SPDX-License-Identifier: GPL-2.0
/*
 * vmapstat.bpf.c - the probes of vmapstat.
 *
 * No hash map is used anywhere: the lock of a hash bucket goes through the
 * slow path that is being counted. Everything lives in arrays.
 *
 * The targets named in SEC() are those of Linux 6.1; user space replaces them
 * from its table of symbols before it loads.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "vmapstat.h"

#define PAGE_SHIFT	12

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct vs_control);
} control SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct vs_cpu);
} percpu SEC(".maps");

static __always_inline struct vs_control *get_control(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&control, &zero);
}

static __always_inline struct vs_cpu *get_cpu(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&percpu, &zero);
}

/* This CPU's counters when the window is open, NULL otherwise. */
static __always_inline struct vs_cpu *get_cpu_counting(void)
{
	struct vs_control *ctl = get_control();

	if (!ctl || !ctl->active)
		return NULL;
	return get_cpu();
}

/*
 * Purges and pages
 */

/*
 * A bool comes back in the low byte of the register; the rest of it is
 * whatever the function left there.
 */
SEC("fexit/__purge_vmap_area_lazy")
int BPF_PROG(purge_exit, unsigned long start, unsigned long end,
	     unsigned long ret)
{
	struct vs_cpu *cpu;

	if (!(ret & 0xff))
		return 0;
	cpu = get_cpu_counting();
	if (cpu)
		__sync_fetch_and_add(&cpu->purges, 1);
	return 0;
}

/* On entry: when the function returns, the area may be gone. */
SEC("fentry/free_vmap_area_noflush")
int BPF_PROG(lazy_free, struct vmap_area *va)
{
	struct vs_cpu *cpu = get_cpu_counting();

	if (cpu)
		__sync_fetch_and_add(&cpu->lazy_pages,
				     (va->va_end - va->va_start) >> PAGE_SHIFT);
	return 0;
}

/*
 * TLB flushes: how many were asked for, and how often a CPU carried one out
 */

static __always_inline int count_flush(void)
{
	struct vs_cpu *cpu = get_cpu_counting();

	if (cpu)
		__sync_fetch_and_add(&cpu->flushes, 1);
	return 0;
}

static __always_inline int count_flush_run(void)
{
	struct vs_cpu *cpu = get_cpu_counting();

	if (cpu)
		__sync_fetch_and_add(&cpu->flush_runs, 1);
	return 0;
}

SEC("fentry/flush_tlb_kernel_range")
int BPF_PROG(flush_range)
{
	return count_flush();
}

SEC("fentry/flush_tlb_all")
int BPF_PROG(flush_all)
{
	return count_flush();
}

SEC("fentry/do_kernel_range_flush")
int BPF_PROG(flush_range_run)
{
	return count_flush_run();
}

SEC("fentry/do_flush_tlb_all")
int BPF_PROG(flush_all_run)
{
	return count_flush_run();
}

/*
 * Lock slow paths
 */

/* Binary search: the last range that starts at or below the address. */
static __always_inline __u32 find_row(struct vs_control *ctl, __u64 lock)
{
	__u32 lo = 0, hi = ctl->nr_ranges, i;

	for (i = 0; i <= VS_RANGE_STEPS && lo < hi; i++) {
		__u32 mid = (lo + hi) / 2;

		if (ctl->ranges[mid & (VS_RANGES - 1)].start <= lock)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo) {
		struct vs_range *r = &ctl->ranges[(lo - 1) & (VS_RANGES - 1)];

		if (lock < r->end)
			return r->row;
	}
	return VS_ROW_OTHER;
}

/*
 * A queued rwlock queues its waiters on a spinlock inside it. That wait is
 * part of the wait for the rwlock and is not counted a second time.
 */
static __always_inline bool is_inner_wait(struct vs_cpu *cpu, __u64 depth,
					  __u64 lock, __u32 kind)
{
	struct vs_wait *outer;

	if (kind != VS_SPIN || !depth)
		return false;
	outer = &cpu->stack[(depth - 1) & (VS_DEPTH - 1)];
	return outer->kind != VS_SPIN &&
	       outer->lock + bpf_core_field_offset(struct qrwlock, wait_lock) == lock;
}

static __always_inline int wait_begin(__u64 lock, __u32 kind)
{
	struct vs_control *ctl = get_control();
	struct vs_wait *wait;
	struct vs_cpu *cpu;
	__u64 now, depth;

	if (!ctl || !ctl->active)
		return 0;
	now = bpf_ktime_get_ns();
	cpu = get_cpu();
	if (!cpu)
		return 0;

	depth = cpu->depth;
	if (is_inner_wait(cpu, depth, lock, kind))
		return 0;
	if (depth >= VS_DEPTH) {
		__sync_fetch_and_add(&cpu->overflows, 1);
		return 0;
	}
	/* Claim the slot before filling it: an interrupt takes the next one. */
	cpu->depth = depth + 1;
	barrier();
	wait = &cpu->stack[depth & (VS_DEPTH - 1)];
	wait->lock = lock;
	wait->start = now;
	wait->kind = kind;
	wait->row = find_row(ctl, lock);
	return 0;
}

static __always_inline void add_wait(struct vs_control *ctl,
				     struct vs_lock_stat *stat, __u64 ns)
{
	__u64 gen = ctl->gen;

	__sync_fetch_and_add(&stat->waits, 1);
	__sync_fetch_and_add(&stat->wait_ns, ns);
	if (stat->max_gen != gen) {
		stat->max_gen = gen;
		stat->max_ns = 0;
	}
	if (ns > stat->max_ns)
		stat->max_ns = ns;
}

/*
 * A wait belongs to the window it began in, so this looks at the stack only.
 * Searching it downwards drops an entry whose end was missed.
 */
static __always_inline int wait_end(__u64 lock, __u32 kind)
{
	struct vs_control *ctl = get_control();
	struct vs_cpu *cpu = get_cpu();
	__u64 depth;
	__u32 i;

	if (!ctl || !cpu)
		return 0;
	depth = cpu->depth;
	for (i = 0; i < VS_DEPTH && depth; i++) {
		struct vs_wait *wait;
		__u64 start;
		__u32 row;

		depth--;
		wait = &cpu->stack[depth & (VS_DEPTH - 1)];
		if (wait->lock != lock || wait->kind != kind)
			continue;
		start = wait->start;
		row = wait->row;
		/* Read first, then release: an interrupt may take the slot. */
		barrier();
		cpu->depth = depth;
		if (kind < VS_KINDS)
			add_wait(ctl, &cpu->locks[kind][row & (VS_ROWS - 1)],
				 bpf_ktime_get_ns() - start);
		break;
	}
	return 0;
}

SEC("fentry/queued_spin_lock_slowpath")
int BPF_PROG(spin_enter, void *lock)
{
	return wait_begin((__u64)lock, VS_SPIN);
}

SEC("fexit/queued_spin_lock_slowpath")
int BPF_PROG(spin_exit, void *lock)
{
	return wait_end((__u64)lock, VS_SPIN);
}

SEC("fentry/__pv_queued_spin_lock_slowpath")
int BPF_PROG(spin_pv_enter, void *lock)
{
	return wait_begin((__u64)lock, VS_SPIN);
}

SEC("fexit/__pv_queued_spin_lock_slowpath")
int BPF_PROG(spin_pv_exit, void *lock)
{
	return wait_end((__u64)lock, VS_SPIN);
}

SEC("fentry/queued_write_lock_slowpath")
int BPF_PROG(write_enter, void *lock)
{
	return wait_begin((__u64)lock, VS_WRITE);
}

SEC("fexit/queued_write_lock_slowpath")
int BPF_PROG(write_exit, void *lock)
{
	return wait_end((__u64)lock, VS_WRITE);
}

SEC("fentry/queued_read_lock_slowpath")
int BPF_PROG(read_enter, void *lock)
{
	return wait_begin((__u64)lock, VS_READ);
}

SEC("fexit/queued_read_lock_slowpath")
int BPF_PROG(read_exit, void *lock)
{
	return wait_end((__u64)lock, VS_READ);
}

/*
 * The window
 */

static __always_inline __s64 read_lazy_nr(struct vs_control *ctl)
{
	__s64 nr = 0;

	if (ctl->lazy_nr_addr)
		bpf_probe_read_kernel(&nr, sizeof(nr), (void *)ctl->lazy_nr_addr);
	return nr;
}

static __always_inline void open_window(struct vs_control *ctl)
{
	ctl->opened++;
	ctl->lazy_open = read_lazy_nr(ctl);
	barrier();
	ctl->active = 1;
}

static __always_inline void close_window(struct vs_control *ctl)
{
	if (!ctl->active)
		return;
	ctl->active = 0;
	barrier();
	ctl->lazy_growth += read_lazy_nr(ctl) - ctl->lazy_open;
	ctl->closed++;
}

static __always_inline int region_begin(void)
{
	struct vs_control *ctl = get_control();

	if (ctl)
		open_window(ctl);
	return 0;
}

static __always_inline int region_end(void)
{
	struct vs_control *ctl = get_control();

	if (ctl)
		close_window(ctl);
	return 0;
}

SEC("fentry/vmap_bench_region_begin")
int BPF_PROG(region_begin_fentry)
{
	return region_begin();
}

SEC("fentry/vmap_bench_region_end")
int BPF_PROG(region_end_fentry)
{
	return region_end();
}

SEC("kprobe/vmap_bench_region_begin")
int region_begin_kprobe(struct pt_regs *ctx)
{
	return region_begin();
}

SEC("kprobe/vmap_bench_region_end")
int region_end_kprobe(struct pt_regs *ctx)
{
	return region_end();
}

/*
 * How user space reads kernel memory: the iterator over maps is there without
 * CONFIG_NET, and without a map it is called once, at the end of each read.
 */
SEC("iter/bpf_map")
int sample(struct bpf_iter__bpf_map *ctx)
{
	struct vs_control *ctl = get_control();
	__u64 *from;
	__u32 i;

	if (ctx->map || !ctl)
		return 0;

	from = (__u64 *)ctl->offsets_addr;
	for (i = 0; i < VS_CPUS && i < ctl->nr_offsets; i++)
		bpf_probe_read_kernel(&ctl->offsets[i], sizeof(ctl->offsets[i]),
				      &from[i]);

	ctl->lazy_now = read_lazy_nr(ctl);
	if (ctl->command == VS_OPEN)
		open_window(ctl);
	else if (ctl->command == VS_CLOSE)
		close_window(ctl);
	ctl->samples++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
