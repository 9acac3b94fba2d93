/* SPDX-License-Identifier: GPL-2.0 */
/* What a number of boots can show at all. */
#ifndef VB_POWER_H
#define VB_POWER_H

#include <stddef.h>

double vb_noise_floor(double sd, double df, size_t nx, size_t ny, double alpha);
double vb_detectable(double sd, double df, size_t nx, size_t ny, double alpha, double power);

#endif
