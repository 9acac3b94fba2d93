/* SPDX-License-Identifier: GPL-2.0 */
/* profile.jsonl: where in the kernel a measured region spent its time. */
#ifndef VB_PROFILE_H
#define VB_PROFILE_H

#include <stdio.h>

#include "base/common.h"
#include "base/kept.h"
#include "records/sampling.h"

/* What cannot be given to any symbol. */
#define VB_UNKNOWN "[unknown]"

/**
 * struct vb_cost - what some code cost, added up over CPUs
 * @insns: instructions executed while making progress
 * @exec_ps: what these took, ps
 * @spin_ns: time spent there in PAUSE loops
 * @cost_ns: time charged there by the table of costs
 * @sampled_ns: time that its samples stand for; the others are 0 then
 */
struct vb_cost {
	json_int_t insns;
	json_int_t exec_ps;
	json_int_t spin_ns;
	json_int_t cost_ns;
	json_int_t sampled_ns;
};

/**
 * struct vb_profile_row - a symbol and what it cost
 * @name: its name, or VB_UNKNOWN
 * @module: whose it is, NULL for the kernel's own
 * @size: bytes of code, 0 for VB_UNKNOWN
 * @calls: how often its first instruction was executed
 * @cost: the sum over its blocks
 * @thread: the part of @cost on CPUs whose measured thread was at it
 */
struct vb_profile_row {
	char *name;
	char *module;
	json_int_t size;
	json_int_t calls;
	struct vb_cost cost;
	struct vb_cost thread;
};

/**
 * struct vb_profile - the profile of one region
 * @run: the module's run that it belongs to
 * @sampling: how it was sampled, if its costs are those of samples
 * @idle_ns: how long CPUs were halted, added up over CPUs
 * @insn_ps: what an instruction takes, ps
 * @user_insns: ns in user mode; of samples, the time they stand for
 * @has_thread: there are @thread_user_insns, @thread_halt_ns, and what rows say of threads
 * @thread_user_insns: the part of @user_insns on CPUs whose measured thread was at it
 * @thread_halt_ns: how long these CPUs were halted
 * @row: the symbols
 */
struct vb_profile {
	json_int_t run;
	struct vb_sampling sampling;
	json_int_t idle_ns;
	json_int_t insn_ps;
	json_int_t user_insns;
	int has_thread;
	json_int_t thread_user_insns;
	json_int_t thread_halt_ns;
	struct vb_profile_row *row;
	size_t n;
};

__must_check int vb_cost_add(struct vb_cost *sum, const struct vb_cost *more);
int vb_cost_same(const struct vb_cost *a, const struct vb_cost *b);
int vb_cost_is_nothing(const struct vb_cost *c);
void vb_profile_head(const struct vb_jsonl *f, json_t *o, struct vb_profile *p);
struct vb_profile_row *vb_profile_row_add(struct vb_profile *p, const char *name,
					  const char *module);
void vb_profile_sort(struct vb_profile *p);
void vb_profile_write(FILE *out, const struct vb_profile *p);
int vb_profile_read(struct vb_profile *p, struct vb_kept_files *files, const char *path,
		    json_int_t run);
void vb_profile_free(struct vb_profile *p);

#endif
