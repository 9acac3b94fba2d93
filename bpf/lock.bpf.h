/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lock.bpf.h - the slow paths of spinlocks and rwlocks.
 *
 * The kernel does not run a program inside itself: when an interrupt comes while
 * one is at work and takes a contended lock as well, that wait is kept from it.
 * So each function has every program twice. The second does what the first has
 * not done; both see one frame of the trampoline in a call, and no two calls under
 * way on a CPU share one.
 */
#ifndef VS_LOCK_BPF_H
#define VS_LOCK_BPF_H

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
	if (ctl->nodes_row && lock >= ctl->nodes_start &&
	    lock < ctl->nodes_start + ctl->nodes_count * ctl->nodes_size)
		return ctl->nodes_row;
	return VS_ROW_OTHER;
}

/* The locks of blocks are on the heap: those who take them give them away. */
static __always_inline __u32 row_of(struct vs_control *ctl, void *ctx, __u64 lock, __u32 kind)
{
	__u32 row = find_row(ctl, lock);

	if (row == VS_ROW_OTHER && kind == VS_SPIN && ctl->nr_codes)
		row = find_code(ctl, caller_of(ctx), VS_ROW_OTHER);
	return row < VS_ROWS ? row : ctl->block_row;
}

/* The place of a stack among those of this CPU, plus 1; 0 when there is none. */
static __always_inline __u32 find_stack(struct vs_control *ctl, void *ctx, __u32 kind,
					__u32 row)
{
	__u64 frames[VS_FRAMES] = {};
	__u64 hash = row << 8 | kind;
	__u32 i;

	if (bpf_get_stack(ctx, frames, sizeof(frames), 0) < 0)
		return 0;
	for (i = 0; i < VS_FRAMES; i++)
		hash = (hash ^ frames[i]) * HASH;
	hash |= 1;
	for (i = 0; i < VS_TRIES; i++) {
		__u32 index = ((hash >> 32) + i) & ctl->stack_mask;
		struct vs_stack *s = bpf_map_lookup_elem(&stacks, &index);

		if (!s)
			return 0;
		if (s->hash == hash)
			return index + 1;
		if (!__sync_val_compare_and_swap(&s->hash, 0, hash)) {
			s->kind = kind;
			s->row = row;
			__builtin_memcpy(s->frames, frames, sizeof(frames));
			return index + 1;
		}
	}
	return 0;
}

