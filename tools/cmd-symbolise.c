// SPDX-License-Identifier: GPL-2.0
/* cmd-symbolise - the simulator's profile by address to one by symbol, on stdout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "base/jsonl.h"
#include "profile/module-symbols.h"
#include "base/options.h"
#include "profile/profile.h"
#include "profile/symbols.h"
#include "commands.h"

/**
 * struct sum - what a block, or some of them together, did
 * @calls: how often they were executed
 * @cost: what that cost
 * @thread: the part of it on CPUs whose measured thread was at it
 */
struct sum {
	json_int_t calls;
	struct vb_cost cost;
	struct vb_cost thread;
};

/* A block: its address, and the members of struct sum. */
#define BLOCK_FIELDS	8

/**
 * struct sums - one region while its blocks are added up
 * @file: the raw profile, for messages
 * @table: the symbols
 * @symbol: each symbol of the table; calls are those of its first instruction
 * @unknown: all code without a symbol
 * @before: all blocks together
 */
struct sums {
	struct vb_jsonl file;
	const struct vb_symbols *table;
	struct sum *symbol;
	struct sum unknown;
	struct sum before;
};

static json_int_t count_of(const struct sums *s, json_t *block, size_t i)
{
	json_t *value = json_array_get(block, i);

	if (!vb_is_count(value))
		vb_jsonl_bad(&s->file, "a block with something that is not a count");
	return json_integer_value(value);
}

static void read_cost(const struct sums *s, json_t *block, size_t first, struct vb_cost *cost)
{
	cost->insns = count_of(s, block, first);
	cost->spin_ns = count_of(s, block, first + 1);
	cost->cost_ns = count_of(s, block, first + 2);
}

static void add(const struct sums *s, struct sum *sum, const struct sum *more)
{
	if (!vb_sum(&sum->calls, more->calls) || !vb_cost_add(&sum->cost, &more->cost) ||
	    !vb_cost_add(&sum->thread, &more->thread))
		vb_jsonl_bad(&s->file, VB_TOO_LARGE);
}

static int is_part(const struct vb_cost *part, const struct vb_cost *whole)
{
	return part->insns <= whole->insns && part->spin_ns <= whole->spin_ns &&
	       part->cost_ns <= whole->cost_ns;
}

static void add_block(struct sums *s, json_t *block)
{
	const char *text = json_string_value(json_array_get(block, 0));
	const struct vb_symbol *symbol;
	uint64_t address;
	struct sum b = { 0 };

	if (json_array_size(block) != BLOCK_FIELDS || !text || !vb_symbols_address(text, &address))
		vb_jsonl_bad(&s->file,
			     "a block that is not [\"address\", calls, insns, spin_ns, cost_ns, thread_insns, thread_spin_ns, thread_cost_ns]");
	b.calls = count_of(s, block, 1);
	read_cost(s, block, 2, &b.cost);
	read_cost(s, block, 5, &b.thread);
	if (!is_part(&b.thread, &b.cost))
		vb_jsonl_bad(&s->file, "a block in which threads have more than all CPUs together");
	add(s, &s->before, &b);
	symbol = vb_symbols_find(s->table, address);
	/* In the middle of a function it is no call. */
	if (!symbol || address != symbol->start)
		b.calls = 0;
	add(s, symbol ? &s->symbol[symbol - s->table->symbol] : &s->unknown, &b);
}

static int is_nothing(const struct sum *sum)
{
	return !sum->calls && vb_cost_is_nothing(&sum->cost);
}

static void fill_row(struct vb_profile_row *row, const struct sum *sum)
{
	row->calls = sum->calls;
	row->cost = sum->cost;
	row->thread = sum->thread;
}

