// SPDX-License-Identifier: GPL-2.0
/*
 * A claim comes from a stranger and is evaluated by jq. Its file may use the words below
 * and no others, so that it can ask for values and relate them, but neither define the
 * judge anew, nor look at its data, nor read anything of the host.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claim/claim-words.h"
#include "base/common.h"

/* Bounds: bytes of a file, brackets inside each other. */
#define FILE_MAX	65536
#define DEPTH_MAX	64

/* What expressions are made of: tools/claim/claim.jq, and a few words of jq. */
static const char * const words[] = {
	"and", "as", "elif", "else", "end", "false", "if", "not", "null", "or", "then", "true",
	"fabs", "first", "floor", "last", "length", "log2", "max", "min", "round", "select", "sqrt",
	"by_pages", "by_threads", "cell", "debug_faults", "faults", "growth", "instructions",
	"kernel_time", "least_step", "most", "numbers", "outcome", "ratio", "relation", "share",
	"spread", "their_share", "theirs", "value", "within",
};

/* Members that only relation() may write: with them a verdict could be typed in. */
static const char * const judged[] = {
	"at", "from", "holds", "kind", "left", "n", "op", "right", "text", "why", "word",
};

/**
 * struct text - the file while it is read
 * @path: for messages
 * @p: the next character; the text ends with a 0
 * @line: of that character, from 1
 * @open: closing brackets that are expected; a " is the string around a \(
 * @depth: how many of them
 * @before: the last token: its first character, or 0
 */
struct text {
	const char *path, *p;
	int line;
	char open[DEPTH_MAX];
	int depth;
	char before;
};

static int is_in(const char *word, size_t len, const char * const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen(list[i]) == len && !strncmp(list[i], word, len))
			return 1;
	return 0;
}

static void push(struct text *t, char closing)
{
	if (t->depth == DEPTH_MAX)
		vb_die("%s:%d: more than %d brackets inside each other", t->path, t->line,
		       DEPTH_MAX);
	t->open[t->depth++] = closing;
}

/*
 * An escape in a string, behind its backslash: none that stands for a control character but
 * the line feed that heads of a table have.
 */
static void read_escape(struct text *t)
{
	char digits[5] = "";
	unsigned long code;
	int n;

	if (!*t->p || !strchr("\"\\/nu", *t->p))
		vb_die("%s:%d: syntax error: %s in a string", t->path, t->line,
		       *t->p && strchr("bfrt", *t->p) ? "a control character" : "an odd escape");
	if (*t->p != 'u')
		return;
	for (n = 1; n <= 4 && isxdigit((unsigned char)t->p[n]); n++)
		;
	if (n <= 4)
		vb_die("%s:%d: syntax error: \\u without four digits in a string", t->path,
		       t->line);
	memcpy(digits, t->p + 1, 4);
	code = strtoul(digits, NULL, 16);
	if (vb_code_is_control(code))
		vb_die("%s:%d: syntax error: a control character in a string", t->path, t->line);
}

/* The rest of a string, or up to the \( of an expression in it. */
static void read_string(struct text *t)
{
	for (; *t->p != '"'; t->p++) {
		if (!*t->p)
			vb_die("%s:%d: syntax error: a string does not end", t->path, t->line);
		if (vb_is_control(t->p))
			vb_die("%s:%d: syntax error: a control character in a string", t->path,
			       t->line);
		if (*t->p != '\\')
			continue;
		t->p++;
		if (*t->p == '(') {
			t->p++;
			push(t, '"');
			t->before = '(';
			return;
		}
		read_escape(t);
	}
	t->p++;
	t->before = '"';
}

static void closing(struct text *t, char c)
{
	char expected = t->depth ? t->open[--t->depth] : 0;

	if (expected == '"' && c == ')') {
		read_string(t);
		return;
	}
	if (expected != c)
		vb_die("%s:%d: syntax error: unexpected %c", t->path, t->line, c);
	t->before = c;
}

/* Does a colon follow? Then what was read is the name of a member. */
static int is_member(const struct text *t)
{
	const char *p = t->p;

	while (*p && isspace((unsigned char)*p))
		p++;
	return *p == ':';
}

static void read_word(struct text *t)
{
	const char *start = t->p;
	size_t len;

	while (isalnum((unsigned char)*t->p) || *t->p == '_')
		t->p++;
	len = t->p - start;
	if (is_member(t)) {
		if (is_in(start, len, judged, ARRAY_SIZE(judged)))
			vb_die("%s:%d: %.*s is not a member of a claim", t->path, t->line,
			       (int)len, start);
	} else if (!is_in(start, len, words, ARRAY_SIZE(words))) {
		vb_die("%s:%d: %.*s is not defined", t->path, t->line, (int)len, start);
	}
	t->before = 'a';
}

