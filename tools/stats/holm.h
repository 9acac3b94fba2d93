/* SPDX-License-Identifier: GPL-2.0 */
/* Holm's correction for many tests. */
#ifndef VB_HOLM_H
#define VB_HOLM_H

#include <stddef.h>

int vb_holm(const double *p, size_t n, double *adjusted);

#endif
