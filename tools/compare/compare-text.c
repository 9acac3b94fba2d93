// SPDX-License-Identifier: GPL-2.0
/* A comparison as plain text that can be pasted into a mail: see compare.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/compare.h"
#include "base/text.h"

/* What a mail can quote once and still show on 76 columns. */
#define MAIL_WIDTH	75

static void put_item(FILE *out, const char *text)
{
	vb_wrap(out, "- ", "  ", text);
}

static void put_list(FILE *out, const char *heading, const struct vb_list *list)
{
	size_t i;

	if (!list->n)
		return;
	fprintf(out, "\n%s\n", heading);
	for (i = 0; i < list->n; i++)
		put_item(out, list->line[i]);
}

static void put_differences(FILE *out, const char *heading, const struct vb_differences *d)
{
	struct vb_list lines = { 0 };
	size_t i;

	for (i = 0; i < d->n; i++)
		vb_list_add(&lines, "%s: %s before, %s after", d->item[i].name, d->item[i].before,
			    d->item[i].after);
	put_list(out, heading, &lines);
	vb_list_free(&lines);
}

static void put_head(FILE *out, const struct vb_comparison *c)
{
	char *verdict = vb_words_verdict(c);

	vb_wrap(out, "", "", verdict);
	fprintf(out, "\nbefore:  %s\nafter:   %s\n", c->before.name, c->after.name);
	fprintf(out, "machine: %s, %ld CPUs, %ld operations a point\n", c->after.c.machine,
		c->after.c.cpus, c->after.c.ops);
	fprintf(out, "by:      %s\n", vb_side_accelerator(&c->after));
	free(verdict);
}

static void cell(struct vb_table *t, size_t column, char *text)
{
	vb_table_cell(t, column, text);
	free(text);
}

static void put_row(const struct vb_comparison *c, struct vb_table *t, const struct vb_change *ch)
{
	cell(t, 0, vb_strf("%s %ldp %ldt", ch->point.workload, ch->point.pages,
			   ch->point.threads));
	vb_table_value(t, 1, ch->before);
	vb_table_value(t, 2, ch->after);
	cell(t, 3, vb_words_delta(ch->before, ch->delta));
	cell(t, 4, vb_words_interval(c, ch));
	cell(t, 5, vb_words_n(ch));
	vb_table_cell(t, 6, vb_verdict_mark[ch->verdict]);
}

static void put_metric(FILE *out, const struct vb_comparison *c, const struct vb_change *first,
		       size_t n)
{
	static const char *const heads[] = {
		"point", "before", "after", "change", "interval", "n", "",
	};
	char *allowed = vb_words_allowed(c, first, n);
	struct vb_table t = { .words = 1 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(heads); i++)
		vb_table_column(&t, vb_strf("%s", heads[i]));
	for (i = 0; i < n; i++)
		put_row(c, &t, &first[i]);
	fprintf(out, "\n%s, %s, on %s; allowed: %s\n\n", first->t->metric->name,
		first->t->metric->unit, c->after.c.machine, allowed);
	vb_table_print(out, &t);
	vb_table_free(&t);
	free(allowed);
}

/* Everything that is not simply within what is allowed, before all other tables. */
static void put_news(FILE *out, const struct vb_comparison *c, size_t pair)
{
	static const char *const heads[] = { "metric", "point", "before", "after", "change", "" };
	struct vb_table t = { .words = 2 };
	const struct vb_change *ch;
	size_t i, n = 0;

	for (i = 0; i < ARRAY_SIZE(heads); i++)
		vb_table_column(&t, vb_strf("%s", heads[i]));
	for (ch = c->change; ch < c->change + c->n; ch++) {
		if (ch->pair != pair || !vb_is_news(ch))
			continue;
		n++;
		vb_table_cell(&t, 0, ch->t->metric->name);
		cell(&t, 1, vb_strf("%s %ldp %ldt", ch->point.workload, ch->point.pages,
				    ch->point.threads));
		vb_table_value(&t, 2, ch->before);
		vb_table_value(&t, 3, ch->after);
		cell(&t, 4, vb_words_delta(ch->before, ch->delta));
		vb_table_cell(&t, 5, vb_verdict_mark[ch->verdict]);
	}
	if (n) {
		fputs("\nWhat changed by more than is allowed", out);
		if (c->npairs > 1)
			fprintf(out, ", %s -> %s", c->pair[pair].before, c->pair[pair].after);
		fputs("\n\n", out);
		vb_table_print(out, &t);
	}
	vb_table_free(&t);
}

static int is_dull(const struct vb_change *first, size_t n)
{
	while (n--)
		if (first[n].delta != 0 || first[n].verdict != VB_PASS)
			return 0;
	return 1;
}

