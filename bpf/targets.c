// SPDX-License-Identifier: GPL-2.0
/*
 * targets.c - which kernel functions are probed, and which of them exist.
 */
#include <errno.h>
#include <string.h>
#include <bpf/btf.h>
#include "probes.h"
#include "targets.h"

/*
 * flush_tlb_all() and flush_tlb_kernel_range() do not call each other on x86
 * in 6.1; if a later version lets one call the other, one flush counts twice.
 */
const struct vs_target vs_targets[VS_TARGETS] = {
	{ "flush_tlb_kernel_range", VS_FLUSH, NULL, "flushes of ranges", { "flush_range" } },
	{ "flush_tlb_all", VS_FLUSH, NULL, "flushes of everything", { "flush_all" } },
	{ "do_kernel_range_flush", VS_FLUSH, NULL, "runs and ipis of range flushes",
	  { "flush_range_run" } },
	{ "do_flush_tlb_all", VS_FLUSH, NULL, "runs and ipis of full flushes",
	  { "flush_all_run" } },
	{ "smp_call_function_many_cond", VS_FLUSH | VS_IPI, NULL,
	  "time of flushes and other function calls", { "call_exit", "call_enter" } },
	{ "queued_spin_lock_slowpath", VS_LOCK, "spin", "waits for spinlocks",
	  { "spin_exit_2", "spin_exit", "spin_enter_2", "spin_enter" } },
	{ "native_queued_spin_lock_slowpath", VS_LOCK, "spin", NULL,
	  { "spin_exit_2", "spin_exit", "spin_enter_2", "spin_enter" } },
	{ "__pv_queued_spin_lock_slowpath", VS_LOCK, NULL, NULL,
	  { "spin_pv_exit_2", "spin_pv_exit", "spin_pv_enter_2", "spin_pv_enter" } },
	{ "queued_write_lock_slowpath", VS_LOCK, NULL, "waits for rwlocks by writers",
	  { "write_exit_2", "write_exit", "write_enter_2", "write_enter" } },
	{ "queued_read_lock_slowpath", VS_LOCK, NULL, "waits for rwlocks by readers",
	  { "read_exit_2", "read_exit", "read_enter_2", "read_enter" } },
	{ "__purge_vmap_area_lazy", VS_PURGE, NULL, "purges", { "purge_exit", "purge_enter" } },
	{ "free_vmap_area_noflush", VS_PURGE | VS_BLOCK, NULL, "pages_purged and areas_purged",
	  { "lazy_free" } },
	{ "vm_unmap_aliases", VS_ALIASES, NULL, "aliases",
	  { "aliases_exit", "aliases_enter" } },
	{ "alloc_vmap_area", VS_BLOCK, NULL, "blocks_new", { "block_new" } },
	{ "free_vmap_block", VS_BLOCK, NULL, NULL, { "block_freed" } },
	{ "vm_map_ram", VS_MAP, NULL, "calls of vm_map_ram",
	  { "map_ram_exit", "map_ram_enter" } },
	{ "vm_unmap_ram", VS_MAP, NULL, "calls of vm_unmap_ram",
	  { "unmap_ram_exit", "unmap_ram_enter" } },
	{ "vmap", VS_MAP, NULL, "calls of vmap", { "vmap_exit", "vmap_enter" } },
	{ "vunmap", VS_MAP, NULL, "calls of vunmap", { "vunmap_exit", "vunmap_enter" } },
	{ "remove_vm_area", VS_MAP, NULL, "sizes of vunmap", { "area_removed" } },
};

/*
 * Functions that take the lock of a block, or have those that do inside them.
 * Every other lock they take is a variable with a name.
 */
static const struct {
	const char *name;
	bool purges;	/* takes blocks that were never handed out in full */
} codes[VS_CODE_NAMES] = {
	{ "purge_fragmented_blocks", true },
	{ "purge_fragmented_blocks_allcpus", true },
	{ "purge_fragmented_block", true },
	{ "vm_map_ram", false },
	{ "vm_unmap_ram", false },
	{ "vb_alloc", false },
	{ "vb_free", false },
	{ "new_vmap_block", false },
	{ "_vm_unmap_aliases", false },
};

bool vs_tracing_on(void)
{
	FILE *f = fopen("/proc/sys/kernel/ftrace_enabled", "r");
	int on = 1;

	if (!f)
		return true;
	if (fscanf(f, "%d", &on) != 1)
		on = 1;
	fclose(f);
	return on;
}

static void name_codes(struct vs_symbol *syms)
{
	size_t i;

	for (i = 0; i < VS_CODE_NAMES; i++) {
		syms[2 * i].name = codes[i].name;
		syms[2 * i + 1].name = codes[i].name;
		syms[2 * i + 1].clone = true;
	}
}

