/* SPDX-License-Identifier: GPL-2.0 */
/* Pages in HTML for a browser without network, small screens included. */
#ifndef VB_PAGE_H
#define VB_PAGE_H

#include <stdio.h>

#include "base/common.h"

void vb_page_begin(FILE *out, const char *title);
void vb_page_end(FILE *out);
__printf(3, 4) void vb_page_element(FILE *out, const char *tag, const char *fmt, ...);
void vb_page_list(FILE *out, const char *tag, const char *heading, const struct vb_list *list);
void vb_page_heads(FILE *out, const char *const *head, size_t n);
void vb_page_table_end(FILE *out);
void vb_page_number(FILE *out, double x);

#endif
