/* SPDX-License-Identifier: GPL-2.0 */
/* Records of counts: what happened in the layer while a point ran. */
#ifndef VB_COUNTS_H
#define VB_COUNTS_H

#include "records/events.h"
#include "base/jsonl.h"

void vb_counts_read(const struct vb_jsonl *f, json_t *o, struct vb_sample *s);
void vb_areas_read(const struct vb_jsonl *f, json_t *o, struct vb_sample *s);
void vb_space_read(const struct vb_jsonl *f, json_t *o, struct vb_sample *s);
void vb_fill_read(const struct vb_jsonl *f, json_t *o, struct vb_sample *s);
void vb_audit_read(const struct vb_jsonl *f, json_t *o, struct vb_sample *s);

#endif
