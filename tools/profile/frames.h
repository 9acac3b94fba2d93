/* SPDX-License-Identifier: GPL-2.0 */
/* Chains of functions as stacks.jsonl has them. */
#ifndef VB_FRAMES_H
#define VB_FRAMES_H

#include "profile/symbols.h"

char *vb_frames_name(const struct vb_symbol *symbol);
char *vb_frames_join(char *frames, const char *name);

#endif
