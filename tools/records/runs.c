// SPDX-License-Identifier: GPL-2.0
/* Reading all runs of a campaign: see runs.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "records/copies.h"
#include "records/runs.h"

/* A point that a whole run does not have; a point that failed is known already. */
static void check_point(struct vb_runs *runs, const struct vb_run *run,
			const struct vb_campaign *c, const char *workload, long pages, long threads)
{
	const int last = c->counted ? VB_TRACED : VB_BARE;
	int mode;

	for (mode = VB_BARE; mode <= last; mode++)
		if (!vb_run_next(run, NULL, mode, workload, pages, threads))
			vb_list_add(&runs->problems,
				    "%s/run-%ld/events.jsonl: the %s point %s, %ld pages, %ld threads is missing",
				    run->variant, run->number, vb_mode_name[mode], workload, pages,
				    threads);
}

static void check_run(struct vb_runs *runs, const struct vb_run *run, const struct vb_campaign *c)
{
	size_t w, p, t;

	if (!run->whole)
		return;
	for (w = 0; w < c->nworkloads; w++)
		for (p = 0; p < c->npages; p++)
			for (t = 0; t < c->nthreads; t++)
				check_point(runs, run, c, c->workloads[w], c->pages[p],
					    c->threads[t]);
}

/* scripts/run/jobs.sh keeps the console of a guest that failed and was booted once more. */
static void mark_repeated(struct vb_runs *runs, const struct vb_run *run,
			  const struct vb_campaign *c)
{
	char *path = vb_strf("%s/%s/run-%ld/first-failure.log", c->dir, run->variant, run->number);

	if (!access(path, F_OK))
		vb_list_add(&runs->marks,
			    "%s/run-%ld: the guest failed and was booted once more; first-failure.log there is its console",
			    run->variant, run->number);
	free(path);
}

/* On sim the host does not matter, and is not recorded. */
static void mark_crowded(struct vb_runs *runs, const struct vb_campaign *c)
{
	json_t *host = json_object_get(json_object_get(c->root, "fingerprint"), "host");
	long cpus = json_integer_value(json_object_get(host, "cpus"));

	if (cpus && c->cpus > cpus)
		vb_list_add(&runs->marks,
			    "the guest had %ld CPUs and the host %ld: times and lock waits show the host's scheduler",
			    c->cpus, cpus);
}

/* A campaign is of one version: a record without a name beside one that has it lost it. */
static void check_named(struct vb_runs *runs, const struct vb_campaign *c)
{
	const struct vb_run *run, *named = NULL, *unnamed = NULL;

	for (run = runs->run; run < runs->run + runs->n; run++) {
		if (run->named && !named)
			named = run;
		if (run->unnamed && !unnamed)
			unnamed = run;
	}
	if (named && unnamed)
		vb_die("%s/%s/run-%ld/events.jsonl: not as %s/run-%ld: %s", c->dir,
		       unnamed->variant, unnamed->number, named->variant, named->number,
		       "its counts do not say which point they are of: remove this run, and give the bench command again");
	if (unnamed)
		vb_list_add(&runs->marks,
			    "counts do not say which point they are of: an earlier version of vmapbench took them");
}

/**
 * vb_runs_read() - read every run that the campaign asked for
 * @runs: filled in
 * @c: the campaign; must outlive @runs
 *
 * Ends the program when a file is there and is not what a guest writes, or is a copy of
 * another one.
 */
void vb_runs_read(struct vb_runs *runs, const struct vb_campaign *c)
{
	struct vb_run *run;
	long number;
	size_t v;

	memset(runs, 0, sizeof(*runs));
	mark_crowded(runs, c);
	for (v = 0; v < c->nvariants; v++) {
		for (number = 1; number <= c->boots; number++) {
			runs->run = vb_grow(runs->run, runs->n, sizeof(*runs->run));
			run = &runs->run[runs->n++];
			vb_run_read(run, c, c->variants[v], number, &runs->problems);
			check_run(runs, run, c);
			mark_repeated(runs, run, c);
		}
	}
	check_named(runs, c);
	vb_check_copies(runs, c);
}

/**
 * vb_runs_free() - free what vb_runs_read() took
 * @runs: the runs
 */
void vb_runs_free(struct vb_runs *runs)
{
	size_t i;

	for (i = 0; i < runs->n; i++)
		vb_run_free(&runs->run[i]);
	free(runs->run);
	vb_list_free(&runs->problems);
	vb_list_free(&runs->marks);
}
