// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that need nothing else: see page.h.
 *
 * No scripts, nothing loaded: the policy in their head forbids both. What is wide
 * scrolls in a box of its own, so that the page never does.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "base/markup.h"
#include "base/page.h"
#include "base/text.h"

static const char style[] =
	":root{color-scheme:light dark;--ink:#1c1c1c;--back:#fff;--quiet:#5a5a5a;\n"
	"--line:#d5d5d5;--bad:#a8200d;--good:#0b6b3a;--open:#7a5200}\n"
	"@media(prefers-color-scheme:dark){:root{--ink:#e8e8e8;--back:#16181b;\n"
	"--quiet:#a8a8a8;--line:#3c4046;--bad:#ff8f7a;--good:#6fd69c;--open:#f0c060}}\n"
	"body{color:var(--ink);background:var(--back);font:16px/1.45 system-ui,sans-serif;\n"
	"margin:0 auto;padding:0.8em;max-width:46em;overflow-wrap:anywhere}\n"
	"h1{font-size:1.35em;line-height:1.25}h2{font-size:1.1em;margin-top:1.8em}\n"
	"h3{font-size:1em;margin-bottom:.3em}\n"
	".regression{color:var(--bad)}.pass,.improvement,.trade-off{color:var(--good)}\n"
	".inconclusive{color:var(--open)}\n"
	".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.85em}\n"
	"th,td{padding:.2em .5em;text-align:right;white-space:nowrap;\n"
	"border-bottom:1px solid var(--line);overflow-wrap:normal}\n"
	"th:first-child,td:first-child{text-align:left}\n"
	"th{color:var(--quiet);font-weight:600}\n"
	".quiet{color:var(--quiet);font-size:.9em}\n"
	"figure{margin:1em 0}svg{width:100%;height:auto;display:block}\n"
	"dl{font-size:.85em}dt{font-weight:600}dd{margin:0 0 .5em 1em}\n";

/**
 * vb_page_element() - an element with words in it
 * @out: where to
 * @tag: its name, and attributes behind it
 * @fmt: the words
 */
void vb_page_element(FILE *out, const char *tag, const char *fmt, ...)
{
	char *words;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&words, fmt, ap) < 0)
		vb_die("out of memory");
	va_end(ap);
	fprintf(out, "<%s>", tag);
	/* The only way for words to get on the page. */
	vb_markup(out, words, SIZE_MAX, VB_MARKUP_ALL);
	fprintf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
	free(words);
}

/**
 * vb_page_begin() - all that comes before the first heading
 * @out: where to
 * @title: the page's title
 */
void vb_page_begin(FILE *out, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\"\n"
	      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
	      out);
	vb_page_element(out, "title", "%s", title);
	fprintf(out, "<style>\n%s</style>\n</head>\n<body>\n", style);
}

/**
 * vb_page_end() - what is open is closed
 * @out: where to
 */
void vb_page_end(FILE *out)
{
	fputs("</body>\n</html>\n", out);
}

/**
 * vb_page_list() - lines under a heading; nothing at all when there are none
 * @out: where to
 * @tag: the heading's
 * @heading: its words
 * @list: the lines
 */
void vb_page_list(FILE *out, const char *tag, const char *heading, const struct vb_list *list)
{
	size_t i;

	if (!list->n)
		return;
	vb_page_element(out, tag, "%s", heading);
	fputs("<ul>\n", out);
	for (i = 0; i < list->n; i++)
		vb_page_element(out, "li", "%s", list->line[i]);
	fputs("</ul>\n", out);
}

/**
 * vb_page_heads() - begin a table
 * @out: where to
 * @head: headings of its columns
 * @n: how many
 */
void vb_page_heads(FILE *out, const char *const *head, size_t n)
{
	size_t i;

	fputs("<div class=\"wide\"><table>\n<tr>\n", out);
	for (i = 0; i < n; i++)
		vb_page_element(out, "th", "%s", head[i]);
	fputs("</tr>\n", out);
}

/**
 * vb_page_table_end() - its last row was the last
 * @out: where to
 */
void vb_page_table_end(FILE *out)
{
	fputs("</table></div>\n", out);
}

/**
 * vb_page_number() - a cell with a value
 * @out: where to
 * @x: the value; NAN: there is none
 */
void vb_page_number(FILE *out, double x)
{
	char number[32];

	vb_number(number, sizeof(number), x);
	vb_page_element(out, "td", "%s", number);
}
