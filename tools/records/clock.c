// SPDX-License-Identifier: GPL-2.0
/*
 * clock.jsonl: the parallel time of a run on the sim machine.
 *
 * The simulator writes a record for each region it sees, with the number of
 * the module's run in it; the sample record with the same number is its.
 */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "records/clock.h"
#include "base/jsonl.h"

/* Two CPUs that are further apart than that did not run at the same time. */
#define MAX_SKEW_QUANTA	2
/* Less of the window is no error that could be seen. */
#define MAX_SKEW_PART	1000
/* CPUs that were charged a cost execute some instructions too early. */
#define MAX_EARLY_PERCENT	2

/* ns that rounding takes or gives where an instruction is no whole ns: at begin and end. */
#define ROUNDING_NS	3

struct reader {
	struct vb_jsonl file;
	json_int_t insn_ps;
	json_int_t window_ns;
	struct vb_run *run;
	struct vb_list *problems;
};

static struct vb_sample *find_sample(struct vb_run *run, json_int_t number)
{
	size_t i;

	for (i = 0; i < run->nsamples; i++)
		if (run->sample[i].ops_done && run->sample[i].number == number)
			return &run->sample[i];
	return NULL;
}

static struct vb_thread *find_thread(struct vb_sample *s, json_int_t cpu)
{
	size_t i;

	for (i = 0; i < s->nthreads; i++)
		if (s->thread[i].cpu == cpu)
			return &s->thread[i];
	return NULL;
}

/* What a CPU's clock shows is what it executed, and what it waited for and was charged. */
static void check_thread(const struct reader *r, const struct vb_thread *t)
{
	json_int_t executing = t->parallel_ns - t->spin_ns - t->halt_ns - t->cost_ns;
	double off = (double)t->insns * r->insn_ps / 1000 - executing;
	double rounding = ROUNDING_NS + (double)t->ops * VB_OP_ROUNDING_NS;

	if (r->insn_ps == 1000 ? t->insns != executing : fabs(off) > rounding)
		vb_jsonl_bad(&r->file,
			     "\"ns\" of a thread is not what its instructions, spinning, halts and costs take");
	if (t->parallel_ns > r->window_ns)
		vb_jsonl_bad(&r->file, "a thread that took longer than all of them");
	if (t->early_insns > t->insns)
		vb_jsonl_bad(&r->file, "more instructions that were early than there were");
}

static void read_threads(const struct reader *r, struct vb_sample *s, json_t *array)
{
	struct vb_thread *t;
	json_t *value;
	size_t i;

	if (json_array_size(array) != s->nthreads)
		vb_jsonl_bad(&r->file, "not as many threads as the sample has");
	json_array_foreach(array, i, value) {
		t = find_thread(s, vb_jsonl_int(&r->file, value, "cpu"));
		if (!t)
			vb_jsonl_bad(&r->file, "a CPU that the sample does not have");
		if (t->has_clock)
			vb_jsonl_bad(&r->file, "a CPU that is there twice");
		t->has_clock = 1;
		t->parallel_ns = vb_jsonl_int(&r->file, value, "ns");
		t->insns = vb_jsonl_int(&r->file, value, "insns");
		t->spin_ns = vb_jsonl_int(&r->file, value, "spin_ns");
		t->halt_ns = vb_jsonl_int(&r->file, value, "halt_ns");
		t->cost_ns = vb_jsonl_int(&r->file, value, "cost_ns");
		t->early_insns = vb_jsonl_int(&r->file, value, "early_insns");
		check_thread(r, t);
	}
}

