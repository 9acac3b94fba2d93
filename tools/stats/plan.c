// SPDX-License-Identifier: GPL-2.0
/*
 * When boots that are added a few at a time are looked at: see plan.h.
 *
 * Who looks several times finds something by accident more often than who looks
 * once. So the chance of it, alpha, is spread over the looks before the first one is
 * taken: each may spend as much of it as its new boots are of all. The chances of
 * accidents at single looks add up to no more than alpha, whatever the looks have to
 * do with each other (Boole's inequality); the power that this gives away is the
 * price for needing no assumption. The shares are those of a linear spending
 * function (D. L. DeMets, K. K. G. Lan, Stat. Med. 13, 1994).
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "stats/plan.h"

/* More boots than that are a mistake. */
#define MOST_BOOTS	1000

static int take_count(const char **text, char end, long *count)
{
	char *rest;

	if (**text < '1' || **text > '9')
		return -EINVAL;
	*count = strtol(*text, &rest, 10);
	if (*rest != end || *count > MOST_BOOTS)
		return -EINVAL;
	*text = rest + (end != '\0');
	return 0;
}

/**
 * vb_plan_read() - read a plan
 * @plan: filled in
 * @text: FIRST,STEP,MOST
 *
 * Return: 0, or -EINVAL when it is no plan.
 */
int vb_plan_read(struct vb_plan *plan, const char *text)
{
	if (take_count(&text, ',', &plan->first) || take_count(&text, ',', &plan->step) ||
	    take_count(&text, '\0', &plan->most))
		return -EINVAL;
	return plan->first <= plan->most ? 0 : -EINVAL;
}

/**
 * vb_plan_look() - which look is this?
 * @plan: the plan
 * @boots: boots of each side so far
 *
 * Return: its number, from 1 on; -EINVAL when nobody looks then.
 */
int vb_plan_look(const struct vb_plan *plan, long boots)
{
	long more = boots - plan->first;

	if (more < 0 || boots > plan->most || (boots < plan->most && more % plan->step))
		return -EINVAL;
	return 1 + (more + plan->step - 1) / plan->step;
}

/**
 * vb_plan_looks() - how many looks there are
 * @plan: the plan
 *
 * Return: that number.
 */
int vb_plan_looks(const struct vb_plan *plan)
{
	return vb_plan_look(plan, plan->most);
}

/**
 * vb_plan_alpha() - the chance of an accident that a look may take
 * @plan: the plan
 * @boots: boots of each side so far
 * @alpha: the chance that all looks may take together
 *
 * Return: its share of @alpha; NAN when nobody looks then.
 */
double vb_plan_alpha(const struct vb_plan *plan, long boots, double alpha)
{
	int look = vb_plan_look(plan, boots);
	long before;

	if (look < 0)
		return NAN;
	before = look == 1 ? 0 : plan->first + (look - 2) * plan->step;
	return alpha * (boots - before) / plan->most;
}