static void make_rows(const struct sums *s, struct vb_profile *p)
{
	const struct vb_symbol *symbol;
	struct vb_profile_row *row;
	size_t i;

	for (i = 0; i < s->table->n; i++) {
		if (is_nothing(&s->symbol[i]))
			continue;
		symbol = &s->table->symbol[i];
		row = vb_profile_row_add(p, symbol->name, symbol->module);
		row->size = symbol->end - symbol->start;
		fill_row(row, &s->symbol[i]);
	}
	if (is_nothing(&s->unknown))
		return;
	row = vb_profile_row_add(p, VB_UNKNOWN, NULL);
	fill_row(row, &s->unknown);
}

/* Nothing is lost on the way from blocks to symbols. */
static void check_sums(const struct sums *s, const struct vb_profile *p)
{
	struct sum after = { 0 };
	size_t i;

	for (i = 0; i < p->n; i++)
		if (!vb_cost_add(&after.cost, &p->row[i].cost) ||
		    !vb_cost_add(&after.thread, &p->row[i].thread))
			vb_jsonl_bad(&s->file, VB_TOO_LARGE);
	if (!vb_cost_same(&s->before.cost, &after.cost) ||
	    !vb_cost_same(&s->before.thread, &after.thread))
		vb_jsonl_bad(&s->file, "the sums over symbols are not those over blocks");
}

static void on_profile(void *arg, json_t *o)
{
	struct sums *s = arg;
	struct vb_profile p;
	json_t *blocks, *block;
	size_t i;

	vb_profile_head(&s->file, o, &p);
	if (!p.has_thread)
		vb_jsonl_bad(&s->file, "\"thread_user_insns\" is missing or is not a count");
	blocks = json_object_get(o, "blocks");
	if (!json_is_array(blocks))
		vb_jsonl_bad(&s->file, "\"blocks\" is missing or is not a list");
	memset(s->symbol, 0, s->table->n * sizeof(*s->symbol));
	memset(&s->unknown, 0, sizeof(s->unknown));
	memset(&s->before, 0, sizeof(s->before));
	json_array_foreach(blocks, i, block)
		add_block(s, block);
	make_rows(s, &p);
	check_sums(s, &p);
	vb_profile_sort(&p);
	vb_profile_write(stdout, &p);
	vb_profile_free(&p);
}

static void symbolise(const struct vb_symbols *table, char *raw)
{
	struct sums s = { .file.name = raw, .table = table };

	s.symbol = calloc(table->n, sizeof(*s.symbol));
	if (!s.symbol)
		vb_die("out of memory");
	if (!vb_jsonl_read(&s.file, on_profile, &s))
		vb_die("%s: no such file", raw);
	free(s.symbol);
}

static void help(void)
{
	puts("usage: vb-symbolise --map FILE --events FILE PROFILE_RAW\n"
	     "\n"
	     "Reads profile.raw, written by the simulator, and writes profile.jsonl to stdout:\n"
	     "the same regions, with blocks of code added up by symbol. What belongs to no\n"
	     "symbol is \"" VB_UNKNOWN "\", so that nothing gets lost.\n"
	     "\n"
	     "  --map FILE     System.map of the kernel that ran\n"
	     "  --events FILE  events.jsonl of that run, for the symbols of modules\n"
	     "\n"
	     "exit codes: 0 written; 2 usage error, or a file that is not what it should be");
}

static int run(int argc, char **argv)
{
	struct vb_symbols table = { 0 };
	const char *map = NULL, *events = NULL;
	const struct vb_option options[] = {
		{ "map", VB_TEXT, &map },
		{ "events", VB_TEXT, &events },
	};

	vb_name = "vb-symbolise";
	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (!map || !events)
		vb_usage("--map and --events are needed");
	if (argc - optind != 1)
		vb_usage("one raw profile is needed");
	vb_symbols_read_map(&table, map);
	vb_module_symbols_read(&table, events);
	vb_symbols_finish(&table);
	symbolise(&table, argv[optind]);
	vb_symbols_free(&table);
	vb_close_stdout();
	return VB_OK;
}

VB_COMMAND(symbolise, "raw profiles of the simulator to records");
