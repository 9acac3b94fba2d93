/* SPDX-License-Identifier: GPL-2.0 */
/* Text in HTML and SVG. */
#ifndef VB_MARKUP_H
#define VB_MARKUP_H

#include <stddef.h>
#include <stdio.h>

/* What cannot stand for itself between tags; in a value between quotes also those. */
#define VB_MARKUP_TEXT	"&<>"
#define VB_MARKUP_ALL	"&<>\"'"

void vb_markup(FILE *out, const char *text, size_t len, const char *special);

#endif
