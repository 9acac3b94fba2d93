// SPDX-License-Identifier: GPL-2.0
/* Files that appear together: see outfile.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
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
 * Return: a stream to write to; vb_outfiles_commit() closes it.
 */
FILE *vb_outfile_open(struct vb_outfiles *all, const char *name)
{
	struct vb_outfile *o = calloc(1, sizeof(*o));

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
 * vb_outfiles_have() - was that file begun?
 * @all: the files
 * @name: the file
 *
 * Return: 1 when it was, else 0.
 */
int vb_outfiles_have(const struct vb_outfiles *all, const char *name)
{
	return !!find(all, name);
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

/* The directories on the way to a file. */
static int make_parents(char *path, size_t from)
{
	char *slash;

	for (slash = strchr(path + from, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0777) && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	return 0;
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

/* A link that is there already leads who knows where. */
static int write_file(const struct vb_outfile *o, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666), ret;

	if (fd < 0)
		return -1;
	ret = write_all(fd, o->text, o->len);
	return close(fd) || ret ? -1 : 0;
}

static char *new_path(const struct vb_outfiles *all, size_t i)
{
	return vb_strf("%s/%s.new", all->dir, all->file[i]->name);
}

static void remove_new(const struct vb_outfiles *all, size_t n)
{
	char *path;
	size_t i;

	for (i = 0; i < n; i++) {
		path = new_path(all, i);
		unlink(path);
		free(path);
	}
}

static void write_new(const struct vb_outfiles *all, size_t i)
{
	char *path = new_path(all, i);
	int err = 0;

	finish(all->file[i]);
	if (make_parents(path, strlen(all->dir) + 1) || write_file(all->file[i], path))
		err = errno;
	free(path);
	if (!err)
		return;
	remove_new(all, i + 1);
	vb_die("cannot write %s/%s: %s", all->dir, all->file[i]->name, strerror(err));
}

static void rename_new(const struct vb_outfiles *all, size_t i)
{
	char *from = new_path(all, i), *to = vb_strf("%s/%s", all->dir, all->file[i]->name);

	if (rename(from, to))
		vb_die("cannot write %s: %s", to, strerror(errno));
	free(from);
	free(to);
}

/**
 * vb_outfiles_commit() - put all of them where they belong
 * @all: the files
 *
 * Ends the program, with the files that were there before as they were, when one of them
 * cannot be written.
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
