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
#include "settle.h"
#include "targets.h"
#include "vmapstat.skel.h"

/* Functions that ask for BPF's memory: those for trampolines, and all. */
#define TRAMPOLINE_AREAS	"bpf_tramp"
#define BPF_AREAS		"bpf_"

/* NULL-terminated; the output refers to it for as long as the process runs. */
static const char *missing[VS_TARGETS + 2];

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

	for (i = 0; i < 2 && t->progs[i]; i++) {
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

/* Pages are a difference: without one side the other means nothing. */
static bool is_useless(const struct vs_kernel *kernel, const struct vs_target *t)
{
	return !strcmp(t->progs[0], "lazy_free") &&
	       kernel->syms[VS_SYM_LAZY_NR].matches != 1;
}

static const char *const region_progs[2][2] = {
	{ "region_begin_kprobe", "region_end_kprobe" },
	{ "region_begin_fentry", "region_end_fentry" },
};

static int choose(struct vs_probes *p, const struct vs_kernel *kernel, bool region)
{
	struct bpf_program *prog;
	size_t i;
	int err;

	bpf_object__for_each_program(prog, p->skel->obj)
		bpf_program__set_autoload(prog, false);
	bpf_program__set_autoload(p->skel->progs.sample, true);

	for (i = 0; i < VS_TARGETS; i++) {
		if (!vs_target_there(kernel, i) ||
		    is_useless(kernel, &vs_targets[i]))
			continue;
		err = choose_target(p, &vs_targets[i]);
		if (err)
			return err;
	}
	for (i = 0; region && i < 2; i++) {
		prog = find_prog(p, region_progs[kernel->region_btf][i]);
		bpf_program__set_autoload(prog, true);
	}
	return 0;
}

/*
 * Tell the programs what they need to know
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

static int fill_control(struct vs_probes *p, const struct vs_kernel *kernel)
{
	const struct vs_symbol *offsets = &kernel->syms[VS_SYM_CPU_OFFSETS];
	struct vs_control *ctl = p->ctl;
	int n, err;

	if (kernel->syms[VS_SYM_LAZY_NR].matches == 1)
		ctl->lazy_nr_addr = kernel->syms[VS_SYM_LAZY_NR].addr;
	if (offsets->matches == 1) {
		ctl->offsets_addr = offsets->addr;
		ctl->nr_offsets = p->nr_cpus < VS_CPUS ? p->nr_cpus : VS_CPUS;
	}
	err = vs_probes_command(p, VS_SAMPLE);
	if (err)
		return err;

	n = vs_ranges_build(&kernel->syms[VS_SYM_LOCKS], ctl->offsets,
			    ctl->nr_offsets, ctl->ranges, VS_RANGES);
	if (n < 0)
		return n;
	ctl->nr_ranges = n;
	return 0;
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

	for (i = 0; i < 2 && t->progs[i]; i++) {
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
static int attach_all(struct vs_probes *p, const struct vs_kernel *kernel, bool region)
{
	static const char *const markers[2] = { VS_REGION_BEGIN, VS_REGION_END };
	bool attached[VS_TARGETS] = { false };
	int functions = 0;
	size_t i;
	int err;

	for (i = 0; i < VS_TARGETS; i++) {
		const struct vs_target *t = &vs_targets[i];

		if (!vs_target_there(kernel, i) ||
		    !bpf_program__autoload(find_prog(p, t->progs[0])) ||
		    is_attached(attached, t->progs[0]))
			continue;
		err = attach_target(p, t, attached);
		if (err)
			return err;
		functions++;
	}
	for (i = 0; region && i < 2; i++) {
		err = attach_one(p, region_progs[kernel->region_btf][i], markers[i]);
		if (err)
			return err;
		functions += kernel->region_btf;
	}
	return functions;
}

static int load(struct vs_probes *p, const struct vs_kernel *kernel, bool region)
{
	int err;

	p->skel = vmapstat_bpf__open();
	if (!p->skel)
		return -errno;
	err = choose(p, kernel, region);
	if (err)
		return err;
	err = vmapstat_bpf__load(p->skel);
	if (err)
		return err;
	err = map_control(p);
	if (err)
		return err;

	p->nr_cpus = libbpf_num_possible_cpus();
	if (p->nr_cpus < 0)
		return p->nr_cpus;
	p->cpus = calloc(p->nr_cpus, sizeof(*p->cpus));
	if (!p->cpus)
		return -ENOMEM;

	p->sampler = bpf_program__attach_iter(p->skel->progs.sample, NULL);
	if (!p->sampler)
		return -errno;
	return fill_control(p, kernel);
}

int vs_probes_start(struct vs_probes *p, bool region)
{
	struct vs_kernel kernel;
	long trampolines;
	size_t i;
	int err;

	p->areas_before = vs_kernel_areas(BPF_AREAS);
	trampolines = vs_kernel_areas(TRAMPOLINE_AREAS);
	err = vs_kernel_inspect(&kernel);
	if (err)
		return err;
	err = vs_kernel_check(&kernel, region, missing);
	if (err)
		return err;
	p->names.missing = missing;
	for (i = 0; i < vs_nr_locks; i++)
		p->names.known[i + 1] = kernel.syms[VS_SYM_LOCKS + i].matches == 1;

	err = load(p, &kernel, region);
	if (err) {
		vs_warn("cannot load the BPF programs: %s (-v says more)",
			strerror(-err));
		return err;
	}
	err = attach_all(p, &kernel, region);
	if (err < 0)
		return err;
	if (vs_settle(TRAMPOLINE_AREAS, trampolines + err))
		vs_warn("the kernel still cleans up after attaching: a few purges of its own may count");
	return 0;
}

/*
 * Use
 */

/* Programs that were kept out because another run of them was interrupted. */
static int recursion_misses(struct vs_probes *p, __u64 *misses)
{
	struct bpf_program *prog;
	int err;

	*misses = 0;
	bpf_object__for_each_program(prog, p->skel->obj) {
		struct bpf_prog_info info = {};
		__u32 len = sizeof(info);

		if (!bpf_program__autoload(prog))
			continue;
		err = bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &len);
		if (err)
			return -errno;
		*misses += info.recursion_misses;
	}
	return 0;
}

int vs_probes_command(struct vs_probes *p, enum vs_command command)
{
	__u64 before = p->ctl->samples;
	char byte;
	ssize_t n;
	int fd;

	if (command == VS_OPEN) {
		int err = recursion_misses(p, &p->missed_before);

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

int vs_probes_read(struct vs_probes *p, struct vs_totals *totals)
{
	__u32 zero = 0;
	__u64 misses;
	int err;

	err = vs_probes_command(p, VS_SAMPLE);
	if (err)
		return err;
	err = bpf_map__lookup_elem(p->skel->maps.percpu, &zero, sizeof(zero),
				   p->cpus, p->nr_cpus * sizeof(*p->cpus), 0);
	if (err)
		return err;
	err = recursion_misses(p, &misses);
	if (err)
		return err;

	vs_totals_sum(totals, p->cpus, p->nr_cpus, p->ctl->gen);
	totals->lazy_growth = vs_lazy_growth(p->ctl);
	totals->lost += misses - p->missed_before;
	p->ctl->gen++;
	return 0;
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
	if (!p->skel)
		return;
	vmapstat_bpf__destroy(p->skel);
	/* What comes next shall not be disturbed. Too late is no error. */
	vs_settle(BPF_AREAS, p->areas_before);
}
