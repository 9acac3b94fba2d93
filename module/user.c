// SPDX-License-Identifier: GPL-2.0
/*
 * A measured region on behalf of a program: the debugfs file region
 *
 * A program whose own system calls put load on the vmap layer keeps the file
 * open and writes one word at a time, so that its regions are seen by whoever
 * sees those of this module:
 *
 *	open	all its threads wait to start: the region begins
 *	begin	by each thread on its CPU, before what it measures
 *	end	and after it
 *	close	all have stopped: the region is over
 *
 * Reading gives the number of the run, which the simulator's record has as well.
 * A region that was left open is closed with the file.
 */

#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "marker.h"
#include "vmap_bench.h"

#define MAX_WORD	15

/**
 * struct user_region - of one open file
 * @lock: taken to open and to close
 * @is_open: the file holds the claim of vmap_bench_claim()
 * @number: of the run, 0 before the first
 */
struct user_region {
	struct mutex lock;	/* protects the rest */
	bool is_open;
	unsigned int number;
};

static int open_region(struct user_region *r)
{
	int err;

	if (r->is_open)
		return -EALREADY;
	err = vmap_bench_claim(&r->number);
	if (err)
		return err;
	r->is_open = true;
	/* Nobody must take the record of an earlier run for that of this one. */
	vmap_bench_result_clear();
	/* Like every run, from the same state: nothing waits for a purge. */
	vm_unmap_aliases();
	vmap_bench_region_begin();
	vmap_bench_mark(VMAP_BENCH_OPEN, r->number);
	return 0;
}

static int close_region(struct user_region *r)
{
	if (!r->is_open)
		return -EINVAL;
	vmap_bench_mark(VMAP_BENCH_CLOSE, 0);
	vmap_bench_region_end();
	r->is_open = false;
	vmap_bench_unclaim();
	return 0;
}

static int locked(struct user_region *r, int (*fn)(struct user_region *r))
{
	int err;

	mutex_lock(&r->lock);
	err = fn(r);
	mutex_unlock(&r->lock);
	return err;
}

/* Without the lock: the threads do it all at the same time. */
static int begin_thread(struct user_region *r)
{
	if (!READ_ONCE(r->is_open))
		return -EINVAL;
	vmap_bench_mark(VMAP_BENCH_THREAD_BEGIN, raw_smp_processor_id());
	return 0;
}

static int end_thread(struct user_region *r)
{
	if (!READ_ONCE(r->is_open))
		return -EINVAL;
	vmap_bench_mark(VMAP_BENCH_THREAD_END, raw_smp_processor_id());
	return 0;
}

static ssize_t region_write(struct file *file, const char __user *ubuf, size_t count, loff_t *pos)
{
	struct user_region *r = file->private_data;
	char buf[MAX_WORD + 1] = "";
	char *word;
	int err;

	if (count > MAX_WORD)
		return -EINVAL;
	if (copy_from_user(buf, ubuf, count))
		return -EFAULT;
	word = strim(buf);
	if (!strcmp(word, "begin"))
		err = begin_thread(r);
	else if (!strcmp(word, "end"))
		err = end_thread(r);
	else if (!strcmp(word, "open"))
		err = locked(r, open_region);
	else if (!strcmp(word, "close"))
		err = locked(r, close_region);
	else
		err = -EINVAL;
	return err ?: count;
}

static ssize_t region_read(struct file *file, char __user *ubuf, size_t count, loff_t *pos)
{
	struct user_region *r = file->private_data;
	char buf[16];
	int len = scnprintf(buf, sizeof(buf), "%u\n", READ_ONCE(r->number));

	return simple_read_from_buffer(ubuf, count, pos, buf, len);
}

static int region_open(struct inode *inode, struct file *file)
{
	struct user_region *r = kzalloc(sizeof(*r), GFP_KERNEL);

	if (!r)
		return -ENOMEM;
	mutex_init(&r->lock);
	file->private_data = r;
	return 0;
}

static int region_release(struct inode *inode, struct file *file)
{
	struct user_region *r = file->private_data;

	close_region(r);
	mutex_destroy(&r->lock);
	kfree(r);
	return 0;
}

const struct file_operations vmap_bench_region_fops = {
	.owner		= THIS_MODULE,
	.open		= region_open,
	.read		= region_read,
	.write		= region_write,
	.llseek		= default_llseek,
	.release	= region_release,
};
