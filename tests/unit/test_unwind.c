// SPDX-License-Identifier: GPL-2.0
/* LINK: tools/profile/orc.c tools/profile/unwind.c tools/base/common.c LIBS: -lelf */
/* Unwinding by tables and stacks made by hand. */
#include <string.h>

#include "cmocka_all.h"
#include "tools/profile/unwind.h"

#define CODE	0xffffffff81000000ULL
#define LEAF	(CODE + 0x100)
#define MIDDLE	(CODE + 0x200)
#define FRAMED	(CODE + 0x300)
#define ENTRY	(CODE + 0x400)
#define ENTRY_2	(CODE + 0x480)
#define POPS	(CODE + 0x500)
#define NOWHERE	(CODE + 0x600)
#define START	(CODE + 0x700)

static struct vb_orc orc;

static void rule(uint64_t ip, int sp_reg, int sp_offset, int bp_reg, int bp_offset, int type,
		 int end)
{
	const struct vb_orc_entry e = {
		.ip = ip, .sp_reg = sp_reg, .sp_offset = sp_offset, .bp_reg = bp_reg,
		.bp_offset = bp_offset, .type = type, .end = end,
	};

	vb_orc_add(&orc, &e);
}

static int set_up(void **state)
{
	(void)state;
	/* Not in order: that is for vb_orc_finish(). */
	rule(START, VB_ORC_UNDEFINED, 0, 0, 0, VB_ORC_CALL, 1);
	rule(LEAF, VB_ORC_SP, 8, 0, 0, VB_ORC_CALL, 0);
	rule(LEAF + 4, VB_ORC_SP, 24, 0, 0, VB_ORC_CALL, 0);
	/* It pushes RBP, and nothing else. */
	rule(MIDDLE, VB_ORC_SP, 16, VB_ORC_PREV_SP, -16, VB_ORC_CALL, 0);
	rule(FRAMED, VB_ORC_BP, 16, VB_ORC_PREV_SP, -16, VB_ORC_CALL, 0);
	rule(ENTRY, VB_ORC_SP, 0, VB_ORC_UNDEFINED, 0, VB_ORC_REGS, 0);
	rule(ENTRY_2, VB_ORC_SP, 0, VB_ORC_UNDEFINED, 0, VB_ORC_REGS_PARTIAL, 0);
	rule(POPS, VB_ORC_SP_INDIRECT, 8, VB_ORC_UNDEFINED, 0, VB_ORC_CALL, 0);
	/* The end of a function is where the next one begins: that one counts. */
	rule(MIDDLE, VB_ORC_UNDEFINED, 0, 0, 0, VB_ORC_CALL, 0);
	rule(NOWHERE, VB_ORC_UNDEFINED, 0, 0, 0, VB_ORC_CALL, 0);
	vb_orc_finish(&orc);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	vb_orc_free(&orc);
	return 0;
}

#define STACK(...) \
	static struct vb_word words[] = { __VA_ARGS__ }; \
	struct vb_stack s = { .word = words, .n = sizeof(words) / sizeof(words[0]) }; \
	struct vb_frames f; \
	(void)state

/* Where each frame is; callers are told by the last byte of their call. */
static void frames_are(const struct vb_frames *f, int whole, const uint64_t *expected, size_t n)
{
	size_t i;

	assert_int_equal(f->n, n);
	for (i = 0; i < n; i++)
		assert_true(f->address[i] == expected[i]);
	assert_int_equal(f->whole, whole);
}

