// SPDX-License-Identifier: GPL-2.0
/*
 * decode.c - the few instructions of x86-64 that matter
 *
 * Opcodes are those of the Intel 64 manual, volume 2. Nothing here knows QEMU.
 */
#include <stdbool.h>
#include <string.h>

#include "decode.h"
#include "region.h"

static bool is(const uint8_t *b, size_t len, const char *code, size_t code_len)
{
	return len == code_len && !memcmp(b, code, code_len);
}

#define IS(b, len, code)	is(b, len, code, sizeof(code) - 1)

/*
 * The low half of the interrupt command register: the local APIC's page is in
 * the fixmap, at 0xffffffffff5fX000, and is addressed absolutely.
 */
static bool ends_with_icr(const uint8_t *b, size_t len)
{
	const uint8_t *a = b + len - 4;

	return len >= 7 && a[0] == 0x00 && (a[1] & 0x0f) == 0x03 && a[2] == 0x5f && a[3] == 0xff;
}

/* A NOP with a displacement that no compiler would choose. */
static bool is_marker(const uint8_t *b, size_t len)
{
	return len == 7 && !memcmp(b, "\x0f\x1f\x80", 3) && !memcmp(b + 4, REGION_MAGIC, 3);
}

static bool is_prefix(uint8_t b)
{
	return b == 0x66 || b == 0x67 || b == 0xf2 || b == 0xf3 || b == 0x2e || b == 0x36 ||
	       b == 0x3e || b == 0x26 || b == 0x64 || b == 0x65 || b == 0xf0;
}

static bool in_memory(uint8_t modrm)
{
	return modrm >> 6 != 3;
}

/* Of the two bytes after 0f. */
static enum insn_kind decode_0f(const uint8_t *op, size_t left)
{
	const unsigned int reg = left > 1 ? op[1] >> 3 & 7 : 0;

	if (left < 2)
		return INSN_OTHER;
	if (op[0] == 0x01 && reg == 7 && in_memory(op[1]))
		return INSN_FLUSH_PAGE;
	if (op[0] == 0x38 && op[1] == 0x82)
		return INSN_FLUSH_ALL;
	if (op[0] == 0x22 && reg == 4)
		return INSN_WRITE_CR4;
	if (op[0] == 0x22 && reg == 3)
		return INSN_WRITE_CR3;
	if (op[0] == 0xae && op[1] == 0xf0)
		return INSN_FENCE;
	return INSN_OTHER;
}

/**
 * decode() - which of the kinds that matter an instruction is
 * @b: its bytes
 * @len: how many
 *
 * Return: the kind.
 */
enum insn_kind decode(const uint8_t *b, size_t len)
{
	bool locked = false;
	size_t i = 0;

	if (IS(b, len, "\xf3\x90"))
		return INSN_PAUSE;
	if (IS(b, len, "\xf4"))
		return INSN_HALT;
	if (IS(b, len, "\x0f\x31") || IS(b, len, "\x0f\x01\xf9"))
		return INSN_READ_TSC;
	if (is_marker(b, len))
		return INSN_MARKER;
	if (ends_with_icr(b, len))
		return INSN_ICR_WRITE;

	while (i < len && is_prefix(b[i]))
		locked |= b[i++] == 0xf0;
	if (locked)
		return INSN_ATOMIC;
	/* REX */
	if (i < len && (b[i] & 0xf0) == 0x40)
		i++;
	if (i + 1 >= len)
		return INSN_OTHER;
	/* XCHG with memory is locked without a prefix. */
	if ((b[i] == 0x86 || b[i] == 0x87) && in_memory(b[i + 1]))
		return INSN_ATOMIC;
	return b[i] == 0x0f ? decode_0f(b + i + 1, len - i - 1) : INSN_OTHER;
}

/**
 * decode_marker() - which marker it is
 * @b: the bytes of an INSN_MARKER
 *
 * Return: one of enum region_marker, or a number that is none.
 */
unsigned int decode_marker(const uint8_t *b)
{
	return b[3];
}
