// SPDX-License-Identifier: GPL-2.0
/*
 * plugin.c - what QEMU tells us, passed on to those who want to know
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "costs.h"
#include "cpus.h"
#include "decode.h"
#include "lines.h"
#include "memory.h"
#include "profile.h"
#include "qemu-inside.h"
#include "qemu-plugin.h"
#include "region.h"
#include "stacks.h"
#include "warp.h"

/* QEMU itself refuses a version that it does not know, and names both. */
QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

/* What a block ends with, in its flags. */
#define BLOCK_SPINS	0x1
#define BLOCK_HALTS	0x2
#define BLOCK_READS_TSC	0x4
#define BLOCK_COSTS	0x8

/* ns between two samples of stacks: a prime, so that it is no multiple of anything. */
#define STACKS_EVERY	"10007"

/* Where the kernel's addresses begin, on 64 bits and on 32. */
#define KERNEL_64	0x8000000000000000ULL
#define KERNEL_32	0x00000000c0000000ULL

static uint64_t kernel_from = KERNEL_64;
static int ncpus;

static struct clock clock_of_all;
static struct costs costs = { .insn_ps = INSN_PS };
/* A flush of everything without INVPCID writes twice: global translations off, and on. */
static uint64_t cr4_write;
/* From the write to the interrupt command register until the receiver can act. */
static uint64_t ipi_ns;
/* A write to CR3 leaves the kernel's own, global translations alone. */
static uint64_t nothing;
/* The block that is executed, once a region is open. */
static struct block *running;
/* In a boot that ends in a snapshot: to be written to when it is there. */
static FILE *stopped;

static void end_turn(bool it_has_to)
{
	if (!it_has_to)
		return;
	qemu_end_turn();
	region_yielded();
}

static void begin_turn(struct clock *c, int cpu)
{
	const bool looks = c->cpu[cpu].state == CLOCK_SPINNING;
	const uint64_t spun = c->cpu[cpu].spin_ns;

	clock_turn(c, cpu);
	profile_turn(cpu, looks, c->cpu[cpu].spin_ns - spun);
	if (stacks_wanted)
		stacks_turn(cpu, looks, c->cpu[cpu].spin_ns - spun);
}

static void on_block(unsigned int vcpu, void *udata)
{
	struct clock *c = &clock_of_all;
	struct block *b = udata;
	int cpu;

	if (!region_is_open)
		return;
	cpu = cpus_running();
	running = b;
	if (!clock_has_turn(c, cpu))
		begin_turn(c, cpu);
	warp_look(c, cpu);
	warp_count(b->insns);
	profile_execute(b);
	if (stacks_wanted)
		stacks_execute(b, clock_insns_ns(c, b->insns),
			       b->flags & (BLOCK_SPINS | BLOCK_COSTS));
	end_turn(clock_advance(c, b->insns));
	if (b->flags & BLOCK_SPINS) {
		clock_spin(c);
		profile_spin(cpu, b);
		if (stacks_wanted)
			stacks_spin(cpu);
	} else if (b->flags & BLOCK_HALTS) {
		clock_halt(c);
	} else if (b->flags & BLOCK_READS_TSC) {
		warp_expect(cpu);
	}
}

static void charge(uint64_t ns)
{
	if (!ns)
		return;
	profile_cost(running, ns);
	if (stacks_wanted)
		stacks_cost(ns);
	end_turn(clock_charge(&clock_of_all, ns));
}

static uint64_t now(void)
{
	return clock_of_all.cpu[clock_of_all.running].now;
}

static void on_icr_write(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *udata)
{
	if (region_is_open && running)
		clock_ipi(&clock_of_all, ipi_ns);
}

/* Without coherence; user addresses mean another line in each process. */
static void on_atomic_alone(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr,
			    void *udata)
{
	if (region_is_open && running && running->address &&
	    lines_take(clock_of_all.running, vaddr))
		charge(costs.line_transfer);
}

static void wait_for_line(uint64_t ns)
{
	charge(ns);
	if (memory_contended())
		end_turn(clock_order(&clock_of_all));
}

/* What is in the CPU's cache is read in no order: it spins where that matters. */
static void charge_load(uint64_t ns)
{
	if (ns)
		wait_for_line(ns);
}

static void on_load(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *udata)
{
	if (region_is_open && running)
		charge_load(memory_load(clock_of_all.running, info, vaddr, now()));
}

