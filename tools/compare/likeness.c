// SPDX-License-Identifier: GPL-2.0
/*
 * Do two campaigns differ in nothing but what is to be compared? See likeness.h.
 *
 * What nobody has heard of counts as something that must agree: a new item of the
 * fingerprint is there because figures depend on it.
 */
#include <stdlib.h>
#include <string.h>

#include "compare/likeness.h"

#define NOT_RECORDED "not recorded"

/* These say which kernel it was; they are the change. */
static const char *const kernel_items[] = {
	"kernel", "config", "fragments", "patches", "kernel_source", "kernel_version",
};

/* These are built for each kernel: another kernel, another hash of the same source. */
static const char *const built_items[] = { "module", "bpf", "vmapstat", "initrd" };

/* What the latter are built from; of two campaigns only newer ones say. */
#define SOURCES "sources"

/*
 * Members of campaign.json beside the fingerprint that figures depend on. Those of the
 * second line are there where readers list a directory.
 */
static const char *const plan_items[] = {
	"machine", "cpus", "ops", "warmup", "costs",
	"files", "dir_block", "names", "rounds",
};

static int is_one_of(const char *name, const char *const *list, size_t n)
{
	while (n--)
		if (!strcmp(name, list[n]))
			return 1;
	return 0;
}

static char *text_of(json_t *value)
{
	char *text, *copy;

	if (!value)
		return vb_strf(NOT_RECORDED);
	if (json_is_string(value))
		return vb_strf("%s", json_string_value(value));
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT);
	copy = vb_strf("%s", text ? text : "?");
	free(text);
	return copy;
}

/* Many pairs of variants name the same thing once. */
static void add(struct vb_differences *d, const char *name, json_t *before, json_t *after)
{
	struct vb_difference new = {
		.name = vb_strf("%s", name), .before = text_of(before), .after = text_of(after),
	};
	size_t i;

	for (i = 0; i < d->n; i++) {
		if (strcmp(d->item[i].name, name) || strcmp(d->item[i].before, new.before) ||
		    strcmp(d->item[i].after, new.after))
			continue;
		free(new.name);
		free(new.before);
		free(new.after);
		return;
	}
	d->item = vb_grow(d->item, d->n, sizeof(*d->item));
	d->item[d->n++] = new;
}

static json_t *print_of(const struct vb_campaign *c)
{
	json_t *print = json_object_get(c->root, "fingerprint");

	if (!json_is_object(print) || !json_object_size(print))
		vb_die("%s/campaign.json: no fingerprint, so nothing can be compared with it",
		       c->dir);
	return print;
}

/* Of an item that nests by variant. */
static json_t *own_of(const struct vb_campaign *c, const char *name, const char *variant)
{
	return json_object_get(json_object_get(print_of(c), name), variant);
}

/* Items that nest by variant are those of the variant; of others the whole counts. */
static json_t *item_of(const struct vb_campaign *c, const char *name, const char *variant)
{
	json_t *own = own_of(c, name, variant);

	return own ? own : json_object_get(print_of(c), name);
}

static int differ(json_t *before, json_t *after)
{
	if (!before || !after)
		return before != after;
	return !json_equal(before, after);
}

static int other_kernel(const struct vb_campaign *before, const char *variant,
			const struct vb_campaign *after, const char *other)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kernel_items); i++)
		if (differ(item_of(before, kernel_items[i], variant),
			   item_of(after, kernel_items[i], other)))
			return 1;
	return 0;
}

/* Is it known that both were built from the same source? */
static int same_sources(const struct vb_campaign *before, const struct vb_campaign *after)
{
	json_t *b = json_object_get(print_of(before), SOURCES);
	json_t *a = json_object_get(print_of(after), SOURCES);

	if (!strcmp(before->dir, after->dir))
		return 1;
	return b && a && json_equal(b, a);
}

/**
 * vb_likeness_plan() - compare what was asked for
 * @l: gets what differs
 * @before: a campaign
 * @after: another one
 *
 * Lists of workloads, pages and threads may differ: common points are compared.
 */
void vb_likeness_plan(struct vb_likeness *l, const struct vb_campaign *before,
		      const struct vb_campaign *after)
{
	json_t *b, *a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(plan_items); i++) {
		b = json_object_get(before->root, plan_items[i]);
		a = json_object_get(after->root, plan_items[i]);
		if (differ(b, a))
			add(&l->unlike, plan_items[i], b, a);
	}
}

struct two {
	struct vb_likeness *l;
	const struct vb_campaign *before;
	const char *variant;
	const struct vb_campaign *after;
	const char *other;
	int other_kernel;
	int same_sources;
};

static void compare_item(const struct two *t, const char *name)
{
	json_t *before = item_of(t->before, name, t->variant);
	json_t *after = item_of(t->after, name, t->other);
	char *full;

	if (!differ(before, after))
		return;
	/* Without them the hashes of what was built have to agree instead. */
	if (!strcmp(name, SOURCES) && (!before || !after))
		return;
	if (own_of(t->before, name, t->variant) && !strcmp(t->variant, t->other))
		full = vb_strf("%s.%s", name, t->variant);
	else
		full = vb_strf("%s", name);
	if (is_one_of(name, kernel_items, ARRAY_SIZE(kernel_items)))
		add(&t->l->change, full, before, after);
	else if (!t->other_kernel || !t->same_sources ||
		 !is_one_of(name, built_items, ARRAY_SIZE(built_items)))
		add(&t->l->unlike, full, before, after);
	free(full);
}

/**
 * vb_likeness_kernels() - compare what two variants were made of and measured with
 * @l: gets what differs
 * @before: the campaign of the one
 * @variant: its name
 * @after: the campaign of the other
 * @other: its name
 */
void vb_likeness_kernels(struct vb_likeness *l, const struct vb_campaign *before,
			 const char *variant, const struct vb_campaign *after, const char *other)
{
	const struct two t = {
		.l = l, .before = before, .variant = variant, .after = after, .other = other,
		.other_kernel = other_kernel(before, variant, after, other),
		.same_sources = same_sources(before, after),
	};
	const char *name;
	json_t *value;

	json_object_foreach(print_of(before), name, value)
		compare_item(&t, name);
	json_object_foreach(print_of(after), name, value)
		if (!json_object_get(print_of(before), name))
			compare_item(&t, name);
}

static void free_differences(struct vb_differences *d)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		free(d->item[i].name);
		free(d->item[i].before);
		free(d->item[i].after);
	}
	free(d->item);
}

/**
 * vb_likeness_free() - free the differences
 * @l: the likeness
 */
void vb_likeness_free(struct vb_likeness *l)
{
	free_differences(&l->change);
	free_differences(&l->unlike);
}
