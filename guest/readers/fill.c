// SPDX-License-Identifier: GPL-2.0
/*
 * fill - an empty file in one directory for each name of another.
 *
 * usage: fill FROM TO
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int failed(const char *path, const char *name)
{
	fprintf(stderr, "fill: %s/%s: %s\n", path, name, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	struct dirent *entry;
	DIR *from;
	int to;

	if (argc != 3) {
		fputs("usage: fill FROM TO\n", stderr);
		return 1;
	}
	from = opendir(argv[1]);
	if (!from)
		return failed(argv[1], "");
	to = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (to < 0)
		return failed(argv[2], "");
	while (errno = 0, entry = readdir(from)) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (mknodat(to, entry->d_name, S_IFREG | 0644, 0))
			return failed(argv[2], entry->d_name);
	}
	return errno ? failed(argv[1], "") : 0;
}
