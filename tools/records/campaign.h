/* SPDX-License-Identifier: GPL-2.0 */
/* campaign.json: what was asked for, and what it was taken with. */
#ifndef VB_CAMPAIGN_H
#define VB_CAMPAIGN_H

#include <stddef.h>
#include <jansson.h>

/**
 * struct vb_campaign - campaign.json in memory
 * @dir: the campaign's directory
 * @root: the document; the strings below live in it
 * @id: name of the campaign
 * @machine: name of a machine in scripts/run/machines
 * @cpus: CPUs of the machine
 * @boots: runs asked for per variant
 * @ops: measured operations of a point, see vb_campaign_point_ops()
 * @warmup: operations of each thread before it counts
 * @insn_ps: how long an instruction takes on a simulated machine, in ps
 * @readers: its threads are programs that list a directory of their own
 * @counted: something counts in its guests: points are traced, too
 * @variants: kernels, in the order asked for
 * @workloads: operation loops, in the order asked for
 * @threads: thread counts, in the order asked for
 * @pages: pages per operation, in the order asked for
 */
struct vb_campaign {
	const char *dir;
	json_t *root;
	const char *id;
	const char *machine;
	long cpus;
	long boots;
	long ops;
	long warmup;
	long insn_ps;
	int readers;
	int counted;
	const char **variants;
	size_t nvariants;
	const char **workloads;
	size_t nworkloads;
	long *threads;
	size_t nthreads;
	long *pages;
	size_t npages;
};

void vb_campaign_read(struct vb_campaign *c, const char *dir);
void vb_campaign_free(struct vb_campaign *c);
const char *vb_campaign_accelerator(const struct vb_campaign *c);
int vb_campaign_is_sim(const struct vb_campaign *c);
int vb_campaign_has_caches(const struct vb_campaign *c);
json_int_t vb_campaign_point_ops(const struct vb_campaign *c, long threads);
int vb_campaign_insn_is_1ns(const struct vb_campaign *c);
long vb_campaign_most_threads(const struct vb_campaign *c);
int vb_names_have(const char **names, size_t n, const char *name);
int vb_counts_have(const long *counts, size_t n, long count);

#endif
