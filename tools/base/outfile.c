// SPDX-License-Identifier: GPL-2.0
/* Files that appear together: see outfile.h. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/common.h"
#include "base/outfile.h"

static struct vb_outfile *find(const struct vb_outfiles *all, const char *name)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (!strcmp(all->file[i]->name, name))
			return all->file[i];
	return NULL;
}

/* What was written is in memory from here on. */
static void finish(struct vb_outfile *o)
{
	if (!o->f)
		return;
	if (ferror(o->f) || fclose(o->f))
		vb_die("out of memory");
	o->f = NULL;
}

static void free_one(struct vb_outfile *o)
{
	finish(o);
	free(o->text);
	free(o->name);
	free(o);
}

/**
 * vb_outfile_open() - begin a file
 * @all: the files; their directory is set
 * @name: below it, in a directory that may have to be made
 *
 * Ends the program when that file was begun before: names of points that coincide.
 *
 * Return: a stream to write to; vb_outfiles_commit() closes it.
 */
FILE *vb_outfile_open(struct vb_outfiles *all, const char *name)
{
	struct vb_outfile *o;

	if (find(all, name))
		vb_die("%s/%s: two points would have this file: rename a variant or a workload",
		       all->dir, name);
	o = calloc(1, sizeof(*o));
	if (!o)
		vb_die("out of memory");
	all->file = vb_grow(all->file, all->n, sizeof(*all->file));
	all->file[all->n++] = o;
	o->name = vb_strf("%s", name);
	o->f = open_memstream(&o->text, &o->len);
	if (!o->f)
		vb_die("out of memory");
	return o->f;
}

/**
 * vb_outfile_text() - read what was written
 * @all: the files
 * @name: one that was begun; it is complete now
 *
 * Return: a stream to read from; the caller closes it.
 */
FILE *vb_outfile_text(struct vb_outfiles *all, const char *name)
{
	struct vb_outfile *o = find(all, name);
	FILE *f;

	finish(o);
	f = fmemopen(o->text, o->len, "r");
	if (!f)
		vb_die("out of memory");
	return f;
}

/**
 * vb_outfile_drop() - there shall be no such file after all
 * @all: the files
 * @name: one that was begun
 */
void vb_outfile_drop(struct vb_outfiles *all, const char *name)
{
	struct vb_outfile *o = find(all, name);
	size_t i;

	for (i = 0; all->file[i] != o; i++)
		;
	memmove(&all->file[i], &all->file[i + 1], (all->n - i - 1) * sizeof(*all->file));
	all->n--;
	free_one(o);
}

/**
 * vb_outfile_same() - does the directory have that file as it would be written?
 * @all: the files
 * @name: one that was begun; it is complete now
 *
 * Return: 1 when it does, else 0.
 */
int vb_outfile_same(struct vb_outfiles *all, const char *name)
{
	char *path = vb_strf("%s/%s", all->dir, name);
	FILE *old = fopen(path, "r");
	struct vb_outfile *o = find(all, name);
	size_t i = 0;
	int c = EOF;

	finish(o);
	while (old && (c = getc(old)) != EOF && i < o->len && c == (unsigned char)o->text[i])
		i++;
	if (old)
		fclose(old);
	free(path);
	return old && c == EOF && i == o->len;
}

/* The directory that a campaign is in may be reached by a link, what is below it may not. */
static int open_top(const struct vb_outfiles *all)
{
	return open(all->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The directory of a file, and its name in there. */
static int open_parent(const struct vb_outfiles *all, const char *name, int make, const char **base)
{
	const char *slash = strchr(name, '/');
	int top = open_top(all), fd;
	char *dir;

	*base = slash ? slash + 1 : name;
	if (!slash || top < 0)
		return top;
	dir = strndup(name, slash - name);
	if (!dir)
		vb_die("out of memory");
	fd = make && mkdirat(top, dir, 0777) && errno != EEXIST ? -1 :
	     openat(top, dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	free(dir);
	close(top);
	return fd;
}

static int write_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, text, len);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			text += n;
			len -= n;
		}
	}
	return 0;
}

