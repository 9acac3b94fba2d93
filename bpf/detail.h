/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VS_DETAIL_H
#define VS_DETAIL_H

#include "report.h"

/**
 * struct vs_place - an address in code, and its name
 * @addr: the address
 * @start: where its function begins, 0 when there is none
 * @name: the name of that
 */
struct vs_place {
	__u64 addr;
	__u64 start;
	char name[VS_NAME_MAX];
};

/**
 * vs_find_names() - name addresses in one pass over a kallsyms file
 * @f: the file
 * @places: the addresses
 * @n: how many
 *
 * Return: 0 or -errno.
 */
int vs_find_names(FILE *f, struct vs_place *places, size_t n);

/**
 * vs_detail_sites() - sum what CPUs counted by caller and by function
 * @d: filled in
 * @cpus: the counters
 * @nr_cpus: how many
 * @chosen: for each CPU whether it counts, NULL: all do
 * @kallsyms: where names come from
 *
 * Return: 0 or -errno.
 */
int vs_detail_sites(struct vs_detail *d, const struct vs_cpu *cpus, size_t nr_cpus,
		    const bool *chosen, FILE *kallsyms);

/**
 * vs_detail_stacks() - for each lock the stack that waited longest
 * @d: filled in
 * @stacks: stacks of all CPUs; changed
 * @n: how many, those that are not used included
 * @kallsyms: where names come from
 *
 * Return: 0 or -errno.
 */
int vs_detail_stacks(struct vs_detail *d, struct vs_stack *stacks, size_t n, FILE *kallsyms);

/**
 * vs_detail_cpus() - what each CPU counted
 * @d: filled in
 * @cpus: the counters
 * @nr_cpus: how many
 * @chosen: for each CPU whether it counts, NULL: all do
 *
 * Return: 0 or -errno.
 */
int vs_detail_cpus(struct vs_detail *d, const struct vs_cpu *cpus, size_t nr_cpus,
		   const bool *chosen);

/**
 * vs_detail_free() - free what the above took
 * @d: the details
 */
void vs_detail_free(struct vs_detail *d);

#endif /* VS_DETAIL_H */
