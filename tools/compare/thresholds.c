// SPDX-License-Identifier: GPL-2.0
/* Reading thresholds.tsv: see thresholds.h. */
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "compare/thresholds.h"
#include "base/tsv.h"

static const struct vb_tsv kind = { .what = "a threshold", .columns = 9 };

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
	new.decides[0] = either(f[5], "informs", "decides");
	if (!new.metric || is_known(t, new.metric) || lower < 0 || new.decides[0] < 0 ||
	    new.decides[1] < 0 || take_worth(f[8], &new.worth))
		return -1;
	if (take_percent(f[3], &new.percent[1]) || take_percent(f[4], &new.waiting_percent) ||
	    take_percent(f[6], &new.percent[0]))
		return -1;
	/* What is tested elsewhere is a ratio, and no ratio is within nothing. */
	if (!new.percent[0])
		return -1;
	if (strcmp(f[7], "-") && (vb_tsv_number(f[7], &new.events) || new.events < 0))
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
 * vb_threshold_extra() - what is allowed beside the percentage
 * @t: the threshold
 * @ops: operations in the window of a point
 * @cpus: CPUs of the machine
 *
 * Return: in the metric's unit.
 */
double vb_threshold_extra(const struct vb_threshold *t, long ops, long cpus)
{
	double per_kop = t->events * 1000.0 / ops;

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
