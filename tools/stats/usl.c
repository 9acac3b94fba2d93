// SPDX-License-Identifier: GPL-2.0
/*
 * The Universal Scalability Law: see usl.h.
 *
 * N. J. Gunther, Guerrilla Capacity Planning, Springer 2007, has the law; GSL
 * has the least squares. What is decided here is what is minimised, the
 * relative error of the throughput at every point, so that the small numbers of
 * threads count as much as the large ones; and that no coefficient is negative.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_machine.h>
#include <gsl/gsl_multifit_nlinear.h>

#include "stats/usl.h"

#define NS_PER_S 1e9

/* An error of this size is that of the digits that the data was written with. */
#define NO_ERROR 0.000000001

#define MAX_STEPS 500
#define TOLERANCE (500 * GSL_DBL_EPSILON)

/* Which coefficients are free; the others are 0. lambda always is. */
enum {
	CONTENTION = 1,
	COHERENCY = 2,
};

/**
 * struct problem - what GSL's callbacks get
 * @threads: of each point
 * @ns: time per operation of each point
 * @n: how many points
 * @scale: throughput of one thread by the first point, so that lambda / @scale is
 *	about 1, as the other parameters are
 * @free: which coefficients are free
 */
struct problem {
	const double *threads;
	const double *ns;
	size_t n;
	double scale;
	int free;
};

/* GSL's vector holds lambda / scale and the free coefficients, in that order. */
static void unpack(const gsl_vector *x, const struct problem *p, struct vb_usl *fit)
{
	size_t i = 1;

	fit->lambda = gsl_vector_get(x, 0) * p->scale;
	fit->sigma = p->free & CONTENTION ? gsl_vector_get(x, i++) : 0;
	fit->kappa = p->free & COHERENCY ? gsl_vector_get(x, i) : 0;
}

static double slowdown(const struct vb_usl *fit, double threads)
{
	return 1 + fit->sigma * (threads - 1) + fit->kappa * threads * (threads - 1);
}

/* Throughput of the law over that of the data, at one point. */
static double relative(const struct problem *p, const struct vb_usl *fit, size_t i)
{
	return vb_usl_throughput(fit, p->threads[i]) * p->ns[i] / (NS_PER_S * p->threads[i]);
}

static int errors(const gsl_vector *x, void *data, gsl_vector *f)
{
	const struct problem *p = data;
	struct vb_usl fit;
	size_t i;

	unpack(x, p, &fit);
	for (i = 0; i < p->n; i++)
		gsl_vector_set(f, i, relative(p, &fit, i) - 1);
	return GSL_SUCCESS;
}

static int derivatives(const gsl_vector *x, void *data, gsl_matrix *jacobian)
{
	const struct problem *p = data;
	double value, slow, more;
	struct vb_usl fit;
	size_t i, k;

	unpack(x, p, &fit);
	for (i = 0; i < p->n; i++) {
		value = relative(p, &fit, i);
		slow = slowdown(&fit, p->threads[i]);
		more = p->threads[i] - 1;
		k = 0;
		gsl_matrix_set(jacobian, i, k++, value * p->scale / fit.lambda);
		if (p->free & CONTENTION)
			gsl_matrix_set(jacobian, i, k++, -value * more / slow);
		if (p->free & COHERENCY)
			gsl_matrix_set(jacobian, i, k, -value * p->threads[i] * more / slow);
	}
	return GSL_SUCCESS;
}

static void finish(const struct problem *p, gsl_multifit_nlinear_workspace *w, struct vb_usl *fit)
{
	const gsl_vector *f = gsl_multifit_nlinear_residual(w);
	double sum = 0;
	size_t i;

	unpack(gsl_multifit_nlinear_position(w), p, fit);
	for (i = 0; i < p->n; i++)
		sum += gsl_vector_get(f, i) * gsl_vector_get(f, i);
	fit->residual = sqrt(sum / p->n);
}

/* One least squares fit with some coefficients free, whatever their sign is. */
static int fit_free(struct problem *p, struct vb_usl *fit)
{
	gsl_multifit_nlinear_parameters how = gsl_multifit_nlinear_default_parameters();
	gsl_multifit_nlinear_workspace *w;
	gsl_multifit_nlinear_fdf fdf = {
		.f = errors, .df = derivatives, .n = p->n, .params = p,
		.p = 1 + !!(p->free & CONTENTION) + !!(p->free & COHERENCY),
	};
	int info, err = -ENOMEM;
	gsl_vector *x;

	w = gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &how, p->n, fdf.p);
	x = gsl_vector_alloc(fdf.p);
	if (w && x) {
		/* The first point's throughput, and nothing shared. */
		gsl_vector_set_basis(x, 0);
		gsl_multifit_nlinear_init(x, &fdf, w);
		/*
		 * Where no step is an improvement any more, GSL ends with
		 * GSL_ENOPROG: that is the minimum to the last bit.
		 */
		err = gsl_multifit_nlinear_driver(MAX_STEPS, TOLERANCE, TOLERANCE, 0, NULL, NULL,
						  &info, w);
		err = err && info != GSL_ENOPROG ? -ERANGE : 0;
		finish(p, w, fit);
	}
	gsl_vector_free(x);
	gsl_multifit_nlinear_free(w);
	return err;
}

