// SPDX-License-Identifier: GPL-2.0
/*
 * probes.c - loading, attaching and reading the BPF programs.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "probes.h"
#include "control.h"
#include "detail.h"
#include "settle.h"
#include "targets.h"
#include "vmapstat.skel.h"

/* Functions that ask for BPF's memory: those for trampolines, and all. */
#define TRAMPOLINE_AREAS	"bpf_tramp"
#define BPF_AREAS		"bpf_"

/* NULL-terminated; the output refers to it for as long as the process runs. */
static const char *missing[VS_MISSING];

static struct bpf_program *find_prog(struct vs_probes *p, const char *name)
{
	return bpf_object__find_program_by_name(p->skel->obj, name);
}

/*
 * Choose the programs to load
 */

static int choose_target(struct vs_probes *p, const struct vs_target *t)
{
	struct bpf_program *prog;
	int i, err;

	for (i = 0; i < VS_PROGS && t->progs[i]; i++) {
		prog = find_prog(p, t->progs[i]);
		/* Taken already by another target of the group. */
		if (bpf_program__autoload(prog))
			return 0;
		err = bpf_program__set_attach_target(prog, 0, t->symbol);
		if (err)
			return err;
		bpf_program__set_autoload(prog, true);
	}
	return 0;
}

static const char *const region_progs[2][2] = {
	{ "region_begin_kprobe", "region_end_kprobe" },
	{ "region_begin_fentry", "region_end_fentry" },
};

static int choose(struct vs_probes *p, const struct vs_kernel *kernel)
{
	struct bpf_program *prog;
	size_t i;
	int err;

	bpf_object__for_each_program(prog, p->skel->obj)
		bpf_program__set_autoload(prog, false);
	bpf_program__set_autoload(p->skel->progs.sample, true);

	for (i = 0; i < VS_TARGETS; i++) {
		if (!(vs_targets[i].groups & p->o->groups) || !vs_target_there(kernel, i))
			continue;
		err = choose_target(p, &vs_targets[i]);
		if (err)
			return err;
	}
	for (i = 0; p->o->region && i < 2; i++) {
		prog = find_prog(p, region_progs[kernel->region_btf][i]);
		bpf_program__set_autoload(prog, true);
	}
	return 0;
}

/*
 * Maps
 */

static size_t control_size(void)
{
	size_t page = sysconf(_SC_PAGESIZE);

	return (sizeof(struct vs_control) + page - 1) / page * page;
}

static int map_control(struct vs_probes *p)
{
	void *ctl = mmap(NULL, control_size(), PROT_READ | PROT_WRITE, MAP_SHARED,
			 bpf_map__fd(p->skel->maps.control), 0);

	if (ctl == MAP_FAILED)
		return -errno;
	p->ctl = ctl;
	return 0;
}

static int size_maps(struct vs_probes *p)
{
	__u32 calls = vs_table_size(p->o->map_size, VS_PENDING);
	int err = bpf_map__set_max_entries(p->skel->maps.pending, calls);

	if (!err && p->o->stacks)
		err = bpf_map__set_max_entries(p->skel->maps.stacks,
					       vs_table_size(p->o->map_size, VS_STACKS));
	return err;
}

/*
 * Attach
 */

static int attach_one(struct vs_probes *p, const char *prog_name, const char *symbol)
{
	struct bpf_program *prog = find_prog(p, prog_name);
	struct bpf_link *link = bpf_program__attach(prog);
	int err;

	if (!link) {
		err = -errno;
		vs_warn("cannot attach to %s: %s", symbol, strerror(-err));
		return err;
	}
	p->links[p->nr_links++] = link;
	return 0;
}

static int attach_target(struct vs_probes *p, const struct vs_target *t,
			 bool attached[VS_TARGETS])
{
	int i, err;

	for (i = 0; i < VS_PROGS && t->progs[i]; i++) {
		err = attach_one(p, t->progs[i], t->symbol);
		if (err)
			return err;
	}
	attached[t - vs_targets] = true;
	return 0;
}

static bool is_attached(const bool attached[VS_TARGETS], const char *prog)
{
	size_t i;

	for (i = 0; i < VS_TARGETS; i++)
		if (attached[i] && !strcmp(vs_targets[i].progs[0], prog))
			return true;
	return false;
}

