// SPDX-License-Identifier: GPL-2.0
/* Reading the command line: see options.h. */
#include <getopt.h>
#include <stdlib.h>

#include "base/common.h"
#include "base/options.h"

/* Behind every character, so that no option is taken for ':', '?' or 'h'. */
#define FIRST	256

static void take(const struct vb_option *o, const char *text)
{
	char *name;

	switch (o->kind) {
	case VB_FLAG:
		*(int *)o->value = 1;
		break;
	case VB_TEXT:
		*(const char **)o->value = text;
		break;
	case VB_NUMBER:
		name = vb_strf("--%s", o->name);
		*(long *)o->value = vb_whole_number(name, text);
		free(name);
		break;
	case VB_TEXTS:
		vb_list_add(o->value, "%s", text);
		break;
	}
}

static struct option *long_options(const struct vb_option *o, size_t n)
{
	struct option *all = calloc(n + 2, sizeof(*all));
	size_t i;

	if (!all)
		vb_die("out of memory");
	for (i = 0; i < n; i++) {
		all[i].name = o[i].name;
		all[i].has_arg = o[i].kind == VB_FLAG ? no_argument : required_argument;
		all[i].val = FIRST + i;
	}
	all[n].name = "help";
	all[n].val = 'h';
	return all;
}

/**
 * vb_options() - read the options of a command line
 * @argc: of main()
 * @argv: of main(); what is not an option is moved to its end, from optind on
 * @help: prints what --help and -h ask for; they end the program
 * @o: the options there are beside these
 * @n: how many
 *
 * Ends the program with a usage error when an option is not one of them, has no value or
 * has one that is not of its kind.
 */
void vb_options(int argc, char **argv, void (*help)(void), const struct vb_option *o, size_t n)
{
	struct option *all = long_options(o, n);
	int opt;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":h", all, NULL)) != -1) {
		if (opt >= FIRST) {
			take(&o[opt - FIRST], optarg);
			continue;
		}
		if (opt == 'h') {
			help();
			exit(VB_OK);
		}
		if (opt == ':')
			vb_usage("%s needs a value", argv[optind - 1]);
		vb_usage("unknown option %s", argv[optind - 1]);
	}
	free(all);
}
