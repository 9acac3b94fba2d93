// SPDX-License-Identifier: GPL-2.0
/* Reading claim.json, and what text and page say alike: see claim.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claim/claim.h"
#include "base/jsonl.h"
#include "base/text.h"

/**
 * vb_claim_string() - a member that has to be there
 * @c: the claim
 * @o: the object
 * @key: the member
 *
 * Return: its text. Ends the program when it is none.
 */
const char *vb_claim_string(const struct vb_claim *c, json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	if (!text)
		vb_die("%s: \"%s\" is missing or is not a string", c->path, key);
	return text;
}

/**
 * vb_claim_list() - the same of a list
 * @c: the claim
 * @o: the object
 * @key: the member
 *
 * Return: the list.
 */
json_t *vb_claim_list(const struct vb_claim *c, json_t *o, const char *key)
{
	json_t *list = json_object_get(o, key);

	if (!json_is_array(list))
		vb_die("%s: \"%s\" is missing or is not a list", c->path, key);
	return list;
}

/**
 * vb_claim_lines() - a list of text
 * @c: the claim
 * @key: the member
 *
 * Return: its lines, to be freed.
 */
struct vb_list vb_claim_lines(const struct vb_claim *c, const char *key)
{
	struct vb_list lines = { 0 };
	json_t *line;
	size_t i;

	json_array_foreach(vb_claim_list(c, c->root, key), i, line)
		vb_list_add(&lines, "%s", json_is_string(line) ? json_string_value(line) : "?");
	return lines;
}

/* Every row of the table has a cell below each head. */
static void check_table(const struct vb_claim *c)
{
	json_t *table = json_object_get(c->root, "table"), *row;
	size_t n = json_array_size(vb_claim_list(c, table, "heads")), i;

	json_array_foreach(vb_claim_list(c, table, "rows"), i, row)
		if (!json_is_array(row) || json_array_size(row) != n)
			vb_die("%s: row %zu of the table has not as many cells as heads", c->path,
			       i + 1);
}

/**
 * vb_claim_read() - read a claim.json
 * @c: filled in
 * @path: the file
 *
 * Ends the program with one line when it is not what it should be.
 */
void vb_claim_read(struct vb_claim *c, const char *path)
{
	json_error_t e;

	c->path = path;
	c->root = json_load_file(path, 0, &e);
	if (!c->root)
		vb_die("%s:%d: %s", path, e.line, e.text);
	if (json_integer_value(json_object_get(c->root, "v")) != 1)
		vb_die("%s: not a claim of version 1", path);
	if (vb_json_controls(c->root, '\n'))
		vb_die("%s: a control character in a text", path);
	c->name = vb_claim_string(c, c->root, "claim");
	c->title = vb_claim_string(c, c->root, "title");
	c->verdict = vb_claim_string(c, c->root, "verdict");
	check_table(c);
}

/**
 * vb_claim_cell() - a number or words, as a table shows them
 * @value: the number, or a string; "-" for all else
 *
 * Return: the cell, to be freed.
 */
char *vb_claim_cell(json_t *value)
{
	char number[32];

	if (json_is_string(value))
		return vb_strf("%s", json_string_value(value));
	if (json_is_integer(value))
		return vb_strf("%lld", (long long)json_integer_value(value));
	vb_number(number, sizeof(number), json_is_real(value) ? json_real_value(value) : NAN);
	return vb_strf("%s", number);
}

/**
 * vb_claim_source() - who said it, where and when
 * @c: the claim
 *
 * Return: a line, to be freed.
 */
char *vb_claim_source(const struct vb_claim *c)
{
	json_t *said = json_object_get(c->root, "said");

	return vb_strf("\"%s\", %s, %s", vb_claim_string(c, said, "mail"),
		       vb_claim_string(c, said, "list"), vb_claim_string(c, said, "date"));
}

/**
 * vb_claim_holds() - does a relation hold?
 * @relation: the relation
 *
 * Return: a word.
 */
