// SPDX-License-Identifier: GPL-2.0
/*
 * vmapstat.c - count what the kernel's vmap layer does: options, the main
 * loop and the exit code.
 */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <bpf/libbpf.h>
#include "command.h"
#include "probes.h"
#include "targets.h"

/* What the exit code says. */
enum {
	EXIT_FINE	= 0,
	EXIT_COMMAND	= 1,
	EXIT_SETUP	= 2,
	EXIT_LOST	= 3,
};

static struct {
	bool stamp;
	bool json;
	bool region;
	bool verbose;
	const char *file;
	long interval;	/* 0: one report at the end */
	long count;	/* 0: no limit */
	char **command;	/* NULL: until interrupted */
} env;

const char *argp_program_version = "vmapstat 0.1";

static const char doc[] =
"Count what the vmap layer of the kernel does: purges of lazily freed areas,\n"
"TLB flushes of kernel addresses and the interrupts they cost, and waits for\n"
"contended locks by name.\n"
"\vWithout an INTERVAL (in seconds) there is one report, at the end: when CMD\n"
"exits or after Ctrl-C. PURGES counts purges that found something to purge.\n"
"RUNS counts every CPU that carried out a flush, IPIS those that were asked to\n"
"by another CPU. A wait is one pass through the slow path of a spinlock or\n"
"rwlock; sleeping on a mutex is not.\n"
"\n"
"EXAMPLES:\n"
"  vmapstat               # totals on Ctrl-C\n"
"  vmapstat -T 1 10       # ten reports, a second apart, with the time\n"
"  vmapstat -- modprobe x # what CMD and everybody else did meanwhile\n"
"  vmapstat --json --region -o FILE -- CMD\n"
"\n"
"EXIT STATUS:\n"
"  0 fine; 1 CMD failed; 2 wrong usage, or a probe could not be attached;\n"
"  3 events were lost: the numbers are too small\n";

static const struct argp_option options[] = {
	{ "timestamp", 'T', NULL, 0, "Start lines with the time of day", 0 },
	{ "json", 'j', NULL, 0, "Print JSON, one line for each report", 0 },
	{ "output", 'o', "FILE", 0, "Print to FILE", 0 },
	{ "region", 'r', NULL, 0,
	  "Count only inside the region marked by module vmap_bench", 0 },
	{ "verbose", 'v', NULL, 0, "Show messages of libbpf", 0 },
	{ 0 }
};

