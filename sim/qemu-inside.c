// SPDX-License-Identifier: GPL-2.0
/*
 * qemu-inside.c - what the plugin interface does not offer
 *
 * Four things are taken from QEMU by name: its CPUs, which of them executes, an
 * end to its turn, and a stop of the whole machine. A QEMU that can load modules exports
 * its symbols, as those of the distributions do. One that does not is refused
 * when the plugin is loaded, with the name of what is missing.
 *
 * The interface's own way to end a turn, qemu_plugin_update_ns(), queues work,
 * takes the big lock and ends the turns of all CPUs, those to come included.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>

#include "qemu-inside.h"

/* RUN_STATE_PAUSED of qapi/run-state.json: the machine may go on from it. */
#define RUN_STATE_PAUSED	4

static struct {
	/* A variable of each thread; this is that of the CPUs' thread. */
	void **current_cpu;
	void (*cpu_exit)(void *cpu);
	int (*vm_stop)(int state);
	void *(*get_cpu)(int index);
} inside;

static void *find(const char *name)
{
	void *symbol = dlsym(RTLD_DEFAULT, name);

	if (!symbol)
		fprintf(stderr, "vmapsim: error: this QEMU does not export %s: %s\n", name,
			"one that can load modules is needed, such as Debian's");
	return symbol;
}

/**
 * qemu_inside_init() - find what is needed
 *
 * Return: 0, or -1 and it is said what this QEMU lacks.
 */
int qemu_inside_init(void)
{
	inside.cpu_exit = (void (*)(void *))find("cpu_exit");
	inside.vm_stop = (int (*)(int))find("vm_stop");
	inside.get_cpu = (void *(*)(int))find("qemu_get_cpu");
	return inside.cpu_exit && inside.vm_stop && inside.get_cpu && find("current_cpu") ? 0 : -1;
}

/**
 * qemu_current_cpu() - QEMU's object for the CPU that executes
 *
 * Context: the thread that executes the CPUs.
 *
 * Return: a pointer that is good for comparisons only.
 */
void *qemu_current_cpu(void)
{
	if (!inside.current_cpu)
		inside.current_cpu = dlsym(RTLD_DEFAULT, "current_cpu");
	return *inside.current_cpu;
}

/**
 * qemu_cpu_at() - QEMU's object for a CPU
 * @index: its number, that of the guest's kernel
 *
 * Return: a pointer that is good for comparisons only.
 */
void *qemu_cpu_at(int index)
{
	return inside.get_cpu(index);
}

/**
 * qemu_end_turn() - the CPU that executes leaves at its next block
 *
 * Context: the thread that executes the CPUs, in a callback.
 */
void qemu_end_turn(void)
{
	inside.cpu_exit(qemu_current_cpu());
}

/**
 * qemu_stop_machine() - pause it, for whoever has QEMU's monitor
 *
 * The CPU that executes stops at its next block, always the same one; the
 * others have to be halted, or where they stop depends on the host.
 *
 * Context: the thread that executes the CPUs, in a callback.
 */
void qemu_stop_machine(void)
{
	inside.vm_stop(RUN_STATE_PAUSED);
}