static void check_skew(const struct reader *r, const struct vb_sample *s, json_t *o)
{
	json_int_t skew = vb_jsonl_int(&r->file, o, "max_skew_ns");
	json_int_t quantum = vb_jsonl_int(&r->file, o, "quantum_ns");

	if (skew > MAX_SKEW_QUANTA * quantum && skew > r->window_ns / MAX_SKEW_PART)
		vb_list_add(&r->run->marks,
			    "%s:%d: %s point %s, %ld pages, %ld threads: CPUs were up to %ld ns apart, more than %d quanta of %ld ns and than 1 / %d of its window: its time is off by about that",
			    r->file.name, r->file.line, vb_mode_name[s->mode], s->workload,
			    (long)s->pages, (long)s->threads, (long)skew, MAX_SKEW_QUANTA,
			    (long)quantum, MAX_SKEW_PART);
}

/* What was executed before the others were there may have seen too little. */
static void check_early(const struct reader *r, const struct vb_sample *s)
{
	json_int_t early = 0, insns = 0;
	size_t i;

	for (i = 0; i < s->nthreads; i++) {
		if (!vb_sum(&early, s->thread[i].early_insns) ||
		    !vb_sum(&insns, s->thread[i].insns))
			vb_jsonl_bad(&r->file, VB_TOO_LARGE);
	}
	if ((double)early * 100 > (double)insns * MAX_EARLY_PERCENT)
		vb_list_add(&r->run->marks,
			    "%s:%d: %s point %s, %ld pages, %ld threads: %ld of %ld instructions, more than %d%%, were executed before the other CPUs were as far: who waits for whom may be wrong there",
			    r->file.name, r->file.line, vb_mode_name[s->mode], s->workload,
			    (long)s->pages, (long)s->threads, (long)early, (long)insns,
			    MAX_EARLY_PERCENT);
}

static void read_record(void *arg, json_t *o)
{
	struct reader *r = arg;
	struct vb_sample *s = find_sample(r->run, vb_jsonl_int(&r->file, o, "run"));

	/* A run that failed has a region and no sample. */
	if (!s)
		return;
	if (s->has_clock)
		vb_jsonl_bad(&r->file, "a second clock record of the same run");
	s->has_clock = 1;
	r->window_ns = vb_jsonl_int(&r->file, o, "window_ns");
	read_threads(r, s, json_object_get(o, "thread"));
	check_skew(r, s, o);
	check_early(r, s);
}

static void report_missing(const struct reader *r)
{
	struct vb_sample *s;
	size_t i;

	for (i = 0; i < r->run->nsamples; i++) {
		s = &r->run->sample[i];
		if (s->failed || s->has_clock)
			continue;
		s->failed = 1;
		vb_list_add(r->problems,
			    "%s: %s point %s, %ld pages, %ld threads left out: no clock record",
			    r->file.name, vb_mode_name[s->mode], s->workload, (long)s->pages,
			    (long)s->threads);
	}
}

/**
 * vb_clock_read() - add what VARIANT/run-N/clock.jsonl says to a run's samples
 * @run: the run, its events read
 * @c: the campaign
 * @problems: gets a line for every point without a clock, which is left out
 *
 * A point whose CPUs were too far apart gets a mark.
 *
 * Ends the program when the file is there and is not what the simulator writes.
 */
void vb_clock_read(struct vb_run *run, const struct vb_campaign *c, struct vb_list *problems)
{
	struct reader r = {
		.run = run, .problems = problems, .insn_ps = c->insn_ps,
	};

	r.file.dir = c->dir;
	r.file.name = vb_strf("%s/run-%ld/clock.jsonl", run->variant, run->number);
	vb_jsonl_read(&r.file, read_record, &r);
	report_missing(&r);
	free(r.file.name);
}

/**
 * vb_clock_refuse() - end the program if a machine in real time left clock.jsonl
 * @run: the run
 * @c: the campaign
 *
 * Only a simulator writes it: times in real time beside it are those of another machine.
 */
void vb_clock_refuse(const struct vb_run *run, const struct vb_campaign *c)
{
	char *path = vb_strf("%s/%s/run-%ld/clock.jsonl", c->dir, run->variant, run->number);

	if (!access(path, F_OK))
		vb_die("%s: is of a simulated machine, and the campaign's machine is %s", path,
		       c->machine);
	free(path);
}