/* Whatever has that name is not written to, but replaced: it can be a link or a pipe. */
static int write_file(const struct vb_outfile *o, int dir, const char *name)
{
	int fd, ret;

	if (unlinkat(dir, name, 0) && errno != ENOENT)
		return -1;
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return -1;
	ret = write_all(fd, o->text, o->len);
	return close(fd) || ret ? -1 : 0;
}

static void remove_new(const struct vb_outfiles *all)
{
	const char *base;
	char *new;
	size_t i;
	int dir;

	for (i = 0; i < all->n; i++) {
		dir = open_parent(all, all->file[i]->name, 0, &base);
		if (dir < 0)
			continue;
		new = vb_strf("%s.new", base);
		unlinkat(dir, new, 0);
		free(new);
		close(dir);
	}
}

noreturn static void give_up(const struct vb_outfiles *all, size_t i, int err)
{
	remove_new(all);
	vb_die("cannot write %s/%s: %s", all->dir, all->file[i]->name, strerror(err));
}

static void write_new(const struct vb_outfiles *all, size_t i)
{
	const char *base;
	struct stat st;
	int err = 0, dir;
	char *new;

	finish(all->file[i]);
	dir = open_parent(all, all->file[i]->name, 1, &base);
	if (dir < 0)
		give_up(all, i, errno);
	new = vb_strf("%s.new", base);
	/* A rename would find out when others are done. */
	if (!fstatat(dir, base, &st, AT_SYMLINK_NOFOLLOW) && S_ISDIR(st.st_mode))
		err = EISDIR;
	else if (write_file(all->file[i], dir, new))
		err = errno;
	free(new);
	close(dir);
	if (err)
		give_up(all, i, err);
}

static void rename_new(const struct vb_outfiles *all, size_t i)
{
	const char *base;
	int err = 0, dir;
	char *new;

	dir = open_parent(all, all->file[i]->name, 0, &base);
	if (dir < 0)
		give_up(all, i, errno);
	new = vb_strf("%s.new", base);
	if (renameat(dir, new, dir, base))
		err = errno;
	free(new);
	close(dir);
	if (err)
		give_up(all, i, err);
}

/**
 * vb_outfiles_commit() - put all of them where they belong
 * @all: the files
 *
 * No link below the directory is followed. Ends the program, with the files that were
 * there before as they were, when one of them cannot be written.
 */
void vb_outfiles_commit(struct vb_outfiles *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		write_new(all, i);
	for (i = 0; i < all->n; i++)
		rename_new(all, i);
}

/**
 * vb_outfiles_remove_others() - remove what an earlier program has left
 * @all: the files
 * @below: a directory below theirs; "": that itself
 * @pattern: names in it, as a shell takes them; those of @all stay
 *
 * Ends the program when one of them cannot be removed.
 */
void vb_outfiles_remove_others(const struct vb_outfiles *all, const char *below,
			       const char *pattern)
{
	char *inside = vb_strf("%s/", below), *name;
	const struct dirent *e;
	const char *base;
	DIR *dir = NULL;
	int fd;

	fd = *below ? open_parent(all, inside, 0, &base) : open_top(all);
	if (fd >= 0)
		dir = fdopendir(fd);
	while (dir && (e = readdir(dir))) {
		name = vb_strf("%s%s", *below ? inside : "", e->d_name);
		if (!fnmatch(pattern, e->d_name, FNM_PERIOD) && !find(all, name) &&
		    unlinkat(fd, e->d_name, 0))
			vb_die("cannot remove %s/%s: %s", all->dir, name, strerror(errno));
		free(name);
	}
	if (dir)
		closedir(dir);
	free(inside);
}

/**
 * vb_outfiles_free() - free what the files took
 * @all: the files
 */
void vb_outfiles_free(struct vb_outfiles *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		free_one(all->file[i]);
	free(all->file);
	all->file = NULL;
	all->n = 0;
}
