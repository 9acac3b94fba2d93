/* SPDX-License-Identifier: GPL-2.0 */
/* cmocka.h wants these first, in this order. */
#ifndef VB_CMOCKA_ALL_H
#define VB_CMOCKA_ALL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <math.h>
#include <cmocka.h>

/* cmocka compares floats, which have 7 digits; not a number is close to nothing. */
#define assert_close(a, b, eps) assert_true(fabs((double)(a) - (double)(b)) <= (eps))

#endif
