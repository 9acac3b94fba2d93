// SPDX-License-Identifier: GPL-2.0
/* The machines that there are: see machines.h. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "records/machines.h"

static const struct vb_machine machines[] = {
#include "machines-list.h"
};

/**
 * vb_machine_find() - a machine by name
 * @name: its name
 *
 * Return: the machine, or NULL if there is none of that name.
 */
const struct vb_machine *vb_machine_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(machines); i++)
		if (!strcmp(machines[i].name, name))
			return &machines[i];
	return NULL;
}

/**
 * vb_machine_has_flags() - are these QEMU's options of a machine?
 * @m: the machine
 * @flags: the options, with blanks between them
 *
 * Return: 1 when its guests were executed by that and in that way, else 0.
 */
int vb_machine_has_flags(const struct vb_machine *m, const char *flags)
{
	static const char accel[] = "-accel ";
	const char *is = strstr(flags, accel);
	size_t len = strlen(m->accelerator);

	if (!is || strncmp(is + strlen(accel), m->accelerator, len) ||
	    !strchr(", ", is[strlen(accel) + len]))
		return 0;
	return !strstr(flags, "-icount ") == !m->deterministic;
}

/**
 * vb_machine_names() - the names of all machines
 *
 * Return: the names with blanks between them, to be freed.
 */
char *vb_machine_names(void)
{
	char *all = vb_strf("%s", machines[0].name), *more;
	size_t i;

	for (i = 1; i < ARRAY_SIZE(machines); i++) {
		more = vb_strf("%s %s", all, machines[i].name);
		free(all);
		all = more;
	}
	return all;
}