/* A value bound with "as": not those of jq's own, nor a member named after one. */
static void read_variable(struct text *t)
{
	const char *start = t->p++;

	while (isalnum((unsigned char)*t->p) || *t->p == '_')
		t->p++;
	if (t->p - start < 2 || !islower((unsigned char)start[1]) ||
	    (t->p - start == 5 && !strncmp(start, "$data", 5)) || is_member(t) ||
	    (t->depth && t->open[t->depth - 1] == '}' && (t->before == '{' || t->before == ',')))
		vb_die("%s:%d: %.*s is not defined", t->path, t->line, (int)(t->p - start), start);
	t->before = '$';
}

/* A number: digits, one dot, an exponent. */
static void read_number(struct text *t)
{
	while (isdigit((unsigned char)*t->p))
		t->p++;
	if (*t->p == '.' && isdigit((unsigned char)t->p[1]))
		for (t->p++; isdigit((unsigned char)*t->p); t->p++)
			;
	if (*t->p == 'e' || *t->p == 'E') {
		t->p += 1 + (t->p[1] == '-' || t->p[1] == '+');
		while (isdigit((unsigned char)*t->p))
			t->p++;
	}
	if (isalpha((unsigned char)*t->p) || *t->p == '_' || *t->p == '.')
		vb_die("%s:%d: syntax error in a number", t->path, t->line);
	t->before = '0';
}

/* The name of a member is a plain word: neither a string nor an expression. */
static void colon(struct text *t)
{
	if (t->before != 'a')
		vb_die("%s:%d: the name of a member is not a plain word", t->path, t->line);
	t->p++;
	t->before = ':';
}

static void operator(struct text *t)
{
	static const char * const two[] = { "==", "!=", "<=", ">=", "//" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(two); i++) {
		if (!strncmp(t->p, two[i], 2) && t->p[2] != '=') {
			t->before = *t->p;
			t->p += 2;
			return;
		}
	}
	/* No paths, no assignments, no formats, no alternatives that hide an error. */
	if (!strchr("<>+-*/|,;", *t->p) || t->p[1] == '=')
		vb_die("%s:%d: %c cannot be used in a claim", t->path, t->line,
		       isprint((unsigned char)*t->p) ? *t->p : '?');
	t->before = *t->p++;
}

/*
 * With a backslash at its end a comment goes on in the next line for some versions of jq,
 * and a carriage return ends it for some: it would hide what others evaluate.
 */
static void read_comment(struct text *t)
{
	size_t len = strcspn(t->p, "\r\n");

	if (t->p[len] == '\r' && t->p[len + 1] && t->p[len + 1] != '\n')
		vb_die("%s:%d: syntax error: a carriage return in a comment", t->path, t->line);
	if (t->p[len - 1] == '\\')
		vb_die("%s:%d: syntax error: a comment ends with a backslash", t->path, t->line);
	t->p += len;
}

static void token(struct text *t)
{
	char c = *t->p;

	if (c == '#') {
		read_comment(t);
	} else if (isspace((unsigned char)c)) {
		t->line += c == '\n';
		t->p++;
	} else if (c == '"') {
		t->p++;
		read_string(t);
	} else if (isalpha((unsigned char)c) || c == '_') {
		read_word(t);
	} else if (isdigit((unsigned char)c)) {
		read_number(t);
	} else if (c == '$') {
		read_variable(t);
	} else if (c == ':') {
		colon(t);
	} else if (c == '(' || c == '[' || c == '{') {
		push(t, c == '(' ? ')' : c == '[' ? ']' : '}');
		t->before = *t->p++;
	} else if (c == ')' || c == ']' || c == '}') {
		t->p++;
		closing(t, c);
	} else {
		operator(t);
	}
}

/* The fuzzer leaves by vb_die() thousands of times: what it would leak is static. */
static char *read_file(const char *path)
{
	static char text[FILE_MAX + 2];
	FILE *file = fopen(path, "r");
	size_t len;

	if (!file)
		vb_die("%s: %s", path, strerror(errno));
	len = fread(text, 1, FILE_MAX + 1, file);
	if (ferror(file))
		vb_die("%s: %s", path, strerror(errno));
	fclose(file);
	text[len] = '\0';
	if (len > FILE_MAX)
		vb_die("%s: a claim has at most %d bytes", path, FILE_MAX);
	if (strlen(text) != len)
		vb_die("%s: it has a byte of 0: it is no text", path);
	return text;
}

/**
 * vb_claim_words() - has a claim's file the words of claims only?
 * @path: the file, of at most 64 KiB
 *
 * Ends the program with VB_BAD, the file and the line when it has others. Whether it is a
 * claim at all is jq's to say.
 */
void vb_claim_words(const char *path)
{
	char *text = read_file(path);
	struct text t = { .path = path, .p = text, .line = 1 };

	while (*t.p)
		token(&t);
	if (t.depth)
		vb_die("%s:%d: syntax error: the end comes before %c", path, t.line,
		       t.open[t.depth - 1] == '"' ? ')' : t.open[t.depth - 1]);
}
