// SPDX-License-Identifier: GPL-2.0
/*
 * Reading events.jsonl.
 *
 * Two kinds of trouble are kept apart. A file that is not what the guest
 * writes (not JSON, fields missing, records out of order) ends the program:
 * something is broken and no number of it can be trusted. A guest that says
 * itself that something went wrong, or that did not get to its end, is a
 * result: the point or the run is left out, and the caller is told.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "records/clock.h"
#include "records/counts.h"
#include "records/events.h"
#include "base/jsonl.h"

/* Where in which file the reader is. */
struct reader {
	const struct vb_campaign *c;
	struct vb_run *run;
	struct vb_list *problems;
	struct vb_jsonl file;
	struct vb_sample *open;		/* the point whose records are being read */
	char *point;			/* its name, as the guest gives it to vmapstat */
	int started;
	int ended;
};

/* A point that cannot be used: say why, and keep it out of the statistics. */
static void fail_point(struct reader *r, const char *why)
{
	struct vb_sample *s = r->open;

	s->failed = 1;
	vb_list_add(r->problems, "%s:%d: %s point %s, %ld pages, %ld threads left out: %s",
		    r->file.name, r->file.line, vb_mode_name[s->mode], s->workload, (long)s->pages,
		    (long)s->threads, why);
}

/* The records of a point are over: did all of them come? */
static void close_point(struct reader *r)
{
	struct vb_sample *s = r->open;

	if (!s)
		return;
	if (!s->failed && !s->ops_done)
		fail_point(r, "no sample record");
	else if (!s->failed && s->mode == VB_TRACED && !s->has_counts)
		fail_point(r, "no counts record");
	r->open = NULL;
}

/* Campaigns of today say which kernel each variant is, older ones one for all; all say it. */
static void check_kernel(const struct reader *r)
{
	json_t *kernel = json_object_get(json_object_get(r->c->root, "fingerprint"),
					 "kernel_version");
	const char *text = json_string_value(json_is_object(kernel) ?
		json_object_get(kernel, r->run->variant) : kernel);

	if (!text || !*text)
		vb_die("%s/campaign.json: %s %s", r->c->dir,
		       "\"kernel_version\" is missing in its fingerprint, or is not that of",
		       r->run->variant);
	if (strcmp(text, r->run->kernel))
		vb_jsonl_bad(&r->file, "the run is of another kernel than the campaign");
}

static void on_start(struct reader *r, json_t *o)
{
	const char *variant = vb_jsonl_str(&r->file, o, "variant");
	json_int_t cpus = vb_jsonl_int(&r->file, o, "cpus");

	if (r->started)
		vb_jsonl_bad(&r->file, "a second start record");
	r->started = 1;
	r->run->kernel = vb_strf("%s", vb_jsonl_str(&r->file, o, "kernel"));
	if (!r->c) {
		r->run->own_variant = vb_strf("%s", variant);
		r->run->variant = r->run->own_variant;
		return;
	}
	if (strcmp(variant, r->run->variant))
		vb_jsonl_bad(&r->file, "the run is of another variant");
	if (cpus != r->c->cpus)
		vb_jsonl_bad(&r->file, "the run has another number of CPUs than the campaign");
	check_kernel(r);
}