static int is_allowed(const struct vb_usl *fit)
{
	return isfinite(fit->residual) && fit->lambda > 0 && fit->sigma >= 0 && fit->kappa >= 0;
}

/*
 * The best fit without a negative coefficient is that with both free, or lies
 * on the boundary, where one of them or both are 0: fit all four and take the
 * best that is allowed. One more coefficient has to earn its place, or digits
 * that were rounded would pass for contention.
 */
static int fit_bounded(struct problem *p, struct vb_usl *best)
{
	static const int order[] = { 0, CONTENTION, COHERENCY, CONTENTION | COHERENCY };
	struct vb_usl fit;
	int found = 0, err;
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(*order); i++) {
		p->free = order[i];
		err = fit_free(p, &fit);
		if (err == -ENOMEM)
			return err;
		if (err || !is_allowed(&fit))
			continue;
		if (found && !(fit.residual < best->residual - NO_ERROR))
			continue;
		*best = fit;
		found = 1;
	}
	return found ? 0 : -ERANGE;
}

static size_t count_different(const double *x, size_t n)
{
	size_t i, k, count = 0;

	for (i = 0; i < n; i++) {
		for (k = 0; k < i && x[k] != x[i]; k++)
			;
		count += k == i;
	}
	return count;
}

/**
 * vb_usl_fit() - fit the law to times per operation
 * @threads: number of threads of each point, 1 or more, in any order
 * @ns: time per operation of each point as a thread sees it, ns, above 0
 * @n: how many points
 * @fit: where to put the law; not touched on errors
 *
 * X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)) is fitted to the
 * throughputs N / ns so that the sum of the squares of their relative errors is
 * smallest. sigma and kappa are 0 or more: a fit in which one would be negative
 * is made again with it fixed at 0, and exactly 0 is what @fit then says.
 *
 * Source of the law: N. J. Gunther, Guerrilla Capacity Planning, Springer 2007.
 *
 * Return: 0; -EINVAL with fewer than VB_USL_MIN_POINTS different numbers of
 * threads; -EDOM when a time is not finite and above 0, or a number of threads
 * not finite and 1 or more; -ERANGE when no fit was found; -ENOMEM.
 */
int vb_usl_fit(const double *threads, const double *ns, size_t n, struct vb_usl *fit)
{
	struct problem p = { .threads = threads, .ns = ns, .n = n };
	gsl_error_handler_t *handler;
	size_t i;
	int err;

	for (i = 0; i < n; i++)
		if (!isfinite(ns[i]) || ns[i] <= 0 || !isfinite(threads[i]) || threads[i] < 1)
			return -EDOM;
	if (count_different(threads, n) < VB_USL_MIN_POINTS)
		return -EINVAL;
	p.scale = NS_PER_S / ns[0];
	/* By default GSL ends the program. */
	handler = gsl_set_error_handler_off();
	err = fit_bounded(&p, fit);
	gsl_set_error_handler(handler);
	return err;
}

/**
 * vb_usl_throughput() - what the law says for a number of threads
 * @fit: the law
 * @threads: N, 1 or more
 *
 * Return: X(N), operations per second of all threads together.
 */
double vb_usl_throughput(const struct vb_usl *fit, double threads)
{
	return fit->lambda * threads / slowdown(fit, threads);
}

/**
 * vb_usl_peak() - where more threads stop being more throughput
 * @fit: the law
 * @threads: where to put the number, 1 or more, in general not whole
 *
 * dX/dN is 0 at N = sqrt((1 - sigma) / kappa) (Gunther 2007). Where that is less
 * than 1, or sigma more, one thread is best.
 *
 * Return: 0; -ERANGE when kappa is 0: throughput then grows for ever, if less
 * and less, and there is no peak.
 */
int vb_usl_peak(const struct vb_usl *fit, double *threads)
{
	if (fit->kappa <= 0)
		return -ERANGE;
	*threads = fmax(1, sqrt(fmax(0, 1 - fit->sigma) / fit->kappa));
	return 0;
}
