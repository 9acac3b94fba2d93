/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VS_OPTIONS_H
#define VS_OPTIONS_H

#include <stdbool.h>
#include <linux/types.h>
#include "vmapstat.h"

/** struct vs_options - what was asked for */
struct vs_options {
	bool stamp;
	bool json;
	bool region;
	bool verbose;
	bool stacks;
	bool per_cpu;
	const char *file;
	const char *point;	/* its name, NULL: nobody said */
	const char *caller;	/* NULL: whoever calls */
	unsigned int groups;	/* enum vs_group */
	unsigned long map_size;	/* of the tables, 0: as it should be */
	bool some_cpus;		/* only those of cpus[] */
	bool cpus[VS_CPUS];
	long interval;		/* 0: one report at the end */
	long count;		/* 0: no limit */
	char **command;		/* NULL: until interrupted */
};

/**
 * vs_options_parse() - read the command line; ends the program if it is wrong
 * @o: zeroed, filled in
 * @argc: as main() got it
 * @argv: the same
 */
void vs_options_parse(struct vs_options *o, int argc, char **argv);

/**
 * vs_parse_cpus() - read a list of CPUs, as 0,2-5
 * @text: the list
 * @cpus: VS_CPUS entries, those of the list are set
 *
 * Return: 0 or -EINVAL.
 */
int vs_parse_cpus(const char *text, bool *cpus);

/**
 * vs_parse_groups() - read a list of groups of probes, as purge,flush
 * @text: the list
 * @groups: enum vs_group
 *
 * Return: 0 or -EINVAL.
 */
int vs_parse_groups(const char *text, unsigned int *groups);

#endif /* VS_OPTIONS_H */
