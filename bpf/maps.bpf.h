/* SPDX-License-Identifier: GPL-2.0 */
/*
 * maps.bpf.h - the maps, and what all programs do with them.
 *
 * No hash map is used anywhere: the lock of a hash bucket goes through the
 * slow path that is being counted. Everything lives in arrays; where something
 * has to be looked for, places are claimed with an atomic exchange.
 */
#ifndef VS_MAPS_BPF_H
#define VS_MAPS_BPF_H

#define PAGE_SHIFT	12
#define FRAME_WORDS	16	/* of a trampoline's frame, from its arguments up */
#define CALL_BYTES	16	/* a traced function's call of its trampoline ends there */
#define HASH		0x9e3779b97f4a7c15ULL

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

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct vs_ops);
} ops SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct vs_stack);
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct vs_pending);
} pending SEC(".maps");

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

static __always_inline void add(struct vs_cpu *cpu, enum vs_nr nr, __u64 n)
{
	__sync_fetch_and_add(&cpu->nr[nr], n);
}

/* This CPU's counters when the window is open, NULL otherwise. */
static __always_inline struct vs_cpu *get_cpu_counting(void)
{
	struct vs_control *ctl = get_control();
	struct vs_cpu *cpu;

	if (!ctl || !ctl->active)
		return NULL;
	cpu = get_cpu();
	if (cpu)
		add(cpu, VS_NR_HITS, 1);
	return cpu;
}

static __always_inline __u32 log2_of(__u64 n)
{
	__u32 log = 0;

	if (n >> 32)
		return VS_CLASSES - 1;
	if (n >> 16) {
		n >>= 16;
		log += 16;
	}
	if (n >> 8) {
		n >>= 8;
		log += 8;
	}
	if (n >> 4) {
		n >>= 4;
		log += 4;
	}
	if (n >> 2) {
		n >>= 2;
		log += 2;
	}
	return log + (n >> 1);
}

static __always_inline void add_hist(__u64 *hist, __u64 ns)
{
	__sync_fetch_and_add(&hist[log2_of(ns) & (VS_CLASSES - 1)], 1);
}

/*
 * Who called the traced function. Its own return address, just behind the call
 * of the trampoline, lies on the stack above the trampoline's copy of the
 * arguments, how far differs between kernels; the word above that is the
 * caller's.
 */
static __always_inline __u64 caller_of(void *ctx)
{
	__u64 word[FRAME_WORDS];
	__u64 ip = bpf_get_func_ip(ctx);
	__u32 i;

	if (bpf_probe_read_kernel(word, sizeof(word), ctx))
		return 0;
	for (i = 0; i + 1 < FRAME_WORDS; i++)
		if (word[i] > ip && word[i] < ip + CALL_BYTES)
			return word[i + 1];
	return 0;
}

/* A return address lies behind a call: the one after a last call is outside. */
static __always_inline bool is_return_into(const struct vs_range *r, __u64 addr)
{
	return addr > r->start && addr <= r->end;
}

/* What the table of codes says about a caller; @none when it is not in there. */
static __always_inline __u32 find_code(struct vs_control *ctl, __u64 addr, __u32 none)
{
	__u32 i;

	for (i = 0; i < VS_CODES && i < ctl->nr_codes; i++)
		if (is_return_into(&ctl->codes[i], addr))
			return ctl->codes[i].row;
	return none;
}

/* Is it one of those that were asked for? */
static __always_inline bool wanted_caller(struct vs_control *ctl, __u64 addr)
{
	__u32 i;

	if (!ctl->nr_filters)
		return true;
	for (i = 0; i < VS_FILTERS && i < ctl->nr_filters; i++)
		if (is_return_into(&ctl->filters[i], addr))
			return true;
	return false;
}

/* The place of an address in a table of sites, NULL when that is full. */
static __always_inline struct vs_site *find_site(struct vs_control *ctl, struct vs_site *sites,
						 __u64 addr)
{
	__u64 at = (addr * HASH) >> 32, mask = ctl->site_mask;
	__u32 i;

	if (!addr)
		addr = 1;	/* nobody knows: an entry of its own */
	for (i = 0; i < VS_SITES && i <= mask; i++) {
		struct vs_site *s = &sites[(at + i) & mask & (VS_SITES - 1)];
		__u64 old = s->addr;

		if (!old)
			old = __sync_val_compare_and_swap(&s->addr, 0, addr);
		if (!old || old == addr)
			return s;
	}
	return NULL;
}

static __always_inline __u64 pending_key(enum vs_op op)
{
	return (bpf_get_current_pid_tgid() << 8 | op) + 1;
}

/* Remember when this thread entered a function; false when there is no room. */
static __always_inline bool enter_call(struct vs_control *ctl, enum vs_op op, __u64 arg)
{
	__u64 key = pending_key(op), at = (key * HASH) >> 32;
	__u32 i;

	for (i = 0; i < VS_TRIES; i++) {
		__u32 index = (at + i) & ctl->pending_mask;
		struct vs_pending *p = bpf_map_lookup_elem(&pending, &index);

		if (!p)
			return false;
		/* Its own, whose return was missed, can be used again. */
		if (p->key == key || !__sync_val_compare_and_swap(&p->key, 0, key)) {
			p->arg = arg;
			p->start = bpf_ktime_get_ns();
			return true;
		}
	}
	return false;
}

static __always_inline struct vs_pending *find_call(struct vs_control *ctl, enum vs_op op)
{
	__u64 key = pending_key(op), at = (key * HASH) >> 32;
	__u32 i;

	for (i = 0; i < VS_TRIES; i++) {
		__u32 index = (at + i) & ctl->pending_mask;
		struct vs_pending *p = bpf_map_lookup_elem(&pending, &index);

		if (!p)
			break;
		if (p->key == key)
			return p;
	}
	return NULL;
}

/* Time since the entry; @arg is what was remembered. False: not entered. */
static __always_inline bool leave_call(struct vs_control *ctl, enum vs_op op, __u64 *ns,
				       __u64 *arg)
{
	__u64 now = bpf_ktime_get_ns();
	struct vs_pending *p = find_call(ctl, op);

	if (!p)
		return false;
	*ns = now - p->start;
	*arg = p->arg;
	barrier();
	p->key = 0;
	return true;
}

#endif /* VS_MAPS_BPF_H */