/* The number of functions that have a trampoline then, or -errno. */
static int attach_all(struct vs_probes *p, const struct vs_kernel *kernel)
{
	static const char *const markers[2] = { VS_REGION_BEGIN, VS_REGION_END };
	bool attached[VS_TARGETS] = { false };
	int functions = 0;
	size_t i;
	int err;

	for (i = 0; i < VS_TARGETS; i++) {
		const struct vs_target *t = &vs_targets[i];

		if (!(t->groups & p->o->groups) || !vs_target_there(kernel, i) ||
		    !bpf_program__autoload(find_prog(p, t->progs[0])) ||
		    is_attached(attached, t->progs[0]))
			continue;
		err = attach_target(p, t, attached);
		if (err)
			return err;
		functions++;
	}
	for (i = 0; p->o->region && i < 2; i++) {
		err = attach_one(p, region_progs[kernel->region_btf][i], markers[i]);
		if (err)
			return err;
		functions += kernel->region_btf;
	}
	return functions;
}

static int make_room(struct vs_probes *p)
{
	p->nr_cpus = libbpf_num_possible_cpus();
	if (p->nr_cpus < 0)
		return p->nr_cpus;
	p->cpus = calloc(p->nr_cpus, sizeof(*p->cpus));
	if (!p->cpus)
		return -ENOMEM;
	if (p->o->groups & VS_MAP) {
		p->ops = calloc(p->nr_cpus, sizeof(*p->ops));
		if (!p->ops)
			return -ENOMEM;
	}
	return 0;
}

static int load(struct vs_probes *p, const struct vs_kernel *kernel)
{
	int err;

	p->skel = vmapstat_bpf__open();
	if (!p->skel)
		return -errno;
	err = choose(p, kernel);
	if (!err)
		err = size_maps(p);
	if (!err)
		err = vmapstat_bpf__load(p->skel);
	if (!err)
		err = map_control(p);
	if (!err)
		err = make_room(p);
	if (err)
		return err;

	p->sampler = bpf_program__attach_iter(p->skel->progs.sample, NULL);
	if (!p->sampler)
		return -errno;
	return vs_control_fill(p, kernel);
}

static void name_locks(struct vs_probes *p, const struct vs_kernel *kernel)
{
	size_t i;

	for (i = 0; i < vs_nr_locks; i++)
		p->names.known[i + 1] = kernel->syms[VS_SYM_LOCKS + i].matches == 1 &&
					p->o->groups & VS_LOCK;
	p->names.known[vs_lock_row(VS_LOCK_BLOCK)] =
		p->names.known[vs_lock_row(VS_LOCK_QUEUE)];
	p->names.known[vs_lock_row(VS_LOCK_NODE)] =
		kernel->node_size && p->o->groups & VS_LOCK;
}

static int check_caller(const struct vs_kernel *kernel, const char *caller)
{
	unsigned int n = kernel->syms[VS_SYM_FILTER].matches;

	if (!caller)
		return 0;
	if (!n && !kernel->syms[VS_SYM_FILTER_CLONE].matches) {
		vs_warn("no function %s in this kernel", caller);
		return -ENOENT;
	}
	if (n > 1) {
		vs_warn("%u functions are called %s", n, caller);
		return -EINVAL;
	}
	return 0;
}

static int inspect(struct vs_probes *p, struct vs_kernel *kernel)
{
	int err = vs_kernel_inspect(kernel, p->o->caller);

	if (!err)
		err = check_caller(kernel, p->o->caller);
	if (!err)
		err = vs_kernel_check(kernel, p->o->groups, p->o->region, missing);
	if (err)
		return err;
	p->names.missing = missing;
	p->names.groups = p->o->groups;
	p->names.point = p->o->point;
	name_locks(p, kernel);
	return 0;
}

int vs_probes_start(struct vs_probes *p, const struct vs_options *o)
{
	static struct vs_kernel kernel;
	long trampolines;
	int err;

	p->o = o;
	p->areas_before = vs_kernel_areas(BPF_AREAS);
	trampolines = vs_kernel_areas(TRAMPOLINE_AREAS);
	err = inspect(p, &kernel);
	if (err)
		return err;
	err = load(p, &kernel);
	if (err) {
		vs_warn("cannot load the BPF programs: %s (-v says more)",
			strerror(-err));
		return err;
	}
	err = attach_all(p, &kernel);
	if (err < 0)
		return err;
	if (vs_settle(TRAMPOLINE_AREAS, trampolines + err))
		vs_warn("the kernel still cleans up after attaching: a few purges of its own may count");
	return 0;
}

/*
 * Use
 */

/* Of a pair of programs on one function, the one that stands in for the other. */
static bool is_second(const struct bpf_program *prog)
{
	const char *name = bpf_program__name(prog);
	const size_t len = strlen(name);

	return len > 2 && !strcmp(name + len - 2, "_2");
}

/* Programs that were kept out because another run of them was interrupted. */
static int recursion_misses(struct vs_probes *p, __s64 *misses)
{
	struct bpf_program *prog;
	int err;

	*misses = 0;
	bpf_object__for_each_program(prog, p->skel->obj) {
		struct bpf_prog_info info = {};
		__u32 len = sizeof(info);

		if (!bpf_program__autoload(prog) || is_second(prog))
			continue;
		err = bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &len);
		if (err)
			return -errno;
		*misses += info.recursion_misses;
	}
	return 0;
}

