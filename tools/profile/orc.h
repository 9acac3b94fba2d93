/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's own unwind tables (ORC), from its ELF files. */
#ifndef VB_ORC_H
#define VB_ORC_H

#include <stddef.h>
#include <stdint.h>

#include "profile/symbols.h"

/* What an address on the stack is found from; numbers as in Linux 6.1, asm/orc_types.h. */
enum vb_orc_reg {
	VB_ORC_UNDEFINED = 0,
	VB_ORC_PREV_SP = 1,
	VB_ORC_BP = 4,
	VB_ORC_SP = 5,
	VB_ORC_R10 = 6,
	VB_ORC_BP_INDIRECT = 8,
	VB_ORC_SP_INDIRECT = 9,
};

/* What is on the stack there: a return address, all registers, or some of them. */
enum vb_orc_type {
	VB_ORC_CALL = 0,
	VB_ORC_REGS = 1,
	VB_ORC_REGS_PARTIAL = 2,
};

/**
 * struct vb_orc_entry - how to get from code to its caller
 * @ip: the first address that it is good for
 * @sp_offset: added to what @sp_reg names, it is the caller's stack pointer
 * @bp_offset: where the caller's RBP is, from what @bp_reg names
 * @sp_reg: an enum vb_orc_reg
 * @bp_reg: an enum vb_orc_reg
 * @type: an enum vb_orc_type
 * @end: nobody called this
 */
struct vb_orc_entry {
	uint64_t ip;
	int16_t sp_offset;
	int16_t bp_offset;
	uint8_t sp_reg;
	uint8_t bp_reg;
	uint8_t type;
	uint8_t end;
};

/**
 * struct vb_orc - the tables of a kernel and its modules
 * @entry: once vb_orc_finish() was called, sorted by address
 * @n: how many
 */
struct vb_orc {
	struct vb_orc_entry *entry;
	size_t n;
};

void vb_orc_add(struct vb_orc *orc, const struct vb_orc_entry *entry);
void vb_orc_read_kernel(struct vb_orc *orc, const char *path);
void vb_orc_read_module(struct vb_orc *orc, const char *path, const struct vb_symbols *symbols);
void vb_orc_finish(struct vb_orc *orc);
const struct vb_orc_entry *vb_orc_find(const struct vb_orc *orc, uint64_t ip);
void vb_orc_free(struct vb_orc *orc);

#endif
