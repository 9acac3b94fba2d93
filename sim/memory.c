// SPDX-License-Identifier: GPL-2.0
/*
 * memory.c - the accesses of the guest to its memory
 *
 * QEMU names them by virtual address. A translation costs more than most
 * accesses, so a CPU remembers where the lines are that it used last; what it
 * does to its TLB makes it forget. Registers of devices are no memory: each
 * CPU's local APIC is at the same address.
 */
#include <stddef.h>
#include <stdio.h>

#include "coherence.h"
#include "memory.h"

static struct coherence caches;

/**
 * memory_init() - caches for a machine
 * @costs: its table
 * @ncpus: 1 to CLOCK_MAX_CPUS
 * @homes: where memory is
 *
 * Return: 0, or -1 and it is said what is wrong.
 */
int memory_init(const struct costs *costs, int ncpus, const struct coherence_homes *homes)
{
	if (!coherence_init(&caches, costs, ncpus, homes))
		return 0;
	fprintf(stderr, "vmapsim: error: no memory for the caches of %d CPUs, or over %d L3s\n",
		ncpus, TOPOLOGY_MAX_L3S);
	return -1;
}

/**
 * memory_reset() - a region begins
 */
void memory_reset(void)
{
	if (caches.ncpus)
		coherence_reset(&caches);
}

/**
 * memory_flush() - a CPU has flushed translations, one or all
 * @cpu: which
 */
void memory_flush(int cpu)
{
	cache_forget_addresses(&caches.cache[cpu]);
}

/* The line of physical memory, or UINT64_MAX. */
static uint64_t line_of(qemu_plugin_meminfo_t info, uint64_t address)
{
	const struct qemu_plugin_hwaddr *hw = qemu_plugin_get_hwaddr(info, address);

	if (!hw || qemu_plugin_hwaddr_is_io(hw))
		return UINT64_MAX;
	return qemu_plugin_hwaddr_phys_addr(hw) >> LINE_SHIFT;
}

typedef struct cache_slot *(*access_fn)(struct coherence *k, int cpu, uint64_t line, uint64_t now,
					uint64_t *wait);

static uint64_t slow_access(access_fn access, int cpu, qemu_plugin_meminfo_t info,
			    uint64_t address, uint64_t now)
{
	const uint64_t line = line_of(info, address);
	struct cache_slot *slot;
	uint64_t wait;

	caches.contended = false;
	if (line == UINT64_MAX)
		return 0;
	slot = access(&caches, cpu, line, now, &wait);
	/* What others want is looked up each time. */
	if (slot && !caches.contended)
		cache_remember(&caches.cache[cpu], address, slot);
	return wait;
}

/**
 * memory_load() - a CPU reads
 * @cpu: which
 * @info: QEMU's, of the access
 * @address: virtual
 * @now: the CPU's clock, ns
 *
 * An access that crosses the end of a line is one to the line it begins in.
 *
 * Return: how long the CPU has to wait for it, ns.
 */
uint64_t memory_load(int cpu, qemu_plugin_meminfo_t info, uint64_t address, uint64_t now)
{
	if (cache_recent(&caches.cache[cpu], address))
		return 0;
	return slow_access(coherence_load, cpu, info, address, now);
}

/**
 * memory_store() - a CPU writes, with a plain store
 * @cpu: which
 * @info: QEMU's, of the access
 * @address: virtual
 * @now: the CPU's clock, ns
 *
 * Return: how long the CPU has to wait, ns.
 */
uint64_t memory_store(int cpu, qemu_plugin_meminfo_t info, uint64_t address, uint64_t now)
{
	const struct cache_slot *slot = cache_recent(&caches.cache[cpu], address);

	if (slot && slot->state == CACHE_EXCLUSIVE) {
		caches.contended = false;
		return 0;
	}
	return slow_access(coherence_store, cpu, info, address, now);
}

/**
 * memory_atomic() - a CPU executes a locked instruction
 * @cpu: which
 * @info: QEMU's, of the access
 * @address: virtual
 * @now: the CPU's clock, ns
 *
 * Return: how long it takes in addition to an instruction, ns.
 */
uint64_t memory_atomic(int cpu, qemu_plugin_meminfo_t info, uint64_t address, uint64_t now)
{
	return slow_access(coherence_atomic, cpu, info, address, now);
}

/**
 * memory_contended() - is the line of the last access one that others want?
 *
 * Context: after memory_atomic(), memory_store(), or memory_load() that returned more
 * than 0.
 */
bool memory_contended(void)
{
	return caches.contended;
}

/**
 * memory_fence() - a CPU waits for its stores
 * @cpu: which
 * @now: its clock, ns
 *
 * Return: how long, ns.
 */
uint64_t memory_fence(int cpu, uint64_t now)
{
	return coherence_fence(&caches, cpu, now);
}
