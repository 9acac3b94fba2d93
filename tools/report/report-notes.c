// SPDX-License-Identifier: GPL-2.0
/* The sections of report.txt that say how far to trust it: see report.h. */
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "base/text.h"

static void bullet(FILE *out, const char *text)
{
	vb_wrap(out, "- ", "  ", text);
}

/**
 * vb_report_problems() - what was asked for and is not in the tables
 * @out: where to
 * @r: the report
 *
 * Prints nothing when everything is there.
 */
void vb_report_problems(FILE *out, const struct vb_report *r)
{
	size_t i;

	if (!r->runs.problems.n)
		return;
	vb_report_heading(out, "PROBLEMS", '-');
	vb_wrap(out, "", "",
		"Not all that was asked for is there and well. Tables show \"-\" where a figure is\n"
		"missing, and n counts only the runs that gave one.");
	fputc('\n', out);
	for (i = 0; i < r->runs.problems.n; i++)
		bullet(out, r->runs.problems.line[i]);
	fputc('\n', out);
}

/**
 * vb_report_marks() - what is in the tables and is to be taken with care
 * @out: where to
 * @r: the report
 *
 * Prints nothing when there is no such thing.
 */
void vb_report_marks(FILE *out, const struct vb_report *r)
{
	const struct vb_list *marks;
	int headed = 0;
	size_t i, k;

	for (i = 0; i <= r->runs.n; i++) {
		marks = i ? &r->runs.run[i - 1].marks : &r->runs.marks;
		if (marks->n && !headed++)
			vb_report_heading(out, "Warnings", '-');
		for (k = 0; k < marks->n; k++)
			bullet(out, marks->line[k]);
	}
	if (headed)
		fputc('\n', out);
}

/* Fingerprints nest (per variant, say); a key is then written with dots. */
static void put_fingerprint(FILE *out, const char *prefix, json_t *object)
{
	const char *key;
	char *name, *first;
	json_t *value;

	json_object_foreach(object, key, value) {
		name = vb_strf("%s%s%s", prefix, *prefix ? "." : "", key);
		first = vb_strf("%s: ", name);
		if (json_is_object(value)) {
			put_fingerprint(out, name, value);
		} else if (json_is_string(value)) {
			vb_wrap(out, first, "  ", json_string_value(value));
		} else {
			char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS);

			vb_wrap(out, first, "  ", text ? text : "?");
			free(text);
		}
		free(first);
		free(name);
	}
}

/**
 * vb_report_taken() - what the figures were taken with
 * @out: where to
 * @r: the report
 */
void vb_report_taken(FILE *out, const struct vb_report *r)
{
	const struct vb_campaign *c = &r->c;
	const struct vb_run *run;
	size_t i;

	vb_report_heading(out, "How it was taken", '-');
	fprintf(out, "machine: %s, %ld CPUs, %ld run%s of each variant\n", c->machine, c->cpus,
		c->boots, c->boots == 1 ? "" : "s");
	fprintf(out, "a point: at least %ld operations shared by its threads, after %ld\n", c->ops,
		c->warmup);
	fputs("  of each thread to warm up\n", out);
	for (i = 0; i < r->runs.n; i++) {
		run = &r->runs.run[i];
		if (run->whole && run->number == 1)
			fprintf(out, "booted as %s: %s\n", run->variant, run->kernel);
	}
	put_fingerprint(out, "", json_object_get(c->root, "fingerprint"));
	fputc('\n', out);
}

/* Machines that a limit holds for. */
#define SIM_ALONE	0x1	/* sim without caches */
#define SIM_CACHES	0x2
#define SIM		(SIM_ALONE | SIM_CACHES)
#define REAL_TIME	0x4
#define ANY		(SIM | REAL_TIME)

static const struct {
	unsigned int machines;
	const char *text;
} limits[] = {
	{ SIM_ALONE, "sim has no caches and no memory bandwidth: an instruction costs the same\n"
		"wherever its data is. What IPIs, contended cache lines and TLB flushes cost\n"
		"beside instructions comes from the table above (costs), not from a machine." },
	{ SIM_CACHES, "sim has the caches of the table above (costs), and no memory bandwidth, no\n"
		"prefetching and no speculation: all instructions take as long, and loads that miss\n"
		"do not overlap. docs/sim.md says what else is not in it." },
	{ SIM, "Time on sim is parallel time: each CPU has a clock of its own that an\n"
		"instruction moves on, and a CPU that waited takes the time of those it\n"
		"waited for. What one CPU sees of another is off by a few quanta of 200 ns;\n"
		"points where that is over a thousandth of the time, and two quanta, are named\n"
		"above." },
	{ SIM, "Instructions per operation are those of all CPUs, spinning and idle loops too.\n"
		"Spinning costs few of them however long it lasts, so contention shows in the\n"
		"time and in the lock waits. Lock waits' ns are by the guest's clock, which is\n"
		"the sum over all CPUs." },
	{ SIM, "sim is deterministic: further runs repeat the same figures, so there is no\n"
		"interval. That says nothing about how real machines scatter." },
	{ REAL_TIME,
		"A 95% interval is Student's over runs (boots), cut at 0; loops within a boot are\n"
		"not counted as replicates. The ratio is that of the medians and has no interval\n"
		"here." },
	{ REAL_TIME,
		"On an emulated machine with more CPUs than the host has cores, times and lock\n"
		"waits show the host's scheduler. Trust counts of flushes and purges first." },
	{ ANY, "Counts come from traced samples, instructions and times from baseline ones: the\n"
		"counters slow the kernel down, and lock waits are those of the slowed kernel." },
	{ ANY, "Lock waits are slow paths: a lock that was free when tried is not in them, and\n"
		"neither are mutexes." },
};

/**
 * vb_report_limits() - what the figures cannot say
 * @out: where to
 * @r: the report
 */
void vb_report_limits(FILE *out, const struct vb_report *r)
{
	const unsigned int machine = !vb_campaign_is_sim(&r->c) ? REAL_TIME :
		vb_campaign_has_caches(&r->c) ? SIM_CACHES : SIM_ALONE;
	char *text;
	size_t i;

	vb_report_heading(out, "Limits", '-');
	for (i = 0; i < ARRAY_SIZE(limits); i++)
		if (limits[i].machines & machine)
			bullet(out, limits[i].text);
	text = vb_strf("A point is %ld operations or a few more: one single event shows as\n"
		       "%.3g per 1000 operations, and 0 means that none came in that many operations.",
		       r->c.ops, 1000.0 / r->c.ops);
	bullet(out, text);
	free(text);
}
