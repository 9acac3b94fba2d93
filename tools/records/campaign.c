// SPDX-License-Identifier: GPL-2.0
/* Reading campaign.json: see campaign.h. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "records/campaign.h"
#include "base/common.h"
#include "base/jsonl.h"
#include "records/machines.h"

/* More than bench measures with, so that a file of nonsense is found. */
#define CPUS_MAX	1024
#define BOOTS_MAX	1000
#define VARIANTS_MAX	256
/* A guest has 16 KiB room for its plan, and no line of it has less than 16 bytes. */
#define POINTS_MAX	1024
/* Tables have rows for all points of all variants, and look at all boots for each. */
#define ALL_POINTS_MAX	16384
#define ALL_BOOTS_MAX	4096

static void die_field(const struct vb_campaign *c, const char *key, const char *what)
{
	vb_die("%s/campaign.json: \"%s\" %s", c->dir, key, what);
}

/* Names become parts of paths and words of gnuplot's. */
static int is_name(const char *s)
{
	if (*s == '.' || *s == '-' || !*s)
		return 0;
	while (isalnum((unsigned char)*s) || (*s && strchr("._+-", *s)))
		s++;
	return !*s;
}

static const char *get_string(const struct vb_campaign *c, const char *key)
{
	const char *s = json_string_value(json_object_get(c->root, key));

	if (!s || !*s)
		die_field(c, key, "is missing or is not a string");
	return s;
}

static long get_count(const struct vb_campaign *c, const char *key, long min, long max)
{
	json_t *value = json_object_get(c->root, key);

	if (!json_is_integer(value) || json_integer_value(value) < min ||
	    json_integer_value(value) > max)
		die_field(c, key, "is missing or is not a count");
	return json_integer_value(value);
}

static json_t *get_array(const struct vb_campaign *c, const char *key, size_t max)
{
	json_t *array = json_object_get(c->root, key);

	if (!json_is_array(array) || !json_array_size(array))
		die_field(c, key, "is missing or is not a list of at least one");
	if (json_array_size(array) > max)
		die_field(c, key, "holds more than can be measured");
	return array;
}

static const char *get_name(const struct vb_campaign *c, const char *key)
{
	const char *name = get_string(c, key);

	if (!is_name(name))
		die_field(c, key, "is not a name");
	return name;
}

static const char **get_names(const struct vb_campaign *c, const char *key, size_t max, size_t *n)
{
	json_t *array = get_array(c, key, max), *value;
	const char **names = NULL;
	const char *name;
	size_t i;

	*n = 0;
	json_array_foreach(array, i, value) {
		name = json_string_value(value);
		if (!name || !is_name(name))
			die_field(c, key, "holds something that is not a name");
		if (vb_names_have(names, *n, name))
			die_field(c, key, "holds a name twice");
		names = vb_grow(names, *n, sizeof(*names));
		names[(*n)++] = name;
	}
	return names;
}

static long *get_counts(const struct vb_campaign *c, const char *key, long max, size_t *n)
{
	json_t *array = get_array(c, key, POINTS_MAX), *value;
	long *counts = NULL;
	size_t i;

	*n = 0;
	json_array_foreach(array, i, value) {
		if (!json_is_integer(value) || json_integer_value(value) < 1 ||
		    json_integer_value(value) > max)
			die_field(c, key, "holds something that is not a count");
		if (vb_counts_have(counts, *n, json_integer_value(value)))
			die_field(c, key, "holds a count twice");
		counts = vb_grow(counts, *n, sizeof(*counts));
		counts[(*n)++] = json_integer_value(value);
	}
	return counts;
}

/* As the simulator's table of costs has it: see sim/costs.c. */
static json_int_t get_insn_ps(const struct vb_campaign *c)
{
	json_t *value = json_object_get(json_object_get(c->root, "costs"), "insn_ns");
	double ns = value ? json_number_value(value) : 1;

	if (!(ns >= 0.01 && ns <= 100))
		die_field(c, "insn_ns", "of its costs is not from 0.01 to 100");
	return lround(1000 * ns);
}

/* Is the machine one that there is, and the one that QEMU was told to be? */
static void check_machine(const struct vb_campaign *c)
{
	const struct vb_machine *m = vb_machine_find(c->machine);
	json_t *print = json_object_get(c->root, "fingerprint");
	json_t *flags = json_object_get(print, "machine_flags");

	if (!m)
		vb_die("%s/campaign.json: \"machine\" is %s, and there are: %s", c->dir, c->machine,
		       vb_machine_names());
	if (flags && (!json_is_string(flags) ||
		      !vb_machine_has_flags(m, json_string_value(flags))))
		vb_die("%s/campaign.json: \"machine\" is %s, and %s", c->dir, c->machine,
		       "\"machine_flags\" are not those of it");
}

/* Each list has its bound, and so has what is made of all of them. */
static void check_size(const struct vb_campaign *c)
{
	const size_t points = c->nworkloads * c->npages * c->nthreads;

	if (points > POINTS_MAX)
		vb_die("%s/campaign.json: %zu points (%s), and a boot measures at most %d", c->dir,
		       points, "workloads x pages x threads", POINTS_MAX);
	if (c->nvariants * points > ALL_POINTS_MAX)
		vb_die("%s/campaign.json: %zu points of all variants, at most %d are read", c->dir,
		       c->nvariants * points, ALL_POINTS_MAX);
	if (c->nvariants * c->boots > ALL_BOOTS_MAX)
		vb_die("%s/campaign.json: %zu boots of all variants, at most %d are read", c->dir,
		       c->nvariants * c->boots, ALL_BOOTS_MAX);
}