static void name_symbols(struct vs_kernel *kernel, const char *caller)
{
	static const struct vs_symbol fixed[VS_SYM_CODES] = {
		[VS_SYM_LAZY_NR]	= { .name = VS_LAZY_NR, .data = true },
		[VS_SYM_CPU_OFFSETS]	= { .name = VS_CPU_OFFSETS, .data = true },
		[VS_SYM_ONLINE]		= { .name = "__cpu_online_mask", .data = true },
		[VS_SYM_NODES]		= { .name = "vmap_nodes", .data = true },
		[VS_SYM_NR_NODES]	= { .name = "nr_vmap_nodes", .data = true },
		[VS_SYM_REGION_BEGIN]	= { .name = VS_REGION_BEGIN, .module = VS_MODULE },
		[VS_SYM_REGION_END]	= { .name = VS_REGION_END, .module = VS_MODULE },
		[VS_SYM_FILTER]		= { .module = VS_ANY_MODULE },
		[VS_SYM_FILTER_CLONE]	= { .module = VS_ANY_MODULE, .clone = true },
	};
	struct vs_symbol *syms = kernel->syms;
	size_t i;

	memset(kernel, 0, sizeof(*kernel));
	memcpy(syms, fixed, sizeof(fixed));
	/* No symbol is called "", so that nothing matches. */
	syms[VS_SYM_FILTER].name = caller ?: "";
	syms[VS_SYM_FILTER_CLONE].name = caller ?: "";
	name_codes(&syms[VS_SYM_CODES]);
	for (i = 0; i < VS_TARGETS; i++)
		syms[VS_SYM_TARGETS + i].name = vs_targets[i].symbol;
	for (i = 0; i < vs_nr_locks; i++) {
		syms[VS_SYM_LOCKS + i].name = vs_locks[i].name;
		syms[VS_SYM_LOCKS + i].module = vs_locks[i].module;
		syms[VS_SYM_LOCKS + i].data = true;
	}
}

static int read_kallsyms(struct vs_kernel *kernel)
{
	FILE *f = fopen("/proc/kallsyms", "r");
	int err;

	if (!f) {
		err = -errno;
		vs_warn("cannot open /proc/kallsyms: %s", strerror(errno));
		return err;
	}
	err = vs_kallsyms_read(f, kernel->syms, VS_SYM_LOCKS + vs_nr_locks);
	fclose(f);
	if (err == -EPERM)
		vs_warn("/proc/kallsyms hides its addresses (kernel.kptr_restrict)");
	else if (err)
		vs_warn("cannot read /proc/kallsyms: %s", strerror(-err));
	return err;
}

static void find_functions(struct vs_kernel *kernel, const struct btf *btf)
{
	__u32 id, n = btf__type_cnt(btf);
	size_t i;

	for (id = 1; id < n; id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);
		const char *name;

		if (btf_is_struct(t) && t->size &&
		    !strcmp(btf__name_by_offset(btf, t->name_off), "vmap_node"))
			kernel->node_size = t->size;
		if (!btf_is_func(t))
			continue;
		name = btf__name_by_offset(btf, t->name_off);
		for (i = 0; i < VS_TARGETS; i++)
			if (!strcmp(name, vs_targets[i].symbol))
				kernel->traceable[i] = true;
	}
}

static void find_region(struct vs_kernel *kernel, struct btf *base)
{
	struct btf *btf = btf__load_module_btf(VS_MODULE, base);

	if (!btf)
		return;
	kernel->region_btf =
		btf__find_by_name_kind(btf, VS_REGION_BEGIN, BTF_KIND_FUNC) > 0 &&
		btf__find_by_name_kind(btf, VS_REGION_END, BTF_KIND_FUNC) > 0;
	btf__free(btf);
}

int vs_kernel_inspect(struct vs_kernel *kernel, const char *caller)
{
	struct btf *btf;
	int err;

	if (!vs_tracing_on()) {
		vs_warn("cannot attach to any function: kernel.ftrace_enabled is 0");
		return -EOPNOTSUPP;
	}
	name_symbols(kernel, caller);
	err = read_kallsyms(kernel);
	if (err)
		return err;

	btf = btf__load_vmlinux_btf();
	if (!btf) {
		err = -errno;
		vs_warn("the kernel has no BTF (CONFIG_DEBUG_INFO_BTF): %s",
			strerror(errno));
		return err;
	}
	find_functions(kernel, btf);
	find_region(kernel, btf);
	btf__free(btf);
	return 0;
}

static bool has_lock(const struct vs_kernel *kernel, const char *name)
{
	return kernel->syms[VS_SYM_LOCKS + vs_lock_row(name) - 1].matches == 1;
}

static bool has_blocks(const struct vs_kernel *kernel)
{
	return has_lock(kernel, VS_LOCK_QUEUE);
}

