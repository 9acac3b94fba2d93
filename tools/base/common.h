/* SPDX-License-Identifier: GPL-2.0 */
/* What the host programs share: failing, allocating, lists of lines. */
#ifndef VB_COMMON_H
#define VB_COMMON_H

#include <stddef.h>
#include <stdnoreturn.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define __must_check __attribute((warn_unused_result))
#define __printf(fmt, args) __attribute((format(printf, fmt, args)))

/* Exit codes of every host program. */
enum vb_exit {
	VB_OK = 0,
	VB_INCOMPLETE = 1,	/* output was written, but not all that was asked for is in it */
	VB_BAD = 2,		/* usage or environment; nothing was written */
};

/*
 * The largest count of a record or table, in whatever unit, and the largest sum of them:
 * doubles and JSON of other programs hold it exactly, and a thousand of them still fit into
 * 64 bits.
 */
#define VB_COUNT_MAX	0x20000000000000LL	/* 2^53 */

/* What is wrong with counts of which vb_sum() is 0. */
#define VB_TOO_LARGE	"counts too large to be added up"

/* The program's name, in front of all its messages. */
extern const char *vb_name;

/**
 * struct vb_list - lines of text in the order they came in
 */
struct vb_list {
	char **line;
	size_t n;
};

noreturn __printf(1, 2) void vb_die(const char *fmt, ...);
noreturn __printf(1, 2) void vb_usage(const char *fmt, ...);
long vb_whole_number(const char *option, const char *text);
__must_check int vb_sum(long long *sum, long long more);
__must_check int vb_product(long long *product, long long a, long long b);
void *vb_grow(void *array, size_t n, size_t size);
__printf(1, 2) char *vb_strf(const char *fmt, ...);
__printf(2, 3) void vb_list_add(struct vb_list *list, const char *fmt, ...);
int vb_list_has(const struct vb_list *list, const char *line);
void vb_list_free(struct vb_list *list);
void vb_close_stdout(void);
int vb_code_is_control(unsigned long code);
int vb_is_control(const char *s);

#endif
