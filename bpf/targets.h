/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VS_TARGETS_H
#define VS_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include "symbols.h"

/** enum vs_group - what can be chosen with --probes */
enum vs_group {
	VS_PURGE	= 1 << 0,
	VS_FLUSH	= 1 << 1,
	VS_IPI		= 1 << 2,
	VS_BLOCK	= 1 << 3,
	VS_ALIASES	= 1 << 4,
	VS_LOCK		= 1 << 5,
	VS_MAP		= 1 << 6,
	VS_NR_GROUPS	= 7,
	VS_ALL		= (1 << VS_NR_GROUPS) - 1,
};

/* By number of the bit. */
extern const char *const vs_group_names[VS_NR_GROUPS];

/* Programs on one function, at most. */
#define VS_PROGS	4

/**
 * struct vs_target - a kernel function, and the programs to put on it
 * @symbol: the function
 * @groups: attached when one of them is chosen
 * @instead: functions of which any will do; the first one there is taken
 * @disables: what is not counted without it; NULL: not worth a word
 * @progs: programs in the order of attaching; an fexit comes before its
 *	fentry, so that nothing begins whose end goes unseen, and the second
 *	of two programs before the first: the kernel runs the last attached first
 */
struct vs_target {
	const char *symbol;
	unsigned int groups;
	const char *instead;
	const char *disables;
	const char *progs[VS_PROGS];
};

#define VS_TARGETS	20
#define VS_CODE_NAMES	9
#define VS_MISSING	(VS_TARGETS + 4)	/* at most, with the final NULL */
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
	VS_SYM_ONLINE,
	VS_SYM_NODES,
	VS_SYM_NR_NODES,
	VS_SYM_REGION_BEGIN,
	VS_SYM_REGION_END,
	VS_SYM_FILTER,
	VS_SYM_FILTER_CLONE,
	VS_SYM_CODES,		/* each is followed by its clone */
	VS_SYM_TARGETS	= VS_SYM_CODES + 2 * VS_CODE_NAMES,
	VS_SYM_LOCKS	= VS_SYM_TARGETS + VS_TARGETS,
	VS_SYM_COUNT	= VS_SYM_LOCKS + VS_ROWS,
};

/**
 * struct vs_kernel - what the running kernel has
 * @syms: symbols, by enum vs_sym
 * @traceable: targets that BTF describes, so that fentry can attach
 * @region_btf: the same for both region markers
 * @node_size: bytes of a struct vmap_node, 0 when there is none
 */
struct vs_kernel {
	struct vs_symbol syms[VS_SYM_COUNT];
	bool traceable[VS_TARGETS];
	bool region_btf;
	unsigned int node_size;
};

/**
 * vs_kernel_inspect() - look everything up in kallsyms and BTF
 * @kernel: the result
 * @caller: the function that --caller asks for, or NULL
 *
 * Says on stderr what went wrong.
 *
 * Return: 0 or -errno.
 */
int vs_kernel_inspect(struct vs_kernel *kernel, const char *caller);

/**
 * vs_tracing_on() - does the kernel call what is attached to its functions?
 *
 * With kernel.ftrace_enabled at 0 every attach succeeds, and then nothing is
 * ever called: all counts are 0 and look like a result.
 */
bool vs_tracing_on(void);

/**
 * vs_target_there() - can this target be attached to, and is it of use?
 * @kernel: what the kernel has
 * @i: the target's number
 */
bool vs_target_there(const struct vs_kernel *kernel, size_t i);

/**
 * vs_target_index() - the number of a target
 * @name: its symbol, one of vs_targets
 */
size_t vs_target_index(const char *name);

/**
 * vs_kernel_check() - what is missing, and is it needed?
 * @kernel: what the kernel has
 * @groups: what was chosen
 * @region: the region markers are needed, too
 * @missing: the symbols that are missing, up to a NULL
 *
 * Says on stderr what is missing and what that means.
 *
 * Return: 0, or -ENOENT when something cannot be done without.
 */
int vs_kernel_check(const struct vs_kernel *kernel, unsigned int groups, bool region,
		    const char *missing[VS_MISSING]);

/**
 * vs_codes_build() - the table of functions that are told apart by address
 * @kernel: what the kernel has
 * @out: the table, VS_CODES entries
 *
 * Return: the number of entries.
 */
size_t vs_codes_build(const struct vs_kernel *kernel, struct vs_range *out);

/**
 * vs_filters_build() - the table of functions that --caller asks for
 * @kernel: what the kernel has
 * @out: the table, VS_FILTERS entries
 *
 * Return: the number of entries, 0 when there is no such function.
 */
size_t vs_filters_build(const struct vs_kernel *kernel, struct vs_range *out);

#endif /* VS_TARGETS_H */
