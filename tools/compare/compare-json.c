// SPDX-License-Identifier: GPL-2.0
/* A comparison as JSON; docs/compare.md has the schema. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/bootstrap.h"
#include "base/common.h"
#include "compare/compare.h"

/* What is no number is null. */
static json_t *number(double x)
{
	return isfinite(x) ? json_real(x) : json_null();
}

static json_t *text(char *words)
{
	json_t *s = json_string(words);

	free(words);
	return s;
}

static json_t *list(const struct vb_list *l)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < l->n; i++)
		json_array_append_new(array, json_string(l->line[i]));
	return array;
}

static json_t *values(const struct vb_values *v)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < v->n; i++)
		json_array_append_new(array, json_real(v->x[i]));
	return array;
}

static json_t *differences(const struct vb_differences *d)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < d->n; i++)
		json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "name", d->item[i].name,
						       "before", d->item[i].before, "after",
						       d->item[i].after));
	return array;
}

static json_t *side(const struct vb_side *s)
{
	return json_pack("{s:s, s:s, s:s?, s:s, s:i, s:i, s:s, s:O?}", "name", s->name,
			 "campaign", s->c.id, "variant", s->variant, "machine", s->c.machine,
			 "cpus", (int)s->c.cpus, "ops", (int)s->c.ops, "accelerator",
			 vb_side_accelerator(s), "fingerprint",
			 json_object_get(s->c.root, "fingerprint"));
}

static json_t *tests(const struct vb_change *ch)
{
	return json_pack("{s:f, s:f, s:f, s:f, s:f, s:o, s:o}", "p_no_regression", ch->p_fine,
			 "p_regression", ch->p_worse, "p_improvement", ch->p_better,
			 "p_regression_holm", ch->q_worse, "p_improvement_holm", ch->q_better,
			 "noise_floor_percent", number(ch->floor), "detectable_percent",
			 number(ch->detectable));
}

static json_t *change(const struct vb_change *ch)
{
	json_t *o = json_object();

	json_object_set_new(o, "before_variant", json_string(ch->point.variant));
	json_object_set_new(o, "after_variant", json_string(ch->other));
	json_object_set_new(o, "workload", json_string(ch->point.workload));
	json_object_set_new(o, "pages", json_integer(ch->point.pages));
	json_object_set_new(o, "threads", json_integer(ch->point.threads));
	json_object_set_new(o, "metric", json_string(ch->t->metric->name));
	json_object_set_new(o, "unit", json_string(ch->t->metric->unit));
	json_object_set_new(o, "decides", json_boolean(ch->decides));
	json_object_set_new(o, "verdict", json_string(vb_verdict_name[ch->verdict]));
	json_object_set_new(o, "why", ch->why ? json_string(ch->why) : json_null());
	json_object_set_new(o, "before", number(ch->before));
	json_object_set_new(o, "after", number(ch->after));
	json_object_set_new(o, "delta", number(ch->delta));
	json_object_set_new(o, "lo", number(ch->lo));
	json_object_set_new(o, "hi", number(ch->hi));
	json_object_set_new(o, "allowed", number(ch->allowed));
	json_object_set_new(o, "before_boots", values(&ch->x[0]));
	json_object_set_new(o, "after_boots", values(&ch->x[1]));
	json_object_set_new(o, "tests", ch->tested ? tests(ch) : json_null());
	return o;
}

static json_t *reason(const struct vb_change *ch, const struct vb_reason *r)
{
	json_t *o = json_object();

	json_object_set_new(o, "before_variant", json_string(ch->point.variant));
	json_object_set_new(o, "after_variant", json_string(ch->other));
	json_object_set_new(o, "workload", json_string(ch->point.workload));
	json_object_set_new(o, "pages", json_integer(ch->point.pages));
	json_object_set_new(o, "threads", json_integer(ch->point.threads));
	json_object_set_new(o, "part", json_string((r->before ? r->before : r->after)->part));
	json_object_set_new(o, "before", json_real(r->before ? r->before->ns_per_op : 0));
	json_object_set_new(o, "after", json_real(r->after ? r->after->ns_per_op : 0));
	return o;
}

