// SPDX-License-Identifier: GPL-2.0
/*
 * sparse - a disk image without its empty blocks, and back on a RAM disk.
 *
 * usage: sparse pack IMAGE >FILE
 *        sparse unpack FILE DEVICE
 *
 * A RAM disk has memory for what was written only, so nothing else is. FILE is
 * a block with the size of the image and the number of its extents, as many
 * blocks as it takes with the extents, and what is in them. It is written from
 * memory straight to the device, which must not have been used before.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define BLOCK	4096UL
#define MIB	1048576UL
/* What a guest needs beside its disks. */
#define RESERVE	(16 * MIB)
#define MAGIC	0x317a4d65737261ULL

struct extent {
	uint64_t start;
	uint64_t length;
};

struct head {
	uint64_t magic;
	uint64_t size;
	uint64_t extents;
	char padding[BLOCK - 24];
};

struct mapping {
	const char *data;
	size_t size;
};

static void die(const char *format, ...)
{
	va_list args;

	fputs("sparse: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static struct mapping map_file(const char *path)
{
	struct mapping m;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st))
		die("%s: %s", path, strerror(errno));
	if (!st.st_size || st.st_size % BLOCK)
		die("%s: not a whole number of blocks", path);
	m.size = st.st_size;
	m.data = mmap(NULL, m.size, PROT_READ, MAP_SHARED, fd, 0);
	if (m.data == MAP_FAILED)
		die("%s: %s", path, strerror(errno));
	close(fd);
	return m;
}

static bool is_empty(const char *block)
{
	static const char zeros[BLOCK];

	return !memcmp(block, zeros, BLOCK);
}

static struct extent *find_extents(const struct mapping *m, uint64_t *n)
{
	struct extent *extents = NULL;
	bool inside = false;
	size_t at;

	*n = 0;
	for (at = 0; at < m->size; at += BLOCK) {
		if (is_empty(m->data + at)) {
			inside = false;
			continue;
		}
		if (!inside) {
			extents = reallocarray(extents, *n + 1, sizeof(*extents));
			if (!extents)
				die("no memory for the extents");
			extents[(*n)++] = (struct extent){ .start = at };
			inside = true;
		}
		extents[*n - 1].length += BLOCK;
	}
	return extents;
}

static size_t table_size(uint64_t extents)
{
	return (extents * sizeof(struct extent) + BLOCK - 1) / BLOCK * BLOCK;
}

static void put(const void *data, size_t size)
{
	if (fwrite(data, 1, size, stdout) != size)
		die("cannot write: %s", strerror(errno));
}

static void pack(const char *path)
{
	struct mapping m = map_file(path);
	struct head head = { .magic = MAGIC, .size = m.size };
	struct extent *extents = find_extents(&m, &head.extents);
	static const char zeros[BLOCK];
	size_t table = head.extents * sizeof(*extents);
	uint64_t i;

	put(&head, sizeof(head));
	put(extents, table);
	put(zeros, table_size(head.extents) - table);
	for (i = 0; i < head.extents; i++)
		put(m.data + extents[i].start, extents[i].length);
	free(extents);
	if (fflush(stdout))
		die("cannot write: %s", strerror(errno));
}

static int open_device(const char *path, uint64_t needed)
{
	int fd = open(path, O_WRONLY | O_DIRECT | O_CLOEXEC);
	uint64_t size;

	if (fd < 0 || ioctl(fd, BLKGETSIZE64, &size))
		die("%s: %s", path, strerror(errno));
	if (size < needed)
		die("%s is too small: it has %llu bytes, the image needs %llu", path,
		    (unsigned long long)size, (unsigned long long)needed);
	return fd;
}

/* A RAM disk that finds no memory waits for some, for ever. */
static void need_memory(const char *path, size_t size)
{
	struct sysinfo info;
	uint64_t has;

	if (sysinfo(&info))
		die("sysinfo: %s", strerror(errno));
	has = (uint64_t)info.freeram * info.mem_unit;
	if (has < size + RESERVE)
		die("%s needs %lu MiB, the guest has %lu MiB of free memory", path,
		    (size + RESERVE) / MIB, (unsigned long)(has / MIB));
}

static void write_extent(int fd, const char *path, const char *data, struct extent e)
{
	while (e.length) {
		ssize_t n = pwrite(fd, data, e.length, e.start);

		if (n <= 0)
			die("%s: write at %llu: %s", path, (unsigned long long)e.start,
			    n ? strerror(errno) : "nothing was written");
		data += n;
		e.start += n;
		e.length -= n;
	}
}

static void unpack(const char *path, const char *device)
{
	struct mapping m = map_file(path);
	const struct head *head = (const void *)m.data;
	const struct extent *extents = (const void *)(head + 1);
	const char *data;
	uint64_t i;
	int fd;

	if (head->magic != MAGIC)
		die("%s: not made by this program", path);
	data = (const char *)extents + table_size(head->extents);
	fd = open_device(device, head->size);
	need_memory(device, m.data + m.size - data);
	for (i = 0; i < head->extents; i++) {
		write_extent(fd, device, data, extents[i]);
		data += extents[i].length;
	}
	if (close(fd))
		die("%s: %s", device, strerror(errno));
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "pack"))
		pack(argv[2]);
	else if (argc == 4 && !strcmp(argv[1], "unpack"))
		unpack(argv[2], argv[3]);
	else
		die("usage: sparse pack IMAGE >FILE, sparse unpack FILE DEVICE");
	return 0;
}
