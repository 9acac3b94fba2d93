/* SPDX-License-Identifier: GPL-2.0 */
/*
 * region.h - the measured part of a guest's life
 */
#ifndef VB_SIM_REGION_H
#define VB_SIM_REGION_H

#include <stdbool.h>

#include "clock.h"

/* The last three bytes of a marker's displacement; the first is its kind. */
#define REGION_MAGIC	"MVz"

enum region_marker {
	REGION_OPEN = 1,	/* RDI: number of the run */
	REGION_THREAD_BEGIN,	/* RDI: the kernel's number of this CPU */
	REGION_THREAD_END,	/* RDI: the same */
	REGION_CLOSE,
	REGION_SNAPSHOT,	/* of a guest that waits to be told what to do */
	REGION_THREAD_PAUSE,	/* RDI: the kernel's number of this CPU */
	REGION_THREAD_RESUME,	/* RDI: the same */
};

extern bool region_is_open;

int region_init(const char *clock_file, const char *speed_file, int cpus);
void region_marker(struct clock *c, enum region_marker marker);
void region_yielded(void);

#endif