/**
 * vb_campaign_read() - read DIR/campaign.json
 * @c: filled in
 * @dir: the campaign's directory; must outlive @c
 *
 * Ends the program with one line when there is something wrong with the file.
 */
void vb_campaign_read(struct vb_campaign *c, const char *dir)
{
	char *path = vb_strf("%s/campaign.json", dir);
	json_error_t e;

	memset(c, 0, sizeof(*c));
	c->dir = dir;
	c->root = json_load_file(path, JSON_REJECT_DUPLICATES, &e);
	if (!c->root && e.line < 0)
		vb_die("%s", e.text);
	if (!c->root)
		vb_die("%s:%d: %s", path, e.line, e.text);
	if (vb_json_controls(c->root, 0))
		vb_die("%s: a control character in a text", path);
	free(path);
	if (json_integer_value(json_object_get(c->root, "v")) != 1)
		die_field(c, "v", "is not 1: made by another version of vmapbench");
	c->id = get_string(c, "id");
	c->machine = get_name(c, "machine");
	c->cpus = get_count(c, "cpus", 1, CPUS_MAX);
	c->boots = get_count(c, "boots", 1, BOOTS_MAX);
	c->ops = get_count(c, "ops", 1, VB_COUNT_MAX);
	c->warmup = get_count(c, "warmup", 0, VB_COUNT_MAX);
	c->counted = !json_is_false(json_object_get(c->root, "counted"));
	c->readers = !!json_object_get(c->root, "files");
	c->variants = get_names(c, "variants", VARIANTS_MAX, &c->nvariants);
	c->workloads = get_names(c, "workloads", POINTS_MAX, &c->nworkloads);
	c->threads = get_counts(c, "threads", CPUS_MAX, &c->nthreads);
	c->pages = get_counts(c, "pages", VB_COUNT_MAX, &c->npages);
	c->insn_ps = get_insn_ps(c);
	check_machine(c);
	check_size(c);
}

/**
 * vb_campaign_free() - free what vb_campaign_read() took
 * @c: the campaign
 */
void vb_campaign_free(struct vb_campaign *c)
{
	free(c->variants);
	free(c->workloads);
	free(c->threads);
	free(c->pages);
	json_decref(c->root);
}

/**
 * vb_campaign_is_sim() - was it taken on the deterministic machine?
 * @c: the campaign
 *
 * Return: 1 when it was, else 0.
 */
int vb_campaign_is_sim(const struct vb_campaign *c)
{
	const struct vb_machine *m = vb_machine_find(c->machine);

	return m && m->deterministic;
}

/**
 * vb_campaign_point_ops() - measured operations of a point
 * @c: the campaign
 * @threads: how many threads the point has
 *
 * The threads of a loop of the module share them. Readers have no part of another's
 * directory: each lists its own as often.
 *
 * Return: those of all threads together.
 */
json_int_t vb_campaign_point_ops(const struct vb_campaign *c, long threads)
{
	return c->readers ? c->ops * threads : c->ops;
}

/**
 * vb_campaign_has_caches() - did the simulated machine have caches?
 * @c: the campaign
 *
 * Return: 1 when its table of costs says so, else 0.
 */
int vb_campaign_has_caches(const struct vb_campaign *c)
{
	json_t *costs = json_object_get(c->root, "costs");

	return json_integer_value(json_object_get(costs, "coherence")) == 1;
}

/**
 * vb_campaign_insn_is_1ns() - does an instruction take 1 ns on its machine?
 * @c: the campaign
 *
 * Return: 0 when its table of costs says something else, else 1.
 */
int vb_campaign_insn_is_1ns(const struct vb_campaign *c)
{
	return c->insn_ps == 1000;
}

/**
 * vb_campaign_accelerator() - what executed the guest's instructions
 * @c: the campaign
 *
 * Return: its name, or "not recorded".
 */
const char *vb_campaign_accelerator(const struct vb_campaign *c)
{
	json_t *print = json_object_get(c->root, "fingerprint");
	const char *name = json_string_value(json_object_get(print, "accelerator"));

	return name ? name : "not recorded";
}

/**
 * vb_campaign_most_threads() - the highest number of threads
 * @c: the campaign
 *
 * Return: that of its points with most threads.
 */
long vb_campaign_most_threads(const struct vb_campaign *c)
{
	long most = 0;
	size_t i;

	for (i = 0; i < c->nthreads; i++)
		if (c->threads[i] > most)
			most = c->threads[i];
	return most;
}

/**
 * vb_names_have() - is this name in a list of a campaign?
 * @names: the list
 * @n: how many there are
 * @name: what to look for
 *
 * Return: 1 when it is, else 0.
 */
int vb_names_have(const char **names, size_t n, const char *name)
{
	while (n--)
		if (!strcmp(names[n], name))
			return 1;
	return 0;
}

/**
 * vb_counts_have() - the same of numbers
 * @counts: the list
 * @n: how many there are
 * @count: what to look for
 *
 * Return: 1 when it is there, else 0.
 */
int vb_counts_have(const long *counts, size_t n, long count)
{
	while (n--)
		if (counts[n] == count)
			return 1;
	return 0;
}
