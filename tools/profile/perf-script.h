/* SPDX-License-Identifier: GPL-2.0 */
/* What perf has recorded in a guest, as `perf script` prints it. */
#ifndef VB_PERF_SCRIPT_H
#define VB_PERF_SCRIPT_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* More than perf records of a stack. */
#define VB_PERF_FRAMES	160

/**
 * struct vb_perf_sample - a sample
 * @line: where it is in the text
 * @idle: its task is the idle one of a CPU
 * @time_ns: when, by the clock that all CPUs have in common
 * @period: ns of its CPU's clock since the one before; of other events their number
 * @event: what made it be taken
 * @ip: where the CPU was, and behind it, who called
 * @n: how many of @ip there are
 */
struct vb_perf_sample {
	long line;
	int idle;
	json_int_t time_ns;
	json_int_t period;
	char event[64];
	uint64_t ip[VB_PERF_FRAMES];
	size_t n;
};

/**
 * struct vb_perf_script - the text while it is read
 * @in: from where
 * @name: of the file, for messages
 * @line: number of the line, from 1
 * @lost: samples that perf says it has lost, so far
 * @text: the line
 * @room: bytes at @text
 */
struct vb_perf_script {
	FILE *in;
	const char *name;
	long line;
	json_int_t lost;
	char *text;
	size_t room;
};

int vb_perf_script_next(struct vb_perf_script *s, struct vb_perf_sample *sample);
void vb_perf_script_free(struct vb_perf_script *s);

#endif