static char *name_pair(const struct vb_comparison *c, size_t pair)
{
	return vb_strf("%s -> %s", c->pair[pair].before, c->pair[pair].after);
}

/* The metrics that decide; where nothing changed a line says so. */
static void put_pair(FILE *out, const struct vb_comparison *c, size_t pair)
{
	char *name = name_pair(c, pair), *dull = vb_strf("%s", ""), *more;
	size_t i, n;

	fprintf(out, "\n%s\n", name);
	for (i = strlen(name); i; i--)
		fputc('-', out);
	fputc('\n', out);
	for (i = 0; i < c->n; i += n) {
		n = vb_metric_changes(c, i);
		if (c->change[i].pair != pair || !c->change[i].decides)
			continue;
		if (!is_dull(&c->change[i], n)) {
			put_metric(out, c, &c->change[i], n);
			continue;
		}
		more = vb_strf("%s%s%s", dull, *dull ? ", " : "", c->change[i].t->metric->name);
		free(dull);
		dull = more;
	}
	if (*dull) {
		fputc('\n', out);
		vb_wrap(out, "no difference at any point: ", "  ", dull);
	}
	free(dull);
	free(name);
}

static void put_reasons(FILE *out, const struct vb_change *ch, const struct vb_reason *reason,
			size_t n)
{
	static const char *const heads[] = { "part", "before", "after", "change" };
	struct vb_table t = { .words = 1 };
	char number[32], *text;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(heads); i++)
		vb_table_column(&t, vb_strf("%s", heads[i]));
	for (i = 0; i < n; i++) {
		if (reason[i].delta == 0)
			continue;
		vb_table_cell(&t, 0, (reason[i].before ? reason[i].before : reason[i].after)->part);
		vb_table_value(&t, 1, reason[i].before ? reason[i].before->ns_per_op : 0);
		vb_table_value(&t, 2, reason[i].after ? reason[i].after->ns_per_op : 0);
		vb_number(number, sizeof(number), reason[i].delta);
		cell(&t, 3, vb_strf("%s%s", reason[i].delta > 0 ? "+" : "", number));
	}
	text = vb_strf("%s, %ld pages, %ld threads, %s -> %s: ns of an operation",
		       ch->point.workload, ch->point.pages, ch->point.threads,
		       ch->point.variant, ch->other);
	fputc('\n', out);
	vb_wrap(out, "", "", text);
	fputc('\n', out);
	vb_table_print(out, &t);
	free(text);
	vb_table_free(&t);
}

static void put_why(FILE *out, const struct vb_comparison *c)
{
	const struct vb_change *ch;
	struct vb_reason *reason;
	int headed = 0;
	size_t n;

	for (ch = c->change; ch < c->change + c->n; ch++) {
		if (!vb_why_wanted(c, ch))
			continue;
		n = vb_why(c, ch, &reason);
		if (n && !headed++)
			fputs("\nWhere the time went\n", out);
		if (n)
			put_reasons(out, ch, reason, n);
		free(reason);
	}
}

/* What could not be decided, and why; the same reason once. */
static void put_open(FILE *out, const struct vb_comparison *c)
{
	struct vb_list open = { 0 };
	const struct vb_change *ch;

	for (ch = c->change; ch < c->change + c->n; ch++)
		if (ch->decides && ch->why)
			vb_list_add(&open, "%s of %s, %ld pages, %ld threads: %s",
				    ch->t->metric->name, ch->point.workload, ch->point.pages,
				    ch->point.threads, ch->why);
	put_list(out, "Left open (?)", &open);
	vb_list_free(&open);
}

/**
 * vb_compare_text() - write the comparison as text
 * @out: where to
 * @c: the comparison
 */
void vb_compare_text(FILE *out, const struct vb_comparison *c)
{
	struct vb_list method = { 0 }, noise = { 0 }, trades = { 0 };
	size_t i;

	vb_width = MAIL_WIDTH;
	put_head(out, c);
	put_differences(out, "UNLIKE, and compared by force:", &c->likeness.unlike);
	put_list(out, "Warnings", &c->doubts);
	for (i = 0; i < c->npairs; i++)
		put_news(out, c, i);
	vb_trade_offs(c, &trades);
	put_list(out, "Trade-offs", &trades);
	for (i = 0; i < c->npairs; i++)
		put_pair(out, c, i);
	put_why(out, c);
	put_open(out, c);
	vb_words_noise(c, &noise);
	put_list(out, "What these boots can show", &noise);
	put_list(out, "Left out", &c->left_out);
	put_list(out, "Notes", &c->notes);
	vb_words_method(c, &method);
	put_list(out, "Method and limits", &method);
	put_differences(out, "What was changed", &c->likeness.change);
	vb_list_free(&noise);
	vb_list_free(&trades);
	vb_list_free(&method);
}
