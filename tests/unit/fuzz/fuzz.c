// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz.c - every parser of the host programs, one at a time, on what libFuzzer makes up.
 *
 * FUZZ_TARGET names the parser. A parser that refuses its file ends the program: the
 * Makefile makes exit() a jump back to here.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "records/attribution.h"
#include "claim/claim.h"
#include "claim/claim-words.h"
#include "records/clock.h"
#include "records/metrics.h"
#include "profile/module-symbols.h"
#include "report/expected.h"
#include "profile/orc.h"
#include "profile/perf-script.h"
#include "stats/plan.h"
#include "profile/profile.h"
#include "report/published.h"
#include "profile/published-profile.h"
#include "records/runs.h"
#include "profile/stacks.h"
#include "records/summary.h"
#include "profile/symbols.h"
#include "compare/thresholds.h"

/* Files that are open after a parser gave up are closed: from this one on. */
static int first_file;
static jmp_buf refused;
static char *dir;

_Noreturn void fuzz_exit(int code);

_Noreturn void fuzz_exit(int code)
{
	(void)code;
	longjmp(refused, 1);
}

static void values_of(struct vb_run *run)
{
	const struct vb_metric *m;
	size_t i;

	for (i = 0; i < run->nsamples; i++)
		for (m = vb_metrics; m < vb_metrics + vb_nmetrics; m++)
			if (!run->sample[i].failed)
				vb_metric_value(m, &run->sample[i]);
}

static void on_campaign(const char *path)
{
	struct vb_campaign c;

	(void)path;
	vb_campaign_read(&c, dir);
	vb_campaign_free(&c);
}

static void on_runs(const char *path)
{
	struct vb_campaign c;
	struct vb_runs runs;
	size_t i;

	(void)path;
	vb_campaign_read(&c, dir);
	vb_runs_read(&runs, &c);
	for (i = 0; i < runs.n; i++)
		values_of(&runs.run[i]);
	vb_runs_free(&runs);
	vb_campaign_free(&c);
}

static void on_summary(const char *path)
{
	struct vb_summary s;
	struct vb_campaign c = { .dir = dir };

	(void)path;
	vb_summary_read(&s, &c);
	vb_summary_free(&s);
}

static void on_attribution(const char *path)
{
	struct vb_attribution a;
	struct vb_campaign c = { .dir = dir };

	(void)path;
	vb_attribution_read(&a, &c);
	vb_attribution_free(&a);
}

static void on_expected(const char *path)
{
	struct vb_expected o;

	vb_expected_read(&o, path);
	vb_expected_free(&o);
}

static void on_parts(const char *path)
{
	struct vb_parts parts;

	vb_parts_read(&parts, path);
	vb_parts_of(&parts, "queued_spin_lock_slowpath", NULL);
	vb_parts_free(&parts);
}

static void on_thresholds(const char *path)
{
	struct vb_thresholds t;

	vb_thresholds_read(&t, path);
	vb_thresholds_free(&t);
}

static void on_published(const char *path)
{
	struct vb_library lib;

	(void)path;
	vb_library_read(&lib, dir);
	vb_library_free(&lib);
}

static void on_published_profile(const char *path)
{
	struct vb_shelf shelf;

	(void)path;
	vb_shelf_read(&shelf, dir);
	vb_shelf_free(&shelf);
}

static void on_claim(const char *path)
{
	struct vb_claims all = { 0 };
	FILE *out = fopen("/dev/null", "w");

	all.claim = vb_grow(all.claim, all.n, sizeof(*all.claim));
	vb_claim_read(&all.claim[all.n++], path);
	vb_claims_text(out, &all);
	vb_claims_html(out, &all);
	fclose(out);
	json_decref(all.claim[0].root);
	free(all.claim);
}

static void on_profile(const char *path)
{
	struct vb_kept_files files = { 0 };
	struct vb_profile p;

	if (vb_profile_read(&p, &files, path, 1))
		vb_profile_sort(&p);
	vb_profile_free(&p);
	vb_kept_free(&files);
}

