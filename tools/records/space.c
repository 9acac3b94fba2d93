// SPDX-License-Identifier: GPL-2.0
/* The address space in use while a point ran: see space.h. */
#include "records/space.h"
#include "records/values.h"

struct work {
	FILE *out;
	const struct vb_runs *runs;
	size_t rows;
};

static void put_space(FILE *out, const struct vb_point *p, const struct vb_space *space)
{
	fprintf(out, "%s\t%s\t%ld\t%ld\t%lld\t%lld\t%lld\t%lld\t%lld\n", p->variant, p->workload,
		p->pages, p->threads, (long long)space->ops, (long long)space->live_pages,
		(long long)space->areas, (long long)space->pages, (long long)space->lazy_pages);
}

static void put_point(const struct vb_point *p, void *data)
{
	struct work *w = data;
	const struct vb_run *run;
	const struct vb_sample *s = vb_point_sample(w->runs, p, VB_BARE, &run);
	size_t i;

	for (i = 0; s && i < s->nspaces; i++) {
		put_space(w->out, p, &s->space[i]);
		w->rows++;
	}
}

/**
 * vb_space_table() - write space.tsv
 * @out: where to
 * @c: the campaign
 * @runs: its runs
 *
 * A row for each time that a workload noted the space in use, from the first run that has
 * the point.
 *
 * Return: how many rows.
 */
size_t vb_space_table(FILE *out, const struct vb_campaign *c, const struct vb_runs *runs)
{
	struct work w = { .out = out, .runs = runs };

	fputs("variant\tworkload\tpages\tthreads\t", out);
	fputs("ops\tlive_pages\tareas\tspace_pages\tlazy_pages\n", out);
	vb_each_point(c, put_point, &w);
	return w.rows;
}