static void on_store(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *udata)
{
	if (region_is_open && running)
		wait_for_line(memory_store(clock_of_all.running, info, vaddr, now()));
}

static void on_atomic(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *udata)
{
	if (region_is_open && running)
		wait_for_line(memory_atomic(clock_of_all.running, info, vaddr, now()));
}

static void on_fence(unsigned int vcpu, void *udata)
{
	if (region_is_open && running)
		charge(memory_fence(clock_of_all.running, now()));
}

/* Of translations. */
static void on_flush(unsigned int vcpu, void *udata)
{
	if (!region_is_open || !running)
		return;
	if (costs.coherence)
		memory_flush(clock_of_all.running);
	charge(*(const uint64_t *)udata);
}

static void on_marker(unsigned int vcpu, void *udata)
{
	running = NULL;
	region_marker(&clock_of_all, (uintptr_t)udata);
}

static void on_snapshot_point(unsigned int vcpu, void *udata)
{
	qemu_stop_machine();
	fputs("stopped\n", stopped);
	fflush(stopped);
}

static void hear_of(struct qemu_plugin_insn *insn, enum qemu_plugin_mem_rw rw,
		    qemu_plugin_vcpu_mem_cb_t cb)
{
	qemu_plugin_register_vcpu_mem_cb(insn, cb, QEMU_PLUGIN_CB_NO_REGS, rw, NULL);
}

static void hear_of_flush(struct qemu_plugin_insn *insn, uint64_t *cost)
{
	qemu_plugin_register_vcpu_insn_exec_cb(insn, on_flush, QEMU_PLUGIN_CB_NO_REGS, cost);
}

/* Of memory. */
static void hear_of_accesses(struct qemu_plugin_insn *insn)
{
	if (!costs.coherence)
		return;
	hear_of(insn, QEMU_PLUGIN_MEM_R, on_load);
	hear_of(insn, QEMU_PLUGIN_MEM_W, on_store);
}

static void hear_of_atomic(struct qemu_plugin_insn *insn)
{
	if (costs.coherence)
		hear_of(insn, QEMU_PLUGIN_MEM_W, on_atomic);
	else if (costs.line_transfer)
		hear_of(insn, QEMU_PLUGIN_MEM_W, on_atomic_alone);
}

/* What the block's flags get from it. */
static uint32_t look_at(struct qemu_plugin_insn *insn)
{
	/* With caches any block may wait. */
	const uint32_t may_cost = costs.coherence ? BLOCK_COSTS : 0;
	uint8_t b[INSN_MAX];
	size_t len = qemu_plugin_insn_data(insn, b, sizeof(b));

	switch (decode(b, len)) {
	case INSN_PAUSE:
		return BLOCK_SPINS | may_cost;
	case INSN_HALT:
		return BLOCK_HALTS | may_cost;
	case INSN_READ_TSC:
		return BLOCK_READS_TSC | may_cost;
	case INSN_ICR_WRITE:
		hear_of(insn, QEMU_PLUGIN_MEM_W, on_icr_write);
		return may_cost;
	case INSN_ATOMIC:
		hear_of_atomic(insn);
		return BLOCK_COSTS;
	case INSN_FENCE:
		if (costs.coherence)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_fence,
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
		return may_cost;
	case INSN_FLUSH_PAGE:
		hear_of_flush(insn, &costs.tlb_flush_page);
		return BLOCK_COSTS;
	case INSN_FLUSH_ALL:
		hear_of_flush(insn, &costs.tlb_flush_all);
		return BLOCK_COSTS;
	case INSN_WRITE_CR4:
		hear_of_flush(insn, &cr4_write);
		return BLOCK_COSTS;
	case INSN_WRITE_CR3:
		hear_of_flush(insn, &nothing);
		return may_cost;
	case INSN_MARKER:
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_marker, QEMU_PLUGIN_CB_R_REGS,
						       (void *)(uintptr_t)decode_marker(b));
		return may_cost;
	default:
		hear_of_accesses(insn);
		return may_cost;
	}
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	const size_t n = qemu_plugin_tb_n_insns(tb);
	uint64_t address = qemu_plugin_tb_vaddr(tb);
	uint32_t flags = 0;
	size_t i;

	for (i = 0; i < n; i++)
		flags |= look_at(qemu_plugin_tb_get_insn(tb, i));
	if (address < kernel_from)
		address = 0;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, QEMU_PLUGIN_CB_R_REGS,
					     profile_block(address, n, flags));
}

