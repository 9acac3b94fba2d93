// SPDX-License-Identifier: GPL-2.0
/*
 * stack-copy.c - what of a kernel stack is needed to unwind it
 *
 * Of all that is on a stack the unwinder needs addresses of code, addresses in
 * the stack itself, and to know user mode. Everything else is left out, and stacks are moved to
 * addresses of our own: then the same chain of callers gives the same copy on
 * all CPUs and in all threads, and few of them are different.
 *
 * An interrupt of the kernel runs on a stack of its own, whose uppermost word
 * says where the interrupted one goes on; both are copied.
 *
 * Nothing here knows QEMU.
 */
#include <string.h>

#include "stack-copy.h"

/* Of a task and of a CPU's interrupts, x86-64: aligned to its size. */
#define STACK_SIZE	16384ULL
#define PAGE		4096ULL

/*
 * The code of the kernel and its modules. Below are its data and stacks, from here
 * on with page tables of five levels.
 */
#define CODE_START	0xffffffff80000000ULL
#define CODE_END	0xffffffffff000000ULL
#define DATA_START	0xff00000000000000ULL

/* What CS has in user mode: among saved registers it says that the kernel was entered. */
#define USER_CS		0x33

/* First bytes of instructions; a MOV is taken to be one between registers. */
#define POP_RSP		0x5c
#define CALL		0xe8
#define CALL_LEN	5
#define REX_W		0x48
#define MOV_LEN		3

/* Where the stacks are moved to. */
#define MOVED_TO	0x10000ULL

/**
 * struct piece - a stack from some address up to its end
 * @from: the address
 * @end: behind the last word that could be read
 * @moved: what is added to its addresses
 */
struct piece {
	uint64_t from;
	uint64_t end;
	uint64_t moved;
	uint64_t word[STACK_SIZE / sizeof(uint64_t)];
};

static bool is_code(uint64_t value)
{
	return value >= CODE_START && value < CODE_END;
}

static bool is_data(uint64_t value)
{
	return value >= DATA_START && value < CODE_START && value % sizeof(value) == 0;
}

/* Are there but calls and moves between registers in front of a POP %RSP? */
static bool leads_to_pop_rsp(uint64_t ip, const struct stacks_machine *machine)
{
	uint8_t insn;
	int i;

	for (i = 0; i < 6; i++) {
		if (!machine->read(ip, &insn, sizeof(insn)))
			return false;
		if (insn == POP_RSP)
			return true;
		if (insn == CALL)
			ip += CALL_LEN;
		else if (insn == REX_W)
			ip += MOV_LEN;
		else
			return false;
	}
	return false;
}

/*
 * The kernel calls what is to run on the stack of interrupts, and takes its own
 * stack back with a POP %RSP: that pops the uppermost word. Such a stack need not
 * be aligned to its size.
 */
static bool is_interrupts_top(const struct piece *p, uint64_t ip,
			      const struct stacks_machine *machine)
{
	const size_t n = (p->end - p->from) / sizeof(uint64_t);

	if (n >= 2)
		ip = p->word[n - 2];
	return is_data(p->word[n - 1]) && is_code(ip) && leads_to_pop_rsp(ip, machine);
}

/*
 * Page by page: some stacks are smaller, and nothing is mapped behind them.
 * Returns where the stack goes on that was in use before an interrupt; 0: nowhere.
 */
static uint64_t read_piece(struct piece *p, int number, uint64_t ip, uint64_t sp,
			   const struct stacks_machine *machine)
{
	const uint64_t top = (sp & ~(STACK_SIZE - 1)) + STACK_SIZE;
	uint64_t len;

	p->from = sp;
	p->end = sp;
	p->moved = MOVED_TO * number + (sp & (STACK_SIZE - 1)) - sp;
	if (!is_data(sp))
		return 0;
	while (p->end < top) {
		len = PAGE - p->end % PAGE;
		if (!machine->read(p->end, (char *)p->word + (p->end - sp), len))
			return 0;
		p->end += len;
		if (is_interrupts_top(p, ip, machine))
			return p->word[(p->end - sp) / sizeof(uint64_t) - 1];
	}
	return 0;
}

static bool is_in(const struct piece *p, uint64_t value)
{
	return value >= p->from && value < p->end;
}

/* What the word means to the unwinder; 0: nothing. */
static uint64_t meaning(const struct piece *pieces, int n, uint64_t value)
{
	int i;

	if (is_code(value) || value == USER_CS)
		return value;
	for (i = 0; i < n; i++)
		if (is_in(&pieces[i], value))
			return value + pieces[i].moved;
	return 0;
}

static void keep_words(struct stack_copy *to, const struct piece *pieces, int n, int which)
{
	const struct piece *p = &pieces[which];
	const size_t words = (p->end - p->from) / sizeof(uint64_t);
	uint64_t value;
	size_t i;

	for (i = 0; i < words && to->n < STACK_WORDS; i++) {
		value = meaning(pieces, n, p->word[i]);
		if (!value)
			continue;
		to->word[to->n].address = p->from + i * sizeof(uint64_t) + p->moved;
		to->word[to->n++].value = value;
	}
}

/**
 * stack_copy() - copy the stack of a CPU
 * @to: filled in
 * @ip: where it executes
 * @sp: its RSP
 * @bp: its RBP
 * @machine: to read its memory
 */
void stack_copy(struct stack_copy *to, uint64_t ip, uint64_t sp, uint64_t bp,
		const struct stacks_machine *machine)
{
	static struct piece pieces[2];
	uint64_t next;
	int i, n = 1;

	next = read_piece(&pieces[0], 1, ip, sp, machine);
	if (next)
		read_piece(&pieces[n++], 2, 0, next, machine);
	to->ip = ip;
	to->sp = sp + pieces[0].moved;
	to->bp = is_data(bp) ? meaning(pieces, n, bp) : 0;
	to->n = 0;
	for (i = 0; i < n; i++)
		keep_words(to, pieces, n, i);
}
