// SPDX-License-Identifier: GPL-2.0
/* A comparison as one page that needs nothing else: see compare.h and page.h. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "compare/compare.h"
#include "base/page.h"

static void put_differences(FILE *out, const char *heading, const struct vb_differences *d)
{
	size_t i;

	if (!d->n)
		return;
	vb_page_element(out, "h2", "%s", heading);
	fputs("<dl>\n", out);
	for (i = 0; i < d->n; i++) {
		vb_page_element(out, "dt", "%s", d->item[i].name);
		vb_page_element(out, "dd", "before: %s", d->item[i].before);
		vb_page_element(out, "dd", "after: %s", d->item[i].after);
	}
	fputs("</dl>\n", out);
}

static const char *class_of(enum vb_verdict verdict)
{
	static const char *const class[] = {
		[VB_PASS] = "pass", [VB_IMPROVEMENT] = "improvement",
		[VB_TRADE_OFF] = "trade-off",
		[VB_INCONCLUSIVE] = "inconclusive", [VB_REGRESSION] = "regression",
	};

	return class[verdict];
}

static void put_head(FILE *out, const struct vb_comparison *c)
{
	char *verdict = vb_words_verdict(c), *title, *tag;

	title = vb_strf("%s: %s against %s", vb_words_overall(c), c->after.name, c->before.name);
	vb_page_begin(out, title);
	free(title);
	tag = vb_strf("h1 class=\"%s\"", class_of(c->verdict));
	vb_page_element(out, tag, "%s", verdict);
	free(tag);
	vb_page_element(out, "p", "%s after, %s before.", c->after.name, c->before.name);
	vb_page_element(out, "p", "Machine %s, %ld CPUs, %ld operations a point; accelerator %s.",
			c->after.c.machine, c->after.c.cpus, c->after.c.ops,
			vb_side_accelerator(&c->after));
	free(verdict);
}

static void cell(FILE *out, char *words)
{
	vb_page_element(out, "td", "%s", words);
	free(words);
}

static void put_row(FILE *out, const struct vb_comparison *c, const struct vb_change *ch)
{
	char *tag = vb_strf("td class=\"%s\"", class_of(ch->verdict));

	fputs("<tr>\n", out);
	vb_page_element(out, "td", "%s %ldp %ldt", ch->point.workload, ch->point.pages,
			ch->point.threads);
	vb_page_number(out, ch->before);
	vb_page_number(out, ch->after);
	cell(out, vb_words_delta(ch->before, ch->delta));
	cell(out, vb_words_interval(c, ch));
	cell(out, vb_words_n(ch));
	vb_page_element(out, tag, "%s", ch->decides ? vb_verdict_name[ch->verdict] : "-");
	fputs("</tr>\n", out);
	free(tag);
}

static void put_news(FILE *out, const struct vb_comparison *c, size_t pair)
{
	static const char *const heads[] = {
		"metric", "point", "before", "after", "change", "verdict",
	};
	const struct vb_change *ch;
	char *tag;
	int n = 0;

	for (ch = c->change; ch < c->change + c->n; ch++) {
		if (ch->pair != pair || !vb_is_news(ch))
			continue;
		if (!n++) {
			vb_page_element(out, "h2",
					"What changed by more than is allowed: %s against %s",
					c->pair[pair].after, c->pair[pair].before);
			vb_page_heads(out, heads, ARRAY_SIZE(heads));
		}
		tag = vb_strf("td class=\"%s\"", class_of(ch->verdict));
		fputs("<tr>\n", out);
		vb_page_element(out, "td", "%s", ch->t->metric->name);
		vb_page_element(out, "td", "%s %ldp %ldt", ch->point.workload, ch->point.pages,
				ch->point.threads);
		vb_page_number(out, ch->before);
		vb_page_number(out, ch->after);
		cell(out, vb_words_delta(ch->before, ch->delta));
		vb_page_element(out, tag, "%s", vb_verdict_name[ch->verdict]);
		fputs("</tr>\n", out);
		free(tag);
	}
	if (n)
		vb_page_table_end(out);
}

static void put_metric(FILE *out, const struct vb_comparison *c, const struct vb_change *first,
		       size_t n)
{
	static const char *const heads[] = {
		"point", "before", "after", "change", "interval", "n", "verdict",
	};
	char *allowed = vb_words_allowed(c, first, n);
	size_t i;

	vb_page_element(out, "h3", "%s, %s, on %s", first->t->metric->name, first->t->metric->unit,
			c->after.c.machine);
	vb_page_element(out, "p class=\"quiet\"", "%s. %s", first->t->metric->how,
			first->decides ? "" : "It informs, and does not decide.");
	if (first->decides)
		vb_page_element(out, "p class=\"quiet\"", "Allowed: %s.", allowed);
	vb_page_heads(out, heads, ARRAY_SIZE(heads));
	for (i = 0; i < n; i++)
		put_row(out, c, &first[i]);
	vb_page_table_end(out);
	free(allowed);
}

static void put_tables(FILE *out, const struct vb_comparison *c, int decides)
{
	size_t i, n, pair = c->npairs;

	for (i = 0; i < c->n; i += n) {
		n = vb_metric_changes(c, i);
		if (c->change[i].decides != decides)
			continue;
		if (c->change[i].pair != pair) {
			pair = c->change[i].pair;
			vb_page_element(out, "h2", "%s: %s against %s",
					decides ? "Every point" : "Further figures",
					c->pair[pair].after, c->pair[pair].before);
		}
		put_metric(out, c, &c->change[i], n);
	}
}

static void put_reasons(FILE *out, const struct vb_change *ch, const struct vb_reason *r, size_t n)
{
	static const char *const heads[] = { "part", "before", "after", "change" };
	size_t i;

	vb_page_element(out, "h3", "%s, %ld pages, %ld threads: ns of an operation, %s against %s",
			ch->point.workload, ch->point.pages, ch->point.threads, ch->other,
			ch->point.variant);
	vb_page_heads(out, heads, ARRAY_SIZE(heads));
	for (i = 0; i < n; i++) {
		if (r[i].delta == 0)
			continue;
		fputs("<tr>\n", out);
		vb_page_element(out, "td", "%s", (r[i].before ? r[i].before : r[i].after)->part);
		vb_page_number(out, r[i].before ? r[i].before->ns_per_op : 0);
		vb_page_number(out, r[i].after ? r[i].after->ns_per_op : 0);
		vb_page_number(out, r[i].delta);
		fputs("</tr>\n", out);
	}
	vb_page_table_end(out);
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
			vb_page_element(out, "h2", "Where the time went");
		if (n)
			put_reasons(out, ch, reason, n);
		free(reason);
	}
}

/* gnuplot wrote it, and plots/inline.awk made it fit for a page. */
static void put_figure(FILE *out, const char *path)
{
	FILE *f = fopen(path, "r");
	char buf[4096];
	size_t n;

	if (!f)
		vb_die("%s: %s", path, strerror(errno));
	fputs("<figure>\n", out);
	while ((n = fread(buf, 1, sizeof(buf), f)))
		fwrite(buf, 1, n, out);
	if (ferror(f))
		vb_die("%s: %s", path, strerror(errno));
	fputs("</figure>\n", out);
	fclose(f);
}

