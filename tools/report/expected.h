/* SPDX-License-Identifier: GPL-2.0 */
/* What the layers' sources say about purges and flushes: kernel-patches/expected.tsv. */
#ifndef VB_EXPECTED_H
#define VB_EXPECTED_H

#include <stddef.h>

/**
 * struct vb_rule - what is written of one layer and workload
 * @variant: the layer
 * @workload: which operation loop
 * @guard: pages that an area has beside those asked for
 * @block: up to so many pages come from a block, in powers of two
 * @lazy_mib: a purge is due above fls(CPUs) times so many MiB; 0: nothing is lazy
 * @flush_per_unmap: each unmap flushes; otherwise each purge
 * @source: where that is written
 */
struct vb_rule {
	char *variant;
	char *workload;
	long guard;
	long block;
	long lazy_mib;
	int flush_per_unmap;
	char *source;
};

/**
 * struct vb_expected - all rules, as they are in the file
 */
struct vb_expected {
	struct vb_rule *rule;
	size_t n;
};

void vb_expected_read(struct vb_expected *o, const char *path);
const struct vb_rule *vb_expected_find(const struct vb_expected *o, const char *variant,
				       const char *workload);
long vb_rule_lazy_max(const struct vb_rule *rule, long cpus);
long vb_rule_lazy_pages(const struct vb_rule *rule, long pages);
double vb_rule_purges(const struct vb_rule *rule, long cpus, long pages, double ops);
double vb_rule_flushes(const struct vb_rule *rule, long cpus, long pages, double ops);
void vb_expected_free(struct vb_expected *o);

#endif
