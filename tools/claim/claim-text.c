// SPDX-License-Identifier: GPL-2.0
/* Claims as plain text: see claim.h. */
#include <stdlib.h>
#include <string.h>

#include "claim/claim.h"
#include "base/text.h"

static void put_table(FILE *out, const struct vb_claim *c)
{
	json_t *table = json_object_get(c->root, "table"), *head, *row, *cell;
	struct vb_table t = { 0 };
	size_t i, k;
	char *text;

	json_array_foreach(vb_claim_list(c, table, "heads"), i, head)
		vb_table_column(&t, vb_strf("%s", json_string_value(head)));
	json_array_foreach(vb_claim_list(c, table, "rows"), i, row) {
		json_array_foreach(row, k, cell) {
			if (k >= t.n)
				vb_die("%s: a row with more cells than heads", c->path);
			text = vb_claim_cell(cell);
			vb_table_cell(&t, k, text);
			free(text);
		}
	}
	vb_table_print(out, &t);
	fputc('\n', out);
	vb_table_free(&t);
}

static void put_relations(FILE *out, const struct vb_claim *c)
{
	char *evidence, *text;
	json_t *relation;
	size_t i;

	json_array_foreach(vb_claim_list(c, c->root, "relations"), i, relation) {
		evidence = vb_claim_evidence(c, relation);
		text = vb_strf("%s: %s", vb_claim_holds(relation),
			       vb_claim_string(c, relation, "text"));
		vb_wrap(out, "- ", "  ", text);
		vb_wrap(out, "    ", "    ", evidence);
		free(text);
		free(evidence);
	}
	fputc('\n', out);
}

static void put_list(FILE *out, const struct vb_claim *c, const char *key, const char *heading)
{
	struct vb_list lines = vb_claim_lines(c, key);
	size_t i;

	if (lines.n) {
		fprintf(out, "%s\n", heading);
		for (i = 0; i < lines.n; i++)
			vb_wrap(out, "- ", "  ", lines.line[i]);
		fputc('\n', out);
	}
	vb_list_free(&lines);
}

static void put_campaigns(FILE *out, const struct vb_claim *c)
{
	struct vb_list lines = vb_claim_campaigns(c);
	size_t i;

	for (i = 0; i < lines.n; i++)
		vb_wrap(out, "", "  ", lines.line[i]);
	vb_list_free(&lines);
}

static void put_claim(FILE *out, const struct vb_claim *c)
{
	char *source = vb_claim_source(c), *text;

	text = vb_strf("%s: %s (%s size)", c->verdict, c->name,
		       vb_claim_string(c, c->root, "size"));
	vb_wrap(out, "", "", text);
	free(text);
	vb_wrap(out, "", "", c->title);
	fputc('\n', out);
	text = vb_strf("Published: %s. %s", source, vb_claim_string(c, c->root, "says"));
	vb_wrap(out, "", "", text);
	fputc('\n', out);
	free(text);
	free(source);
	put_table(out, c);
	put_list(out, c, "doubts", "Warnings:");
	put_relations(out, c);
	put_list(out, c, "notes", "Notes:");
	put_campaigns(out, c);
}

/**
 * vb_claims_text() - one after the other
 * @out: where to
 * @all: the claims
 */
void vb_claims_text(FILE *out, const struct vb_claims *all)
{
	size_t i;

	for (i = 0; all->n + all->absent.n > 1 && i < all->n; i++)
		fprintf(out, "%-14s %s\n", all->claim[i].verdict, all->claim[i].name);
	for (i = 0; i < all->absent.n; i++)
		fprintf(out, "%-14s %s\n", "not there", all->absent.line[i]);
	for (i = 0; i < all->n; i++) {
		if (all->n + all->absent.n > 1)
			fprintf(out, "\n%.76s\n\n",
				"============================================================================");
		put_claim(out, &all->claim[i]);
	}
}
