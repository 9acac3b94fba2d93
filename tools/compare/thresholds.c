// SPDX-License-Identifier: GPL-2.0
/* Reading thresholds.tsv: see thresholds.h. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "compare/thresholds.h"
#include "base/tsv.h"

/*
 * Operations of a window in which phase was measured: the default's, and a long one. What a
 * guest image does to a rare event is repeated all through a window.
 */
#define USUAL_OPS	16000
#define LONG_OPS	1000000

static const struct vb_tsv kind = { .what = "a threshold", .columns = 11 };

/* Which of two words a field is; -1: neither. */
static int either(const char *text, const char *no, const char *yes)
{
	if (!strcmp(text, yes))
		return 1;
	return strcmp(text, no) ? -1 : 0;
}

static int take_worth(const char *text, enum vb_worth *worth)
{
	static const char *const names[] = {
		[VB_ONE] = "1", [VB_PEERS] = "peers", [VB_CPUS] = "cpus",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(text, names[i]))
			continue;
		*worth = i;
		return 0;
	}
	return -1;
}

static int take_percent(const char *text, double *percent)
{
	return vb_tsv_number(text, percent) || *percent < 0 || *percent > 1000 ? -1 : 0;
}

static int take_events(const char *text, double *events)
{
	return strcmp(text, "-") && (vb_tsv_number(text, events) || *events < 0) ? -1 : 0;
}

static int is_known(const struct vb_thresholds *t, const struct vb_metric *m)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (t->line[i].metric == m)
			return 1;
	return 0;
}

static int take_line(void *arg, char **f)
{
	struct vb_thresholds *t = arg;
	struct vb_threshold new = { .metric = vb_metric_find(f[0]) };
	int lower = either(f[1], "higher", "lower");

	new.sign = lower ? 1 : -1;
	new.weighs = !strcmp(f[2], "weighs");
	new.decides[1] = new.weighs ? 1 : either(f[2], "informs", "decides");
	new.decides[0] = either(f[6], "informs", "decides");
	if (!new.metric || is_known(t, new.metric) || lower < 0 || new.decides[0] < 0 ||
	    new.decides[1] < 0 || take_worth(f[10], &new.worth))
		return -1;
	if (take_percent(f[3], &new.percent[1]) || take_percent(f[4], &new.long_percent) ||
	    take_percent(f[5], &new.waiting_percent) || take_percent(f[7], &new.percent[0]))
		return -1;
	/* What is tested elsewhere is a ratio, and no ratio is within nothing. */
	if (!new.percent[0])
		return -1;
	if (take_events(f[8], &new.events) || take_events(f[9], &new.long_events))
		return -1;
	t->line = vb_grow(t->line, t->n, sizeof(*t->line));
	t->line[t->n++] = new;
	return 0;
}

/**
 * vb_thresholds_read() - read the file
 * @t: filled in
 * @path: the file
 *
 * Ends the program with one line when there is something wrong with the file.
 */
void vb_thresholds_read(struct vb_thresholds *t, const char *path)
{
	memset(t, 0, sizeof(*t));
	if (!vb_tsv_read(&kind, path, take_line, t))
		vb_die("%s: no such file", path);
	if (!t->n)
		vb_die("%s: no thresholds", path);
}

/**
 * vb_threshold_percent() - the percentage that is allowed on sim
 * @t: the threshold
 * @waiting: threads wait for locks there
 * @ops: operations in the window of the point
 *
 * Return: in %.
 */
double vb_threshold_percent(const struct vb_threshold *t, int waiting, long ops)
{
	if (waiting)
		return t->waiting_percent;
	return ops < LONG_OPS ? t->percent[1] : t->long_percent;
}

/* From the usual window to a long one in proportion. */
static double events_of(const struct vb_threshold *t, long ops)
{
	if (ops <= USUAL_OPS)
		return t->events;
	if (ops >= LONG_OPS)
		return t->long_events;
	return t->events + (t->long_events - t->events) *
			   (ops - USUAL_OPS) / (LONG_OPS - USUAL_OPS);
}

/**
 * vb_threshold_extra() - what is allowed beside the percentage
 * @t: the threshold
 * @ops: operations in the window of a point
 * @cpus: CPUs of the machine
 *
 * Return: in the metric's unit.
 */
double vb_threshold_extra(const struct vb_threshold *t, long ops, long cpus)
{
	double per_kop = events_of(t, ops) * 1000.0 / ops;

	switch (t->worth) {
	case VB_PEERS:
		return per_kop * (cpus - 1);
	case VB_CPUS:
		return per_kop * cpus;
	default:
		return per_kop;
	}
}

/**
 * vb_thresholds_free() - free what vb_thresholds_read() took
 * @t: the thresholds
 */
void vb_thresholds_free(struct vb_thresholds *t)
{
	free(t->line);
}