const char *vb_claim_holds(json_t *relation)
{
	json_t *holds = json_object_get(relation, "holds");

	if (!json_is_boolean(holds))
		return "CANNOT TELL";
	return json_is_true(holds) ? "holds" : "DOES NOT HOLD";
}

/**
 * vb_claim_evidence() - the numbers of a relation
 * @c: the claim
 * @relation: one of its relations
 *
 * Return: a line, to be freed.
 */
char *vb_claim_evidence(const struct vb_claim *c, json_t *relation)
{
	const char *from = json_string_value(json_object_get(relation, "from"));
	char *left, *right, *line;

	if (!json_is_boolean(json_object_get(relation, "holds")))
		return vb_strf("%s", vb_claim_string(c, relation, "why"));
	left = vb_claim_cell(json_object_get(relation, "left"));
	right = vb_claim_cell(json_object_get(relation, "right"));
	line = vb_strf("%s%s%s %s %s", from ? from : "", from ? ": " : "", left,
		       vb_claim_string(c, relation, "op"), right);
	free(left);
	free(right);
	return line;
}

static char *joined(json_t *list, const char *between)
{
	char *all = vb_strf("%s", ""), *one, *more;
	json_t *value;
	size_t i;

	json_array_foreach(list, i, value) {
		one = json_dumps(value, JSON_ENCODE_ANY);
		more = vb_strf("%s%s%s", all, i ? between : "",
			       json_is_string(value) ? json_string_value(value) : one);
		free(one);
		free(all);
		all = more;
	}
	return all;
}

static long long int_of(json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

/* What the guests of a trial had to do, and in what way they were special. */
static char *trial_words(const struct vb_claim *c, json_t *campaign)
{
	const char *append = vb_claim_string(c, campaign, "append");
	const char *debug = json_is_true(json_object_get(campaign, "debug")) ? " (debug)" : "";
	char *plan = joined(vb_claim_list(c, campaign, "plan"), "; ");
	char *words = vb_strf("%s%s%s, plan: %s", debug, *append ? ", kernel words " : "",
			      append, plan);

	free(plan);
	return words;
}

static char *bench_words(const struct vb_claim *c, json_t *campaign)
{
	char *workloads = joined(vb_claim_list(c, campaign, "workloads"), " ");
	char *pages = joined(vb_claim_list(c, campaign, "pages"), " ");
	char *threads = joined(vb_claim_list(c, campaign, "threads"), " ");
	char *words = vb_strf(", workload %s, pages %s, threads %s, %lld operations, %lld run(s)",
			      workloads, pages, threads, int_of(campaign, "ops"),
			      int_of(campaign, "boots"));

	free(workloads);
	free(pages);
	free(threads);
	return words;
}

/* What the numbers are from. */
static char *campaign_words(const struct vb_claim *c, json_t *campaign)
{
	json_t *possible = json_object_get(campaign, "possible_cpus");
	char *variants = joined(vb_claim_list(c, campaign, "variants"), " ");
	char *more, *words, *line;

	words = json_object_get(campaign, "plan") ? trial_words(c, campaign) :
						    bench_words(c, campaign);
	more = possible ? vb_strf(", %lld possible", int_of(campaign, "possible_cpus")) :
			  vb_strf("%s", "");
	line = vb_strf("%s: campaign %s, machine %s, %lld CPUs%s, %s%s",
		       vb_claim_string(c, campaign, "name"), vb_claim_string(c, campaign, "id"),
		       vb_claim_string(c, campaign, "machine"), int_of(campaign, "cpus"), more,
		       variants, words);
	free(variants);
	free(words);
	free(more);
	return line;
}

/**
 * vb_claim_campaigns() - what the numbers are from
 * @c: the claim
 *
 * Return: a line for each of its campaigns, to be freed.
 */
struct vb_list vb_claim_campaigns(const struct vb_claim *c)
{
	struct vb_list lines = { 0 };
	json_t *campaign;
	char *words;
	size_t i;

	json_array_foreach(vb_claim_list(c, c->root, "campaigns"), i, campaign) {
		words = campaign_words(c, campaign);
		vb_list_add(&lines, "%s", words);
		free(words);
	}
	return lines;
}
