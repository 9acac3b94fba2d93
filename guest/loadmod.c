// SPDX-License-Identifier: GPL-2.0
/*
 * loadmod - load one kernel module, once.
 *
 * usage: loadmod FILE [PARAMETER...]
 *
 * Leaves with the errno of finit_module(2), 0 when the module stayed. insmod
 * of busybox is no use here: it tries a second way of loading after a
 * failure, and test_vmalloc.ko fails on success.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char params[1024] = "";
	size_t used = 0;
	int fd, i;

	if (argc < 2) {
		fputs("usage: loadmod FILE [PARAMETER...]\n", stderr);
		return 255;
	}
	for (i = 2; i < argc; i++) {
		used += snprintf(params + used, sizeof(params) - used, "%s%s",
				 i > 2 ? " " : "", argv[i]);
		if (used >= sizeof(params)) {
			fputs("loadmod: the parameters are too long\n", stderr);
			return 255;
		}
	}
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && syscall(SYS_finit_module, fd, params, 0) == 0)
		return 0;
	i = errno;
	fprintf(stderr, "%s: %s\n", argv[1], strerror(i));
	return i;
}
