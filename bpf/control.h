/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VS_CONTROL_H
#define VS_CONTROL_H

#include "probes.h"
#include "targets.h"

/**
 * vs_table_size() - how many entries to give a table
 * @n: how many were asked for, 0: as many as possible
 * @most: the most there can be, a power of two
 *
 * Return: the largest power of two that is above neither.
 */
__u32 vs_table_size(unsigned long n, __u32 most);

/**
 * vs_control_fill() - fill in what user space writes into the control map
 * @p: loaded, with its sampler attached
 * @kernel: what the kernel has
 *
 * Return: 0 or -errno.
 */
int vs_control_fill(struct vs_probes *p, const struct vs_kernel *kernel);

#endif /* VS_CONTROL_H */
