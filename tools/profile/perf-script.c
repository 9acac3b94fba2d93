// SPDX-License-Identifier: GPL-2.0
/*
 * Reading the text of
 *	perf script --ns --show-lost-events -F pid,time,period,event,ip
 * see perf-script.h. A sample is a line "PID SECONDS.NANOSECONDS: PERIOD EVENT:", then a line
 * for each address of its stack, and an empty one.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/perf-script.h"

#define NS_IN_S		1000000000LL

static void bad(const struct vb_perf_script *s)
{
	vb_die("%s:%ld: not what perf script prints", s->name, s->line);
}

/* Returns 0 at the end; the line is without its end. */
static int next_line(struct vb_perf_script *s)
{
	ssize_t len = getline(&s->text, &s->room, s->in);

	if (len < 0) {
		if (!feof(s->in))
			vb_die("%s: %s", s->name, strerror(errno));
		return 0;
	}
	s->line++;
	if (len && s->text[len - 1] == '\n')
		s->text[--len] = '\0';
	while (len && isspace((unsigned char)s->text[len - 1]))
		s->text[--len] = '\0';
	return 1;
}

/* "PERF_RECORD_LOST lost 12", or the same of LOST_SAMPLES. */
static int read_lost(struct vb_perf_script *s)
{
	const char *text = strstr(s->text, "PERF_RECORD_LOST");
	long long lost = 0;

	if (!text)
		return 0;
	text = strstr(text, " lost ");
	if (!text || sscanf(text, " lost %18lld", &lost) != 1 || lost < 0 ||
	    lost > VB_COUNT_MAX - s->lost)
		bad(s);
	s->lost += lost;
	return 1;
}

static void add_address(const struct vb_perf_script *s, struct vb_perf_sample *sample,
			const char *text)
{
	char *end;

	errno = 0;
	if (sample->n == VB_PERF_FRAMES || !isxdigit((unsigned char)*text))
		bad(s);
	sample->ip[sample->n++] = strtoull(text, &end, 16);
	if (*end || errno)
		bad(s);
}

/* Without a stack the address is on the line itself. */
static void read_head(const struct vb_perf_script *s, struct vb_perf_sample *sample)
{
	int nine = 0, end = 0, rest = 0;
	long long seconds, ns, period;
	long pid;

	if (sscanf(s->text, "%10ld %9lld.%n%9lld%n: %18lld %63[^ ]%n", &pid, &seconds, &nine, &ns,
		   &end, &period, sample->event, &rest) != 5 ||
	    end - nine != 9 || seconds < 0 || ns < 0 || period < 1 ||
	    period > VB_COUNT_MAX || seconds * NS_IN_S + ns > VB_COUNT_MAX ||
	    strlen(sample->event) < 2 || sample->event[strlen(sample->event) - 1] != ':')
		bad(s);
	sample->event[strlen(sample->event) - 1] = '\0';
	sample->line = s->line;
	sample->idle = !pid;
	sample->time_ns = seconds * NS_IN_S + ns;
	sample->period = period;
	sample->n = 0;
	rest += strspn(s->text + rest, " \t");
	if (s->text[rest])
		add_address(s, sample, s->text + rest);
}

/**
 * vb_perf_script_next() - read a sample
 * @s: the text
 * @sample: filled in
 *
 * Ends the program when it is no such text.
 *
 * Return: 1, or 0 when there are no more.
 */
int vb_perf_script_next(struct vb_perf_script *s, struct vb_perf_sample *sample)
{
	do {
		if (!next_line(s))
			return 0;
	} while (!*s->text || read_lost(s));
	read_head(s, sample);
	while (next_line(s) && *s->text)
		add_address(s, sample, s->text + strspn(s->text, " \t"));
	return 1;
}

/**
 * vb_perf_script_free() - free what reading took
 * @s: the text, which stays open
 */
void vb_perf_script_free(struct vb_perf_script *s)
{
	free(s->text);
}
