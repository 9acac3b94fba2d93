/* SPDX-License-Identifier: GPL-2.0 */
/*
 * window.bpf.h - when events count, and how user space reads kernel memory.
 */
#ifndef VS_WINDOW_BPF_H
#define VS_WINDOW_BPF_H

static __always_inline void open_window(struct vs_control *ctl)
{
	ctl->opened++;
	ctl->lazy_open = look_at_lazy_nr(ctl);
	ctl->lazy_now = ctl->lazy_open;
	look_at_queues(ctl);
	ctl->queue_open = ctl->queue_now;
	barrier();
	ctl->active = 1;
}

static __always_inline void close_window(struct vs_control *ctl)
{
	if (!ctl->active)
		return;
	ctl->active = 0;
	barrier();
	ctl->lazy_now = look_at_lazy_nr(ctl);
	ctl->lazy_growth += ctl->lazy_now - ctl->lazy_open;
	look_at_queues(ctl);
	ctl->queue_growth += ctl->queue_now.blocks - ctl->queue_open.blocks;
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

/* From 6.9 on: an array, or one node that is a variable of its own. */
static __always_inline void look_at_nodes(struct vs_control *ctl)
{
	__u32 count = 0;

	if (!ctl->nodes_row || !ctl->nodes_addr || !ctl->nr_nodes_addr)
		return;
	bpf_probe_read_kernel(&ctl->nodes_start, sizeof(ctl->nodes_start),
			      (void *)ctl->nodes_addr);
	bpf_probe_read_kernel(&count, sizeof(count), (void *)ctl->nr_nodes_addr);
	ctl->nodes_count = count;
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

	look_at_nodes(ctl);
	if (ctl->active) {
		ctl->lazy_now = look_at_lazy_nr(ctl);
		look_at_queues(ctl);
	}
	if (ctl->command == VS_OPEN)
		open_window(ctl);
	else if (ctl->command == VS_CLOSE)
		close_window(ctl);
	ctl->samples++;
	return 0;
}

#endif /* VS_WINDOW_BPF_H */
