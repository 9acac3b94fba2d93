// SPDX-License-Identifier: GPL-2.0
/*
 * plugin.c - what QEMU tells us, passed on to those who want to know
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cpus.h"
#include "qemu-plugin.h"
#include "region.h"
#include "warp.h"

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

/* What a block holds, in the word that its callback is given. */
#define BLOCK_INSNS	0xffff
#define BLOCK_SPINS	0x10000
#define BLOCK_HALTS	0x20000
#define BLOCK_READS_TSC	0x40000

static struct clock clock_of_all;
static const void *time_handle;

static void on_block(unsigned int vcpu, void *udata)
{
	const uintptr_t block = (uintptr_t)udata;
	struct clock *c = &clock_of_all;
	int cpu;

	if (!region_open())
		return;
	cpu = cpus_running();
	if (cpu < 0)
		return;
	if (!clock_has_turn(c, cpu))
		clock_turn(c, cpu);
	warp_look(c, cpu);
	warp_count(block & BLOCK_INSNS);
	if (clock_advance(c, block & BLOCK_INSNS)) {
		/* To the same time as before; but it ends this CPU's turn. */
		qemu_plugin_update_ns(time_handle, 0);
		region_yielded();
	}
	if (block & BLOCK_SPINS)
		clock_spin(c);
	else if (block & BLOCK_HALTS)
		clock_halt(c);
	else if (block & BLOCK_READS_TSC)
		warp_expect(cpu);
}

static void on_icr_write(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *udata)
{
	if (region_open() && qemu_plugin_mem_is_store(info))
		clock_ipi(&clock_of_all);
}

static void on_marker(unsigned int vcpu, void *udata)
{
	region_marker(&clock_of_all, (uintptr_t)udata);
}

/*
 * The low half of the interrupt command register: the local APIC's page is in
 * the fixmap, at 0xffffffffff5fX000, and is addressed absolutely.
 */
static bool is_icr(const uint8_t *address)
{
	return address[0] == 0x00 && (address[1] & 0x0f) == 0x03 && address[2] == 0x5f &&
	       address[3] == 0xff;
}

static uintptr_t look_at(struct qemu_plugin_insn *insn)
{
	static const uint8_t nop[] = { 0x0f, 0x1f, 0x80 };
	uint8_t b[16];
	size_t len = qemu_plugin_insn_data(insn, b, sizeof(b));

	if (len == 2 && b[0] == 0xf3 && b[1] == 0x90)
		return BLOCK_SPINS;
	if (len == 1 && b[0] == 0xf4)
		return BLOCK_HALTS;
	if ((len == 2 && b[0] == 0x0f && b[1] == 0x31) ||
	    (len == 3 && b[0] == 0x0f && b[1] == 0x01 && b[2] == 0xf9))
		return BLOCK_READS_TSC;
	if (len >= 7 && is_icr(b + len - 4))
		qemu_plugin_register_vcpu_mem_cb(insn, on_icr_write, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_W, NULL);
	/* A NOP with a displacement that no compiler would choose. */
	if (len == 7 && !memcmp(b, nop, sizeof(nop)) && !memcmp(b + 4, REGION_MAGIC, 3))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_marker, QEMU_PLUGIN_CB_R_REGS,
						       (void *)(uintptr_t)b[3]);
	return 0;
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	const size_t n = qemu_plugin_tb_n_insns(tb);
	uintptr_t block = n;
	size_t i;

	for (i = 0; i < n; i++)
		block |= look_at(qemu_plugin_tb_get_insn(tb, i));
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, QEMU_PLUGIN_CB_R_REGS, (void *)block);
}

static void on_cpu(qemu_plugin_id_t id, unsigned int vcpu)
{
	if (vcpu == 0)
		cpus_init();
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
					   char **argv)
{
	if (info->version.min > QEMU_PLUGIN_VERSION || info->version.cur < QEMU_PLUGIN_VERSION) {
		fprintf(stderr, "vmapsim: error: made for plugin API %d, this QEMU has %d to %d\n",
			QEMU_PLUGIN_VERSION, info->version.min, info->version.cur);
		return -1;
	}
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fprintf(stderr, "vmapsim: error: out=FILE is needed\n");
		return -1;
	}
	if (region_init(argv[0] + 4))
		return -1;
	clock_init(&clock_of_all);
	time_handle = qemu_plugin_request_time_control();
	qemu_plugin_register_vcpu_init_cb(id, on_cpu);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}