static long number_of(json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

/* As emit_point does in the guest (guest/lib.sh). */
static void name_point(struct reader *r, json_t *o)
{
	free(r->point);
	r->point = vb_strf("%ld %s %s %ld %ld %ld %ld", number_of(o, "seq"),
			   vb_jsonl_str(&r->file, o, "mode"), r->open->workload,
			   number_of(o, "pages"), number_of(o, "threads"), number_of(o, "ops"),
			   number_of(o, "warmup"));
}

/* What was asked for: counts are judged by how many operations there were. */
static void check_point_ops(const struct reader *r, json_t *o)
{
	if (!r->c)
		return;
	if (r->open->ops != vb_campaign_point_ops(r->c, r->open->threads))
		vb_jsonl_bad(&r->file, "\"ops\" of the point are not those of the campaign");
	if (vb_jsonl_int(&r->file, o, "warmup") != r->c->warmup)
		vb_jsonl_bad(&r->file, "\"warmup\" of the point is not that of the campaign");
}

static void on_point(struct reader *r, json_t *o)
{
	const char *mode = vb_jsonl_str(&r->file, o, "mode");
	struct vb_run *run = r->run;
	struct vb_sample *s;

	close_point(r);
	run->sample = vb_grow(run->sample, run->nsamples, sizeof(*run->sample));
	s = &run->sample[run->nsamples++];
	while (strcmp(mode, vb_mode_name[s->mode]))
		if (++s->mode == VB_MODES)
			vb_jsonl_bad(&r->file, "\"mode\" is neither bare nor traced nor sampled");
	s->workload = vb_strf("%s", vb_jsonl_str(&r->file, o, "workload"));
	s->pages = vb_jsonl_int(&r->file, o, "pages");
	s->threads = vb_jsonl_int(&r->file, o, "threads");
	/* A point of a trial or of a guest by hand may come again, with another result. */
	if (r->c && vb_run_next(run, NULL, s->mode, s->workload, s->pages, s->threads) != s)
		vb_jsonl_bad(&r->file, "the point was measured before");
	s->ops = vb_jsonl_int(&r->file, o, "ops");
	r->open = s;
	check_point_ops(r, o);
	name_point(r, o);
}

static int cpu_is_taken(const struct vb_sample *s, json_int_t cpu)
{
	size_t i;

	for (i = 0; i + 1 < s->nthreads; i++)
		if (s->thread[i].cpu == cpu)
			return 1;
	return 0;
}

/*
 * The record against itself. The module gives each thread an equal share, rounded up
 * (module/run.c). A thread keeps working until all have done theirs, so that more operations
 * are done than were asked for: as many as its rate allows, twice that where it varies.
 */
static void check_ops(const struct reader *r)
{
	const struct vb_sample *s = r->open;
	const json_int_t share = s->ops / s->threads + !!(s->ops % s->threads);
	const struct vb_thread *t;
	json_int_t ops = 0;
	double most = 0;
	int uneven = 0;

	for (t = s->thread; t < s->thread + s->nthreads; t++) {
		if (t->ns > s->window_ns)
			vb_jsonl_bad(&r->file, "a thread that took longer than all of them");
		if (!vb_sum(&ops, t->ops))
			vb_jsonl_bad(&r->file, VB_TOO_LARGE);
		uneven |= t->ops != share;
		most += (double)t->ops * s->window_ns / (t->ns ? t->ns : 1);
	}
	if (uneven)
		vb_jsonl_bad(&r->file, "the threads did not do the operations of the point");
	if (s->ops_done < ops || s->ops_done > 2 * most + 64)
		vb_jsonl_bad(&r->file, "\"ops_done\" is not what the threads have done");
}

static void read_threads(struct reader *r, json_t *o)
{
	json_t *array = json_object_get(o, "thread"), *value;
	struct vb_sample *s = r->open;
	struct vb_thread *t;
	size_t i;

	json_array_foreach(array, i, value) {
		s->thread = vb_grow(s->thread, s->nthreads, sizeof(*s->thread));
		t = &s->thread[s->nthreads++];
		t->cpu = vb_jsonl_int(&r->file, value, "cpu");
		t->ops = vb_jsonl_int(&r->file, value, "ops");
		t->ns = vb_jsonl_int(&r->file, value, "ns");
		if (!t->ops)
			vb_jsonl_bad(&r->file, "a thread without operations");
		if (cpu_is_taken(s, t->cpu))
			vb_jsonl_bad(&r->file, "a CPU that is there twice");
	}
	if (!s->nthreads || s->nthreads != (size_t)s->threads)
		vb_jsonl_bad(&r->file, "\"thread\" does not have one entry per thread");
}

/* What only some workloads have, under the names of metrics. */
static void read_values(struct reader *r, json_t *o)
{
	json_t *values = json_object_get(o, "values"), *value;
	struct vb_sample *s = r->open;
	const char *name;

	json_object_foreach(values, name, value) {
		s->named = vb_grow(s->named, s->nnamed, sizeof(*s->named));
		s->named[s->nnamed++] = (struct vb_named){
			.name = vb_strf("%s", name), .value = vb_jsonl_int(&r->file, values, name),
		};
	}
}

static void on_sample(struct reader *r, json_t *o)
{
	struct vb_sample *s = r->open;
	json_int_t mismatches;
	char *why;

	if (!s || s->ops_done || s->failed)
		vb_jsonl_bad(&r->file, "a sample record that belongs to no point");
	if (strcmp(vb_jsonl_str(&r->file, o, "workload"), s->workload) ||
	    vb_jsonl_int(&r->file, o, "pages") != s->pages ||
	    vb_jsonl_int(&r->file, o, "threads") != s->threads ||
	    vb_jsonl_int(&r->file, o, "ops") != s->ops)
		vb_jsonl_bad(&r->file, "the sample is of another point than the one announced");
	s->number = vb_jsonl_int(&r->file, o, "run");
	s->ops_done = vb_jsonl_int(&r->file, o, "ops_done");
	s->window_ns = vb_jsonl_int(&r->file, o, "window_ns");
	if (!s->ops_done || !s->window_ns)
		vb_jsonl_bad(&r->file, "a sample without operations or without time");
	read_threads(r, o);
	check_ops(r);
	read_values(r, o);
	vb_fill_read(&r->file, o, s);
	mismatches = vb_jsonl_int(&r->file, o, "mismatches");
	if (mismatches) {
		why = vb_strf("%ld mismatches", (long)mismatches);
		fail_point(r, why);
		free(why);
	}
}

static void on_error(struct reader *r, json_t *o)
{
	json_t *err = json_object_get(o, "errno");
	char *why;

	why = vb_strf("the guest reports: %s (errno %d)", vb_jsonl_str(&r->file, o, "what"),
		      (int)json_integer_value(err));
	if (r->open && !r->open->failed)
		fail_point(r, why);
	else
		vb_list_add(r->problems, "%s:%d: %s", r->file.name, r->file.line, why);
	free(why);
}

static void read_missing(struct reader *r, json_t *o)
{
	struct vb_list *missing = &r->run->missing;
	const char *symbol;
	json_t *value;
	size_t i;

	json_array_foreach(json_object_get(o, "missing"), i, value) {
		symbol = json_string_value(value);
		if (!symbol)
			vb_jsonl_bad(&r->file, "\"missing\" holds something that is not a name");
		if (!vb_list_has(missing, symbol))
			vb_list_add(missing, "%s", symbol);
	}
}

/* vmapstat was told what it counts; guests of earlier versions did not tell it. */
static void check_name(struct reader *r, json_t *o)
{
	const char *name;
	char *what;

	if (json_object_get(o, "point"))
		r->run->named++;
	else
		r->run->unnamed++;
	if (r->run->named && r->run->unnamed)
		vb_jsonl_bad(&r->file, "not all counts of this run say which point they are of");
	if (!r->run->named)
		return;
	name = vb_jsonl_str(&r->file, o, "point");
	if (!strcmp(name, r->point))
		return;
	what = vb_strf("the counts are of the point \"%s\", and stand in \"%s\"", name, r->point);
	vb_jsonl_bad(&r->file, what);
}

static void on_counts(struct reader *r, json_t *o)
{
	struct vb_sample *s = r->open;
	json_int_t lost;
	char *why;

	if (!s || s->mode != VB_TRACED || s->has_counts)
		vb_jsonl_bad(&r->file, "a counts record that belongs to no traced point");
	check_name(r, o);
	if (s->failed)	/* vmapstat counted up to the failure; nobody needs it */
		return;
	if (!s->ops_done)
		vb_jsonl_bad(&r->file, "a counts record in front of its sample");
	vb_counts_read(&r->file, o, s);
	read_missing(r, o);
	lost = vb_jsonl_int(&r->file, o, "lost");
	if (lost) {
		why = vb_strf("the counters lost %ld events", (long)lost);
		fail_point(r, why);
		free(why);
	}
}

static void on_areas(struct reader *r, json_t *o)
{
	struct vb_sample *s = r->open;

	if (!s || s->has_areas)
		vb_jsonl_bad(&r->file, "an areas record that belongs to no point");
	vb_areas_read(&r->file, o, s);
}

static void on_space(struct reader *r, json_t *o)
{
	struct vb_sample *s = r->open;

	if (!s || !s->ops_done)
		vb_jsonl_bad(&r->file, "a space record in front of its sample");
	vb_space_read(&r->file, o, s);
}

static void on_audit(struct reader *r, json_t *o)
{
	struct vb_sample *s = r->open;

	if (!s || !s->ops_done || s->has_audit)
		vb_jsonl_bad(&r->file, "an audit record that belongs to no sample");
	vb_audit_read(&r->file, o, s);
}

static void on_end(struct reader *r, json_t *o)
{
	(void)o;
	close_point(r);
	r->ended = 1;
}

/* Records of other purposes share the file. */
static void on_other(struct reader *r, json_t *o)
{
	(void)o;
	close_point(r);
}

/* For vb-symbolise. It comes in the middle of the first point. */
static void on_symbols(struct reader *r, json_t *o)
{
	(void)r;
	(void)o;
}

static const struct {
	const char *type;
	void (*read)(struct reader *r, json_t *o);
} records[] = {
	{ "start", on_start },
	{ "point", on_point },
	{ "sample", on_sample },
	{ "error", on_error },
	{ "counts", on_counts },
	{ "areas", on_areas },
	{ "space", on_space },
	{ "audit", on_audit },
	{ "symbols", on_symbols },
	{ "test_vmalloc", on_other },
	{ "end", on_end },
};

static void read_record(void *arg, json_t *o)
{
	struct reader *r = arg;
	const char *type = vb_jsonl_str(&r->file, o, "type");
	char *what;
	size_t i;

	if (r->ended)
		vb_jsonl_bad(&r->file, "a record after the end record");
	if (!r->started && strcmp(type, "start"))
		vb_jsonl_bad(&r->file, "the first record is not a start record");
	for (i = 0; i < ARRAY_SIZE(records); i++) {
		if (!strcmp(type, records[i].type)) {
			records[i].read(r, o);
			return;
		}
	}
	what = vb_strf("unknown record type \"%s\"", type);
	vb_jsonl_bad(&r->file, what);
}

/**
 * vb_run_read() - read VARIANT/run-NUMBER/events.jsonl
 * @run: filled in; @run->whole says whether it may be used
 * @c: the campaign
 * @variant: which kernel; must outlive @run
 * @number: which boot, from 1
 * @problems: gets a line for everything that has to be left out
 *
 * Ends the program when the file is there and is not what a guest writes.
 */
void vb_run_read(struct vb_run *run, const struct vb_campaign *c, const char *variant, long number,
		 struct vb_list *problems)
{
	struct reader r = { .c = c, .run = run, .problems = problems };

	memset(run, 0, sizeof(*run));
	run->variant = variant;
	run->number = number;
	r.file.dir = c->dir;
	r.file.name = vb_strf("%s/run-%ld/events.jsonl", variant, number);
	if (!vb_jsonl_read(&r.file, read_record, &r))
		vb_list_add(problems, "%s: no such file: the run is missing", r.file.name);
	else if (!r.ended)
		vb_list_add(problems,
			    "%s: no end record: the run is not whole and nothing of it is used",
			    r.file.name);
	run->whole = r.ended;
	free(r.point);
	free(r.file.name);
	if (!vb_campaign_is_sim(c))
		vb_clock_refuse(run, c);
	else if (run->whole)
		vb_clock_read(run, c, problems);
}

/**
 * vb_run_read_dir() - read events.jsonl of a run, whatever campaign it is of
 * @run: filled in, all but @run->number; @run->whole says whether it may be used
 * @dir: the run's directory
 * @problems: gets a line for everything that has to be left out
 *
 * Parallel time is not read. Ends the program when the file is not there or is
 * not what a guest writes.
 */
void vb_run_read_dir(struct vb_run *run, const char *dir, struct vb_list *problems)
{
	struct reader r = { .run = run, .problems = problems };

	memset(run, 0, sizeof(*run));
	r.file.name = vb_strf("%s/events.jsonl", dir);
	if (!vb_jsonl_read(&r.file, read_record, &r))
		vb_die("%s: no such file", r.file.name);
	run->whole = r.ended;
	free(r.point);
	free(r.file.name);
}

/**
 * vb_run_next() - find a point of a run
 * @run: the run
 * @prev: the point found before, or NULL to begin
 * @mode: bare or traced
 * @workload: which operation loop
 * @pages: pages per operation
 * @threads: how many threads
 *
 * Points that failed are found too, so that they are not reported as missing.
 *
 * Return: the next one, or NULL.
 */
const struct vb_sample *vb_run_next(const struct vb_run *run, const struct vb_sample *prev,
				    enum vb_mode mode, const char *workload, long pages,
				    long threads)
{
	const struct vb_sample *s;
	size_t i;

	for (i = prev ? (size_t)(prev - run->sample) + 1 : 0; i < run->nsamples; i++) {
		s = &run->sample[i];
		if (s->mode == mode && s->pages == pages && s->threads == threads &&
		    !strcmp(s->workload, workload))
			return s;
	}
	return NULL;
}

static void free_sample(struct vb_sample *s)
{
	size_t i;

	for (i = 0; i < s->nlocks; i++) {
		free(s->lock[i].name);
		free(s->lock[i].kind);
	}
	for (i = 0; i < s->nnamed; i++)
		free(s->named[i].name);
	free(s->named);
	free(s->fill.step_ns);
	free(s->fill.block_ns);
	free(s->lock);
	free(s->space);
	free(s->thread);
	free(s->workload);
}

/**
 * vb_run_free() - free what vb_run_read() took
 * @run: the run
 */
void vb_run_free(struct vb_run *run)
{
	size_t i;

	for (i = 0; i < run->nsamples; i++)
		free_sample(&run->sample[i]);
	free(run->sample);
	free(run->kernel);
	free(run->own_variant);
	vb_list_free(&run->marks);
	vb_list_free(&run->missing);
}
