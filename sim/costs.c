// SPDX-License-Identifier: GPL-2.0
/*
 * costs.c - read the table of costs
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "costs.h"

/* More is no cost but a mistake: a millisecond. */
#define COST_MAX	1000000

static const struct {
	const char *name;
	size_t offset;
	uint64_t min, max;
} rows[] = {
#define ROW(name, min, max)	{ #name, offsetof(struct costs, name), min, max }
	ROW(ipi_delivery, 0, COST_MAX),
	ROW(tlb_flush_page, 0, COST_MAX),
	ROW(tlb_flush_all, 0, COST_MAX),
	ROW(line_transfer, 0, COST_MAX),
	/* From here on a table need not have them. */
	ROW(ipi_lines, 0, COST_MAX),
	/* In the table in ns, with three decimals at most. */
	{ "insn_ns", offsetof(struct costs, insn_ps), 10, 100000 },
	ROW(coherence, 0, 1),
	/* From here on they are needed with coherence only. */
	ROW(atomic, 0, COST_MAX),
	ROW(l3_hit, 0, COST_MAX),
	ROW(line_l3, 0, COST_MAX),
	ROW(line_socket, 0, COST_MAX),
	ROW(line_remote, 0, COST_MAX),
	ROW(cache_kib, 4, CACHE_KIB_MAX),
	ROW(cache_ways, 1, 64),
	ROW(cores_per_l3, 1, 4096),
	ROW(l3s_per_socket, 1, 64),
};

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define NR_COSTS	((int)ARRAY_SIZE(rows))
#define NR_ALWAYS	4
#define NR_OPTIONAL	3
#define INSN_ROW	(NR_ALWAYS + 1)

static int find_row(const char *name)
{
	int i;

	for (i = 0; i < NR_COSTS; i++)
		if (!strcmp(name, rows[i].name))
			return i;
	return -1;
}

static bool whole_number(const char *text, uint64_t *value)
{
	char *end;

	if (!*text || strspn(text, "0123456789") != strlen(text))
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return !errno;
}

/* A number with three decimals at most, in thousandths. */
static bool thousandths(const char *text, uint64_t *value)
{
	const size_t whole = strspn(text, "0123456789");
	size_t decimals = 0;
	uint64_t n;
	int i;

	if (text[whole] == '.')
		decimals = strspn(text + whole + 1, "0123456789");
	if (!whole || whole > 6 || decimals > 3 ||
	    text[whole + (decimals ? decimals + 1 : 0)])
		return false;
	n = strtoull(text, NULL, 10);
	for (i = 0; i < 3; i++)
		n = n * 10 + (i < (int)decimals ? text[whole + 1 + i] - '0' : 0);
	*value = n;
	return true;
}

/* What is wrong with a line, or NULL. */
static const char *take_line(struct costs *costs, char *line, bool *seen)
{
	static char text[80];
	char *rest = line, *name, *number;
	uint64_t value;
	int i;

	name = strsep(&rest, "\t\n");
	number = strsep(&rest, "\t\n");
	i = find_row(name);
	if (i < 0)
		return "there is no such row";
	if (i == INSN_ROW && (!number || !thousandths(number, &value) ||
			      value < rows[i].min || value > rows[i].max))
		return "it has to be a number from 0.01 to 100, with three decimals at most";
	if (i != INSN_ROW && (!number || !whole_number(number, &value) || value < rows[i].min ||
			      value > rows[i].max)) {
		snprintf(text, sizeof(text), "it has to be a whole number from %llu to %llu",
			 (unsigned long long)rows[i].min, (unsigned long long)rows[i].max);
		return text;
	}
	if (seen[i])
		return "it is there twice";
	seen[i] = true;
	*(uint64_t *)((char *)costs + rows[i].offset) = value;
	return NULL;
}

static bool is_needed(const struct costs *costs, int i)
{
	return i < NR_ALWAYS || (costs->coherence && i >= NR_ALWAYS + NR_OPTIONAL);
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
		if (!seen[i] && is_needed(costs, i)) {
			fprintf(stderr, "vmapsim: error: %s: %s is missing\n", file, rows[i].name);
			return -1;
		}
	}
	if (costs->coherence && !costs_is_cache(costs->cache_kib, costs->cache_ways)) {
		fprintf(stderr, "vmapsim: error: %s: cache_kib x 1024 / 64 / cache_ways %s\n", file,
			"has to be a power of 2");
		return -1;
	}
	return 0;
}

/**
 * costs_read() - read a table of costs
 * @costs: filled in
 * @file: lines of a name, a tab, a number, and optionally a tab and a
 *	  source; empty lines and those that begin with # are skipped
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
	costs->insn_ps = INSN_PS;
	ret = take_file(costs, f, file);
	fclose(f);
	return ret;
}
