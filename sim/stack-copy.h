/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stack-copy.h - what of a kernel stack is needed to unwind it
 */
#ifndef VB_SIM_STACK_COPY_H
#define VB_SIM_STACK_COPY_H

#include "stacks.h"

/* Two stacks, and half of what is on them are no words that are kept. */
#define STACK_WORDS	1024

/**
 * struct stack_copy - the words of a stack that matter, at addresses of our own
 * @ip: where the CPU executes
 * @sp: its RSP, moved
 * @bp: its RBP, moved; 0 if it is no address in the stack
 * @n: how many words
 * @word: of each its address, moved, and what is there: an address of code, one
 *	  in the stack, moved, or CS of user mode
 */
struct stack_copy {
	uint64_t ip;
	uint64_t sp;
	uint64_t bp;
	uint64_t n;
	struct {
		uint64_t address;
		uint64_t value;
	} word[STACK_WORDS];
};

void stack_copy(struct stack_copy *to, uint64_t ip, uint64_t sp, uint64_t bp,
		const struct stacks_machine *machine);

#endif
