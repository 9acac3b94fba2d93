// SPDX-License-Identifier: GPL-2.0
/* Unwinding: see unwind.h. */
#include "profile/unwind.h"

/* In struct pt_regs of x86-64, and from the part that hardware pushes to its beginning. */
#define REGS_R10	56
#define REGS_BP		32
#define REGS_IP		128
#define REGS_CS		136
#define REGS_SP		152
#define IRET_FRAME	128

/* What CS has in user mode. */
#define USER_CS		0x33

/* Below is no code. */
#define CODE_START	0xffffffff80000000ULL

/* Where the unwinder is. */
struct state {
	const struct vb_stack *stack;
	uint64_t ip, sp, bp;
	/* It was interrupted here, and did not call anything. */
	int interrupted;
	/* All its registers; 0: they are not on the stack. */
	uint64_t regs;
};

enum step { STEP_ON, STEP_END, STEP_LOST };

static int read_word(const struct state *s, uint64_t address, uint64_t *value)
{
	size_t low = 0, high = s->stack->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (s->stack->word[mid].address == address) {
			*value = s->stack->word[mid].value;
			return 1;
		}
		if (s->stack->word[mid].address < address)
			low = mid + 1;
		else
			high = mid;
	}
	return 0;
}

/* The stack pointer of the caller, or where registers are. */
static int find_sp(const struct state *s, const struct vb_orc_entry *e, uint64_t *sp)
{
	switch (e->sp_reg) {
	case VB_ORC_SP:
		*sp = s->sp + e->sp_offset;
		return 1;
	case VB_ORC_BP:
		*sp = s->bp + e->sp_offset;
		return 1;
	case VB_ORC_SP_INDIRECT:
		if (!read_word(s, s->sp, sp))
			return 0;
		*sp += e->sp_offset;
		return 1;
	case VB_ORC_BP_INDIRECT:
		return read_word(s, s->bp + e->sp_offset, sp);
	case VB_ORC_R10:
		return s->regs && read_word(s, s->regs + REGS_R10, sp);
	default:
		return 0;
	}
}

static void find_bp(struct state *s, const struct vb_orc_entry *e, uint64_t sp)
{
	uint64_t at;

	if (e->bp_reg == VB_ORC_PREV_SP)
		at = sp + e->bp_offset;
	else if (e->bp_reg == VB_ORC_BP)
		at = s->bp + e->bp_offset;
	else if (s->regs)
		at = s->regs + REGS_BP;
	else
		return;
	/* What is not there was no address in the stack: nobody unwinds by it. */
	if (!read_word(s, at, &s->bp))
		s->bp = 0;
}

/* The registers at @regs are those of what was interrupted. */
static enum step leave_interrupt(struct state *s, uint64_t regs, int full)
{
	uint64_t cs;

	if (read_word(s, regs + REGS_CS, &cs) && cs == USER_CS)
		return STEP_END;
	if (!read_word(s, regs + REGS_IP, &s->ip) || s->ip < CODE_START ||
	    !read_word(s, regs + REGS_SP, &s->sp))
		return STEP_LOST;
	s->interrupted = 1;
	s->regs = full ? regs : 0;
	return STEP_ON;
}

static enum step step(const struct vb_orc *orc, struct state *s)
{
	const struct vb_orc_entry *e = vb_orc_find(orc, s->ip - !s->interrupted);
	const uint64_t old_sp = s->sp;
	enum step result = STEP_ON;
	uint64_t sp;

	if (!e || e->sp_reg == VB_ORC_UNDEFINED)
		return e && e->end ? STEP_END : STEP_LOST;
	if (!find_sp(s, e, &sp))
		return STEP_LOST;
	if (e->type == VB_ORC_CALL) {
		if (!read_word(s, sp - sizeof(uint64_t), &s->ip) || s->ip < CODE_START)
			return STEP_LOST;
		s->sp = sp;
		s->interrupted = 0;
		s->regs = 0;
	} else {
		result = leave_interrupt(s, e->type == VB_ORC_REGS ? sp : sp - IRET_FRAME,
					 e->type == VB_ORC_REGS);
	}
	find_bp(s, e, sp);
	/* The stack of interrupts is in front of the interrupted one. */
	return result == STEP_ON && s->sp <= old_sp ? STEP_LOST : result;
}

/**
 * vb_unwind() - who called whom
 * @orc: the tables of the kernel and its modules, finished
 * @stack: the copy
 * @frames: filled in
 */
void vb_unwind(const struct vb_orc *orc, const struct vb_stack *stack, struct vb_frames *frames)
{
	struct state s = {
		.stack = stack, .ip = stack->ip, .sp = stack->sp, .bp = stack->bp, .interrupted = 1,
	};
	enum step result = STEP_ON;

	frames->n = 0;
	while (result == STEP_ON && frames->n < VB_FRAMES) {
		frames->address[frames->n++] = s.ip - !s.interrupted;
		result = step(orc, &s);
	}
	frames->whole = result == STEP_END;
}
