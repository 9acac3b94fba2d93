// SPDX-License-Identifier: GPL-2.0
/*
 * options.c - the command line.
 */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "options.h"
#include "probes.h"
#include "targets.h"

#define EXIT_USAGE	2

const char *argp_program_version = "vmapstat 0.2";

static const char doc[] =
"Count what the vmap layer of the kernel does: purges of lazily freed areas,\n"
"TLB flushes of kernel addresses and the interrupts they cost, per-CPU blocks,\n"
"waits for contended locks by name, and how long calls take.\n"
"\vWithout an INTERVAL (in seconds) there is one report, at the end: when CMD\n"
"exits or after Ctrl-C. With one there is a line for each, and all the rest at\n"
"the end. PURGES counts purges that found something to purge. RUNS counts every\n"
"CPU that carried out a flush, IPIS those that were asked to by another CPU. A\n"
"wait is one pass through the slow path of a spinlock or rwlock; sleeping on a\n"
"mutex is not. docs/vmapstat.md says what every number means.\n"
"\n"
"PROBES:\n"
"  purge    purges, their callers, lazily freed pages\n"
"  flush    TLB flushes of kernel addresses and how long they take\n"
"  ipi      function calls on other CPUs, by function\n"
"  block    per-CPU blocks of vm_map_ram()\n"
"  aliases  vm_unmap_aliases()\n"
"  lock     waits for locks\n"
"  map      vm_map_ram(), vm_unmap_ram(), vmap(), vunmap(), by size; the\n"
"           only ones that every operation pays for\n"
"\n"
"EXAMPLES:\n"
"  vmapstat               # totals on Ctrl-C\n"
"  vmapstat -T 1 10       # ten reports, a second apart, with the time\n"
"  vmapstat -- modprobe x # what CMD and everybody else did meanwhile\n"
"  vmapstat --stacks -p lock -- CMD     # who waits for which lock\n"
"  vmapstat --caller drain_vmap_area_work -p purge 1\n"
"  vmapstat -c 0-3,8 --per-cpu 5 1      # five seconds of some CPUs\n"
"  vmapstat --json --region -o FILE -- CMD\n"
"\n"
"EXIT STATUS:\n"
"  0 fine; 1 CMD failed; 2 wrong usage, or nothing could be attached;\n"
"  3 events were lost: the numbers are too small\n";

enum {
	OPT_CALLER = 256,
	OPT_STACKS,
	OPT_PER_CPU,
	OPT_MAP_SIZE,
	OPT_POINT,
};

static const struct argp_option options[] = {
	{ "timestamp", 'T', NULL, 0, "Start lines with the time of day", 0 },
	{ "json", 'j', NULL, 0, "Print JSON, one line for each report", 0 },
	{ "output", 'o', "FILE", 0, "Print to FILE", 0 },
	{ "probes", 'p', "LIST", 0, "Attach only these, as purge,flush", 0 },
	{ "cpu", 'c', "LIST", 0, "Count what these CPUs do, as 0-3,8", 0 },
	{ "caller", OPT_CALLER, "FUNC", 0,
	  "Count purges and calls that map or unmap only when FUNC makes them", 0 },
	{ "stacks", OPT_STACKS, NULL, 0,
	  "Show the stack that waited most for each lock", 0 },
	{ "per-cpu", OPT_PER_CPU, NULL, 0, "Show what each CPU did", 0 },
	{ "region", 'r', NULL, 0,
	  "Count only inside the region marked by module vmap_bench", 0 },
	{ "point", OPT_POINT, "NAME", 0,
	  "Say in JSON that NAME is what was measured", 0 },
	{ "verbose", 'v', NULL, 0, "Show messages of libbpf", 0 },
	{ "map-size", OPT_MAP_SIZE, "N", OPTION_HIDDEN,
	  "Make tables of N entries, to see what happens when they are full", 0 },
	{ 0 }
};

static long positive(struct argp_state *state, const char *what, const char *arg)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(arg, &end, 10);
	if (errno || end == arg || *end || n <= 0 || n > 1000000000)
		argp_error(state, "invalid %s: %s", what, arg);
	return n;
}

static void take_word(struct vs_options *o, struct argp_state *state, const char *arg)
{
	if (state->arg_num == 0)
		o->interval = positive(state, "interval", arg);
	else if (state->arg_num == 1)
		o->count = positive(state, "count", arg);
	else
		argp_error(state, "too many arguments: %s", arg);
}

static error_t parse_arg(int key, char *arg, struct argp_state *state)
{
	struct vs_options *o = state->input;

	switch (key) {
	case 'T':
		o->stamp = true;
		break;
	case 'j':
		o->json = true;
		break;
	case 'o':
		o->file = arg;
		break;
	case 'p':
		if (vs_parse_groups(arg, &o->groups))
			argp_error(state, "invalid list of probes: %s", arg);
		break;
	case 'c':
		o->some_cpus = true;
		if (vs_parse_cpus(arg, o->cpus))
			argp_error(state, "invalid list of CPUs: %s", arg);
		break;
	case OPT_CALLER:
		if (!*arg)
			argp_error(state, "no function after --caller");
		o->caller = arg;
		break;
	case OPT_STACKS:
		o->stacks = true;
		break;
	case OPT_PER_CPU:
		o->per_cpu = true;
		break;
	case 'r':
		o->region = true;
		break;
	case OPT_POINT:
		o->point = arg;
		break;
	case 'v':
		o->verbose = true;
		break;
	case OPT_MAP_SIZE:
		o->map_size = positive(state, "size of maps", arg);
		break;
	case ARGP_KEY_ARG:
		take_word(o, state, arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* The command is cut off first: its options are none of ours. */
void vs_options_parse(struct vs_options *o, int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse_arg,
		.args_doc = "[INTERVAL [COUNT]] [-- CMD...]",
		.doc = doc,
	};
	int i;

	o->groups = VS_ALL;
	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		;
	if (i < argc) {
		o->command = &argv[i + 1];
		argv[i] = NULL;
		argc = i;
	}
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, o);
	if (o->command && !o->command[0]) {
		vs_warn("no command after --");
		exit(EXIT_USAGE);
	}
	if (o->stacks && !(o->groups & VS_LOCK)) {
		vs_warn("--stacks needs the probes lock");
		exit(EXIT_USAGE);
	}
}
