/* SPDX-License-Identifier: GPL-2.0 */
/* What the model of the deterministic machine leaves out, beside each verdict of it. */
#ifndef VB_MODEL_H
#define VB_MODEL_H

const char *vb_model_limits(int caches, int threads);
char *vb_model_of(const char *path);

#endif
