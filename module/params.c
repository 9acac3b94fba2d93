// SPDX-License-Identifier: GPL-2.0
/*
 * The parameters of a run: a table, and a debugfs file for each row
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "vmap_bench.h"

#define MAX_PAGES	1024u
#define MAX_OPS		100000000u
#define MAX_WARMUP	1000000u
#define MAX_FAULT	(MAX_OPS + MAX_WARMUP)
#define MAX_HOLD	1000000u

/* More than any number or name that makes sense. */
#define MAX_WORD	63

/* A new workload is a file wl_NAME.c, its line here and in vmap_bench.h. */
static const struct vmap_bench_workload *const workloads[] = {
	&vmap_bench_ram,
	&vmap_bench_vmap,
	&vmap_bench_verify,
	&vmap_bench_aliases,
	&vmap_bench_aliases_ram,
	&vmap_bench_vunmap,
	&vmap_bench_mixed,
	&vmap_bench_interrupt,
	&vmap_bench_storm,
	&vmap_bench_tv_fix_size,
	&vmap_bench_tv_full_fit,
	&vmap_bench_tv_long_busy_list,
	&vmap_bench_tv_random_size,
	&vmap_bench_tv_fix_align,
	&vmap_bench_tv_random_size_align,
	&vmap_bench_tv_align_shift,
	&vmap_bench_tv_pcpu,
	&vmap_bench_tv_kvfree_rcu_one,
	&vmap_bench_tv_kvfree_rcu_two,
	&vmap_bench_fill,
	&vmap_bench_refill,
	&vmap_bench_cal_alone,
	&vmap_bench_cal_spinlock,
	&vmap_bench_cal_two_locks,
	&vmap_bench_cal_readers,
	&vmap_bench_cal_writers,
	&vmap_bench_cal_mutex,
	&vmap_bench_cal_ipi,
	&vmap_bench_cal_ipi_empty,
	&vmap_bench_cal_idle,
	&vmap_bench_line_own,
	&vmap_bench_line_counter,
	&vmap_bench_line_neighbours,
	&vmap_bench_line_spinlock,
	&vmap_bench_line_readers,
	&vmap_bench_line_rcu,
	&vmap_bench_st_flush,
	&vmap_bench_st_purge,
	&vmap_bench_st_fight,
	&vmap_bench_st_nest,
	&vmap_bench_st_stray,
	&vmap_bench_st_held,
};

/**
 * struct param - a parameter that is a number
 * @name: its debugfs file
 * @text: one line for the reader of the params file
 * @bad: what a run says that finds it out of range
 * @offset: where it is in struct vmap_bench_params
 * @min: smallest good value
 * @max: largest good value, 0 for the number of CPUs online
 */
struct param {
	const char *name;
	const char *text;
	const char *bad;
	size_t offset;
	unsigned int min;
	unsigned int max;
};

#define PARAM(field, lo, hi, t) {					\
	.name	= #field,						\
	.text	= (t),							\
	.bad	= #field " is out of range",				\
	.offset	= offsetof(struct vmap_bench_params, field),		\
	.min	= (lo),							\
	.max	= (hi),							\
}

static const struct param params[] = {
	PARAM(pages, 1, MAX_PAGES, "pages per operation"),
	PARAM(threads, 1, 0, "threads, each pinned to a CPU of its own"),
	PARAM(ops, 1, MAX_OPS, "measured operations, shared evenly among the threads"),
	PARAM(warmup, 0, MAX_WARMUP, "operations of each thread before the start barrier"),
	PARAM(fail_at, 0, MAX_FAULT, "this map of each thread is treated as failed, 0 is off"),
	PARAM(overlap_at, 0, MAX_FAULT, "verify: this map is taken for overlapping, 0 is off"),
	PARAM(corrupt_at, 0, MAX_FAULT, "verify: the data of this map is changed, 0 is off"),
	PARAM(hold_ms, 0, MAX_HOLD, "fill: leave a full space as it is for so many ms"),
};

static DEFINE_MUTEX(params_lock);
static struct vmap_bench_params current_params = {
	.workload	= &vmap_bench_ram,
	.pages		= 4,
	.threads	= 1,
	.ops		= 16000,
	.warmup		= 50,
};

/**
 * vmap_bench_params_get() - copy the parameters as they are now
 * @p: the copy
 */
void vmap_bench_params_get(struct vmap_bench_params *p)
{
	mutex_lock(&params_lock);
	*p = current_params;
	mutex_unlock(&params_lock);
}

static unsigned int max_of(const struct param *param)
{
	return param->max ?: num_online_cpus();
}

static unsigned int *value_of(const struct param *param, struct vmap_bench_params *p)
{
	return (void *)p + param->offset;
}

static bool good(const struct param *param, unsigned int value)
{
	if (value >= param->min && value <= max_of(param))
		return true;

	pr_err("%s: %u is out of range, must be %u to %u\n",
	       param->name, value, param->min, max_of(param));
	return false;
}

