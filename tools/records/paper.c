// SPDX-License-Identifier: GPL-2.0
/* Reading published files: see paper.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/common.h"
#include "records/paper.h"

static char **text_member(const struct vb_paper_kind *kind, void *paper, size_t i)
{
	return (char **)((char *)paper + kind->key[i].member);
}

static char **path_of(void *paper)
{
	return paper;
}

/* "# key: value"; other comments are for people. */
static void take_comment(const struct vb_paper_kind *kind, void *paper, const char *line,
			 int number)
{
	const char *value = strstr(line, ": ");
	size_t i, len;

	if (strncmp(line, "# ", 2) || !value)
		return;
	line += 2;
	len = value - line;
	value += 2;
	if (kind->comment)
		kind->comment(paper, line, len, value, number);
	for (i = 0; i < kind->nkeys; i++) {
		if (len != strlen(kind->key[i].key) || strncmp(line, kind->key[i].key, len))
			continue;
		free(*text_member(kind, paper, i));
		*text_member(kind, paper, i) = vb_strf("%s", value);
	}
}

/* A day, or a month where the day is not known. It becomes text in figures. */
static int is_date(const char *text)
{
	static const char shape[] = "dddd-dd-dd";
	size_t i;

	for (i = 0; text[i]; i++)
		if (i >= strlen(shape) ||
		    (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i]))
			return 0;
	return i == strlen(shape) || i == strlen("dddd-dd");
}

static void check_value(const struct vb_paper_kind *kind, void *paper, size_t i)
{
	const char *value = *text_member(kind, paper, i);

	if (!value)
		vb_die("%s: no line \"# %s: ...\"", *path_of(paper), kind->key[i].key);
	if (!strcmp(kind->key[i].key, "date") && !is_date(value))
		vb_die("%s: \"date\" is not a date, 2008-08-18 or 2008-08", *path_of(paper));
}

static void read_paper(const struct vb_paper_kind *kind, void *paper, const char *path)
{
	char *line = NULL;
	size_t room = 0, i;
	int number = 0;
	FILE *f;

	*path_of(paper) = vb_strf("%s", path);
	f = fopen(path, "r");
	if (!f)
		vb_die("%s: %s", path, strerror(errno));
	while (getline(&line, &room, f) > 0) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		if (*line == '#')
			take_comment(kind, paper, line, number);
		else
			kind->line(paper, line, number);
	}
	if (!feof(f))
		vb_die("%s: %s", path, strerror(errno));
	fclose(f);
	free(line);
	for (i = 0; i < kind->nkeys; i++)
		check_value(kind, paper, i);
	kind->check(paper);
}

/* The directory's name is no pattern, whatever is in it. */
static char *pattern_of(const char *dir)
{
	char *pattern = vb_strf("%*s/*.tsv", (int)(2 * strlen(dir)), ""), *p = pattern;

	for (; *dir; dir++) {
		if (strchr("*?[\\", *dir))
			*p++ = '\\';
		*p++ = *dir;
	}
	strcpy(p, "/*.tsv");
	return pattern;
}

/**
 * vb_papers_read() - read all files of a directory
 * @kind: what kind of files
 * @dir: directory with a .tsv file for each posting; NULL: none
 * @n: gets how many
 *
 * Ends the program with one line when there is something wrong with a file, or
 * no such directory. A directory without such files is none.
 *
 * Return: what they were read into, by file name; NULL when there are none.
 */
void *vb_papers_read(const struct vb_paper_kind *kind, const char *dir, size_t *n)
{
	void *papers = NULL;
	struct stat st;
	char *pattern;
	glob_t found;
	size_t i;

	*n = 0;
	if (!dir)
		return NULL;
	if (stat(dir, &st))
		vb_die("%s: %s", dir, strerror(errno));
	pattern = pattern_of(dir);
	switch (glob(pattern, GLOB_ERR, NULL, &found)) {
	case 0:
		for (i = 0; i < found.gl_pathc; i++) {
			papers = vb_grow(papers, *n, kind->size);
			read_paper(kind, (char *)papers + (*n)++ * kind->size, found.gl_pathv[i]);
		}
		globfree(&found);
		break;
	case GLOB_NOMATCH:
		break;
	default:
		vb_die("%s: cannot be read", dir);
	}
	free(pattern);
	return papers;
}

/**
 * vb_paper_free_texts() - free the file's name and the values of its keys
 * @kind: what kind of file
 * @paper: what it was read into
 */
void vb_paper_free_texts(const struct vb_paper_kind *kind, void *paper)
{
	size_t i;

	for (i = 0; i < kind->nkeys; i++)
		free(*text_member(kind, paper, i));
	free(*path_of(paper));
}