static int read_cpus(struct vs_probes *p)
{
	__u32 zero = 0;

	return bpf_map__lookup_elem(p->skel->maps.percpu, &zero, sizeof(zero), p->cpus,
				    p->nr_cpus * sizeof(*p->cpus), 0);
}

/*
 * What was kept out and not done by the second program; reads p->cpus as well, which has to
 * come second: what is made up for in between is not missed.
 */
static int missed(struct vs_probes *p, __s64 *n)
{
	int err = recursion_misses(p, n);
	int i;

	if (!err)
		err = read_cpus(p);
	for (i = 0; i < p->nr_cpus; i++)
		*n -= p->cpus[i].nr[VS_NR_SECOND];
	return err;
}

int vs_probes_command(struct vs_probes *p, enum vs_command command)
{
	__u64 before = p->ctl->samples;
	char byte;
	ssize_t n;
	int fd;

	if (command == VS_OPEN) {
		int err = missed(p, &p->missed_before);

		if (err)
			return err;
	}

	p->ctl->command = command;
	fd = bpf_iter_create(bpf_link__fd(p->sampler));
	if (fd < 0)
		return fd;
	do {
		n = read(fd, &byte, 1);
	} while (n > 0 || (n < 0 && errno == EAGAIN));
	close(fd);
	if (__atomic_load_n(&p->ctl->samples, __ATOMIC_RELAXED) == before)
		return -EIO;
	return 0;
}

static const bool *chosen_cpus(const struct vs_probes *p)
{
	return p->o->some_cpus ? p->o->cpus : NULL;
}

int vs_probes_read(struct vs_probes *p, struct vs_totals *totals)
{
	__u32 zero = 0;
	__s64 misses;
	int err;

	err = vs_probes_command(p, VS_SAMPLE);
	if (err)
		return err;
	err = missed(p, &misses);
	if (err)
		return err;

	if (p->ops)
		err = bpf_map__lookup_elem(p->skel->maps.ops, &zero, sizeof(zero),
					   p->ops, p->nr_cpus * sizeof(*p->ops), 0);
	if (err)
		return err;

	vs_totals_sum(totals, p->cpus, p->ops, p->nr_cpus, chosen_cpus(p), p->ctl->gen);
	vs_totals_window(totals, p->ctl);
	/* A wait can be kept out before the window and done by the second in it. */
	if (misses > p->missed_before)
		totals->lost += misses - p->missed_before;
	p->ctl->gen++;
	return 0;
}

static int read_stacks(struct vs_probes *p, struct vs_detail *d, FILE *kallsyms)
{
	__u32 i, n = bpf_map__max_entries(p->skel->maps.stacks);
	struct vs_stack *stacks = calloc((size_t)n * p->nr_cpus, sizeof(*stacks));
	int err = 0;

	if (!stacks)
		return -ENOMEM;
	for (i = 0; i < n && !err; i++)
		err = bpf_map__lookup_elem(p->skel->maps.stacks, &i, sizeof(i),
					   &stacks[(size_t)i * p->nr_cpus],
					   p->nr_cpus * sizeof(*stacks), 0);
	if (!err)
		err = vs_detail_stacks(d, stacks, (size_t)n * p->nr_cpus, kallsyms);
	free(stacks);
	return err;
}

int vs_probes_detail(struct vs_probes *p, struct vs_detail *d)
{
	FILE *kallsyms = fopen("/proc/kallsyms", "r");
	int err;

	if (!kallsyms)
		return -errno;
	err = vs_detail_sites(d, p->cpus, p->nr_cpus, chosen_cpus(p), kallsyms);
	if (!err && p->o->stacks)
		err = read_stacks(p, d, kallsyms);
	if (!err && p->o->per_cpu)
		err = vs_detail_cpus(d, p->cpus, p->nr_cpus, chosen_cpus(p));
	fclose(kallsyms);
	return err;
}

void vs_probes_stop(struct vs_probes *p)
{
	/* In reverse, so that each fentry goes before its fexit. */
	while (p->nr_links)
		bpf_link__destroy(p->links[--p->nr_links]);
	bpf_link__destroy(p->sampler);
	if (p->ctl)
		munmap(p->ctl, control_size());
	free(p->cpus);
	free(p->ops);
	if (!p->skel)
		return;
	vmapstat_bpf__destroy(p->skel);
	/* What comes next shall not be disturbed. Too late is no error. */
	vs_settle(BPF_AREAS, p->areas_before);
}
