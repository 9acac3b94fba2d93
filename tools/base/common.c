// SPDX-License-Identifier: GPL-2.0
/* Failing, allocating, lists of lines: see common.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"

const char *vb_name = "vmapbench";

/**
 * vb_die() - say in one line what is wrong and leave
 * @fmt: printf format of the line, without the newline
 */
void vb_die(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: error: ", vb_name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(VB_BAD);
}

/**
 * vb_usage() - say what is wrong with the command line and leave
 * @fmt: printf format of the line, without the newline
 */
void vb_usage(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", vb_name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs(" (try --help)\n", stderr);
	exit(VB_BAD);
}

/**
 * vb_whole_number() - an option's value
 * @option: its name, for the message
 * @text: what was given
 *
 * Ends the program with a usage error unless @text is a whole number from 1 on.
 *
 * Return: the number.
 */
long vb_whole_number(const char *option, const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*end || end == text || n < 1 || n > VB_COUNT_MAX)
		vb_usage("%s: %s is not a number from 1", option, text);
	return n;
}

/**
 * vb_sum() - add up counts
 * @sum: what @more is added to
 * @more: not negative
 *
 * Return: 1, or 0 when the sum is above VB_COUNT_MAX; @sum is useless then.
 */
int vb_sum(long long *sum, long long more)
{
	return !__builtin_add_overflow(*sum, more, sum) && *sum <= VB_COUNT_MAX;
}

/**
 * vb_product() - multiply counts
 * @product: gets it
 * @a: not negative
 * @b: not negative
 *
 * Return: 1, or 0 when the product is above VB_COUNT_MAX; @product is useless then.
 */
int vb_product(long long *product, long long a, long long b)
{
	return !__builtin_mul_overflow(a, b, product) && *product <= VB_COUNT_MAX;
}

/**
 * vb_grow() - make room for one more element of an array
 * @array: the array, or NULL
 * @n: how many elements it holds now
 * @size: size of an element
 *
 * Room doubles whenever @n reaches a power of two, so callers keep no capacity.
 *
 * Return: the array, the new element cleared; never NULL.
 */
void *vb_grow(void *array, size_t n, size_t size)
{
	if (!n || !(n & (n - 1))) {
		array = reallocarray(array, n ? 2 * n : 1, size);
		if (!array)
			vb_die("out of memory");
	}
	memset((char *)array + n * size, 0, size);
	return array;
}

static char *vb_vstrf(const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		vb_die("out of memory");
	return text;
}

/**
 * vb_strf() - format into memory of its own
 * @fmt: printf format
 *
 * Return: the text, to be freed; never NULL.
 */
char *vb_strf(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = vb_vstrf(fmt, ap);
	va_end(ap);
	return text;
}

/**
 * vb_list_add() - append a line
 * @list: the list
 * @fmt: printf format of the line, without the newline
 */
void vb_list_add(struct vb_list *list, const char *fmt, ...)
{
	va_list ap;

	list->line = vb_grow(list->line, list->n, sizeof(*list->line));
	va_start(ap, fmt);
	list->line[list->n++] = vb_vstrf(fmt, ap);
	va_end(ap);
}

/**
 * vb_list_has() - is this very line in the list?
 * @list: the list
 * @line: what to look for
 *
 * Return: 1 when it is, else 0.
 */
int vb_list_has(const struct vb_list *list, const char *line)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (!strcmp(list->line[i], line))
			return 1;
	return 0;
}

/**
 * vb_list_free() - free the lines; the list can be used again
 * @list: the list
 */
void vb_list_free(struct vb_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		free(list->line[i]);
	free(list->line);
	list->line = NULL;
	list->n = 0;
}

/**
 * vb_close_stdout() - make sure that the output really went out
 *
 * A full disk shows here and nowhere else.
 */
void vb_close_stdout(void)
{
	int failed = ferror(stdout);

	if (fclose(stdout) || failed)
		vb_die("cannot write the output: %s", strerror(errno));
}

/**
 * vb_code_is_control() - is this a control character, or one that turns text round?
 * @code: its number in Unicode
 *
 * What sets the direction of text, and breaks lines, has a reader see other words than there
 * are.
 *
 * Return: 1 or 0.
 */
int vb_code_is_control(unsigned long code)
{
	return code < ' ' || (code >= 0x7f && code <= 0x9f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

/**
 * vb_is_control() - does a control character begin there, or one that turns text round?
 * @s: the text, in UTF-8
 *
 * Return: 1 or 0.
 */
int vb_is_control(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	if (*p < 0x80)
		return vb_code_is_control(*p);
	if (*p == 0xc2 && p[1])
		return vb_code_is_control(p[1]);
	if (*p == 0xe2 && p[1] && p[2])
		return vb_code_is_control(0x2000 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f));
	return 0;
}
