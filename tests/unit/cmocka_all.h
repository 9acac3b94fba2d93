/* SPDX-License-Identifier: GPL-2.0 */
/* cmocka.h wants these first, in this order. */
#ifndef VB_CMOCKA_ALL_H
#define VB_CMOCKA_ALL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#endif
