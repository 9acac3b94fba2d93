// SPDX-License-Identifier: GPL-2.0
/* vb-space - the address space in use while runs went on, on stdout. */
#include <stdio.h>

#include "base/options.h"
#include "records/runs.h"
#include "records/values.h"

static void put_space(const struct vb_point *p, const struct vb_space *space)
{
	printf("%s\t%s\t%ld\t%ld\t%lld\t%lld\t%lld\t%lld\t%lld\n", p->variant, p->workload,
	       p->pages, p->threads, (long long)space->ops, (long long)space->live_pages,
	       (long long)space->areas, (long long)space->pages, (long long)space->lazy_pages);
}

static void put_point(const struct vb_point *p, void *data)
{
	const struct vb_run *run;
	const struct vb_sample *s = vb_point_sample(data, p, VB_BARE, &run);
	size_t i;

	for (i = 0; s && i < s->nspaces; i++)
		put_space(p, &s->space[i]);
}

static void help(void)
{
	puts("usage: vb-space CAMPAIGN_DIR\n"
	     "\n"
	     "Writes space.tsv to stdout: how much of the vmalloc space was in use while a run went\n"
	     "on, a row for each time that it was noted, from the first run that has the point.\n"
	     "Workloads that note nothing have no rows.\n"
	     "\n"
	     "exit codes: 0 written; 2 usage error, or a file that is not what it should be");
}

int main(int argc, char **argv)
{
	struct vb_campaign c;
	struct vb_runs runs;

	vb_name = "vb-space";
	vb_options(argc, argv, help, NULL, 0);
	if (argc - optind != 1)
		vb_usage("one campaign folder is needed");
	vb_campaign_read(&c, argv[optind]);
	vb_runs_read(&runs, &c);
	puts("variant\tworkload\tpages\tthreads\tops\tlive_pages\tareas\tspace_pages\tlazy_pages");
	vb_each_point(&c, put_point, &runs);
	vb_close_stdout();
	vb_runs_free(&runs);
	vb_campaign_free(&c);
	return VB_OK;
}