static void on_stacks(const char *path)
{
	struct vb_kept_files files = { 0 };
	struct vb_stacks s;

	if (vb_stacks_read(&s, &files, path, 1))
		vb_stacks_total(&s);
	vb_stacks_free(&s);
	vb_kept_free(&files);
}

static void on_map(const char *path)
{
	struct vb_symbols t = { 0 };

	vb_symbols_read_map(&t, path);
	vb_symbols_finish(&t);
	vb_symbols_find(&t, 0xffffffff81000010);
	vb_symbols_free(&t);
}

static void on_module_symbols(const char *path)
{
	struct vb_symbols t = { 0 };

	vb_module_symbols_read(&t, path);
	vb_symbols_finish(&t);
	vb_symbols_free(&t);
}

static void on_orc(const char *path)
{
	struct vb_orc orc = { 0 };

	vb_orc_read_kernel(&orc, path);
	vb_orc_finish(&orc);
	vb_orc_find(&orc, 0xffffffff81000010);
	vb_orc_free(&orc);
}

static void on_perf_script(const char *path)
{
	struct vb_perf_script s = { .in = fopen(path, "r"), .name = path };
	struct vb_perf_sample sample;

	while (vb_perf_script_next(&s, &sample))
		;
	vb_perf_script_free(&s);
	fclose(s.in);
}

static void on_plan(const char *path)
{
	FILE *in = fopen(path, "r");
	char text[256] = "";
	struct vb_plan plan;

	if (fgets(text, sizeof(text), in) && !vb_plan_read(&plan, text))
		vb_plan_look(&plan, 8);
	fclose(in);
}

/* A parser, and the file of a campaign that it is given. */
static const struct target {
	const char *name, *file;
	void (*parse)(const char *path);
} targets[] = {
	{ "attribution", "attribution.tsv", on_attribution },
	{ "campaign", "campaign.json", on_campaign },
	{ "claim", "claim.json", on_claim },
	{ "claim-words", "x.claim", vb_claim_words },
	{ "clock", "vmlist/run-1/clock.jsonl", on_runs },
	{ "events", "vmlist/run-1/events.jsonl", on_runs },
	{ "map", "System.map", on_map },
	{ "module-symbols", "events.jsonl", on_module_symbols },
	{ "expected", "expected.tsv", on_expected },
	{ "orc", "vmlinux", on_orc },
	{ "parts", "parts.tsv", on_parts },
	{ "perf-script", "script", on_perf_script },
	{ "plan", "plan", on_plan },
	{ "profile", "profile.jsonl", on_profile },
	{ "published", "x.tsv", on_published },
	{ "published-profile", "x.tsv", on_published_profile },
	{ "stacks", "stacks.jsonl", on_stacks },
	{ "summary", "summary.tsv", on_summary },
	{ "thresholds", "thresholds.tsv", on_thresholds },
	{ }
};

static const struct target *target;

/* libFuzzer's name of it. FUZZ_DIR is a campaign that may be written to. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ_TARGET");

	(void)argc;
	(void)argv;
	dir = getenv("FUZZ_DIR");
	for (target = targets; target->name && (!name || strcmp(name, target->name)); target++)
		;
	if (!dir || !target->name) {
		fprintf(stderr, "FUZZ_DIR and FUZZ_TARGET are needed; FUZZ_TARGET is one of:\n");
		for (target = targets; target->name; target++)
			fprintf(stderr, "%s\n", target->name);
		_exit(2);
	}
	return 0;
}

static void put(const char *path, const uint8_t *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *path;

	if (asprintf(&path, "%s/%s", dir, target->file) < 0)
		abort();
	put(path, data, size);
	first_file = dup(0);
	close(first_file);
	if (!setjmp(refused))
		target->parse(path);
	close_range(first_file, ~0U, 0);
	free(path);
	return 0;
}
