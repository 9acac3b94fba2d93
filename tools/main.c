// SPDX-License-Identifier: GPL-2.0
/* vmapbench - the host program: finds the command. Called as vb-NAME it is that command. */
#include <stdio.h>
#include <string.h>

#include "base/common.h"
#include "commands.h"

static const struct vb_command *find(const char *name)
{
	const struct vb_command *const *c;

	for (c = __start_vb_commands; c < __stop_vb_commands; c++)
		if (!strcmp((*c)->name, name))
			return *c;
	return NULL;
}

static void list_commands(FILE *out)
{
	const struct vb_command *const *c;

	fputs("usage: vmapbench COMMAND [options]\n\n", out);
	for (c = __start_vb_commands; c < __stop_vb_commands; c++)
		fprintf(out, "  %-10s %s\n", (*c)->name, (*c)->text);
	fputs("\nvmapbench COMMAND --help says more.\n", out);
}

/* The part of a path behind its last slash. */
static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int main(int argc, char **argv)
{
	const char *self = argc ? base_name(argv[0]) : "";
	const struct vb_command *c;

	if (!strncmp(self, "vb-", 3)) {
		c = find(self + 3);
		if (c)
			return c->run(argc, argv);
	}
	vb_name = "vmapbench";
	if (argc < 2) {
		list_commands(stderr);
		return VB_BAD;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		list_commands(stdout);
		vb_close_stdout();
		return VB_OK;
	}
	c = find(argv[1]);
	if (!c)
		vb_usage("unknown command %s", argv[1]);
	return c->run(argc - 1, argv + 1);
}