/* Nothing is counted, so that the boot is as fast as it can be. */
static void on_boot_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	const size_t n = qemu_plugin_tb_n_insns(tb);
	uint8_t b[INSN_MAX];
	size_t i, len;

	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		len = qemu_plugin_insn_data(insn, b, sizeof(b));
		if (decode(b, len) == INSN_MARKER && decode_marker(b) == REGION_SNAPSHOT)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_snapshot_point,
							       QEMU_PLUGIN_CB_NO_REGS, NULL);
	}
}

static void on_cpu(qemu_plugin_id_t id, unsigned int vcpu)
{
	if (vcpu == 0)
		cpus_init(ncpus);
}

static int install_for_boot(qemu_plugin_id_t id, const char *file)
{
	stopped = fopen(file, "w");
	if (!stopped) {
		fprintf(stderr, "vmapsim: error: cannot write %s: %s\n", file, strerror(errno));
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_boot_translation);
	return 0;
}

static int install_for_run(qemu_plugin_id_t id)
{
	clock_init(&clock_of_all, costs.insn_ps);
	cr4_write = costs.tlb_flush_all / 2;
	ipi_ns = costs.ipi_delivery + (costs.coherence ? 0 : costs.ipi_lines);
	qemu_plugin_register_vcpu_init_cb(id, on_cpu);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}

/* The value of NAME=VALUE, if it is that name. */
static void take_argument(const char *arg, const char *name, const char **value)
{
	const size_t len = strlen(name);

	if (!strncmp(arg, name, len) && arg[len] == '=')
		*value = arg + len + 1;
}

/* 0 if there is no such argument; the harness has made them. */
static uint64_t number_of(const char *text)
{
	return text ? strtoull(text, NULL, 10) : 0;
}

/* Of the guest's kernel. One of 32 bits has something else in GS, and other stacks. */
static int set_bits(const char *bits, const char *stacks)
{
	if (!strcmp(bits, "64"))
		return 0;
	kernel_from = KERNEL_32;
	if (!strcmp(bits, "32") && ncpus == 1 && !stacks)
		return 0;
	fprintf(stderr, "vmapsim: error: bits=32 is for one CPU, without stacks=\n");
	return -1;
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
					   char **argv)
{
	const char *stop = NULL, *clock = NULL, *profile = NULL, *speed = NULL, *table = NULL;
	const char *stacks = NULL, *every = STACKS_EVERY, *bits = "64";
	const char *nodes = NULL, *node = NULL, *low = NULL;
	struct coherence_homes homes;
	int i;

	for (i = 0; i < argc; i++) {
		take_argument(argv[i], "stop", &stop);
		take_argument(argv[i], "clock", &clock);
		take_argument(argv[i], "profile", &profile);
		take_argument(argv[i], "speed", &speed);
		take_argument(argv[i], "costs", &table);
		take_argument(argv[i], "stacks", &stacks);
		take_argument(argv[i], "stacks-every", &every);
		take_argument(argv[i], "bits", &bits);
		take_argument(argv[i], "nodes", &nodes);
		take_argument(argv[i], "node-mb", &node);
		take_argument(argv[i], "low-mb", &low);
	}
	if (!stop && !(clock && profile && speed)) {
		fprintf(stderr, "vmapsim: error: stop=, or clock=, profile= and speed= needed\n");
		return -1;
	}
	if (qemu_inside_init())
		return -1;
	ncpus = info->system.smp_vcpus;
	if (ncpus > CLOCK_MAX_CPUS) {
		fprintf(stderr, "vmapsim: error: %d CPUs; the simulator has clocks for %d\n",
			ncpus, CLOCK_MAX_CPUS);
		return -1;
	}
	if (set_bits(bits, stacks))
		return -1;
	if (stop)
		return install_for_boot(id, stop);
	homes.nodes = number_of(nodes);
	homes.node_mb = number_of(node);
	homes.low_mb = number_of(low);
	if ((table && costs_read(&costs, table)) ||
	    (costs.coherence && memory_init(&costs, ncpus, &homes)) ||
	    profile_init(profile, costs.insn_ps) ||
	    (stacks && stacks_init(stacks, every, &cpus_machine)) ||
	    region_init(clock, speed, ncpus))
		return -1;
	return install_for_run(id);
}
