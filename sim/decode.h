/* SPDX-License-Identifier: GPL-2.0 */
/*
 * decode.h - the few instructions of x86-64 that matter
 */
#ifndef VB_SIM_DECODE_H
#define VB_SIM_DECODE_H

#include <stddef.h>
#include <stdint.h>

enum insn_kind {
	INSN_OTHER,
	INSN_PAUSE,
	INSN_HALT,
	INSN_READ_TSC,
	INSN_ATOMIC,		/* a locked access to memory */
	INSN_FLUSH_PAGE,	/* INVLPG */
	INSN_FLUSH_ALL,		/* INVPCID */
	INSN_WRITE_CR4,
	INSN_WRITE_CR3,
	INSN_FENCE,		/* MFENCE */
	INSN_ICR_WRITE,		/* the local APIC's interrupt command register */
	INSN_MARKER,
};

/* No instruction is longer. */
#define INSN_MAX	15

enum insn_kind decode(const uint8_t *b, size_t len);
unsigned int decode_marker(const uint8_t *b);

#endif
