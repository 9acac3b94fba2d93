/* SPDX-License-Identifier: GPL-2.0 */
/*
 * costs.h - what takes time beside instructions
 */
#ifndef VB_SIM_COSTS_H
#define VB_SIM_COSTS_H

#include <stdint.h>

/**
 * struct costs - the table of costs, ns each
 * @ipi_delivery: from the write to the interrupt command register until the
 *		  receiver can act
 * @line_transfer: an atomic access to a cache line that another CPU changed last
 * @tlb_flush_page: INVLPG, and the refill of that entry later
 * @tlb_flush_all: a flush of the whole TLB, and the refills later
 */
struct costs {
	uint64_t ipi_delivery;
	uint64_t line_transfer;
	uint64_t tlb_flush_page;
	uint64_t tlb_flush_all;
};

int costs_read(struct costs *costs, const char *file);

#endif
