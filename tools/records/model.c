// SPDX-License-Identifier: GPL-2.0
/* What the model of the deterministic machine leaves out: see model.h. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "records/model.h"

/**
 * vb_model_limits() - what a verdict of sim cannot see
 * @caches: did its machine have caches?
 * @threads: was something measured with more than one thread?
 *
 * Return: some lines, without a line feed at the end.
 */
const char *vb_model_limits(int caches, int threads)
{
	static const char * const alone =
		"sim has no caches here: lines that CPUs share cost nothing unless a locked\n"
		"instruction changes them, and IPIs and flushes what a table says.";
	static const char * const both =
		"sim has no caches here: lines that CPUs share cost nothing unless a locked\n"
		"instruction changes them, and IPIs and flushes what a table says.\n"
		"A verdict with more than one thread can depend on that: --coherence on\n"
		"measures with caches.";

	if (caches)
		return "sim has caches here, by a table, and no memory bandwidth, no prefetching\n"
		       "and no speculation (docs/sim.md).";
	return threads ? both : alone;
}

/* The guest of a trial has a plan, and as many threads as that says: CPUs at most. */
static int has_threads(json_t *campaign)
{
	json_t *threads = json_object_get(campaign, "threads"), *value;
	size_t i;

	json_array_foreach(threads, i, value)
		if (json_integer_value(value) > 1)
			return 1;
	return json_object_get(campaign, "plan") &&
	       json_integer_value(json_object_get(campaign, "cpus")) > 1;
}

/**
 * vb_model_of() - what verdicts on a campaign, or on a trial, cannot see
 * @path: its campaign.json
 *
 * Ends the program with one line when it cannot be read.
 *
 * Return: the same as vb_model_limits() in one line, to be freed; NULL unless it was taken on
 * sim.
 */
char *vb_model_of(const char *path)
{
	json_t *root, *costs;
	const char *machine;
	char *text = NULL, *p;
	json_error_t e;
	int caches;

	root = json_load_file(path, 0, &e);
	if (!root)
		vb_die("%s:%d: %s", path, e.line, e.text);
	machine = json_string_value(json_object_get(root, "machine"));
	costs = json_object_get(root, "costs");
	if (!costs)
		costs = json_object_get(json_object_get(root, "fingerprint"), "costs");
	caches = json_integer_value(json_object_get(costs, "coherence")) == 1;
	if (machine && !strcmp(machine, "sim"))
		text = vb_strf("%s", vb_model_limits(caches, has_threads(root)));
	for (p = text; p && *p; p++)
		if (*p == '\n')
			*p = ' ';
	json_decref(root);
	return text;
}
