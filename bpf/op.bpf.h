/* SPDX-License-Identifier: GPL-2.0 */
/*
 * op.bpf.h - calls that map and unmap, by size: the hottest path there is, so
 * these are attached only when asked for.
 */
#ifndef VS_OP_BPF_H
#define VS_OP_BPF_H

static __always_inline int enter_op(void *ctx, enum vs_op op, __u64 pages)
{
	struct vs_cpu *cpu = get_cpu_counting();
	struct vs_control *ctl = get_control();

	if (!ctl || !cpu)
		return 0;
	if (ctl->nr_filters && !wanted_caller(ctl, caller_of(ctx)))
		return 0;
	if (!enter_call(ctl, op, pages))
		add(cpu, VS_NR_LOST, 1);
	return 0;
}

/* 1, 2 to 3, 4 to 7 pages and so on; the last class has no end. */
static __always_inline __u32 size_class(__u64 pages)
{
	__u32 class = pages ? log2_of(pages) + 1 : 0;

	return class < VS_SIZES ? class : VS_SIZES - 1;
}

static __always_inline int leave_op(enum vs_op op)
{
	struct vs_cpu *cpu = get_cpu_counting();
	struct vs_control *ctl = get_control();
	__u64 ns = 0, pages = 0;
	__u32 zero = 0, class;
	struct vs_ops *o;

	if (!ctl || !leave_call(ctl, op, &ns, &pages) || !cpu)
		return 0;
	o = bpf_map_lookup_elem(&ops, &zero);
	if (!o)
		return 0;
	class = size_class(pages);
	__sync_fetch_and_add(&o->calls[op], 1);
	__sync_fetch_and_add(&o->ns[op], ns);
	if (class < VS_SIZES)
		add_hist(o->hist[op][class], ns);
	return 0;
}

SEC("fentry/vm_map_ram")
int BPF_PROG(map_ram_enter, void *pages, unsigned int count)
{
	return enter_op(ctx, VS_OP_MAP_RAM, count);
}

SEC("fexit/vm_map_ram")
int BPF_PROG(map_ram_exit)
{
	return leave_op(VS_OP_MAP_RAM);
}

SEC("fentry/vm_unmap_ram")
int BPF_PROG(unmap_ram_enter, void *mem, unsigned int count)
{
	return enter_op(ctx, VS_OP_UNMAP_RAM, count);
}

SEC("fexit/vm_unmap_ram")
int BPF_PROG(unmap_ram_exit)
{
	return leave_op(VS_OP_UNMAP_RAM);
}

SEC("fentry/vmap")
int BPF_PROG(vmap_enter, void *pages, unsigned int count)
{
	return enter_op(ctx, VS_OP_VMAP, count);
}

SEC("fexit/vmap")
int BPF_PROG(vmap_exit)
{
	return leave_op(VS_OP_VMAP);
}

/* Its size is known to the kernel alone; remove_vm_area() tells. */
SEC("fentry/vunmap")
int BPF_PROG(vunmap_enter)
{
	return enter_op(ctx, VS_OP_VUNMAP, 0);
}

SEC("fexit/vunmap")
int BPF_PROG(vunmap_exit)
{
	return leave_op(VS_OP_VUNMAP);
}

#define VM_NO_GUARD	0x40

SEC("fexit/remove_vm_area")
int BPF_PROG(area_removed)
{
	struct vs_cpu *cpu = get_cpu_counting();
	struct vs_control *ctl = get_control();
	struct vs_pending *p;
	struct vm_struct *vm;
	__u64 ret = 0, pages;

	if (!ctl || !cpu || bpf_get_func_ret(ctx, &ret) || !ret)
		return 0;
	p = find_call(ctl, VS_OP_VUNMAP);
	if (!p)
		return 0;
	vm = (struct vm_struct *)ret;
	pages = BPF_CORE_READ(vm, size) >> PAGE_SHIFT;
	if (pages && !(BPF_CORE_READ(vm, flags) & VM_NO_GUARD))
		pages--;
	p->arg = pages;
	return 0;
}

#endif /* VS_OP_BPF_H */
