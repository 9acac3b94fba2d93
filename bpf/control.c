// SPDX-License-Identifier: GPL-2.0
/*
 * control.c - telling the programs what they need to know: addresses, tables
 * of addresses, sizes.
 */
#include <bpf/libbpf.h>
#include "control.h"
#include "vmapstat.skel.h"

__u32 vs_table_size(unsigned long n, __u32 most)
{
	__u32 size = most;

	while (n && size > n)
		size /= 2;
	return size;
}

static void fill_tables(struct vs_probes *p)
{
	struct vs_control *ctl = p->ctl;

	ctl->with_stacks = p->o->stacks;
	ctl->pending_mask = bpf_map__max_entries(p->skel->maps.pending) - 1;
	ctl->stack_mask = bpf_map__max_entries(p->skel->maps.stacks) - 1;
	ctl->site_mask = vs_table_size(p->o->map_size, VS_SITES) - 1;
}

static __u64 only_address(const struct vs_symbol *sym)
{
	return sym->matches == 1 ? sym->addr : 0;
}

static __u64 target_address(const struct vs_kernel *kernel, const char *name)
{
	return only_address(&kernel->syms[VS_SYM_TARGETS + vs_target_index(name)]);
}

static void fill_addresses(struct vs_control *ctl, const struct vs_kernel *kernel)
{
	const struct vs_symbol *syms = kernel->syms;

	ctl->lazy_nr_addr = only_address(&syms[VS_SYM_LAZY_NR]);
	ctl->online_addr = only_address(&syms[VS_SYM_ONLINE]);
	ctl->flush_all_addr = target_address(kernel, "do_flush_tlb_all");
	ctl->flush_range_addr = target_address(kernel, "do_kernel_range_flush");
	ctl->queue_addr = only_address(&syms[VS_SYM_LOCKS + vs_lock_row(VS_LOCK_QUEUE) - 1]);
	ctl->block_row = vs_lock_row(VS_LOCK_BLOCK);
	ctl->blocks_by_area = !vs_target_there(kernel, vs_target_index("free_vmap_block"));
	if (kernel->node_size) {
		ctl->nodes_addr = only_address(&syms[VS_SYM_NODES]);
		ctl->nr_nodes_addr = only_address(&syms[VS_SYM_NR_NODES]);
		ctl->nodes_size = kernel->node_size;
		ctl->nodes_row = vs_lock_row(VS_LOCK_NODE);
	}
}

int vs_control_fill(struct vs_probes *p, const struct vs_kernel *kernel)
{
	const struct vs_symbol *offsets = &kernel->syms[VS_SYM_CPU_OFFSETS];
	struct vs_control *ctl = p->ctl;
	int n, err;

	ctl->nr_offsets = p->nr_cpus < VS_CPUS ? p->nr_cpus : VS_CPUS;
	ctl->offsets_addr = only_address(offsets);
	fill_tables(p);
	fill_addresses(ctl, kernel);
	if (!ctl->offsets_addr || !(p->o->groups & VS_BLOCK))
		ctl->queue_addr = 0;
	err = vs_probes_command(p, VS_SAMPLE);
	if (err)
		return err;

	n = vs_ranges_build(&kernel->syms[VS_SYM_LOCKS], ctl->offsets,
			    ctl->offsets_addr ? ctl->nr_offsets : 0, ctl->ranges, VS_RANGES);
	if (n < 0)
		return n;
	ctl->nr_ranges = n;
	ctl->nr_codes = vs_codes_build(kernel, ctl->codes);
	if (p->o->caller)
		ctl->nr_filters = vs_filters_build(kernel, ctl->filters);
	return 0;
}