#define FRAMES(whole, ...) \
	frames_are(&f, whole, (const uint64_t[]){ __VA_ARGS__ }, \
		   sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

static void calls(void **state)
{
	STACK({ 0x1010, MIDDLE + 9 }, { 0x1020, START + 9 });

	s.ip = LEAF + 5;
	s.sp = 0x1000;
	vb_unwind(&orc, &s, &f);
	FRAMES(1, LEAF + 5, MIDDLE + 8, START + 8);
}

/* At its first instruction a function has pushed nothing yet. */
static void first_instruction(void **state)
{
	STACK({ 0x1000, START + 9 });

	s.ip = LEAF;
	s.sp = 0x1000;
	vb_unwind(&orc, &s, &f);
	FRAMES(1, LEAF, START + 8);
}

/* Who is called by the last instruction of a function returns to the next one. */
static void last_instruction(void **state)
{
	STACK({ 0x1000, MIDDLE }, { 0x1018, START + 9 });

	s.ip = LEAF;
	s.sp = 0x1000;
	vb_unwind(&orc, &s, &f);
	FRAMES(1, LEAF, MIDDLE - 1, START + 8);
}

static void by_frame_pointer(void **state)
{
	STACK({ 0x1000, 0x1100 }, { 0x1008, FRAMED + 9 }, { 0x1108, START + 9 });

	s.ip = MIDDLE + 2;
	s.sp = 0x1000;
	vb_unwind(&orc, &s, &f);
	FRAMES(1, MIDDLE + 2, FRAMED + 8, START + 8);
}

/* The registers are on the stack, and say where it was and what RBP had. */
static void interrupted_kernel(void **state)
{
	STACK({ 0x1020, 0x2000 }, { 0x1080, FRAMED + 9 }, { 0x1098, 0x1ff0 },
	      { 0x2008, START + 9 });

	s.ip = ENTRY + 1;
	s.sp = 0x1000;
	vb_unwind(&orc, &s, &f);
	FRAMES(1, ENTRY + 1, FRAMED + 9, START + 8);
	/* Only what hardware pushes: 128 bytes less. */
	s.ip = ENTRY_2 + 1;
	s.sp = 0x1080;
	s.bp = 0x2000;
	vb_unwind(&orc, &s, &f);
	FRAMES(1, ENTRY_2 + 1, FRAMED + 9, START + 8);
}

static void interrupted_user(void **state)
{
	STACK({ 0x1000, 0x1100 }, { 0x1088, 0x33 });

	s.ip = ENTRY + 1;
	s.sp = 0x1000;
	vb_unwind(&orc, &s, &f);
	FRAMES(1, ENTRY + 1);
	/* Neither user mode nor an address. */
	words[1].value = CODE;
	vb_unwind(&orc, &s, &f);
	FRAMES(0, ENTRY + 1);
}

static void another_stack(void **state)
{
	STACK({ 0x1000, 0x2000 }, { 0x2000, START + 9 });

	s.ip = POPS;
	s.sp = 0x1000;
	vb_unwind(&orc, &s, &f);
	FRAMES(1, POPS, START + 8);
}

static void lost(void **state)
{
	STACK({ 0x1000, NOWHERE + 9 });

	s.ip = LEAF;
	s.sp = 0x1000;
	vb_unwind(&orc, &s, &f);
	FRAMES(0, LEAF, NOWHERE + 8);
	/* A return address that was not kept. */
	s.sp = 0x1008;
	vb_unwind(&orc, &s, &f);
	FRAMES(0, LEAF);
	/* In front of all tables. */
	s.ip = CODE;
	vb_unwind(&orc, &s, &f);
	FRAMES(0, CODE);
}

/* A stack that leads to itself ends. */
static void circle(void **state)
{
	STACK({ 0x1000, 0x1000 }, { 0x1008, FRAMED + 9 });

	s.ip = FRAMED + 1;
	s.sp = 0x1000;
	s.bp = 0x1000;
	vb_unwind(&orc, &s, &f);
	assert_false(f.whole);
	assert_true(f.n < 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls), cmocka_unit_test(first_instruction),
		cmocka_unit_test(last_instruction),
		cmocka_unit_test(by_frame_pointer), cmocka_unit_test(interrupted_kernel),
		cmocka_unit_test(interrupted_user), cmocka_unit_test(another_stack),
		cmocka_unit_test(lost), cmocka_unit_test(circle),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
