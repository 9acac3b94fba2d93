/* SPDX-License-Identifier: GPL-2.0 */
/* From a copy of a kernel stack to the chain of callers. */
#ifndef VB_UNWIND_H
#define VB_UNWIND_H

#include "profile/orc.h"

/* Deeper than any stack of 16 KiB has frames. */
#define VB_FRAMES	256

struct vb_word {
	uint64_t address;
	uint64_t value;
};

/**
 * struct vb_stack - a stack, as the simulator copied it
 * @ip: where the CPU executed
 * @sp: its RSP
 * @bp: its RBP
 * @word: what is on the stack, by address; a word that is not there means
 *	  nothing to an unwinder
 * @n: how many words
 */
struct vb_stack {
	uint64_t ip;
	uint64_t sp;
	uint64_t bp;
	struct vb_word *word;
	size_t n;
};

/**
 * struct vb_frames - who called whom
 * @address: of code, the innermost first; that of a caller is the last byte of its
 *	     call, not what it returns to
 * @n: how many
 * @whole: the last one is where the kernel was entered or a thread began
 */
struct vb_frames {
	uint64_t address[VB_FRAMES];
	size_t n;
	int whole;
};

void vb_unwind(const struct vb_orc *orc, const struct vb_stack *stack, struct vb_frames *frames);

#endif
