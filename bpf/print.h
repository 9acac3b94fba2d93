/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VS_PRINT_H
#define VS_PRINT_H

#include <stdbool.h>
#include <stdio.h>
#include "counts.h"

/**
 * struct vs_names - which names belong into the output
 * @known: rows whose lock this kernel has; they are in the JSON even unused
 * @missing: optional symbols that this kernel has not, up to NULL
 */
struct vs_names {
	bool known[VS_ROWS];
	const char *const *missing;
};

/**
 * vs_print_table() - print counts for people, less than 80 columns wide
 * @f: where to
 * @c: the counts
 * @stamp: text of the first column, NULL for none
 *
 * Return: 0 or -errno.
 */
int vs_print_table(FILE *f, const struct vs_counts *c, const char *stamp);

/**
 * vs_print_json() - print counts as one line of JSON
 * @f: where to
 * @type: "counts", or "interval" for a part of them
 * @c: the counts
 * @names: names to list
 *
 * Return: 0 or -errno.
 */
int vs_print_json(FILE *f, const char *type, const struct vs_counts *c,
		  const struct vs_names *names);

#endif /* VS_PRINT_H */
