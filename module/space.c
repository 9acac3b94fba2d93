// SPDX-License-Identifier: GPL-2.0
/*
 * How much of the vmalloc space is in use, while a run goes on
 *
 * Taken from /proc/vmallocinfo, as any user would: every layer has it, and it tells
 * what is mapped from what waits for a purge.
 */

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "vmap_bench.h"

/* What is read at once; a line has at most some hundred characters. */
#define CHUNK	PAGE_SIZE

static int count_area(struct vmap_bench_space *space, const char *line)
{
	unsigned long bytes;

	if (sscanf(line, "%*s %lu", &bytes) != 1)
		return -EINVAL;

	space->areas++;
	space->pages += bytes >> PAGE_SHIFT;
	if (strstr(line, " unpurged "))
		space->lazy_pages += bytes >> PAGE_SHIFT;
	return 0;
}

/* Counts the whole lines in a buffer, and returns what is left behind the last. */
static ssize_t count_lines(struct vmap_bench_space *space, char *buf, size_t len)
{
	char *line = buf, *end;
	int err;

	while ((end = memchr(line, '\n', buf + len - line))) {
		*end = '\0';
		err = count_area(space, line);
		if (err)
			return err;
		line = end + 1;
	}
	len -= line - buf;
	memmove(buf, line, len);
	return len;
}

static int read_areas(struct vmap_bench_space *space, char *buf)
{
	struct file *file = filp_open("/proc/vmallocinfo", O_RDONLY, 0);
	ssize_t have = 0, n;
	loff_t pos = 0;

	if (IS_ERR(file))
		return PTR_ERR(file);
	do {
		n = kernel_read(file, buf + have, CHUNK - have, &pos);
		if (n > 0)
			have = count_lines(space, buf, have + n);
	} while (n > 0 && have >= 0);
	filp_close(file, NULL);
	if (n < 0 || have < 0)
		return n < 0 ? n : have;
	/* A last line without an end: the kernel does not write such. */
	return have ? -EINVAL : 0;
}

static u64 ops_done(const struct vmap_bench_run *run)
{
	unsigned int i;
	u64 done = 0;

	for (i = 0; i < run->nr; i++)
		done += READ_ONCE(run->thread[i]->done);
	return done;
}

static int note(struct vmap_bench_run *run, unsigned long live_pages, char *buf)
{
	struct vmap_bench_spaces *log = run->spaces;
	struct vmap_bench_space *space;

	if (!log) {
		log = kzalloc(sizeof(*log), GFP_KERNEL);
		if (!log)
			return -ENOMEM;
		run->spaces = log;
	}
	if (log->nr == ARRAY_SIZE(log->at))
		return -ENOSPC;
	space = &log->at[log->nr++];
	space->ops = ops_done(run);
	space->live_pages = live_pages;
	return read_areas(space, buf);
}

/**
 * vmap_bench_space() - note how much of the address space is in use now
 * @t: the calling thread; always the same one in a run
 * @live_pages: pages of address space that the workload has mapped
 *
 * To be called in a pause of the operation: it takes some hundred microseconds, and
 * the layer's lock for a line at a time.
 *
 * Context: process; may sleep.
 * Return: 0, or what vmap_bench_fail() returned.
 */
int vmap_bench_space(struct vmap_bench_thread *t, unsigned long live_pages)
{
	char *buf = kmalloc(CHUNK, GFP_KERNEL);
	int err;

	if (!buf)
		return vmap_bench_fail(t, -ENOMEM, "kmalloc of a buffer returned NULL");
	err = note(t->run, live_pages, buf);
	kfree(buf);
	return err ? vmap_bench_fail(t, err, "/proc/vmallocinfo cannot be read") : 0;
}
