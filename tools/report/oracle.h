/* SPDX-License-Identifier: GPL-2.0 */
/* What the layers' sources say about purges and flushes: kernel-patches/oracle.tsv. */
#ifndef VB_ORACLE_H
#define VB_ORACLE_H

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
 * struct vb_oracle - all rules, as they are in the file
 */
struct vb_oracle {
	struct vb_rule *rule;
	size_t n;
};

void vb_oracle_read(struct vb_oracle *o, const char *path);
const struct vb_rule *vb_oracle_find(const struct vb_oracle *o, const char *variant,
				     const char *workload);
long vb_rule_lazy_max(const struct vb_rule *rule, long cpus);
long vb_rule_lazy_pages(const struct vb_rule *rule, long pages);
double vb_rule_purges(const struct vb_rule *rule, long cpus, long pages, double ops);
double vb_rule_flushes(const struct vb_rule *rule, long cpus, long pages, double ops);
void vb_oracle_free(struct vb_oracle *o);

#endif
