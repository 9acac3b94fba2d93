// SPDX-License-Identifier: GPL-2.0
/*
 * cpus.c - which CPU executes, and what is in its registers
 *
 * With one thread for all CPUs, the index that QEMU hands to a callback is
 * that of the CPU which translated the block, not of the one that executes
 * it. QEMU's own current_cpu is the one that executes.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cpus.h"
#include "qemu-inside.h"
#include "qemu-plugin.h"

static struct {
	GByteArray *buf;
	struct qemu_plugin_register *rax, *rdx, *rdi, *rsp, *rbp;
	void *last;
	int running;
	int n;
	void *known[CLOCK_MAX_CPUS];
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
	cpus.rdi = find_register("rdi");
	cpus.rax = find_register("rax");
	cpus.rdx = find_register("rdx");
	cpus.rsp = find_register("rsp");
	cpus.rbp = find_register("rbp");
	cpus.n = n;
}

static int number_of(const void *qemu_cpu)
{
	int i;

	for (i = 0; i < cpus.n; i++) {
		/* They are made one after another. */
		if (!cpus.known[i])
			cpus.known[i] = qemu_cpu_at(i);
		if (cpus.known[i] == qemu_cpu)
			return i;
	}
	die("QEMU executes a CPU that it does not list");
	return -1;
}

/**
 * cpus_running() - the CPU that executes
 *
 * Context: the thread that executes the CPUs.
 *
 * Return: its number in QEMU, which is that of the guest's kernel.
 */
int cpus_running(void)
{
	void *qemu_cpu = qemu_current_cpu();

	if (qemu_cpu != cpus.last) {
		cpus.last = qemu_cpu;
		cpus.running = number_of(qemu_cpu);
	}
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
