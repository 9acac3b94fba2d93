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
	{ .symbol = "flush_tlb_kernel_range", .group = "range flush",
	  .progs = { "flush_range" } },
	{ .symbol = "flush_tlb_all", .group = "full flush",
	  .progs = { "flush_all" } },
	{ .symbol = "do_kernel_range_flush", .group = "range flush run",
	  .progs = { "flush_range_run" } },
	{ .symbol = "do_flush_tlb_all", .group = "full flush run",
	  .progs = { "flush_all_run" } },
	{ .symbol = "queued_spin_lock_slowpath", .group = "spinlock slow path",
	  .progs = { "spin_exit", "spin_enter" } },
	{ .symbol = "native_queued_spin_lock_slowpath",
	  .group = "spinlock slow path",
	  .progs = { "spin_exit", "spin_enter" } },
	{ .symbol = "__pv_queued_spin_lock_slowpath", .quiet = true,
	  .progs = { "spin_pv_exit", "spin_pv_enter" } },
	{ .symbol = "queued_write_lock_slowpath",
	  .group = "write lock slow path",
	  .progs = { "write_exit", "write_enter" } },
	{ .symbol = "queued_read_lock_slowpath", .group = "read lock slow path",
	  .progs = { "read_exit", "read_enter" } },
	{ .symbol = "__purge_vmap_area_lazy", .disables = "purges",
	  .progs = { "purge_exit" } },
	{ .symbol = "free_vmap_area_noflush", .disables = "pages_purged",
	  .progs = { "lazy_free" } },
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

static void name_symbols(struct vs_kernel *kernel)
{
	struct vs_symbol *syms = kernel->syms;
	size_t i;

	memset(kernel, 0, sizeof(*kernel));
	syms[VS_SYM_LAZY_NR].name = VS_LAZY_NR;
	syms[VS_SYM_LAZY_NR].data = true;
	syms[VS_SYM_CPU_OFFSETS].name = VS_CPU_OFFSETS;
	syms[VS_SYM_CPU_OFFSETS].data = true;
	syms[VS_SYM_REGION_BEGIN].name = VS_REGION_BEGIN;
	syms[VS_SYM_REGION_BEGIN].module = VS_MODULE;
	syms[VS_SYM_REGION_END].name = VS_REGION_END;
	syms[VS_SYM_REGION_END].module = VS_MODULE;
	for (i = 0; i < VS_TARGETS; i++)
		syms[VS_SYM_TARGETS + i].name = vs_targets[i].symbol;
	for (i = 0; i < vs_nr_locks; i++) {
		syms[VS_SYM_LOCKS + i].name = vs_locks[i].name;
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

int vs_kernel_inspect(struct vs_kernel *kernel)
{
	struct btf *btf;
	int err;

	if (!vs_tracing_on()) {
		vs_warn("cannot attach to any function: kernel.ftrace_enabled is 0");
		return -EOPNOTSUPP;
	}
	name_symbols(kernel);
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

bool vs_target_there(const struct vs_kernel *kernel, size_t i)
{
	return kernel->traceable[i] && kernel->syms[VS_SYM_TARGETS + i].matches;
}

static bool group_there(const struct vs_kernel *kernel, const char *group)
{
	size_t i;

	for (i = 0; i < VS_TARGETS; i++)
		if (vs_targets[i].group && !strcmp(vs_targets[i].group, group) &&
		    vs_target_there(kernel, i))
			return true;
	return false;
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

int vs_kernel_check(const struct vs_kernel *kernel, bool region,
		    const char *missing[VS_TARGETS + 2])
{
	size_t i, n = 0;
	int err = 0;

	for (i = 0; i < VS_TARGETS; i++) {
		const struct vs_target *t = &vs_targets[i];

		if (t->quiet || vs_target_there(kernel, i))
			continue;
		if (!t->group) {
			vs_warn("no %s: %s not counted", t->symbol, t->disables);
			missing[n++] = t->symbol;
		} else if (!group_there(kernel, t->group)) {
			vs_warn("cannot attach to %s (%s): no such symbol, or not in BTF",
				t->symbol, t->group);
			err = -ENOENT;
		}
	}
	if (kernel->syms[VS_SYM_LAZY_NR].matches != 1) {
		vs_warn("no %s: pages_purged not counted", VS_LAZY_NR);
		missing[n++] = VS_LAZY_NR;
	}
	missing[n] = NULL;

	check_locks(kernel);
	if (region && check_region(kernel))
		err = -ENOENT;
	return err;
}
