// SPDX-License-Identifier: GPL-2.0
/* How long maps took as the vmalloc space filled, as a table: see fill.h. */
#include "records/fill.h"
#include "records/values.h"

struct work {
	FILE *out;
	const struct vb_runs *runs;
};

static void put_step(FILE *out, const struct vb_point *p, const struct vb_fill *fill, size_t i)
{
	json_int_t before = i * fill->step_maps;
	json_int_t maps = before + fill->step_maps < fill->maps ?
			  before + fill->step_maps : fill->maps;

	fprintf(out, "%s\t%s\t%ld\t%ld\t%lld\t%zu\t%lld\t%lld\t%lld\t%lld\n", p->variant,
		p->workload, p->pages, p->threads, (long long)fill->space_pages, i + 1,
		(long long)maps, (long long)(maps - before), (long long)fill->step_ns[i],
		(long long)fill->block_ns[i]);
}

static void put_point(const struct vb_point *p, void *data)
{
	const struct work *w = data;
	const struct vb_run *run;
	const struct vb_sample *s = vb_point_sample(w->runs, p, VB_BARE, &run);
	size_t i;

	for (i = 0; s && i < s->fill.nsteps; i++)
		put_step(w->out, p, &s->fill, i);
}

/**
 * vb_fill_table() - write fill.tsv
 * @out: where to
 * @c: the campaign
 * @runs: its runs
 *
 * A row for each variant and step, from the first run that has the point: maps at the end of
 * the step, maps in it, ns they took, and ns of one of them that needed a new block.
 */
void vb_fill_table(FILE *out, const struct vb_campaign *c, const struct vb_runs *runs)
{
	struct work w = { .out = out, .runs = runs };

	fputs("variant\tworkload\tpages\tthreads\tspace_pages\t", out);
	fputs("step\tmaps\tstep_maps\tns\tblock_ns\n", out);
	vb_each_point(c, put_point, &w);
}
