/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VS_SETTLE_H
#define VS_SETTLE_H

#include <stdio.h>

/**
 * vs_count_areas() - count the areas of vmallocinfo that a caller asked for
 * @f: vmallocinfo
 * @caller: how the caller's name begins; it is the first word after the size
 *
 * Return: the number of areas.
 */
long vs_count_areas(FILE *f, const char *caller);

/**
 * vs_kernel_areas() - vs_count_areas() in the running kernel
 * @caller: as above
 *
 * Return: the number of areas, 0 when the kernel does not tell.
 */
long vs_kernel_areas(const char *caller);

/**
 * vs_settle() - wait until there are few enough areas of a caller
 * @caller: as above
 * @most: wait until there are at most so many
 *
 * Return: 0, or -ETIMEDOUT when that does not happen within 10 seconds.
 */
int vs_settle(const char *caller, long most);

#endif /* VS_SETTLE_H */
