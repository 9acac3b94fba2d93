// SPDX-License-Identifier: GPL-2.0
/*
 * settle.c - wait until the kernel has cleaned up after BPF.
 *
 * BPF's own memory goes through the vmap layer. When a second program is put
 * on a function, its trampoline is replaced, and the old one is freed some RCU
 * grace periods later: one purge and one TLB flush each, in the middle of
 * what is being counted. The same goes for whatever is left behind on exit.
 * Both are visible in /proc/vmallocinfo for as long as they are outstanding.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "settle.h"

#define POLL_MS		10
#define TIMEOUT_MS	10000

/* "0xffffc90000000000-0xffffc90000002000    8192 caller+0x1/0x2 pages=1 ..." */
static const char *skip_word(const char *p)
{
	p += strcspn(p, " ");
	return p + strspn(p, " ");
}

long vs_count_areas(FILE *f, const char *caller)
{
	size_t len = strlen(caller);
	char *line = NULL;
	size_t size = 0;
	long n = 0;

	while (getline(&line, &size, f) > 0)
		if (!strncmp(skip_word(skip_word(line)), caller, len))
			n++;
	free(line);
	return n;
}

long vs_kernel_areas(const char *caller)
{
	FILE *f = fopen("/proc/vmallocinfo", "r");
	long n;

	if (!f)
		return 0;
	n = vs_count_areas(f, caller);
	fclose(f);
	return n;
}

int vs_settle(const char *caller, long most)
{
	static const struct timespec delay = { .tv_nsec = POLL_MS * 1000000 };
	int ms;

	for (ms = 0; ms < TIMEOUT_MS; ms += POLL_MS) {
		long n = vs_kernel_areas(caller);

		/* An area leaves the list just before its flush: once more. */
		nanosleep(&delay, NULL);
		if (n <= most)
			return 0;
	}
	return -ETIMEDOUT;
}
