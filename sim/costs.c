// SPDX-License-Identifier: GPL-2.0
/*
 * costs.c - read the table of costs
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "costs.h"

/* More is no cost but a mistake: a millisecond. */
#define COST_MAX	1000000

#define NR_COSTS	4

static const char *const names[NR_COSTS] = {
	"ipi_delivery", "line_transfer", "tlb_flush_page", "tlb_flush_all",
};

static uint64_t *entry(struct costs *costs, const char *name)
{
	uint64_t *const all[NR_COSTS] = {
		&costs->ipi_delivery, &costs->line_transfer,
		&costs->tlb_flush_page, &costs->tlb_flush_all,
	};
	int i;

	for (i = 0; i < NR_COSTS; i++)
		if (!strcmp(name, names[i]))
			return all[i];
	return NULL;
}

static bool whole_number(const char *text, uint64_t *value)
{
	char *end;

	if (!*text || strspn(text, "0123456789") != strlen(text))
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return !errno && *value <= COST_MAX;
}

/* What is wrong with a line, or NULL. */
static const char *take_line(struct costs *costs, char *line, bool *seen)
{
	char *rest = line, *name, *ns;
	uint64_t *cost, value;

	name = strsep(&rest, "\t\n");
	ns = strsep(&rest, "\t\n");
	cost = entry(costs, name);
	if (!cost)
		return "there is no such cost";
	if (!ns || !whole_number(ns, &value))
		return "a cost is a whole number of ns from 0 to 1000000";
	if (seen[cost - &costs->ipi_delivery])
		return "this cost is there twice";
	seen[cost - &costs->ipi_delivery] = true;
	*cost = value;
	return NULL;
}

static int take_file(struct costs *costs, FILE *f, const char *file)
{
	bool seen[NR_COSTS] = { false };
	const char *wrong;
	size_t room = 0;
	char *line = NULL;
	int n, i;

	for (n = 1; getline(&line, &room, f) >= 0; n++) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		wrong = take_line(costs, line, seen);
		if (wrong) {
			fprintf(stderr, "vmapsim: error: %s:%d: %s: %s\n", file, n, line, wrong);
			free(line);
			return -1;
		}
	}
	free(line);
	for (i = 0; i < NR_COSTS; i++) {
		if (!seen[i]) {
			fprintf(stderr, "vmapsim: error: %s: %s is missing\n", file, names[i]);
			return -1;
		}
	}
	return 0;
}

/**
 * costs_read() - read a table of costs
 * @costs: filled in
 * @file: lines of a name, a tab, ns, and optionally a tab and a source; empty
 *	  lines and those that begin with # are skipped
 *
 * Return: 0, or -1 and it is said what is wrong with which line.
 */
int costs_read(struct costs *costs, const char *file)
{
	FILE *f = fopen(file, "r");
	int ret;

	if (!f) {
		fprintf(stderr, "vmapsim: error: cannot read %s: %s\n", file, strerror(errno));
		return -1;
	}
	memset(costs, 0, sizeof(*costs));
	ret = take_file(costs, f, file);
	fclose(f);
	return ret;
}
