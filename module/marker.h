/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Markers for a simulator that watches instructions go by
 *
 * Each is a NOP whose displacement no compiler would choose: its first byte
 * says which marker it is, and RDI has a word of detail. On a real CPU it is
 * one NOP and one move.
 */
#ifndef _VMAP_BENCH_MARKER_H
#define _VMAP_BENCH_MARKER_H

#include <linux/compiler.h>
#include <linux/kconfig.h>
#include <linux/types.h>

enum vmap_bench_marker {
	VMAP_BENCH_OPEN = 1,	/* detail: the number of the run */
	VMAP_BENCH_THREAD_BEGIN,	/* detail: the CPU */
	VMAP_BENCH_THREAD_END,	/* detail: the CPU */
	VMAP_BENCH_CLOSE,	/* no detail */
	VMAP_BENCH_THREAD_PAUSE = 6,	/* detail: the CPU; 5 is the guest's snapshot */
	VMAP_BENCH_THREAD_RESUME,	/* detail: the CPU */
};

/* Always inlined: the marker has to be a constant of the instruction. */
static __always_inline void vmap_bench_mark(const enum vmap_bench_marker marker, u64 detail)
{
	if (IS_ENABLED(CONFIG_X86))
		asm volatile(".byte 0x0f, 0x1f, 0x80, %c0, 0x4d, 0x56, 0x7a"
			     : : "i" (marker), "D" ((unsigned long)detail) : "memory");
}

#endif
