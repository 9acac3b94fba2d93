// SPDX-License-Identifier: GPL-2.0
/* Claims as one page: see claim.h and page.h. */
#include <stdlib.h>
#include <string.h>

#include "claim/claim.h"
#include "base/page.h"

/* Classes of the page's style, by what was found. */
static const char *class_of(const char *found)
{
	if (!strcasecmp(found, "holds"))
		return "pass";
	return strcmp(found, "CANNOT TELL") ? "regression" : "inconclusive";
}

static void put_found(FILE *out, const char *tag, const char *found, const char *rest)
{
	char *element = vb_strf("%s class=\"%s\"", tag, class_of(found));

	vb_page_element(out, element, "%s%s", found, rest);
	free(element);
}

static void put_cells(FILE *out, json_t *row)
{
	json_t *cell;
	char *text;
	size_t i;

	fputs("<tr>\n", out);
	json_array_foreach(row, i, cell) {
		text = vb_claim_cell(cell);
		vb_page_element(out, "td", "%s", text);
		free(text);
	}
	fputs("</tr>\n", out);
}

static void put_table(FILE *out, const struct vb_claim *c)
{
	json_t *table = json_object_get(c->root, "table");
	json_t *heads = vb_claim_list(c, table, "heads"), *row;
	const char **head = calloc(json_array_size(heads) + 1, sizeof(*head));
	size_t i;

	if (!head)
		vb_die("out of memory");
	for (i = 0; i < json_array_size(heads); i++)
		head[i] = json_string_value(json_array_get(heads, i));
	vb_page_heads(out, head, json_array_size(heads));
	json_array_foreach(vb_claim_list(c, table, "rows"), i, row)
		put_cells(out, row);
	vb_page_table_end(out);
	free(head);
}

static void put_relations(FILE *out, const struct vb_claim *c)
{
	json_t *relation;
	char *evidence;
	size_t i;

	fputs("<dl>\n", out);
	json_array_foreach(vb_claim_list(c, c->root, "relations"), i, relation) {
		evidence = vb_claim_evidence(c, relation);
		vb_page_element(out, "dt", "%s", vb_claim_string(c, relation, "text"));
		fputs("<dd>\n", out);
		put_found(out, "span", vb_claim_holds(relation), ": ");
		vb_page_element(out, "span", "%s", evidence);
		fputs("</dd>\n", out);
		free(evidence);
	}
	fputs("</dl>\n", out);
}

static void put_list(FILE *out, const struct vb_claim *c, const char *key, const char *heading)
{
	struct vb_list lines = vb_claim_lines(c, key);

	vb_page_list(out, "h3", heading, &lines);
	vb_list_free(&lines);
}

static void put_campaigns(FILE *out, const struct vb_claim *c)
{
	struct vb_list lines = vb_claim_campaigns(c);
	size_t i;

	for (i = 0; i < lines.n; i++)
		vb_page_element(out, "p class=\"quiet\"", "%s", lines.line[i]);
	vb_list_free(&lines);
}

static void put_claim(FILE *out, const struct vb_claim *c)
{
	char *source = vb_claim_source(c), *id = vb_strf("h2 id=\"%s\"", c->name);

	vb_page_element(out, id, "%s", c->title);
	put_found(out, "p", c->verdict, "");
	vb_page_element(out, "p", "%s", vb_claim_string(c, c->root, "says"));
	vb_page_element(out, "p class=\"quiet\"", "Published: %s.", source);
	put_table(out, c);
	put_list(out, c, "doubts", "Warnings");
	put_relations(out, c);
	put_list(out, c, "notes", "Notes");
	put_campaigns(out, c);
	free(id);
	free(source);
}

/* What was found, of all, and the way there. */
static void put_contents(FILE *out, const struct vb_claims *all)
{
	char *link;
	size_t i;

	fputs("<ul>\n", out);
	for (i = 0; i < all->n; i++) {
		fputs("<li>\n", out);
		put_found(out, "span", all->claim[i].verdict, " ");
		link = vb_strf("a href=\"#%s\"", all->claim[i].name);
		vb_page_element(out, link, "%s", all->claim[i].name);
		fputs("</li>\n", out);
		free(link);
	}
	for (i = 0; i < all->absent.n; i++)
		vb_page_element(out, "li class=\"inconclusive\"", "not there: %s",
				all->absent.line[i]);
	fputs("</ul>\n", out);
}

/**
 * vb_claims_html() - theirs and ours on one page
 * @out: where to
 * @all: the claims
 */
void vb_claims_html(FILE *out, const struct vb_claims *all)
{
	size_t i;

	vb_page_begin(out, "vmapbench: claims");
	vb_page_element(out, "h1", "%zu claims, published and measured",
			all->n + all->absent.n);
	vb_page_element(out, "p class=\"quiet\"",
			"Published figures come from other machines. Compare shapes and ratios, not nanoseconds.");
	put_contents(out, all);
	for (i = 0; i < all->n; i++)
		put_claim(out, &all->claim[i]);
	vb_page_end(out);
}
