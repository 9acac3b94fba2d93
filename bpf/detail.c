// SPDX-License-Identifier: GPL-2.0
/*
 * detail.c - who it was: functions by name, stacks, CPUs.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "detail.h"
#include "symbols.h"

/* A kretprobe puts its own address, the start of this, where the caller's was. */
static bool is_return_hook(const struct vs_line *line, __u64 addr)
{
	return line->addr == addr + 1 && (!strcmp(line->name, "arch_rethook_trampoline") ||
					  !strcmp(line->name, "__kretprobe_trampoline"));
}

int vs_find_names(FILE *f, struct vs_place *places, size_t n)
{
	struct vs_line line;
	char *text = NULL;
	size_t size = 0;
	size_t i;
	int err = 0;

	while (getline(&text, &size, f) > 0) {
		err = vs_parse_line(text, &line);
		if (err)
			break;
		if (!strchr("tTwW", line.type))
			continue;
		for (i = 0; i < n; i++) {
			if ((line.addr > places[i].addr || line.addr <= places[i].start) &&
			    !is_return_hook(&line, places[i].addr))
				continue;
			places[i].start = line.addr;
			snprintf(places[i].name, sizeof(places[i].name), "%s", line.name);
		}
	}
	if (ferror(f))
		err = -EIO;
	free(text);
	return err;
}

static bool is_chosen(const bool *chosen, size_t cpu)
{
	return !chosen || (cpu < VS_CPUS && chosen[cpu]);
}

/*
 * Callers and functions
 */

static void add_site(struct vs_site *sum, size_t *n, const struct vs_site *s)
{
	size_t i;

	for (i = 0; i < *n && sum[i].addr != s->addr; i++)
		;
	if (i == *n) {
		sum[(*n)++] = *s;
		return;
	}
	sum[i].calls += s->calls;
	sum[i].hits += s->hits;
	sum[i].ns += s->ns;
}

/* One function may have several calls, and be several addresses. */
static void add_who(struct vs_who *who, size_t *n, const char *name, const struct vs_site *s)
{
	size_t i;

	for (i = 0; i < *n && strcmp(who[i].name, name); i++)
		;
	if (i == VS_SITES)
		i--;
	if (i == *n)
		snprintf(who[(*n)++].name, VS_NAME_MAX, "%s", name);
	who[i].calls += s->calls;
	who[i].hits += s->hits;
	who[i].ns += s->ns;
}