static int is_figure(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return *d->d_name != '.' && len > 4 && !strcmp(d->d_name + len - 4, ".svg");
}

static void put_figures(FILE *out, const char *dir)
{
	struct dirent **entry;
	char *path;
	int i, n;

	if (!dir)
		return;
	n = scandir(dir, &entry, is_figure, alphasort);
	if (n < 0)
		vb_die("%s: %s", dir, strerror(errno));
	for (i = 0; i < n; i++) {
		path = vb_strf("%s/%s", dir, entry[i]->d_name);
		put_figure(out, path);
		free(path);
		free(entry[i]);
	}
	free(entry);
}

static void put_fingerprint(FILE *out, const struct vb_side *s)
{
	json_t *print = json_object_get(s->c.root, "fingerprint"), *value;
	const char *key;
	char *text;

	vb_page_element(out, "h3", "%s", s->name);
	fputs("<dl>\n", out);
	json_object_foreach(print, key, value) {
		text = json_dumps(value, JSON_ENCODE_ANY);
		vb_page_element(out, "dt", "%s", key);
		vb_page_element(out, "dd", "%s", text ? text : "?");
		free(text);
	}
	fputs("</dl>\n", out);
}

/**
 * vb_compare_html() - write the comparison as a page
 * @out: where to
 * @c: the comparison
 * @figures: directory whose *.svg go into it, in the order of their names; NULL: none
 */
void vb_compare_html(FILE *out, const struct vb_comparison *c, const char *figures)
{
	struct vb_list method = { 0 }, noise = { 0 }, trades = { 0 };
	size_t i;

	put_head(out, c);
	put_differences(out, "Unlike, and compared by force", &c->likeness.unlike);
	vb_page_list(out, "h2", "Warnings", &c->doubts);
	for (i = 0; i < c->npairs; i++)
		put_news(out, c, i);
	vb_trade_offs(c, &trades);
	vb_page_list(out, "h2", "Trade-offs", &trades);
	vb_list_free(&trades);
	put_why(out, c);
	put_figures(out, figures);
	put_tables(out, c, 1);
	put_tables(out, c, 0);
	vb_words_noise(c, &noise);
	vb_page_list(out, "h2", "What these boots can show", &noise);
	vb_page_list(out, "h2", "Left out", &c->left_out);
	vb_page_list(out, "h2", "Notes", &c->notes);
	vb_words_method(c, &method);
	vb_page_list(out, "h2", "Method and limits", &method);
	put_differences(out, "What was changed", &c->likeness.change);
	vb_page_element(out, "h2", "Fingerprints");
	put_fingerprint(out, &c->before);
	put_fingerprint(out, &c->after);
	vb_page_end(out);
	vb_list_free(&noise);
	vb_list_free(&method);
}
