// SPDX-License-Identifier: GPL-2.0
/*
 * Load and unload, and the debugfs directory that starts runs
 *
 * Loading does nothing but make /sys/kernel/debug/vmap_bench/. Whoever has one
 * of its files open holds the module, so it cannot be unloaded during a run.
 */

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "vmap_bench.h"

static struct dentry *dir;

static ssize_t run_write(struct file *file, const char __user *ubuf, size_t count, loff_t *pos)
{
	int err = vmap_bench_run();

	return err ?: count;
}

static const struct file_operations run_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.write	= run_write,
	.llseek	= noop_llseek,
};

static int result_open(struct inode *inode, struct file *file)
{
	return single_open(file, vmap_bench_result_show, NULL);
}

static const struct file_operations result_fops = {
	.owner		= THIS_MODULE,
	.open		= result_open,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static int __init vmap_bench_init(void)
{
	dir = debugfs_create_dir("vmap_bench", NULL);
	/* Without debugfs there is nothing this module could do. */
	if (IS_ERR(dir))
		return PTR_ERR(dir);

	vmap_bench_params_create(dir);
	debugfs_create_file("run", 0200, dir, NULL, &run_fops);
	debugfs_create_file("result", 0444, dir, NULL, &result_fops);
	vmap_bench_region_create(dir);
	vmap_bench_audit_create(dir);
	debugfs_create_atomic_t("live_pages", 0444, dir, &vmap_bench_live_pages);
	return 0;
}

static void __exit vmap_bench_exit(void)
{
	debugfs_remove(dir);
	vmap_bench_audit_remove();
	vmap_bench_result_clear();
}

module_init(vmap_bench_init);
module_exit(vmap_bench_exit);

MODULE_DESCRIPTION("Load generator for the vmap layer");
MODULE_LICENSE("GPL");
