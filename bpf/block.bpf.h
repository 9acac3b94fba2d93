/* SPDX-License-Identifier: GPL-2.0 */
/*
 * block.bpf.h - the life of per-CPU blocks.
 *
 * The functions that make and free blocks are inlined in one kernel or the
 * other. What is left to see is that a block is an area as long as it is
 * aligned, asked for or given back by certain functions.
 */
#ifndef VS_BLOCK_BPF_H
#define VS_BLOCK_BPF_H

#define FIRST_ERRNO	((__u64)-4095)
#define MAX_BLOCKS	4096	/* looked at, on the queue of one CPU */

/* As far as it matters here; a layer without blocks has neither. */
struct vmap_block_queue___vs {
	struct list_head free;
} __attribute__((preserve_access_index));

struct vmap_block___vs {
	unsigned long free, dirty;
	struct list_head free_list;
} __attribute__((preserve_access_index));

static __always_inline bool is_block_caller(struct vs_control *ctl, void *ctx)
{
	return find_code(ctl, caller_of(ctx), 0) == ctl->block_row;
}

SEC("fexit/alloc_vmap_area")
int BPF_PROG(block_new, unsigned long size, unsigned long align)
{
	struct vs_cpu *cpu = get_cpu_counting();
	struct vs_control *ctl = get_control();
	__u64 ret = 0;

	if (!ctl || !cpu || size != align || !is_block_caller(ctl, ctx))
		return 0;
	if (bpf_get_func_ret(ctx, &ret) || ret >= FIRST_ERRNO)
		return 0;
	ctl->block_size = size;
	add(cpu, VS_NR_BLOCKS_NEW, 1);
	return 0;
}

SEC("fentry/free_vmap_block")
int BPF_PROG(block_freed)
{
	struct vs_cpu *cpu = get_cpu_counting();
	struct vs_control *ctl = get_control();

	if (!ctl || !cpu)
		return 0;
	add(cpu, VS_NR_BLOCKS_FREED, 1);
	if (find_code(ctl, caller_of(ctx), 0) == VS_CODE_PURGE_BLOCKS)
		add(cpu, VS_NR_BLOCKS_PURGED, 1);
	return 0;
}

struct queue_walk {
	struct vs_queue *sum;
	__u64 head;
	__u64 at;
};

static long walk_block(__u32 i, struct queue_walk *w)
{
	__u64 vb, free = 0, dirty = 0;

	if (!w->at || w->at == w->head)
		return 1;
	vb = w->at - bpf_core_field_offset(struct vmap_block___vs, free_list);
	bpf_probe_read_kernel(&free, sizeof(free),
			      (void *)(vb + bpf_core_field_offset(struct vmap_block___vs, free)));
	bpf_probe_read_kernel(&dirty, sizeof(dirty),
			      (void *)(vb + bpf_core_field_offset(struct vmap_block___vs, dirty)));
	w->sum->blocks++;
	w->sum->free += free;
	w->sum->dirty += dirty;
	if (bpf_probe_read_kernel(&w->at, sizeof(w->at), (void *)w->at))
		return 1;
	return 0;
}

struct cpu_walk {
	struct vs_control *ctl;
	struct vs_queue *sum;
};

static long walk_cpu(__u32 cpu, struct cpu_walk *c)
{
	struct queue_walk w = { .sum = c->sum };

	if (cpu >= VS_CPUS)
		return 1;
	w.head = c->ctl->queue_addr + c->ctl->offsets[cpu] +
		 bpf_core_field_offset(struct vmap_block_queue___vs, free);
	if (!bpf_probe_read_kernel(&w.at, sizeof(w.at), (void *)w.head))
		bpf_loop(MAX_BLOCKS, walk_block, &w, 0);
	return 0;
}

/*
 * The queues hold the blocks that still have pages to hand out. The kernel
 * walks them under RCU as well, which is what programs run in.
 */
static __always_inline void look_at_queues(struct vs_control *ctl)
{
	struct vs_queue sum = {};
	struct cpu_walk c = { .ctl = ctl, .sum = &sum };

	if (ctl->queue_addr && bpf_core_field_exists(struct vmap_block___vs, free_list))
		bpf_loop(ctl->nr_offsets, walk_cpu, &c, 0);
	ctl->queue_now = sum;
}

#endif /* VS_BLOCK_BPF_H */
