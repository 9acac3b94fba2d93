// SPDX-License-Identifier: GPL-2.0
/*
 * A measured region on behalf of a program: the debugfs file region
 *
 * A program whose own system calls put load on the vmap layer keeps the file
 * open and writes one word at a time, so that its regions are seen by whoever
 * sees those of this module:
 *
 *	open N	N threads are going to measure
 *	begin	by each of them on its CPU; returns when all are there, and the
 *		region has begun
 *	end	by each of them; the last one ends the region
 *
 * The waiting is done in here: a simulator knows a CPU by what it sees of the
 * kernel. Reading gives the number of the last run, which the simulator's record
 * has as well, and how long its region was, in ns. What was left open is closed with
 * the file.
 */

#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "marker.h"
#include "vmap_bench.h"

#define MAX_WORD	15

/**
 * struct user_region - of one open file
 * @lock: taken to open
 * @claimed: the file holds the claim of vmap_bench_claim()
 * @go: all threads are there: the region has begun
 * @arriving: threads that are not yet there
 * @active: threads that have not ended
 * @number: of the run, 0 before the first
 * @begin_ns: start of the window
 * @window_ns: length of the window of the last run
 */
struct user_region {
	struct mutex lock;	/* taken to open */
	bool claimed;
	bool go;
	atomic_t arriving;
	atomic_t active;
	unsigned int number;
	u64 begin_ns;
	u64 window_ns;
};

static int open_region(struct user_region *r, const char *threads)
{
	unsigned int n, number;
	int err;

	err = kstrtouint(threads, 10, &n);
	if (err)
		return err;
	if (!n || n > num_online_cpus())
		return -ERANGE;
	if (r->claimed)
		return -EALREADY;
	err = vmap_bench_claim(&number);
	if (err)
		return err;
	/* Nobody must take the record of an earlier run for that of this one. */
	vmap_bench_result_clear();
	r->number = number;
	atomic_set(&r->arriving, n);
	atomic_set(&r->active, n);
	WRITE_ONCE(r->claimed, true);
	return 0;
}

static void begin_region(struct user_region *r)
{
	vmap_bench_audit_region(true);
	vmap_bench_region_align();
	vmap_bench_region_begin();
	r->begin_ns = ktime_get_ns();
	vmap_bench_mark(VMAP_BENCH_OPEN, r->number);
	/* Pairs with the acquire in wait_for_go(). */
	smp_store_release(&r->go, true);
}

static void end_region(struct user_region *r)
{
	vmap_bench_mark(VMAP_BENCH_CLOSE, 0);
	r->window_ns = ktime_get_ns() - r->begin_ns;
	vmap_bench_region_end();
	vmap_bench_audit_region(false);
	WRITE_ONCE(r->go, false);
	WRITE_ONCE(r->claimed, false);
	vmap_bench_unclaim();
}

/* A program can be late, or have died. */
static int wait_for_go(struct user_region *r)
{
	/* Pairs with the release in begin_region(). */
	while (!smp_load_acquire(&r->go)) {
		if (fatal_signal_pending(current))
			return -EINTR;
		cpu_relax();
		cond_resched();
	}
	return 0;
}

static int begin_thread(struct user_region *r)
{
	int left, err;

	if (!READ_ONCE(r->claimed))
		return -EINVAL;
	left = atomic_dec_return(&r->arriving);
	if (left < 0)
		return -EINVAL;
	if (!left)
		begin_region(r);
	err = wait_for_go(r);
	if (err)
		return err;
	vmap_bench_mark(VMAP_BENCH_THREAD_BEGIN, raw_smp_processor_id());
	return 0;
}

static int end_thread(struct user_region *r)
{
	int left;

	if (!READ_ONCE(r->go))
		return -EINVAL;
	vmap_bench_mark(VMAP_BENCH_THREAD_END, raw_smp_processor_id());
	left = atomic_dec_return(&r->active);
	if (left < 0)
		return -EINVAL;
	if (!left)
		end_region(r);
	return 0;
}

static int do_word(struct user_region *r, const char *word)
{
	static const char open[] = "open ";
	int err;

	if (!strcmp(word, "begin"))
		return begin_thread(r);
	if (!strcmp(word, "end"))
		return end_thread(r);
	if (strncmp(word, open, sizeof(open) - 1))
		return -EINVAL;
	mutex_lock(&r->lock);
	err = open_region(r, word + sizeof(open) - 1);
	mutex_unlock(&r->lock);
	return err;
}

static ssize_t region_write(struct file *file, const char __user *ubuf, size_t count, loff_t *pos)
{
	struct user_region *r = file->private_data;
	char buf[MAX_WORD + 1] = "";
	int err;

	if (count > MAX_WORD)
		return -EINVAL;
	if (copy_from_user(buf, ubuf, count))
		return -EFAULT;
	err = do_word(r, strim(buf));
	return err ?: count;
}

static ssize_t region_read(struct file *file, char __user *ubuf, size_t count, loff_t *pos)
{
	struct user_region *r = file->private_data;
	char buf[40];
	int len = scnprintf(buf, sizeof(buf), "%u %llu\n", r->number, r->window_ns);

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

	if (r->go)
		end_region(r);
	else if (r->claimed)
		vmap_bench_unclaim();
	mutex_destroy(&r->lock);
	kfree(r);
	return 0;
}

static const struct file_operations region_fops = {
	.owner		= THIS_MODULE,
	.open		= region_open,
	.read		= region_read,
	.write		= region_write,
	.llseek		= default_llseek,
	.release	= region_release,
};

/**
 * vmap_bench_region_create() - make the debugfs file
 * @dir: where
 */
void vmap_bench_region_create(struct dentry *dir)
{
	debugfs_create_file("region", 0600, dir, NULL, &region_fops);
}
