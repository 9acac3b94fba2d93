// SPDX-License-Identifier: GPL-2.0
/* LINK: sim/decode.c LIBS: */
/* The instructions that the simulator looks for; bytes as objdump shows them. */
#include "cmocka_all.h"
#include "sim/decode.h"

/* Instructions that must be told apart from those that look like them. */
static const struct {
	enum insn_kind kind;
	size_t len;
	const char *bytes;
	const char *text;
} insns[] = {
	{ INSN_PAUSE, 2, "\xf3\x90", "pause" },
	{ INSN_OTHER, 1, "\x90", "nop" },
	{ INSN_HALT, 1, "\xf4", "hlt" },
	{ INSN_READ_TSC, 2, "\x0f\x31", "rdtsc" },
	{ INSN_READ_TSC, 3, "\x0f\x01\xf9", "rdtscp" },
	{ INSN_ATOMIC, 4, "\xf0\x0f\xb1\x17", "lock cmpxchg %edx,(%rdi)" },
	{ INSN_OTHER, 3, "\x0f\xb1\x17", "cmpxchg %edx,(%rdi)" },
	{ INSN_ATOMIC, 5, "\xf0\x48\x0f\xc1\x07", "lock xadd %rax,(%rdi)" },
	{ INSN_ATOMIC, 9, "\xf0\x65\x83\x04\x25\x10\x00\x00\x01", "lock addl gs" },
	{ INSN_ATOMIC, 2, "\x87\x07", "xchg %eax,(%rdi)" },
	{ INSN_ATOMIC, 3, "\x48\x87\x07", "xchg %rax,(%rdi)" },
	{ INSN_ATOMIC, 3, "\x66\x87\x07", "xchg %ax,(%rdi)" },
	{ INSN_ATOMIC, 2, "\x86\x07", "xchg %al,(%rdi)" },
	{ INSN_OTHER, 2, "\x87\xc7", "xchg %eax,%edi" },
	{ INSN_FLUSH_PAGE, 3, "\x0f\x01\x3f", "invlpg (%rdi)" },
	{ INSN_OTHER, 3, "\x0f\x01\xf8", "swapgs" },
	{ INSN_OTHER, 3, "\x0f\x01\x17", "lgdt (%rdi)" },
	{ INSN_FLUSH_ALL, 5, "\x66\x0f\x38\x82\x06", "invpcid (%rsi),%rax" },
	{ INSN_WRITE_CR4, 3, "\x0f\x22\xe0", "mov %rax,%cr4" },
	{ INSN_WRITE_CR3, 3, "\x0f\x22\xd8", "mov %rax,%cr3" },
	{ INSN_OTHER, 3, "\x0f\x22\xc0", "mov %rax,%cr0" },
	{ INSN_FENCE, 3, "\x0f\xae\xf0", "mfence" },
	{ INSN_OTHER, 3, "\x0f\xae\xe8", "lfence" },
	{ INSN_OTHER, 3, "\x0f\xae\xf8", "sfence" },
	{ INSN_OTHER, 3, "\x0f\x20\xe0", "mov %cr4,%rax" },
	{ INSN_ICR_WRITE, 7, "\x89\x3c\x25\x00\xd3\x5f\xff", "mov %edi,0xffffffffff5fd300" },
	{ INSN_OTHER, 7, "\x89\x3c\x25\xb0\xd0\x5f\xff", "mov %edi,0xffffffffff5fd0b0" },
	{ INSN_MARKER, 7, "\x0f\x1f\x80\x01MVz", "a marker" },
	{ INSN_OTHER, 7, "\x0f\x1f\x80\x00\x00\x00\x00", "nopl 0x0(%rax)" },
};

static void each_is_what_it_is(void **state)
{
	enum insn_kind kind;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(insns) / sizeof(insns[0]); i++) {
		kind = decode((const uint8_t *)insns[i].bytes, insns[i].len);
		if (kind != insns[i].kind)
			fail_msg("%s: kind %d, not %d", insns[i].text, kind, insns[i].kind);
	}
}

static void a_marker_has_a_number(void **state)
{
	(void)state;
	assert_int_equal(decode_marker((const uint8_t *)"\x0f\x1f\x80\x05MVz"), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_what_it_is),
		cmocka_unit_test(a_marker_has_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