static json_t *reasons(const struct vb_comparison *c)
{
	json_t *array = json_array();
	const struct vb_change *ch;
	struct vb_reason *r;
	size_t i, n;

	for (ch = c->change; ch < c->change + c->n; ch++) {
		if (!vb_why_wanted(c, ch))
			continue;
		n = vb_why(c, ch, &r);
		for (i = 0; i < n; i++)
			json_array_append_new(array, reason(ch, &r[i]));
		free(r);
	}
	return array;
}

static json_t *plan(const struct vb_comparison *c)
{
	if (!c->has_plan)
		return json_null();
	return json_pack("{s:i, s:i, s:i, s:i, s:i, s:f}", "first", (int)c->plan.first, "step",
			 (int)c->plan.step, "most", (int)c->plan.most, "look",
			 vb_plan_look(&c->plan, c->after.c.boots), "looks",
			 vb_plan_looks(&c->plan), "alpha_of_all", VB_ALPHA);
}

static json_t *blamed(const struct vb_comparison *c)
{
	const struct vb_metric *m = vb_judged_first(c, VB_REGRESSION);

	return m ? json_string(m->name) : json_null();
}

/**
 * vb_compare_json() - write the comparison as JSON
 * @out: where to
 * @c: the comparison
 */
void vb_compare_json(FILE *out, const struct vb_comparison *c)
{
	json_t *root = json_object(), *changes = json_array();
	struct vb_list method = { 0 }, trades = { 0 };
	size_t i;

	for (i = 0; i < c->n; i++)
		json_array_append_new(changes, change(&c->change[i]));
	vb_words_method(c, &method);
	json_object_set_new(root, "v", json_integer(1));
	json_object_set_new(root, "type", json_string("comparison"));
	json_object_set_new(root, "verdict", json_string(vb_words_overall(c)));
	json_object_set_new(root, "summary", text(vb_words_verdict(c)));
	json_object_set_new(root, "blamed", blamed(c));
	vb_trade_offs(c, &trades);
	json_object_set_new(root, "policy", json_string(vb_policy_name(c->policy)));
	json_object_set_new(root, "trade_offs", list(&trades));
	json_object_set_new(root, "forced", json_boolean(c->likeness.unlike.n > 0));
	json_object_set_new(root, "exact", json_boolean(c->sim));
	json_object_set_new(root, "before", side(&c->before));
	json_object_set_new(root, "after", side(&c->after));
	json_object_set_new(root, "noise", c->has_noise ? side(&c->noise) : json_null());
	json_object_set_new(root, "changed", differences(&c->likeness.change));
	json_object_set_new(root, "unlike", differences(&c->likeness.unlike));
	json_object_set_new(root, "doubts", list(&c->doubts));
	json_object_set_new(root, "left_out", list(&c->left_out));
	json_object_set_new(root, "notes", list(&c->notes));
	json_object_set_new(root, "method", list(&method));
	json_object_set_new(root, "alpha", json_real(c->alpha));
	json_object_set_new(root, "plan", plan(c));
	json_object_set_new(root, "level", json_real(VB_LEVEL));
	json_object_set_new(root, "resamples", json_integer(VB_RESAMPLES));
	json_object_set_new(root, "seed", json_integer(c->seed));
	json_object_set_new(root, "changes", changes);
	json_object_set_new(root, "attribution", reasons(c));
	if (json_dumpf(root, out, JSON_INDENT(1) | JSON_REAL_PRECISION(12)))
		vb_die("cannot write the output: %s", strerror(errno));
	fputc('\n', out);
	json_decref(root);
	vb_list_free(&method);
	vb_list_free(&trades);
}
