/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VS_TARGETS_H
#define VS_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include "symbols.h"

/**
 * struct vs_target - a kernel function, and the programs to put on it
 * @symbol: the function
 * @group: one target of every group must be there; NULL: optional
 * @disables: what is not counted without it, for optional targets
 * @progs: programs in the order of attaching; an fexit comes before its
 *	fentry, so that no wait begins whose end goes unseen
 * @quiet: optional, and not worth a word when it is missing
 *
 * Two targets of one group may share their programs: the first one there is
 * gets them.
 */
struct vs_target {
	const char *symbol;
	const char *group;
	const char *disables;
	const char *progs[2];
	bool quiet;
};

#define VS_TARGETS	11
#define VS_LAZY_NR	"vmap_lazy_nr"
#define VS_CPU_OFFSETS	"__per_cpu_offset"
#define VS_MODULE	"vmap_bench"
#define VS_REGION_BEGIN	"vmap_bench_region_begin"
#define VS_REGION_END	"vmap_bench_region_end"

extern const struct vs_target vs_targets[VS_TARGETS];

/**
 * enum vs_sym - the order of the symbols in struct vs_kernel
 */
enum vs_sym {
	VS_SYM_LAZY_NR,
	VS_SYM_CPU_OFFSETS,
	VS_SYM_REGION_BEGIN,
	VS_SYM_REGION_END,
	VS_SYM_TARGETS,
	VS_SYM_LOCKS	= VS_SYM_TARGETS + VS_TARGETS,
	VS_SYM_COUNT	= VS_SYM_LOCKS + VS_ROWS,
};

/**
 * struct vs_kernel - what the running kernel has
 * @syms: symbols, by enum vs_sym
 * @traceable: targets that BTF describes, so that fentry can attach
 * @region_btf: the same for both region markers
 */
struct vs_kernel {
	struct vs_symbol syms[VS_SYM_COUNT];
	bool traceable[VS_TARGETS];
	bool region_btf;
};

/**
 * vs_kernel_inspect() - look everything up in kallsyms and BTF
 * @kernel: the result
 *
 * Says on stderr what went wrong.
 *
 * Return: 0 or -errno.
 */
int vs_kernel_inspect(struct vs_kernel *kernel);

/**
 * vs_tracing_on() - does the kernel call what is attached to its functions?
 *
 * With kernel.ftrace_enabled at 0 every attach succeeds, and then nothing is
 * ever called: all counts are 0 and look like a result.
 */
bool vs_tracing_on(void);

/**
 * vs_target_there() - can this target be attached to?
 * @kernel: what the kernel has
 * @i: the target's number
 */
bool vs_target_there(const struct vs_kernel *kernel, size_t i);

/**
 * vs_kernel_check() - is everything there that is needed?
 * @kernel: what the kernel has
 * @region: the region markers are needed, too
 * @missing: the optional symbols that are missing, up to a NULL
 *
 * Says on stderr what is missing and what that means.
 *
 * Return: 0, or -ENOENT when something cannot be done without.
 */
int vs_kernel_check(const struct vs_kernel *kernel, bool region,
		    const char *missing[VS_TARGETS + 2]);

#endif /* VS_TARGETS_H */
