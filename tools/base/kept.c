// SPDX-License-Identifier: GPL-2.0
/* JSON Lines files that are parsed once: see kept.h. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/common.h"
#include "base/kept.h"

/* In memory a file takes some times as much. */
#define LARGEST_MB	256

struct keeper {
	struct vb_kept *k;
	const struct vb_jsonl *f;
};

static void keep(void *arg, json_t *o)
{
	const struct keeper *keeper = arg;
	struct vb_kept *k = keeper->k;

	k->record = vb_grow(k->record, k->n, sizeof(*k->record));
	k->line = vb_grow(k->line, k->n, sizeof(*k->line));
	k->record[k->n] = json_incref(o);
	k->line[k->n++] = keeper->f->line;
}

static void check_size(const char *path)
{
	struct stat st;

	if (!stat(path, &st) && st.st_size > (off_t)LARGEST_MB << 20)
		vb_die("%s: larger than %d MB", path, LARGEST_MB);
}

static const struct vb_kept *file_of(struct vb_kept_files *files, const char *path)
{
	struct vb_jsonl f = { .name = (char *)path };
	struct keeper keeper = { .f = &f };
	struct vb_kept *k;
	size_t i;

	for (i = 0; i < files->n; i++)
		if (!strcmp(files->file[i].path, path))
			return &files->file[i];
	files->file = vb_grow(files->file, files->n, sizeof(*files->file));
	k = &files->file[files->n++];
	memset(k, 0, sizeof(*k));
	k->path = vb_strf("%s", path);
	keeper.k = k;
	check_size(path);
	k->found = vb_jsonl_read(&f, keep, &keeper);
	return k;
}

/**
 * vb_kept_read() - hand every record of a file to a function
 * @files: the files read so far
 * @f: its name is the path; its line is that of the record while @record runs
 * @record: the function
 * @arg: its first argument
 *
 * Ends the program when the file is there and is not JSON Lines, or too large to be kept.
 *
 * Return: 1, or 0 when there is no such file.
 */
int vb_kept_read(struct vb_kept_files *files, struct vb_jsonl *f,
		 void (*record)(void *arg, json_t *o), void *arg)
{
	const struct vb_kept *k = file_of(files, f->name);
	size_t i;

	for (i = 0; i < k->n; i++) {
		f->line = k->line[i];
		record(arg, k->record[i]);
	}
	return k->found;
}

/**
 * vb_kept_free() - free what was read
 * @files: can be used again
 */
void vb_kept_free(struct vb_kept_files *files)
{
	struct vb_kept *k;
	size_t i;

	for (k = files->file; k < files->file + files->n; k++) {
		for (i = 0; i < k->n; i++)
			json_decref(k->record[i]);
		free(k->record);
		free(k->line);
		free(k->path);
	}
	free(files->file);
	memset(files, 0, sizeof(*files));
}
