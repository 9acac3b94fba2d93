// SPDX-License-Identifier: GPL-2.0
/* The scalability law fitted to a campaign's times: see report.h. */
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "base/text.h"
#include "stats/usl.h"

#define METRIC "ns_per_op"

enum column { VARIANT, WORKLOAD, PAGES, POINTS, LAMBDA, SIGMA, KAPPA, PEAK, RESIDUAL };

static const char *const heads[] = {
	[VARIANT] = "variant", [WORKLOAD] = "workload", [PAGES] = "pages", [POINTS] = "n",
	[LAMBDA] = "lambda\nop/s", [SIGMA] = "sigma", [KAPPA] = "kappa",
	[PEAK] = "peak\nthreads", [RESIDUAL] = "error\n%",
};

/**
 * struct curve - time per operation against threads, as far as it was measured
 * @variant: which kernel
 * @workload: which operation loop
 * @pages: pages per operation
 * @threads: of each point
 * @ns: time per operation of each point
 * @n: how many points
 * @most: the highest number of threads
 */
struct curve {
	const char *variant;
	const char *workload;
	long pages;
	double *threads;
	double *ns;
	size_t n;
	double most;
};

static void take_curve(struct curve *k, const struct vb_report *r)
{
	const struct vb_campaign *c = &r->c;
	const struct vb_row *row;
	size_t t;

	for (t = 0; t < c->nthreads; t++) {
		row = vb_summary_find(&r->s, k->variant, k->workload, k->pages, c->threads[t],
				      METRIC);
		if (!row)
			continue;
		k->threads = vb_grow(k->threads, k->n, sizeof(*k->threads));
		k->ns = vb_grow(k->ns, k->n, sizeof(*k->ns));
		k->threads[k->n] = row->threads;
		k->ns[k->n++] = row->median;
		if (row->threads > k->most)
			k->most = row->threads;
	}
}

/* Three digits, and 0 only for 0; a value that is 1 but for its last bits is "1". */
static void put_coefficient(struct vb_table *t, enum column column, double value)
{
	char cell[32];

	snprintf(cell, sizeof(cell), "%.3g", value);
	vb_table_cell(t, column, cell);
}

/* In brackets when it lies where nothing was measured. */
static void put_peak(struct vb_table *t, const struct vb_usl *fit, double most)
{
	char number[32], cell[40];
	double peak;

	if (vb_usl_peak(fit, &peak)) {
		vb_table_cell(t, PEAK, "none");
		return;
	}
	snprintf(number, sizeof(number), "%.1f", peak);
	snprintf(cell, sizeof(cell), peak > most ? "(%s)" : "%s", number);
	vb_table_cell(t, PEAK, cell);
}

static void put_fit(struct vb_table *t, const struct curve *k)
{
	struct vb_usl fit;
	char cell[32];
	int column;

	if (vb_usl_fit(k->threads, k->ns, k->n, &fit)) {
		for (column = LAMBDA; column <= RESIDUAL; column++)
			vb_table_cell(t, column, VB_NO_VALUE);
		return;
	}
	vb_number(cell, sizeof(cell), fit.lambda);
	vb_table_cell(t, LAMBDA, cell);
	put_coefficient(t, SIGMA, fit.sigma);
	put_coefficient(t, KAPPA, fit.kappa);
	put_peak(t, &fit, k->most);
	snprintf(cell, sizeof(cell), "%.2f", 100 * fit.residual);
	vb_table_cell(t, RESIDUAL, cell);
}

static void add_row(struct vb_table *t, const struct vb_report *r, const char *variant,
		    const char *workload, long pages)
{
	struct curve k = { .variant = variant, .workload = workload, .pages = pages };
	char cell[24];

	take_curve(&k, r);
	vb_table_cell(t, VARIANT, variant);
	vb_table_cell(t, WORKLOAD, workload);
	snprintf(cell, sizeof(cell), "%ld", pages);
	vb_table_cell(t, PAGES, cell);
	snprintf(cell, sizeof(cell), "%zu", k.n);
	vb_table_cell(t, POINTS, cell);
	put_fit(t, &k);
	free(k.threads);
	free(k.ns);
}

static void put_table(FILE *out, const struct vb_report *r)
{
	const struct vb_campaign *c = &r->c;
	struct vb_table t = { .words = 2 };
	size_t i, w, p, v;

	for (i = 0; i < ARRAY_SIZE(heads); i++)
		vb_table_column(&t, vb_strf("%s", heads[i]));
	for (w = 0; w < c->nworkloads; w++)
		for (p = 0; p < c->npages; p++)
			for (v = 0; v < c->nvariants; v++)
				add_row(&t, r, c->variants[v], c->workloads[w], c->pages[p]);
	vb_table_print(out, &t);
	fputc('\n', out);
	vb_table_free(&t);
}

/**
 * vb_report_usl() - contention and coherency of every curve
 * @out: where to
 * @r: the report
 *
 * A campaign with too few numbers of threads gets a sentence and no table; a
 * curve with too few points, or with a time of 0, a row of "-".
 */
void vb_report_usl(FILE *out, const struct vb_report *r)
{
	char *text;

	vb_report_heading(out, "Scalability law", '-');
	if (r->c.nthreads < VB_USL_MIN_POINTS) {
		text = vb_strf("A fit needs %d numbers of threads; this campaign has %zu.",
			       VB_USL_MIN_POINTS, r->c.nthreads);
		vb_wrap(out, "", "", text);
		fputc('\n', out);
		free(text);
		return;
	}
	vb_wrap(out, "", "",
		"Throughput X(N) = N / " METRIC " fitted with lambda N / (1 + sigma (N - 1) +\n"
		"kappa N (N - 1)) (Gunther 2007), relative errors, sigma and kappa not below 0.\n"
		"lambda: operations per second of one thread. sigma: contention, 0 when nothing is\n"
		"shared and 1 when only one thread at a time gets on. kappa: coherency, what every\n"
		"pair of threads costs. peak: threads above which throughput falls; in brackets\n"
		"when more than were measured. error: root mean square of the n points; far from\n"
		"0 the law does not describe them.");
	fputc('\n', out);
	put_table(out, r);
}
