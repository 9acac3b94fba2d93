/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lock.bpf.h - the slow paths of spinlocks and rwlocks.
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

static __always_inline int wait_begin(void *ctx, __u64 lock, __u32 kind)
{
	struct vs_control *ctl = get_control();
	struct vs_wait *wait;
	struct vs_cpu *cpu;
	__u64 now, depth;

	if (!ctl || !ctl->active)
		return 0;
	now = bpf_ktime_get_ns();
	cpu = get_cpu_counting();
	if (!cpu)
		return 0;

	depth = cpu->depth;
	if (is_inner_wait(cpu, depth, lock, kind))
		return 0;
	if (depth >= VS_DEPTH) {
		add(cpu, VS_NR_LOST, 1);
		return 0;
	}
	/* Claim the slot before filling it: an interrupt takes the next one. */
	cpu->depth = depth + 1;
	barrier();
	wait = &cpu->stack[depth & (VS_DEPTH - 1)];
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
	if (ctl->active)
		add(cpu, VS_NR_HITS, 1);
	depth = cpu->depth;
	for (i = 0; i < VS_DEPTH && depth; i++) {
		struct vs_wait *wait;
		__u64 start, ns;
		__u32 row, stack;

		depth--;
		wait = &cpu->stack[depth & (VS_DEPTH - 1)];
		if (wait->lock != lock || wait->kind != kind)
			continue;
		start = wait->start;
		row = wait->row;
		stack = wait->stack;
		/* Read first, then release: an interrupt may take the slot. */
		barrier();
		cpu->depth = depth;
		ns = bpf_ktime_get_ns() - start;
		if (kind < VS_KINDS)
			add_wait(ctl, &cpu->locks[kind][row & (VS_ROWS - 1)], ns);
		if (stack)
			add_stack(stack, ns);
		break;
	}
	return 0;
}

SEC("fentry/queued_spin_lock_slowpath")
int BPF_PROG(spin_enter, void *lock)
{
	return wait_begin(ctx, (__u64)lock, VS_SPIN);
}

SEC("fexit/queued_spin_lock_slowpath")
int BPF_PROG(spin_exit, void *lock)
{
	return wait_end((__u64)lock, VS_SPIN);
}

SEC("fentry/__pv_queued_spin_lock_slowpath")
int BPF_PROG(spin_pv_enter, void *lock)
{
	return wait_begin(ctx, (__u64)lock, VS_SPIN);
}

SEC("fexit/__pv_queued_spin_lock_slowpath")
int BPF_PROG(spin_pv_exit, void *lock)
{
	return wait_end((__u64)lock, VS_SPIN);
}

SEC("fentry/queued_write_lock_slowpath")
int BPF_PROG(write_enter, void *lock)
{
	return wait_begin(ctx, (__u64)lock, VS_WRITE);
}

SEC("fexit/queued_write_lock_slowpath")
int BPF_PROG(write_exit, void *lock)
{
	return wait_end((__u64)lock, VS_WRITE);
}

SEC("fentry/queued_read_lock_slowpath")
int BPF_PROG(read_enter, void *lock)
{
	return wait_begin(ctx, (__u64)lock, VS_READ);
}

SEC("fexit/queued_read_lock_slowpath")
int BPF_PROG(read_exit, void *lock)
{
	return wait_end((__u64)lock, VS_READ);
}

#endif /* VS_LOCK_BPF_H */
