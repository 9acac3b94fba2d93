/* SPDX-License-Identifier: GPL-2.0 */
/* stacks.jsonl: samples of who called whom. */
#ifndef VB_STACKS_H
#define VB_STACKS_H

#include <stdio.h>

#include "base/kept.h"
#include "records/sampling.h"

/* Frames that are no functions. */
#define VB_FRAME_SPIN	"[spinning]"	/* its caller spins */
#define VB_FRAME_COST	"[cost]"	/* its caller is charged by the table of costs */
#define VB_FRAME_LOST	"[lost]"	/* who called is not known */
#define VB_FRAME_USER	"[user]"
#define VB_FRAME_IDLE	"[idle]"

/* More than there are in a stack: kernel stacks are 16 KiB, and perf takes 127 frames. */
#define VB_STACK_FRAMES	1024

/**
 * struct vb_folded - samples that have all frames in common
 * @frames: the outermost first, a ";" between them
 * @samples: how many
 */
struct vb_folded {
	char *frames;
	json_int_t samples;
};

/**
 * struct vb_stacks - the samples of one region
 * @run: the module's run that it belongs to
 * @sampling: how it was sampled, if not by a simulator, which knows what is said below
 * @every_ns: from one sample of a CPU to the next, on average
 * @busy_ns: what was sampled, exactly on a simulator: a sample stands for that by their number
 * @idle_ns: how long CPUs were halted, added up over CPUs: none of the samples below
 * @user: samples in user mode
 * @folded: those in the kernel
 * @n: how many different
 */
struct vb_stacks {
	json_int_t run;
	struct vb_sampling sampling;
	json_int_t every_ns;
	json_int_t busy_ns;
	json_int_t idle_ns;
	json_int_t user;
	struct vb_folded *folded;
	size_t n;
};

void vb_stacks_head(const struct vb_jsonl *f, json_t *o, struct vb_stacks *s);
void vb_stacks_add(struct vb_stacks *s, char *frames, json_int_t samples);
void vb_stacks_fold(struct vb_stacks *s);
void vb_stacks_write(FILE *out, const struct vb_stacks *s);
int vb_stacks_read(struct vb_stacks *s, struct vb_kept_files *files, const char *path,
		   json_int_t run);
json_int_t vb_stacks_total(const struct vb_stacks *s);
void vb_stacks_free(struct vb_stacks *s);

#endif
