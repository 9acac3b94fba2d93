/* SPDX-License-Identifier: GPL-2.0 */
/*
 * purge.bpf.h - purges, what they find, and calls of vm_unmap_aliases().
 */
#ifndef VS_PURGE_BPF_H
#define VS_PURGE_BPF_H

#define MIN_BLOCK	(128UL << PAGE_SHIFT)	/* of any kernel */

static __always_inline __s64 read_lazy_nr(struct vs_control *ctl)
{
	__s64 nr = 0;

	if (ctl->lazy_nr_addr)
		bpf_probe_read_kernel(&nr, sizeof(nr), (void *)ctl->lazy_nr_addr);
	return nr;
}

/* Only purges make it smaller, so it is highest when one begins, or at the end. */
static __always_inline __s64 look_at_lazy_nr(struct vs_control *ctl)
{
	__s64 nr = read_lazy_nr(ctl);

	if (nr > ctl->lazy_max)
		ctl->lazy_max = nr;
	return nr;
}

/* What all CPUs have handed over by now; one purge runs at a time. */
static __always_inline void look_at_areas(struct vs_control *ctl)
{
	__u64 areas = 0, pages = 0;
	__u32 zero = 0, i;

	for (i = 0; i < VS_CPUS && i < ctl->nr_offsets; i++) {
		struct vs_cpu *cpu = bpf_map_lookup_percpu_elem(&percpu, &zero, i);

		if (!cpu)
			break;
		areas += cpu->areas;
		pages += cpu->pages;
	}
	ctl->areas_seen = areas;
	ctl->pages_seen = pages;
}

SEC("fentry/__purge_vmap_area_lazy")
int purge_enter(__u64 *ctx)
{
	struct vs_control *ctl = get_control();
	struct vs_cpu *cpu;
	__u64 caller;

	if (!ctl)
		return 0;
	look_at_areas(ctl);
	cpu = get_cpu_counting();
	if (cpu)
		look_at_lazy_nr(ctl);
	/* It may have begun before the window: it counts where it ends. */
	caller = caller_of(ctx);
	if (wanted_caller(ctl, caller) && !enter_call(ctl, VS_OP_PURGE, caller) && cpu)
		add(cpu, VS_NR_LOST, 1);
	return 0;
}

static __always_inline void count_purge(struct vs_control *ctl, struct vs_cpu *cpu,
					bool found, __u64 ns, __u64 caller)
{
	struct vs_site *site = find_site(ctl, cpu->callers, caller);

	add(cpu, VS_NR_PURGE_CALLS, 1);
	if (found) {
		add(cpu, VS_NR_PURGES, 1);
		add(cpu, VS_NR_PURGE_NS, ns);
		add(cpu, VS_NR_AREAS_PURGED, ctl->areas_seen - ctl->areas_done);
		add(cpu, VS_NR_LAZY_DONE, ctl->pages_seen - ctl->pages_done);
		add_hist(cpu->hist[VS_HIST_PURGE], ns);
	}
	if (!site) {
		add(cpu, VS_NR_LOST, 1);
		return;
	}
	__sync_fetch_and_add(&site->calls, 1);
	if (found) {
		__sync_fetch_and_add(&site->hits, 1);
		__sync_fetch_and_add(&site->ns, ns);
	}
}

/*
 * A bool comes back in the low byte of the register; the rest of it is
 * whatever the function left there. How many arguments come before it depends
 * on the kernel.
 */
SEC("fexit/__purge_vmap_area_lazy")
int purge_exit(__u64 *ctx)
{
	struct vs_control *ctl = get_control();
	__u64 ret = 0, ns = 0, caller = 0;
	struct vs_cpu *cpu;
	bool found;

	if (!ctl || bpf_get_func_ret(ctx, &ret))
		return 0;
	found = ret & 0xff;
	cpu = get_cpu_counting();
	if (leave_call(ctl, VS_OP_PURGE, &ns, &caller) && cpu)
		count_purge(ctl, cpu, found, ns, caller);
	if (found) {
		ctl->areas_done = ctl->areas_seen;
		ctl->pages_done = ctl->pages_seen;
	}
	return 0;
}

/* Where no function frees blocks and nothing else: see block.bpf.h. */
static __always_inline bool is_block(struct vs_control *ctl, void *ctx, __u64 start, __u64 size)
{
	if (!ctl->blocks_by_area || size < MIN_BLOCK || size & (size - 1) || start & (size - 1))
		return false;
	if (ctl->block_size && size != ctl->block_size)
		return false;
	return find_code(ctl, caller_of(ctx), 0) == ctl->block_row;
}

/*
 * On entry: when the function returns, the area may be gone. What was handed
 * over before the window opened may be purged in it, so these go on counting.
 */
SEC("fentry/free_vmap_area_noflush")
int BPF_PROG(lazy_free, struct vmap_area *va)
{
	struct vs_control *ctl = get_control();
	struct vs_cpu *cpu = get_cpu();
	__u64 pages;

	if (!ctl || !cpu)
		return 0;
	pages = (va->va_end - va->va_start) >> PAGE_SHIFT;
	__sync_fetch_and_add(&cpu->areas, 1);
	__sync_fetch_and_add(&cpu->pages, pages);
	if (ctl->active) {
		add(cpu, VS_NR_HITS, 1);
		add(cpu, VS_NR_LAZY_PAGES, pages);
		if (is_block(ctl, ctx, va->va_start, pages << PAGE_SHIFT))
			add(cpu, VS_NR_BLOCKS_FREED, 1);
	}
	return 0;
}

SEC("fentry/vm_unmap_aliases")
int BPF_PROG(aliases_enter)
{
	struct vs_cpu *cpu = get_cpu_counting();
	struct vs_control *ctl = get_control();

	if (ctl && cpu && !enter_call(ctl, VS_OP_ALIASES, 0))
		add(cpu, VS_NR_LOST, 1);
	return 0;
}

SEC("fexit/vm_unmap_aliases")
int BPF_PROG(aliases_exit)
{
	struct vs_cpu *cpu = get_cpu_counting();
	struct vs_control *ctl = get_control();
	__u64 ns = 0, arg = 0;

	if (!ctl || !leave_call(ctl, VS_OP_ALIASES, &ns, &arg) || !cpu)
		return 0;
	add(cpu, VS_NR_ALIASES, 1);
	add(cpu, VS_NR_ALIASES_NS, ns);
	add_hist(cpu->hist[VS_HIST_ALIASES], ns);
	return 0;
}

#endif /* VS_PURGE_BPF_H */
