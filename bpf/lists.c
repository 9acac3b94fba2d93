// SPDX-License-Identifier: GPL-2.0
/*
 * lists.c - lists on the command line: CPUs, groups of probes.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "options.h"
#include "targets.h"

const char *const vs_group_names[VS_NR_GROUPS] = {
	"purge", "flush", "ipi", "block", "aliases", "lock", "map",
};

static int parse_cpu(const char **text, unsigned long *cpu)
{
	char *end;

	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	*cpu = strtoul(*text, &end, 10);
	*text = end;
	return *cpu < VS_CPUS ? 0 : -EINVAL;
}

int vs_parse_cpus(const char *text, bool *cpus)
{
	unsigned long first, last;

	do {
		if (parse_cpu(&text, &first))
			return -EINVAL;
		last = first;
		if (*text == '-') {
			text++;
			if (parse_cpu(&text, &last) || last < first)
				return -EINVAL;
		}
		for (; first <= last; first++)
			cpus[first] = true;
	} while (*text++ == ',');
	return text[-1] ? -EINVAL : 0;
}

static unsigned int find_group(const char *name, size_t len)
{
	int i;

	for (i = 0; i < VS_NR_GROUPS; i++)
		if (strlen(vs_group_names[i]) == len && !strncmp(vs_group_names[i], name, len))
			return 1 << i;
	return 0;
}

int vs_parse_groups(const char *text, unsigned int *groups)
{
	*groups = 0;
	for (;;) {
		size_t len = strcspn(text, ",");
		unsigned int group = find_group(text, len);

		if (!group)
			return -EINVAL;
		*groups |= group;
		text += len;
		if (!*text)
			return 0;
		text++;
	}
}