/**
 * vmap_bench_params_check() - are these parameters still good?
 * @p: the parameters
 *
 * They were checked when they were set, but CPUs can have gone since.
 *
 * Return: NULL, or constant text that says which is not.
 */
const char *vmap_bench_params_check(const struct vmap_bench_params *p)
{
	struct vmap_bench_params copy = *p;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(params); i++)
		if (!good(&params[i], *value_of(&params[i], &copy)))
			return params[i].bad;
	return NULL;
}

/* What the user wrote, without white space around it; freed by the caller. */
static char *user_word(const char __user *ubuf, size_t count, char **word)
{
	char *buf = memdup_user_nul(ubuf, min_t(size_t, count, MAX_WORD));

	if (!IS_ERR(buf))
		*word = strim(buf);
	return buf;
}

static int set_param(const struct param *param, const char *word)
{
	unsigned int value;
	int err;

	err = kstrtouint(word, 10, &value);
	if (err) {
		pr_err("%s: \"%*pE\" is not a number in the range %u to %u\n", param->name,
		       (int)strlen(word), word, param->min, max_of(param));
		return -EINVAL;
	}
	if (!good(param, value))
		return -EINVAL;

	mutex_lock(&params_lock);
	*value_of(param, &current_params) = value;
	mutex_unlock(&params_lock);
	return 0;
}

static ssize_t param_write(struct file *file, const char __user *ubuf, size_t count, loff_t *pos)
{
	const struct param *param = ((struct seq_file *)file->private_data)->private;
	char *buf, *word;
	int err;

	buf = user_word(ubuf, count, &word);
	if (IS_ERR(buf))
		return PTR_ERR(buf);
	err = set_param(param, word);
	kfree(buf);
	return err ?: count;
}

static int param_show(struct seq_file *m, void *unused)
{
	struct vmap_bench_params p;

	vmap_bench_params_get(&p);
	seq_printf(m, "%u\n", *value_of(m->private, &p));
	return 0;
}

static int param_open(struct inode *inode, struct file *file)
{
	return single_open(file, param_show, inode->i_private);
}

static const struct file_operations param_fops = {
	.owner		= THIS_MODULE,
	.open		= param_open,
	.read		= seq_read,
	.write		= param_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static void complain_of_workload(const char *word)
{
	char names[768];
	unsigned int i;
	int len = 0;

	for (i = 0; i < ARRAY_SIZE(workloads); i++)
		len += scnprintf(names + len, sizeof(names) - len, " %s", workloads[i]->name);
	pr_err("workload: \"%*pE\" is unknown, must be one of:%s\n",
	       (int)strlen(word), word, names);
}

static int set_workload(const char *word)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(workloads); i++) {
		if (strcmp(word, workloads[i]->name))
			continue;
		mutex_lock(&params_lock);
		current_params.workload = workloads[i];
		mutex_unlock(&params_lock);
		return 0;
	}

	complain_of_workload(word);
	return -EINVAL;
}

static ssize_t workload_write(struct file *file, const char __user *ubuf, size_t count,
			      loff_t *pos)
{
	char *buf, *word;
	int err;

	buf = user_word(ubuf, count, &word);
	if (IS_ERR(buf))
		return PTR_ERR(buf);
	err = set_workload(word);
	kfree(buf);
	return err ?: count;
}

static int workload_show(struct seq_file *m, void *unused)
{
	struct vmap_bench_params p;

	vmap_bench_params_get(&p);
	seq_printf(m, "%s\n", p.workload->name);
	return 0;
}

static int workload_open(struct inode *inode, struct file *file)
{
	return single_open(file, workload_show, NULL);
}

static const struct file_operations workload_fops = {
	.owner		= THIS_MODULE,
	.open		= workload_open,
	.read		= seq_read,
	.write		= workload_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

static int workloads_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(workloads); i++)
		seq_printf(m, "%s %s\n", workloads[i]->name, workloads[i]->text);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(workloads);

static int params_show(struct seq_file *m, void *unused)
{
	struct vmap_bench_params p;
	unsigned int i;

	vmap_bench_params_get(&p);
	for (i = 0; i < ARRAY_SIZE(params); i++)
		seq_printf(m, "%s %u %u..%u %s\n", params[i].name, *value_of(&params[i], &p),
			   params[i].min, max_of(&params[i]), params[i].text);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(params);

/**
 * vmap_bench_params_create() - make the debugfs files of the parameters
 * @dir: where
 */
void vmap_bench_params_create(struct dentry *dir)
{
	unsigned int i;

	debugfs_create_file("workload", 0644, dir, NULL, &workload_fops);
	debugfs_create_file("workloads", 0444, dir, NULL, &workloads_fops);
	debugfs_create_file("params", 0444, dir, NULL, &params_fops);
	for (i = 0; i < ARRAY_SIZE(params); i++)
		debugfs_create_file(params[i].name, 0644, dir, (void *)&params[i], &param_fops);
}