static int by_hits(const void *a, const void *b)
{
	const struct vs_who *x = a, *y = b;

	if (x->hits != y->hits)
		return x->hits < y->hits ? 1 : -1;
	if (x->calls != y->calls)
		return x->calls < y->calls ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* A return address belongs to the call before it. */
static int name_sites(struct vs_who *who, size_t *nr_who, const struct vs_site *sites,
		      size_t n, bool returns, FILE *kallsyms)
{
	struct vs_place *places = calloc(n + 1, sizeof(*places));
	size_t i;
	int err;

	if (!places)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		places[i].addr = sites[i].addr - returns;
	rewind(kallsyms);
	err = n ? vs_find_names(kallsyms, places, n) : 0;
	for (i = 0; i < n && !err; i++) {
		/* Of a part of a function, the function. */
		places[i].name[strcspn(places[i].name, ".")] = '\0';
		add_who(who, nr_who, places[i].start ? places[i].name : "unknown", &sites[i]);
	}
	free(places);
	qsort(who, *nr_who, sizeof(*who), by_hits);
	return err;
}

int vs_detail_sites(struct vs_detail *d, const struct vs_cpu *cpus, size_t nr_cpus,
		    const bool *chosen, FILE *kallsyms)
{
	struct vs_site *callers = calloc(2 * nr_cpus * VS_SITES, sizeof(*callers));
	struct vs_site *funcs = callers + nr_cpus * VS_SITES;
	size_t nr_callers = 0, nr_funcs = 0;
	size_t cpu, i;
	int err;

	if (!callers)
		return -ENOMEM;
	for (cpu = 0; cpu < nr_cpus; cpu++) {
		for (i = 0; is_chosen(chosen, cpu) && i < VS_SITES; i++) {
			if (cpus[cpu].callers[i].addr)
				add_site(callers, &nr_callers, &cpus[cpu].callers[i]);
			if (cpus[cpu].funcs[i].addr)
				add_site(funcs, &nr_funcs, &cpus[cpu].funcs[i]);
		}
	}
	err = name_sites(d->callers, &d->nr_callers, callers, nr_callers, true, kallsyms);
	if (!err)
		err = name_sites(d->funcs, &d->nr_funcs, funcs, nr_funcs, false, kallsyms);
	free(callers);
	return err;
}

/*
 * Stacks
 */

static void add_top(struct vs_top *top, const struct vs_stack *s)
{
	top->kind = s->kind;
	top->row = s->row;
	top->waits = s->waits;
	top->wait_ns = s->wait_ns;
}

/* Sum equal stacks of different CPUs in the first of them. */
static void merge_stacks(struct vs_stack *s, size_t n)
{
	size_t i, j;

	for (i = 0; i < n; i++) {
		for (j = i + 1; s[i].hash && j < n; j++) {
			if (s[j].hash != s[i].hash)
				continue;
			s[i].waits += s[j].waits;
			s[i].wait_ns += s[j].wait_ns;
			s[j].hash = 0;
		}
	}
}

static const struct vs_stack *longest(const struct vs_stack *s, size_t n, __u32 kind, __u32 row)
{
	const struct vs_stack *best = NULL;
	size_t i;

	for (i = 0; i < n; i++)
		if (s[i].hash && s[i].waits && s[i].kind == kind && s[i].row == row &&
		    (!best || s[i].wait_ns > best->wait_ns))
			best = &s[i];
	return best;
}

/* The first frames are those of the probe, the slow path and the lock. */
static size_t skip_frames(const struct vs_place *p, size_t n)
{
	size_t i, first = 0;

	for (i = 0; i < n && i < VS_FRAMES / 2; i++)
		if (strstr(p[i].name, "lock_slowpath"))
			first = i + 1;
	while (first < n && !strncmp(p[first].name, "_raw_", 5))
		first++;
	return first < n ? first : 0;
}

/*
 * A traced function is left and entered again for its trampoline: frames that
 * would not be there without us.
 */
static bool is_ours(const struct vs_place *p, size_t i)
{
	static const char trampoline[] = "bpf_trampoline_";

	return !strncmp(p[i].name, trampoline, sizeof(trampoline) - 1) ||
	       (i && !strncmp(p[i - 1].name, trampoline, sizeof(trampoline) - 1));
}

static int name_frames(struct vs_top *top, const struct vs_stack *s, FILE *kallsyms)
{
	struct vs_place places[VS_FRAMES] = { 0 };
	size_t i, n = 0;
	int err;

	for (; n < VS_FRAMES && s->frames[n]; n++)
		places[n].addr = s->frames[n] - 1;
	rewind(kallsyms);
	err = vs_find_names(kallsyms, places, n);
	for (i = skip_frames(places, n); i < n && !err; i++) {
		if (is_ours(places, i))
			continue;
		snprintf(top->frames[top->nr_frames++], VS_NAME_MAX, "%.48s+0x%llx",
			 places[i].start ? places[i].name : "unknown",
			 (unsigned long long)(places[i].addr + 1 - places[i].start));
	}
	return err;
}

int vs_detail_stacks(struct vs_detail *d, struct vs_stack *stacks, size_t n, FILE *kallsyms)
{
	__u32 kind, row;
	int err = 0;

	merge_stacks(stacks, n);
	for (row = 0; row < VS_ROWS; row++) {
		for (kind = 0; kind < VS_KINDS && !err; kind++) {
			const struct vs_stack *s = longest(stacks, n, kind, row);

			if (!s)
				continue;
			add_top(&d->tops[d->nr_tops], s);
			err = name_frames(&d->tops[d->nr_tops++], s, kallsyms);
		}
	}
	return err;
}

/*
 * CPUs
 */

int vs_detail_cpus(struct vs_detail *d, const struct vs_cpu *cpus, size_t nr_cpus,
		   const bool *chosen)
{
	size_t i;

	d->cpus = calloc(nr_cpus, sizeof(*d->cpus));
	if (!d->cpus)
		return -ENOMEM;
	for (i = 0; i < nr_cpus; i++) {
		if (!is_chosen(chosen, i))
			continue;
		d->cpus[d->nr_cpus].cpu = i;
		memcpy(d->cpus[d->nr_cpus++].nr, cpus[i].nr, sizeof(cpus[i].nr));
	}
	return 0;
}

void vs_detail_free(struct vs_detail *d)
{
	free(d->cpus);
	d->cpus = NULL;
	d->nr_cpus = 0;
}
