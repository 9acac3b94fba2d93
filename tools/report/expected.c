// SPDX-License-Identifier: GPL-2.0
/* What the layers' sources say about purges and flushes: see expected.h. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "report/expected.h"
#include "base/tsv.h"

#define PAGES_PER_MIB	(1024 / 4)
/* More than any layer has, and few enough to be multiplied. */
#define PAGES_MAX	0x40000000

static const struct vb_tsv kind = {
	.what = "a rule of a layer",
	.columns = 7,
};

static int take_rule(void *arg, char **f)
{
	struct vb_expected *o = arg;
	struct vb_rule *rule;

	o->rule = vb_grow(o->rule, o->n, sizeof(*o->rule));
	rule = &o->rule[o->n];
	if (!*f[0] || !*f[1] || vb_tsv_count(f[2], &rule->guard) ||
	    vb_tsv_count(f[3], &rule->block) || vb_tsv_count(f[4], &rule->lazy_mib) || !*f[6])
		return -1;
	if (rule->guard > PAGES_MAX || rule->block > PAGES_MAX || rule->lazy_mib > PAGES_MAX)
		return -1;
	rule->flush_per_unmap = !strcmp(f[5], "unmap");
	if (!rule->flush_per_unmap && strcmp(f[5], "purge"))
		return -1;
	if (vb_expected_find(o, f[0], f[1]))
		return -1;
	rule->variant = vb_strf("%s", f[0]);
	rule->workload = vb_strf("%s", f[1]);
	rule->source = vb_strf("%s", f[6]);
	o->n++;
	return 0;
}

/**
 * vb_expected_read() - read the rules
 * @o: filled in
 * @path: the file; NULL: no rules
 *
 * Ends the program with one line when there is something wrong with the file,
 * two rules for the same included.
 */
void vb_expected_read(struct vb_expected *o, const char *path)
{
	memset(o, 0, sizeof(*o));
	if (path && !vb_tsv_read(&kind, path, take_rule, o))
		vb_die("%s: no such file", path);
}

/**
 * vb_expected_find() - the rule of a layer and workload
 * @o: the rules
 * @variant: the layer
 * @workload: which operation loop
 *
 * Return: the rule, or NULL.
 */
const struct vb_rule *vb_expected_find(const struct vb_expected *o, const char *variant,
				       const char *workload)
{
	size_t i;

	for (i = 0; i < o->n; i++)
		if (!strcmp(o->rule[i].variant, variant) && !strcmp(o->rule[i].workload, workload))
			return &o->rule[i];
	return NULL;
}

/* The position of the highest bit, from 1, as the kernel has it. */
static int fls(unsigned long x)
{
	return x ? 8 * sizeof(x) - __builtin_clzl(x) : 0;
}

/**
 * vb_rule_lazy_max() - pages that wait for a purge before one is due
 * @rule: the rule
 * @cpus: CPUs online
 *
 * Return: how many; 0 when nothing is freed lazily.
 */
long vb_rule_lazy_max(const struct vb_rule *rule, long cpus)
{
	return fls(cpus) * rule->lazy_mib * PAGES_PER_MIB;
}

/**
 * vb_rule_lazy_pages() - pages of address space that an operation leaves to a purge
 * @rule: the rule
 * @pages: pages that it asks for
 *
 * A block is freed as a whole when all of it was used: over many operations
 * that is what each took from it.
 *
 * Return: how many; 0 when nothing is freed lazily.
 */
long vb_rule_lazy_pages(const struct vb_rule *rule, long pages)
{
	if (!rule->lazy_mib)
		return 0;
	if (pages <= rule->block)
		return 1L << fls(pages - 1);
	return pages + rule->guard;
}

/**
 * vb_rule_purges() - how many purges to expect
 * @rule: the rule
 * @cpus: CPUs online
 * @pages: pages of an operation
 * @ops: operations
 *
 * Return: how many, not rounded; the number that comes is whole.
 */
double vb_rule_purges(const struct vb_rule *rule, long cpus, long pages, double ops)
{
	long max = vb_rule_lazy_max(rule, cpus);

	return max ? ops * vb_rule_lazy_pages(rule, pages) / max : 0;
}

/**
 * vb_rule_flushes() - how many kernel TLB flushes to expect
 * @rule: the rule
 * @cpus: CPUs online
 * @pages: pages of an operation
 * @ops: operations
 *
 * Return: how many, not rounded.
 */
double vb_rule_flushes(const struct vb_rule *rule, long cpus, long pages, double ops)
{
	return rule->flush_per_unmap ? ops : vb_rule_purges(rule, cpus, pages, ops);
}

/**
 * vb_expected_free() - free what vb_expected_read() took
 * @o: the rules
 */
void vb_expected_free(struct vb_expected *o)
{
	size_t i;

	for (i = 0; i < o->n; i++) {
		free(o->rule[i].variant);
		free(o->rule[i].workload);
		free(o->rule[i].source);
	}
	free(o->rule);
}