void vs_warn(const char *fmt, ...)
{
	va_list args;

	fputs("vmapstat: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

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

static error_t parse_arg(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'T':
		env.stamp = true;
		break;
	case 'j':
		env.json = true;
		break;
	case 'o':
		env.file = arg;
		break;
	case 'r':
		env.region = true;
		break;
	case 'v':
		env.verbose = true;
		break;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0)
			env.interval = positive(state, "interval", arg);
		else if (state->arg_num == 1)
			env.count = positive(state, "count", arg);
		else
			argp_error(state, "too many arguments: %s", arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* The command is cut off first: its options are none of ours. */
static void parse_options(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse_arg,
		.args_doc = "[INTERVAL [COUNT]] [-- CMD...]",
		.doc = doc,
	};
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		;
	if (i < argc) {
		env.command = &argv[i + 1];
		argv[i] = NULL;
		argc = i;
	}
	argp_err_exit_status = EXIT_SETUP;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	if (env.command && !env.command[0]) {
		vs_warn("no command after --");
		exit(EXIT_SETUP);
	}
}

static int print_libbpf(enum libbpf_print_level level, const char *fmt,
			va_list args)
{
	return env.verbose ? vfprintf(stderr, fmt, args) : 0;
}

/*
 * Reports
 */

/** struct reports - where reports go and what they are relative to */
struct reports {
	struct vs_probes *probes;
	FILE *out;
	struct vs_totals last;
	struct vs_wait_sum max[VS_KINDS][VS_ROWS];	/* of all intervals */
};

static int print(struct reports *r, bool final, const struct vs_counts *c)
{
	char stamp[16];
	time_t now;
	int err;

	if (env.json) {
		err = vs_print_json(r->out, final ? "counts" : "interval", c,
				    &r->probes->names);
	} else {
		now = time(NULL);
		strftime(stamp, sizeof(stamp), "%H:%M:%S", localtime(&now));
		if (final && env.interval)
			fputs("Total\n", r->out);
		err = vs_print_table(r->out, c, env.stamp ? stamp : NULL);
	}
	if (err)
		vs_warn("cannot write: %s", strerror(-err));
	return err;
}

static int read_totals(struct reports *r, struct vs_totals *now)
{
	int err = vs_probes_read(r->probes, now);

	if (err)
		vs_warn("cannot read the counters: %s", strerror(-err));
	else
		vs_max_merge(r->max, (const void *)now->locks);
	return err;
}

static int report_interval(struct reports *r)
{
	struct vs_totals now;
	struct vs_counts c;
	int err = read_totals(r, &now);

	if (err)
		return err;
	vs_counts_between(&c, &now, &r->last);
	r->last = now;
	return print(r, false, &c);
}

static int report_total(struct reports *r)
{
	struct vs_totals now;
	struct vs_counts c;
	int err = read_totals(r, &now);

	if (err)
		return err;
	/* Nobody knows how many; the record must not say none. */
	if (!vs_tracing_on()) {
		vs_warn("kernel.ftrace_enabled was set to 0 meanwhile");
		now.lost++;
	}
	r->last = now;
	vs_counts_between(&c, &now, NULL);
	vs_max_merge(c.locks, (const void *)r->max);
	return print(r, true, &c);
}

/*
 * Running
 */

/*
 * Report until the command ends, the count is reached or somebody stops us.
 * Ctrl-C reaches the command by itself; SIGTERM is passed on.
 */
static int run(struct reports *r, pid_t pid, int *status)
{
	struct timespec until;
	long done = 0;
	int err;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += env.interval;
	for (;;) {
		bool timed = env.interval && (!env.count || done < env.count);
		int sig;

		if (!timed && env.interval && pid <= 0)
			return 0;
		sig = vs_wait_signal(timed ? &until : NULL);
		if (vs_has_ended(pid, status))
			return 0;
		if (sig == SIGTERM && pid > 0)
			kill(pid, SIGTERM);
		if ((sig == SIGINT || sig == SIGTERM) && pid <= 0)
			return 0;
		if (sig)
			continue;
		err = report_interval(r);
		if (err)
			return err;
		done++;
		until.tv_sec += env.interval;
	}
}

/* A window that never opened gives zeros that look like a result. */
static int close_window(struct vs_probes *p)
{
	struct vs_control *ctl = p->ctl;

	if (env.region && env.command && (!ctl->opened || ctl->active)) {
		vs_warn("the region was %s: nothing to report",
			ctl->opened ? "not left" : "never entered");
		return -ENODATA;
	}
	return vs_probes_command(p, VS_CLOSE);
}

static int measure(struct vs_probes *p, FILE *out)
{
	struct reports r = { .probes = p, .out = out };
	int err, status = 0;
	pid_t pid = -1;

	if (!env.region) {
		err = vs_probes_command(p, VS_OPEN);
		if (err) {
			vs_warn("cannot start to count: %s", strerror(-err));
			return EXIT_SETUP;
		}
	}
	if (env.command && vs_spawn(env.command, &pid))
		return EXIT_COMMAND;

	err = run(&r, pid, &status);
	if (!err)
		err = close_window(p);
	if (!err)
		err = report_total(&r);

	if (env.command && vs_failed(env.command[0], status))
		return EXIT_COMMAND;
	if (err)
		return EXIT_SETUP;
	if (r.last.lost) {
		vs_warn("%llu events were lost", (unsigned long long)r.last.lost);
		return EXIT_LOST;
	}
	return EXIT_FINE;
}

int main(int argc, char **argv)
{
	struct vs_probes probes = { 0 };
	FILE *out = stdout;
	int rc = EXIT_SETUP;

	parse_options(argc, argv);
	libbpf_set_print(print_libbpf);

	if (geteuid()) {
		vs_warn("must be run by root");
		return EXIT_SETUP;
	}
	if (env.file) {
		out = fopen(env.file, "we");
		if (!out) {
			vs_warn("cannot open %s: %s", env.file, strerror(errno));
			return EXIT_SETUP;
		}
	}

	vs_block_signals();
	if (!vs_probes_start(&probes, env.region))
		rc = measure(&probes, out);
	vs_probes_stop(&probes);
	if (fclose(out) && rc == EXIT_FINE) {
		vs_warn("cannot write: %s", strerror(errno));
		rc = EXIT_SETUP;
	}
	return rc;
}
