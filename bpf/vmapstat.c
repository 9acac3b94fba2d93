// SPDX-License-Identifier: GPL-2.0
/*
 * vmapstat.c - count what the kernel's vmap layer does: the main loop and the
 * exit code.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <bpf/libbpf.h>
#include "command.h"
#include "detail.h"
#include "options.h"
#include "probes.h"
#include "targets.h"

/* What the exit code says. */
enum {
	EXIT_FINE	= 0,
	EXIT_COMMAND	= 1,
	EXIT_SETUP	= 2,
	EXIT_LOST	= 3,
};

static struct vs_options env;

void vs_warn(const char *fmt, ...)
{
	va_list args;

	fputs("vmapstat: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
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

/* @d: who it was; an interval has none. */
static int print(struct reports *r, const struct vs_counts *c, const struct vs_detail *d)
{
	const struct vs_names *names = &r->probes->names;
	const char *stamp = NULL;
	char text[16];
	time_t now;
	int err;

	now = time(NULL);
	if (env.stamp && strftime(text, sizeof(text), "%H:%M:%S", localtime(&now)))
		stamp = text;
	if (d && env.interval && !env.json)
		fputs("Total\n", r->out);
	if (env.json)
		err = vs_print_json(r->out, d ? "counts" : "interval", c, d, names);
	else if (d)
		err = vs_print_report(r->out, c, d, names, stamp);
	else
		err = vs_print_line(r->out, c, stamp);
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
	return print(r, &c, NULL);
}

static int report_total(struct reports *r)
{
	static struct vs_detail detail;
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
	err = vs_probes_detail(r->probes, &detail);
	if (err)
		vs_warn("cannot read who it was: %s", strerror(-err));
	else
		err = print(r, &c, &detail);
	vs_detail_free(&detail);
	return err;
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

	vs_options_parse(&env, argc, argv);
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
	if (!vs_probes_start(&probes, &env))
		rc = measure(&probes, out);
	vs_probes_stop(&probes);
	if (fclose(out) && rc == EXIT_FINE) {
		vs_warn("cannot write: %s", strerror(errno));
		rc = EXIT_SETUP;
	}
	return rc;
}
