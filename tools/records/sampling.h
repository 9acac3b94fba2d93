/* SPDX-License-Identifier: GPL-2.0 */
/* How the figures of a record were sampled, when they are no counts. */
#ifndef VB_SAMPLING_H
#define VB_SAMPLING_H

#include "base/jsonl.h"

/**
 * struct vb_sampling - the samples of one region
 * @every_ns: from one sample of a CPU to the next; 0: the record is of counts
 * @samples: how many were taken, in user mode and of idle CPUs included
 * @due: how many the region's length would have been worth: what could not be taken
 *	in time was not taken at all
 */
struct vb_sampling {
	json_int_t every_ns;
	json_int_t samples;
	json_int_t due;
};

void vb_sampling_read(struct vb_sampling *s, const struct vb_jsonl *f, json_t *o);
void vb_sampling_write(json_t *o, const struct vb_sampling *s);
void vb_failed_write(FILE *out, const char *type, json_int_t run, const char *why);
int vb_failed(const struct vb_jsonl *f, json_t *o, json_int_t run);

#endif
