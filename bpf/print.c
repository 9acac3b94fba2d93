// SPDX-License-Identifier: GPL-2.0
/*
 * print.c - counts as a table and as JSON.
 */
#include <errno.h>
#include <jansson.h>
#include "print.h"
#include "symbols.h"

static const char *const kind_names[VS_KINDS] = {
	[VS_SPIN]	= "spin",
	[VS_WRITE]	= "write",
	[VS_READ]	= "read",
};

/* fprintf() fails late, in the buffer; this is where it shows. */
static int flush(FILE *f)
{
	if (fflush(f) || ferror(f))
		return errno ? -errno : -EIO;
	return 0;
}

static void print_waits(FILE *f, const struct vs_counts *c)
{
	bool any = false;
	int kind, row;

	for (row = VS_ROWS - 1; row >= 0; row--) {
		for (kind = 0; kind < VS_KINDS; kind++) {
			const struct vs_wait_sum *w = &c->locks[kind][row];

			if (!w->waits)
				continue;
			if (!any)
				fprintf(f, "  %-22s %-5s %10s %10s %10s %13s\n",
					"LOCK", "KIND", "WAITS", "AVG(us)",
					"MAX(us)", "TOTAL(us)");
			any = true;
			fprintf(f, "  %-22s %-5s %10llu %10.1f %10.1f %13.1f\n",
				vs_lock_name(row), kind_names[kind],
				(unsigned long long)w->waits,
				w->wait_ns / 1e3 / w->waits, w->max_ns / 1e3,
				w->wait_ns / 1e3);
		}
	}
	fputc('\n', f);
}

int vs_print_table(FILE *f, const struct vs_counts *c, const char *stamp)
{
	if (stamp)
		fprintf(f, "%-8s ", "TIME");
	fprintf(f, "%10s %12s %10s %12s %12s %6s\n",
		"PURGES", "PAGES_PURGED", "FLUSHES", "RUNS", "IPIS", "LOST");
	if (stamp)
		fprintf(f, "%-8s ", stamp);
	fprintf(f, "%10llu %12llu %10llu %12llu %12llu %6llu\n",
		(unsigned long long)c->purges,
		(unsigned long long)c->pages_purged,
		(unsigned long long)c->flushes,
		(unsigned long long)c->flush_runs,
		(unsigned long long)c->ipis, (unsigned long long)c->lost);
	print_waits(f, c);
	return flush(f);
}

/*
 * A lock that exists is listed with the waits its type can have even if nobody
 * waited, so that a reader can tell "never contended" from "not there".
 */
static bool is_listed(const struct vs_counts *c, const struct vs_names *names,
		      int kind, int row)
{
	if (c->locks[kind][row].waits)
		return true;
	if (row == VS_ROW_OTHER || !names->known[row])
		return false;
	return vs_locks[row - 1].rwlock == (kind != VS_SPIN);
}

static json_t *wait_json(int row, int kind, const struct vs_wait_sum *w)
{
	return json_pack("{ss ss sI sI sI}",
			 "name", vs_lock_name(row), "kind", kind_names[kind],
			 "waits", (json_int_t)w->waits,
			 "wait_ns", (json_int_t)w->wait_ns,
			 "max_ns", (json_int_t)w->max_ns);
}

static json_t *locks_json(const struct vs_counts *c, const struct vs_names *names)
{
	json_t *list = json_array();
	int kind, i;

	/* "other" is row 0 and comes last. */
	for (i = 1; i <= VS_ROWS; i++) {
		int row = i % VS_ROWS;

		for (kind = 0; kind < VS_KINDS; kind++) {
			if (is_listed(c, names, kind, row))
				json_array_append_new(list, wait_json(row, kind,
								      &c->locks[kind][row]));
		}
	}
	return list;
}

static json_t *missing_json(const struct vs_names *names)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; names->missing && names->missing[i]; i++)
		json_array_append_new(list, json_string(names->missing[i]));
	return list;
}

int vs_print_json(FILE *f, const char *type, const struct vs_counts *c,
		  const struct vs_names *names)
{
	json_t *line;
	int err;

	line = json_pack("{si ss sI sI sI sI sI so sI so}",
			 "v", 1, "type", type,
			 "purges", (json_int_t)c->purges,
			 "pages_purged", (json_int_t)c->pages_purged,
			 "flushes", (json_int_t)c->flushes,
			 "flush_runs", (json_int_t)c->flush_runs,
			 "ipis", (json_int_t)c->ipis,
			 "locks", locks_json(c, names),
			 "lost", (json_int_t)c->lost,
			 "missing", missing_json(names));
	if (!line)
		return -ENOMEM;
	err = json_dumpf(line, f, JSON_COMPACT);
	json_decref(line);
	if (err || fputc('\n', f) == EOF)
		return errno ? -errno : -EIO;
	return flush(f);
}
