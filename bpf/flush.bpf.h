/* SPDX-License-Identifier: GPL-2.0 */
/*
 * flush.bpf.h - TLB flushes: how many were asked for, how often a CPU carried
 * one out, and the function calls on other CPUs by which that happens.
 */
#ifndef VS_FLUSH_BPF_H
#define VS_FLUSH_BPF_H

#define MASK_WORDS	128	/* 8192 CPUs, the most there can be */

static __always_inline int count_flush(__u64 pages)
{
	struct vs_cpu *cpu = get_cpu_counting();

	if (cpu) {
		add(cpu, VS_NR_FLUSHES, 1);
		add(cpu, VS_NR_FLUSH_PAGES, pages);
	}
	return 0;
}

static __always_inline int count_flush_run(void)
{
	struct vs_cpu *cpu = get_cpu_counting();

	if (cpu)
		add(cpu, VS_NR_FLUSH_RUNS, 1);
	return 0;
}

/* An end of ~0 means everything. */
SEC("fentry/flush_tlb_kernel_range")
int BPF_PROG(flush_range, unsigned long start, unsigned long end)
{
	return count_flush(end != ~0UL && end > start ? (end - start) >> PAGE_SHIFT : 0);
}

SEC("fentry/flush_tlb_all")
int BPF_PROG(flush_all)
{
	return count_flush(0);
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

static __always_inline __u32 bits_in(__u64 word)
{
	word -= (word >> 1) & 0x5555555555555555ULL;
	word = (word & 0x3333333333333333ULL) + ((word >> 2) & 0x3333333333333333ULL);
	word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
	return (word * 0x0101010101010101ULL) >> 56;
}

/* CPUs of a mask that are online, bar this one. */
static __always_inline __u32 targets_in(struct vs_control *ctl, __u64 mask)
{
	__u32 i, self = bpf_get_smp_processor_id(), n = 0;

	for (i = 0; i < MASK_WORDS && i * 64 < ctl->nr_offsets; i++) {
		__u64 want = 0, online = ~0ULL;

		bpf_probe_read_kernel(&want, sizeof(want), (void *)(mask + i * sizeof(want)));
		if (ctl->online_addr && ctl->online_addr != mask)
			bpf_probe_read_kernel(&online, sizeof(online),
					      (void *)(ctl->online_addr + i * sizeof(online)));
		want &= online;
		if (self / 64 == i)
			want &= ~(1ULL << (self & 63));
		n += bits_in(want);
	}
	return n;
}

static __always_inline void count_call(struct vs_control *ctl, struct vs_cpu *cpu, __u64 func,
				       __u32 targets)
{
	struct vs_site *site = find_site(ctl, cpu->funcs, func);

	if (func == ctl->flush_all_addr || func == ctl->flush_range_addr) {
		add(cpu, func == ctl->flush_all_addr ? VS_NR_FLUSHES_ALL : VS_NR_FLUSHES_RANGE,
		    1);
		add(cpu, VS_NR_FLUSH_TARGETS, targets);
	} else {
		add(cpu, VS_NR_OTHER_CALLS, 1);
		add(cpu, VS_NR_OTHER_IPIS, targets);
	}
	if (!site) {
		add(cpu, VS_NR_LOST, 1);
		return;
	}
	__sync_fetch_and_add(&site->calls, 1);
	__sync_fetch_and_add(&site->hits, targets);
}

/*
 * Everything that asks several CPUs comes through here, with preemption off and
 * in no interrupt: one at a time on each CPU.
 */
SEC("fentry/smp_call_function_many_cond")
int call_enter(__u64 *ctx)
{
	struct vs_cpu *cpu = get_cpu_counting();
	struct vs_control *ctl = get_control();
	__u64 mask = 0, func = 0;

	/* A pointer to a function cannot be read as an argument. */
	if (!ctl || !cpu || bpf_get_func_arg(ctx, 0, &mask) || bpf_get_func_arg(ctx, 1, &func))
		return 0;
	count_call(ctl, cpu, func, targets_in(ctl, mask));
	cpu->call_func = func;
	cpu->call_start = bpf_ktime_get_ns();
	return 0;
}

/* The last CPU has answered, if it was to be waited for; it is for a flush. */
SEC("fexit/smp_call_function_many_cond")
int BPF_PROG(call_exit)
{
	__u64 now = bpf_ktime_get_ns(), func, ns;
	struct vs_cpu *cpu = get_cpu_counting();
	struct vs_control *ctl = get_control();

	cpu = cpu ?: get_cpu();
	if (!ctl || !cpu || !cpu->call_start)
		return 0;
	ns = now - cpu->call_start;
	func = cpu->call_func;
	cpu->call_start = 0;
	if (func != ctl->flush_all_addr && func != ctl->flush_range_addr)
		return 0;
	add(cpu, VS_NR_FLUSH_NS, ns);
	add_hist(cpu->hist[VS_HIST_FLUSH], ns);
	return 0;
}

#endif /* VS_FLUSH_BPF_H */