bool vs_target_there(const struct vs_kernel *kernel, size_t i)
{
	const struct vs_target *t = &vs_targets[i];

	if (t->groups == VS_BLOCK && !has_blocks(kernel))
		return false;
	return kernel->traceable[i] && kernel->syms[VS_SYM_TARGETS + i].matches;
}

size_t vs_target_index(const char *name)
{
	size_t i;

	for (i = 0; strcmp(vs_targets[i].symbol, name); i++)
		;
	return i;
}

static bool other_there(const struct vs_kernel *kernel, const char *instead)
{
	size_t i;

	for (i = 0; i < VS_TARGETS; i++)
		if (instead && vs_targets[i].instead && !strcmp(vs_targets[i].instead, instead) &&
		    vs_target_there(kernel, i))
			return true;
	return false;
}

size_t vs_codes_build(const struct vs_kernel *kernel, struct vs_range *out)
{
	size_t i, n = 0;

	for (i = 0; i < 2 * VS_CODE_NAMES && n < VS_CODES; i++) {
		const struct vs_symbol *sym = &kernel->syms[VS_SYM_CODES + i];

		if (!sym->matches || !has_blocks(kernel))
			continue;
		out[n++] = (struct vs_range){
			.start = sym->addr, .end = sym->end,
			.row = codes[i / 2].purges ? VS_CODE_PURGE_BLOCKS :
						     vs_lock_row(VS_LOCK_BLOCK),
		};
	}
	return n;
}

size_t vs_filters_build(const struct vs_kernel *kernel, struct vs_range *out)
{
	const struct vs_symbol *sym;
	size_t n = 0;

	for (sym = &kernel->syms[VS_SYM_FILTER];
	     sym <= &kernel->syms[VS_SYM_FILTER_CLONE]; sym++)
		if (sym->matches)
			out[n++] = (struct vs_range){ .start = sym->addr, .end = sym->end };
	return n;
}

static int check_region(const struct vs_kernel *kernel)
{
	if (kernel->syms[VS_SYM_REGION_BEGIN].matches &&
	    kernel->syms[VS_SYM_REGION_END].matches)
		return 0;
	vs_warn("cannot attach to %s and %s: is module %s loaded?",
		VS_REGION_BEGIN, VS_REGION_END, VS_MODULE);
	return -ENOENT;
}

/* Names that stand for no lock, or for several, are worth knowing about. */
static void check_locks(const struct vs_kernel *kernel)
{
	size_t i, found = 0;

	for (i = 0; i < vs_nr_locks; i++) {
		unsigned int matches = kernel->syms[VS_SYM_LOCKS + i].matches;

		if (matches > 1)
			vs_warn("%u symbols are called %s: counted as \"other\"",
				matches, vs_locks[i].name);
		found += matches == 1;
	}
	if (!found)
		vs_warn("no lock of the vmap layer found, all are \"other\" (CONFIG_KALLSYMS_ALL?)");
}

static size_t missing_targets(const struct vs_kernel *kernel, unsigned int groups,
			      const char **missing)
{
	bool any_block = has_blocks(kernel);
	size_t i, n = 0;

	for (i = 0; i < VS_TARGETS; i++) {
		const struct vs_target *t = &vs_targets[i];

		if (!(t->groups & groups) || !t->disables || vs_target_there(kernel, i) ||
		    other_there(kernel, t->instead) || (t->groups == VS_BLOCK && !any_block))
			continue;
		vs_warn("no %s: %s not counted", t->symbol, t->disables);
		missing[n++] = t->symbol;
	}
	return n;
}

static bool any_target(const struct vs_kernel *kernel, unsigned int groups)
{
	size_t i;

	for (i = 0; i < VS_TARGETS; i++)
		if (vs_targets[i].groups & groups && vs_target_there(kernel, i))
			return true;
	return false;
}

int vs_kernel_check(const struct vs_kernel *kernel, unsigned int groups, bool region,
		    const char *missing[VS_MISSING])
{
	size_t n = missing_targets(kernel, groups, missing);

	if (groups & VS_PURGE && kernel->syms[VS_SYM_LAZY_NR].matches != 1) {
		vs_warn("no %s: lazy_pages not counted", VS_LAZY_NR);
		missing[n++] = VS_LAZY_NR;
	}
	if (groups & VS_BLOCK && !has_blocks(kernel)) {
		vs_warn("no %s: blocks not counted", VS_LOCK_QUEUE);
		missing[n++] = VS_LOCK_QUEUE;
	}
	missing[n] = NULL;

	if (groups & VS_LOCK)
		check_locks(kernel);
	if (!any_target(kernel, groups)) {
		vs_warn("nothing to count: this kernel has none of the functions");
		return -ENOENT;
	}
	return region ? check_region(kernel) : 0;
}
