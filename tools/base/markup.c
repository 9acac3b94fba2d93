// SPDX-License-Identifier: GPL-2.0
/* Text in HTML and SVG: see markup.h. */
#include <string.h>

#include "base/markup.h"

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return "&#39;";
	}
}

/**
 * vb_markup() - print text so that a browser shows it as it is
 * @out: where to
 * @text: the text
 * @len: bytes of it at most; SIZE_MAX for all
 * @special: what is not to stand for itself: VB_MARKUP_TEXT or VB_MARKUP_ALL
 */
void vb_markup(FILE *out, const char *text, size_t len, const char *special)
{
	for (; *text && len; text++, len--) {
		if (strchr(special, *text))
			fputs(entity(*text), out);
		else
			fputc(*text, out);
	}
}
