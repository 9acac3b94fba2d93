/* SPDX-License-Identifier: GPL-2.0 */
/*
 * topology.h - which CPUs share a cache and a socket
 */
#ifndef VB_SIM_TOPOLOGY_H
#define VB_SIM_TOPOLOGY_H

#include <stdint.h>

/* A bit each in a word. */
#define TOPOLOGY_MAX_L3S	64

/**
 * enum distance - how far apart two L3 caches are
 * @SAME_L3: they are one
 * @SAME_SOCKET: in one socket
 * @OTHER_SOCKET: in different sockets
 */
enum distance {
	SAME_L3,
	SAME_SOCKET,
	OTHER_SOCKET,
};

/* Lines of 64 bytes below the address where memory goes on that has no room below it. */
#define TOPOLOGY_HIGH	(1ULL << 26)

/**
 * struct topology - a regular machine, one thread a core
 * @cores: CPUs behind each L3
 * @l3s: L3 caches in each socket
 * @homes: sockets that memory belongs to, the first ones; 1: the first has all
 * @home: lines of memory of each of them, one after the other; the last has the rest
 * @low: lines of memory below 4 GiB, if there is memory above
 *
 * CPUs are numbered L3 by L3, and these socket by socket.
 */
struct topology {
	uint32_t cores;
	uint32_t l3s;
	uint32_t homes;
	uint64_t home;
	uint64_t low;
};

static inline unsigned int topology_l3(const struct topology *t, int cpu)
{
	return cpu / t->cores;
}

static inline unsigned int topology_socket(const struct topology *t, unsigned int l3)
{
	return l3 / t->l3s;
}

/* The socket to whose memory a line of physical memory belongs. */
static inline unsigned int topology_home(const struct topology *t, uint64_t line)
{
	uint64_t home;

	if (t->homes <= 1)
		return 0;
	if (line >= TOPOLOGY_HIGH)
		line -= TOPOLOGY_HIGH - t->low;
	home = line / t->home;
	return home < t->homes ? home : t->homes - 1;
}

static inline enum distance topology_distance(const struct topology *t, unsigned int a,
					      unsigned int b)
{
	if (a == b)
		return SAME_L3;
	return topology_socket(t, a) == topology_socket(t, b) ? SAME_SOCKET : OTHER_SOCKET;
}

#endif
