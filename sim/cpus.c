// SPDX-License-Identifier: GPL-2.0
/*
 * cpus.c - which CPU executes, and what is in its registers
 *
 * With one thread for all CPUs, the index that QEMU hands to a callback is
 * that of the CPU which translated the block, not of the one that executes
 * it. The CPU that executes has its per-CPU area in GS, as every kernel on
 * x86-64 has: that tells one from another. Reading a register costs more than
 * a block does, so it is read only when QEMU's own current_cpu has changed; and never
 * when there is one CPU, which a kernel of 32 bits must have.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cpus.h"
#include "qemu-inside.h"
#include "qemu-plugin.h"

#define KERNEL_ADDRESS	0x8000000000000000ULL

static struct {
	GByteArray *buf;
	struct qemu_plugin_register *gs_base, *rax, *rdx, *rdi, *rsp, *rbp;
	void *last;
	bool only_one;
	int running;
	int n;
	struct {
		uint64_t area;
		void *qemu_cpu;
	} known[CLOCK_MAX_CPUS];
} cpus;

static void die(const char *text)
{
	fprintf(stderr, "vmapsim: error: %s\n", text);
	exit(1);
}

static struct qemu_plugin_register *find_register(const char *name)
{
	GArray *all = qemu_plugin_get_registers();
	const qemu_plugin_reg_descriptor *reg = (const void *)all->data;
	unsigned int i;

	for (i = 0; i < all->len; i++)
		if (!strcmp(reg[i].name, name))
			return reg[i].handle;
	die("this QEMU does not show the register that is needed");
	return NULL;
}

static uint64_t read_register(struct qemu_plugin_register *reg)
{
	uint64_t value = 0;

	g_byte_array_set_size(cpus.buf, 0);
	if (qemu_plugin_read_register(reg, cpus.buf) != (int)sizeof(value))
		die("QEMU did not read a register");
	memcpy(&value, cpus.buf->data, sizeof(value));
	return value;
}

/**
 * cpus_init() - learn QEMU's names for the registers
 * @n: CPUs of the machine
 *
 * Context: the thread that executes the CPUs, once one of them exists.
 */
void cpus_init(int n)
{
	cpus.buf = g_byte_array_new();
	/* The same for all CPUs. */
	cpus.gs_base = find_register("gs_base");
	cpus.rdi = find_register("rdi");
	cpus.rax = find_register("rax");
	cpus.rdx = find_register("rdx");
	cpus.rsp = find_register("rsp");
	cpus.rbp = find_register("rbp");
	cpus.only_one = n == 1;
	cpus.running = cpus.only_one ? 0 : -1;
}

static int by_qemu_cpu(const void *qemu_cpu)
{
	int i;

	for (i = 0; i < cpus.n; i++)
		if (cpus.known[i].qemu_cpu == qemu_cpu)
			return i;
	return -1;
}

static int by_area(uint64_t area, void *qemu_cpu)
{
	int i;

	for (i = 0; i < cpus.n; i++)
		if (cpus.known[i].area == area)
			return i;
	if (cpus.n == CLOCK_MAX_CPUS)
		die("more CPUs than the clock has room for");
	cpus.known[cpus.n].area = area;
	cpus.known[cpus.n].qemu_cpu = qemu_cpu;
	return cpus.n++;
}

/**
 * cpus_running() - the CPU that executes
 *
 * Context: in a callback that may read registers, once the kernel has set up
 * its per-CPU areas for good.
 *
 * Return: a number from 0 on in the order in which CPUs were first seen. It is
 * not the kernel's.
 */
int cpus_running(void)
{
	void *qemu_cpu = qemu_current_cpu();
	uint64_t area;

	if (cpus.only_one || qemu_cpu == cpus.last)
		return cpus.running;
	cpus.last = qemu_cpu;
	area = read_register(cpus.gs_base);
	if (area & KERNEL_ADDRESS)
		cpus.running = by_area(area, qemu_cpu);
	else
		/* In user mode GS is the program's. */
		cpus.running = by_qemu_cpu(qemu_cpu);
	return cpus.running;
}

/**
 * cpus_rdi() - the first argument of a function that starts here
 *
 * Context: in a callback that may read registers.
 *
 * Return: the value of RDI.
 */
uint64_t cpus_rdi(void)
{
	return read_register(cpus.rdi);
}

/**
 * cpus_tsc() - what RDTSC has just returned
 *
 * Context: in a callback that may read registers, the first on this CPU after
 * the block that RDTSC ended.
 *
 * Return: the value of EDX:EAX.
 */
uint64_t cpus_tsc(void)
{
	return read_register(cpus.rdx) << 32 | (uint32_t)read_register(cpus.rax);
}

static void stack_registers(uint64_t *sp, uint64_t *bp)
{
	*sp = read_register(cpus.rsp);
	*bp = read_register(cpus.rbp);
}

static bool read_memory(uint64_t address, void *to, size_t len)
{
	g_byte_array_set_size(cpus.buf, 0);
	if (!qemu_plugin_read_memory_vaddr(address, cpus.buf, len) || cpus.buf->len < len)
		return false;
	memcpy(to, cpus.buf->data, len);
	return true;
}

/* How stacks.c looks at the CPU that executes. */
const struct stacks_machine cpus_machine = {
	.registers = stack_registers,
	.read = read_memory,
};
