// SPDX-License-Identifier: GPL-2.0
/* Chains of functions: see frames.h. */
#include <stdlib.h>

#include "base/common.h"
#include "profile/frames.h"
#include "profile/profile.h"

/**
 * vb_frames_name() - what a function is called in a chain
 * @symbol: the function, or NULL for code that is nobody's
 *
 * Return: "name", or "name_[module]": nothing in it that would end a name elsewhere.
 */
char *vb_frames_name(const struct vb_symbol *symbol)
{
	if (!symbol)
		return vb_strf("%s", VB_UNKNOWN);
	return symbol->module ? vb_strf("%s_[%s]", symbol->name, symbol->module) :
				vb_strf("%s", symbol->name);
}

/**
 * vb_frames_join() - a function is called by the innermost of a chain
 * @frames: the chain, which is freed; NULL for none
 * @name: the function
 *
 * Return: the longer chain.
 */
char *vb_frames_join(char *frames, const char *name)
{
	char *both = frames ? vb_strf("%s;%s", frames, name) : vb_strf("%s", name);

	free(frames);
	return both;
}
