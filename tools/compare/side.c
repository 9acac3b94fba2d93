// SPDX-License-Identifier: GPL-2.0
/* Reading one side of a comparison: see side.h. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/common.h"
#include "compare/side.h"
#include "records/values.h"

static int is_directory(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* A colon separates the variant, unless it is in the directory's name. */
static void split(struct vb_side *side, const char *arg)
{
	char *colon;

	side->dir = vb_strf("%s", arg);
	colon = strrchr(side->dir, ':');
	if (!colon || strchr(colon, '/') || is_directory(arg))
		return;
	*colon = '\0';
	side->variant = colon + 1;
}

static char *names(const struct vb_campaign *c)
{
	char *all = vb_strf("%s", ""), *more;
	size_t i;

	for (i = 0; i < c->nvariants; i++) {
		more = vb_strf("%s%s%s", all, i ? " " : "", c->variants[i]);
		free(all);
		all = more;
	}
	return all;
}

/**
 * vb_side_read() - read a campaign
 * @side: filled in
 * @arg: its directory, and behind a colon the variant if only one is meant
 *
 * Ends the program with one line when it cannot be read or has no such variant.
 */
void vb_side_read(struct vb_side *side, const char *arg)
{
	memset(side, 0, sizeof(*side));
	split(side, arg);
	vb_campaign_read(&side->c, side->dir);
	if (side->variant && !vb_side_has(side, side->variant))
		vb_die("campaign %s has no variant %s; there are: %s", side->c.id, side->variant,
		       names(&side->c));
	side->name = side->variant ? vb_strf("%s:%s", side->c.id, side->variant) :
				     vb_strf("%s", side->c.id);
	vb_runs_read(&side->runs, &side->c);
	vb_check_same(&side->runs, &side->c);
	vb_attribution_read(&side->a, &side->c);
}

/**
 * vb_side_has() - is this variant in the campaign?
 * @side: the campaign
 * @variant: the variant
 *
 * Return: 1 when it is, else 0.
 */
int vb_side_has(const struct vb_side *side, const char *variant)
{
	return vb_names_have(side->c.variants, side->c.nvariants, variant);
}

/**
 * vb_side_accelerator() - what executed the guest's instructions
 * @side: the campaign
 *
 * Return: its name, or "not recorded".
 */
const char *vb_side_accelerator(const struct vb_side *side)
{
	return vb_campaign_accelerator(&side->c);
}

/**
 * vb_side_free() - free what vb_side_read() took
 * @side: the side
 */
void vb_side_free(struct vb_side *side)
{
	vb_attribution_free(&side->a);
	vb_runs_free(&side->runs);
	vb_campaign_free(&side->c);
	free(side->name);
	free(side->dir);
}