static __always_inline void add_stack(__u32 place, __u64 ns)
{
	__u32 index = place - 1;
	struct vs_stack *s = bpf_map_lookup_elem(&stacks, &index);

	if (s) {
		__sync_fetch_and_add(&s->waits, 1);
		__sync_fetch_and_add(&s->wait_ns, ns);
	}
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

/* The place of a call among the waits of this CPU, plus 1; 0 when it is not there. */
static __always_inline __u64 find_wait(struct vs_cpu *cpu, __u64 call)
{
	__u64 depth = cpu->depth;
	__u32 i;

	for (i = 0; i < VS_DEPTH && depth; i++) {
		if (cpu->stack[(depth - 1) & (VS_DEPTH - 1)].call == call)
			return depth;
		depth--;
	}
	return 0;
}

static __always_inline int wait_begin(void *ctx, __u64 lock, __u32 kind, bool second)
{
	struct vs_control *ctl = get_control();
	struct vs_wait *wait;
	struct vs_cpu *cpu;
	__u64 now, depth;

	if (!ctl || !ctl->active)
		return 0;
	now = bpf_ktime_get_ns();
	cpu = second ? get_cpu() : get_cpu_counting();
	if (!cpu || (second && find_wait(cpu, (__u64)ctx)))
		return 0;

	depth = cpu->depth;
	if (is_inner_wait(cpu, depth, lock, kind))
		return 0;
	if (depth >= VS_DEPTH) {
		if (!second)
			add(cpu, VS_NR_LOST, 1);
		return 0;
	}
	if (second)
		add(cpu, VS_NR_SECOND, 1);
	/* Claim the slot, which has no call yet, before filling it: an interrupt takes the next. */
	cpu->depth = depth + 1;
	barrier();
	wait = &cpu->stack[depth & (VS_DEPTH - 1)];
	wait->call = (__u64)ctx;
	wait->lock = lock;
	wait->start = now;
	wait->kind = kind;
	wait->row = row_of(ctl, ctx, lock, kind);
	wait->stack = 0;
	if (ctl->with_stacks) {
		wait->stack = find_stack(ctl, ctx, kind, wait->row);
		if (!wait->stack)
			add(cpu, VS_NR_LOST, 1);
	}
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
 * What lies above the call has missed its end, and goes with it.
 */
static __always_inline int wait_end(void *ctx, bool second)
{
	struct vs_control *ctl = get_control();
	struct vs_cpu *cpu = get_cpu();
	struct vs_wait *wait;
	__u64 depth, start, ns;
	__u32 kind, row, stack, i;

	if (!ctl || !cpu)
		return 0;
	if (ctl->active && !second)
		add(cpu, VS_NR_HITS, 1);
	depth = find_wait(cpu, (__u64)ctx);
	if (!depth)
		return 0;
	if (second)
		add(cpu, VS_NR_SECOND, 1);
	/* A frame that is used again later is another call. */
	for (i = 0; i < VS_DEPTH; i++)
		if (i + 1 >= depth)
			cpu->stack[i].call = 0;
	wait = &cpu->stack[(depth - 1) & (VS_DEPTH - 1)];
	start = wait->start;
	kind = wait->kind;
	row = wait->row;
	stack = wait->stack;
	/* Read first, then release: an interrupt may take the slot. */
	barrier();
	cpu->depth = depth - 1;
	ns = bpf_ktime_get_ns() - start;
	if (kind < VS_KINDS)
		add_wait(ctl, &cpu->locks[kind][row & (VS_ROWS - 1)], ns);
	if (stack)
		add_stack(stack, ns);
	return 0;
}

SEC("fentry/queued_spin_lock_slowpath")
int BPF_PROG(spin_enter, void *lock)
{
	return wait_begin(ctx, (__u64)lock, VS_SPIN, false);
}

SEC("fentry/queued_spin_lock_slowpath")
int BPF_PROG(spin_enter_2, void *lock)
{
	return wait_begin(ctx, (__u64)lock, VS_SPIN, true);
}

SEC("fexit/queued_spin_lock_slowpath")
int BPF_PROG(spin_exit)
{
	return wait_end(ctx, false);
}

SEC("fexit/queued_spin_lock_slowpath")
int BPF_PROG(spin_exit_2)
{
	return wait_end(ctx, true);
}

SEC("fentry/__pv_queued_spin_lock_slowpath")
int BPF_PROG(spin_pv_enter, void *lock)
{
	return wait_begin(ctx, (__u64)lock, VS_SPIN, false);
}

SEC("fentry/__pv_queued_spin_lock_slowpath")
int BPF_PROG(spin_pv_enter_2, void *lock)
{
	return wait_begin(ctx, (__u64)lock, VS_SPIN, true);
}

SEC("fexit/__pv_queued_spin_lock_slowpath")
int BPF_PROG(spin_pv_exit)
{
	return wait_end(ctx, false);
}

SEC("fexit/__pv_queued_spin_lock_slowpath")
int BPF_PROG(spin_pv_exit_2)
{
	return wait_end(ctx, true);
}

SEC("fentry/queued_write_lock_slowpath")
int BPF_PROG(write_enter, void *lock)
{
	return wait_begin(ctx, (__u64)lock, VS_WRITE, false);
}

SEC("fentry/queued_write_lock_slowpath")
int BPF_PROG(write_enter_2, void *lock)
{
	return wait_begin(ctx, (__u64)lock, VS_WRITE, true);
}

SEC("fexit/queued_write_lock_slowpath")
int BPF_PROG(write_exit)
{
	return wait_end(ctx, false);
}

SEC("fexit/queued_write_lock_slowpath")
int BPF_PROG(write_exit_2)
{
	return wait_end(ctx, true);
}

SEC("fentry/queued_read_lock_slowpath")
int BPF_PROG(read_enter, void *lock)
{
	return wait_begin(ctx, (__u64)lock, VS_READ, false);
}

SEC("fentry/queued_read_lock_slowpath")
int BPF_PROG(read_enter_2, void *lock)
{
	return wait_begin(ctx, (__u64)lock, VS_READ, true);
}

SEC("fexit/queued_read_lock_slowpath")
int BPF_PROG(read_exit)
{
	return wait_end(ctx, false);
}

SEC("fexit/queued_read_lock_slowpath")
int BPF_PROG(read_exit_2)
{
	return wait_end(ctx, true);
}

#endif /* VS_LOCK_BPF_H */
