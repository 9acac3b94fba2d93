/* SPDX-License-Identifier: GPL-2.0 */
/* Where the functions of modules were in a guest: from its records. */
#ifndef VB_MODULE_SYMBOLS_H
#define VB_MODULE_SYMBOLS_H

#include "profile/symbols.h"

void vb_module_symbols_read(struct vb_symbols *table, const char *events);

#endif
