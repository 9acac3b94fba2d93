// SPDX-License-Identifier: GPL-2.0
/* What the counters say of a point: see counts.h. */
#include "records/counts.h"

static void read_locks(const struct vb_jsonl *f, json_t *o, struct vb_sample *s)
{
	json_t *array = json_object_get(o, "locks"), *value;
	json_int_t waits = 0, wait_ns = 0;
	struct vb_lock *l;
	size_t i;

	if (!json_is_array(array))
		vb_jsonl_bad(f, "\"locks\" is missing or is not a list");
	json_array_foreach(array, i, value) {
		s->lock = vb_grow(s->lock, s->nlocks, sizeof(*s->lock));
		l = &s->lock[s->nlocks++];
		l->name = vb_strf("%s", vb_jsonl_str(f, value, "name"));
		l->kind = vb_strf("%s", vb_jsonl_str(f, value, "kind"));
		l->waits = vb_jsonl_int(f, value, "waits");
		l->wait_ns = vb_jsonl_int(f, value, "wait_ns");
		l->max_ns = vb_jsonl_int(f, value, "max_ns");
		if (!vb_sum(&waits, l->waits) || !vb_sum(&wait_ns, l->wait_ns))
			vb_jsonl_bad(f, VB_TOO_LARGE);
	}
}

/* Guests of earlier versions do not send it. */
static int read_optional(const struct vb_jsonl *f, json_t *o, const char *key, json_int_t *value)
{
	if (!json_object_get(o, key))
		return 0;
	*value = vb_jsonl_int(f, o, key);
	return 1;
}

/**
 * vb_counts_read() - a counts record
 * @f: the file that it is in
 * @o: the record
 * @s: the point
 *
 * Ends the program when a field is missing. What was lost or not found is left to the
 * caller.
 */
void vb_counts_read(const struct vb_jsonl *f, json_t *o, struct vb_sample *s)
{
	s->has_counts = 1;
	s->purges = vb_jsonl_int(f, o, "purges");
	s->pages_purged = vb_jsonl_int(f, o, "pages_purged");
	s->flushes = vb_jsonl_int(f, o, "flushes");
	s->flush_runs = vb_jsonl_int(f, o, "flush_runs");
	s->ipis = vb_jsonl_int(f, o, "ipis");
	s->has_hits = read_optional(f, o, "hits", &s->hits);
	s->has_flush_ns = read_optional(f, o, "flush_ns", &s->flush_ns);
	read_locks(f, o, s);
}

/**
 * vb_areas_read() - an areas record: how many there were around the run
 * @f: the file that it is in
 * @o: the record
 * @s: the point
 *
 * Ends the program when a field is missing.
 */
void vb_areas_read(const struct vb_jsonl *f, json_t *o, struct vb_sample *s)
{
	s->has_areas = 1;
	s->areas_before = vb_jsonl_int(f, o, "before");
	s->areas_after = vb_jsonl_int(f, o, "after");
}

/**
 * vb_space_read() - a space record: one moment more
 * @f: the file that it is in
 * @o: the record
 * @s: the point
 *
 * Ends the program when a field is missing.
 */
void vb_space_read(const struct vb_jsonl *f, json_t *o, struct vb_sample *s)
{
	struct vb_space *space;

	s->space = vb_grow(s->space, s->nspaces, sizeof(*s->space));
	space = &s->space[s->nspaces++];
	space->ops = vb_jsonl_int(f, o, "ops");
	space->live_pages = vb_jsonl_int(f, o, "live_pages");
	space->areas = vb_jsonl_int(f, o, "areas");
	space->pages = vb_jsonl_int(f, o, "pages");
	space->lazy_pages = vb_jsonl_int(f, o, "lazy_pages");
}

/**
 * vb_audit_read() - an audit record: which of the pages freed were mapped
 * @f: the file that it is in
 * @o: the record
 * @s: the point
 *
 * Ends the program when a field is missing.
 */
void vb_audit_read(const struct vb_jsonl *f, json_t *o, struct vb_sample *s)
{
	s->has_audit = 1;
	s->freed_pages = vb_jsonl_int(f, o, "freed_pages");
	s->aliased_pages = vb_jsonl_int(f, o, "aliased_pages");
}

/* One list: a time for each step. */
static void read_steps(const struct vb_jsonl *f, json_t *fill, const char *key, size_t n,
		       json_int_t **ns)
{
	json_t *array = json_object_get(fill, key), *value;
	char *what;
	size_t i;

	json_array_foreach(array, i, value) {
		if (!vb_is_count(value))
			break;
		*ns = vb_grow(*ns, i, sizeof(**ns));
		(*ns)[i] = json_integer_value(value);
	}
	if (json_is_array(array) && json_array_size(array) == n && i == n)
		return;
	what = vb_strf("\"%s\" of the fill is not a list of %zu counts, one for each step", key, n);
	vb_jsonl_bad(f, what);
}

/**
 * vb_fill_read() - what a sample says of a fill, step by step
 * @f: the file that it is in
 * @o: the record
 * @s: the point; gets it, if there is something of the kind
 *
 * Ends the program unless each step is whole and has maps, and all of them together are
 * those of the fill.
 */
void vb_fill_read(const struct vb_jsonl *f, json_t *o, struct vb_sample *s)
{
	json_t *fill = json_object_get(o, "fill"), *values = json_object_get(o, "values");
	struct vb_fill *to = &s->fill;

	if (!fill)
		return;
	vb_jsonl_int(f, fill, "first_ns");
	to->space_pages = vb_jsonl_int(f, values, "space_pages");
	to->maps = vb_jsonl_int(f, values, "maps");
	to->step_maps = vb_jsonl_int(f, fill, "step_maps");
	if (!to->maps || !to->step_maps)
		vb_jsonl_bad(f, "a fill without maps");
	to->nsteps = (to->maps - 1) / to->step_maps + 1;
	read_steps(f, fill, "step_ns", to->nsteps, &to->step_ns);
	read_steps(f, fill, "block_ns", to->nsteps, &to->block_ns);
}
