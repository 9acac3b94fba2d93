// SPDX-License-Identifier: GPL-2.0
/* cmd-stacks - the simulator's copies of stacks to functions that call each other, on stdout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/frames.h"
#include "profile/module-symbols.h"
#include "base/options.h"
#include "profile/stacks.h"
#include "profile/symbols.h"
#include "profile/unwind.h"
#include "commands.h"

/* A sample: kind, how often, RIP, RSP, RBP and a list of addresses and words. */
#define SAMPLE_FIELDS	6

/* What is put on top of the function that a kind of samples is taken in. */
static const struct {
	const char *kind;
	const char *frame;
} kinds[] = {
	{ "work", NULL },
	{ "spin", VB_FRAME_SPIN },
	{ "cost", VB_FRAME_COST },
};

/* What is needed to make sense of the file that is read. */
struct source {
	struct vb_jsonl file;
	struct vb_symbols symbols;
	struct vb_orc orc;
};

static json_int_t count_of(const struct source *src, json_t *sample, size_t i)
{
	json_t *value = json_array_get(sample, i);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		vb_jsonl_bad(&src->file, "a sample with something that is not a count");
	return json_integer_value(value);
}

static uint64_t address_of(const struct source *src, json_t *array, size_t i)
{
	const char *text = json_string_value(json_array_get(array, i));
	uint64_t address;

	if (!text || !vb_symbols_address(text, &address))
		vb_jsonl_bad(&src->file, "a sample with something that is not an address");
	return address;
}

static const char *frame_of(const struct source *src, json_t *sample)
{
	const char *kind = json_string_value(json_array_get(sample, 0));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kind && !strcmp(kinds[i].kind, kind))
			return kinds[i].frame;
	vb_jsonl_bad(&src->file, "a sample of no known kind");
}

static void read_words(const struct source *src, json_t *array, struct vb_stack *stack)
{
	size_t i;

	if (!json_is_array(array) || json_array_size(array) % 2)
		vb_jsonl_bad(&src->file, "a sample without a stack");
	for (i = 0; i < json_array_size(array); i += 2) {
		stack->word = vb_grow(stack->word, stack->n, sizeof(*stack->word));
		stack->word[stack->n].address = count_of(src, array, i);
		stack->word[stack->n].value = address_of(src, array, i + 1);
		if (stack->n && stack->word[stack->n].address <= stack->word[stack->n - 1].address)
			vb_jsonl_bad(&src->file, "a stack that is not sorted by address");
		stack->n++;
	}
}

/* How often a stack was seen; places on it may be larger than what is counted. */
static json_int_t samples_of(const struct source *src, json_t *sample)
{
	json_t *value = json_array_get(sample, 1);

	if (!vb_is_count(value))
		vb_jsonl_bad(&src->file, "a sample with something that is not a count");
	return json_integer_value(value);
}

static char *fold(const struct source *src, const struct vb_frames *frames, const char *top)
{
	char *text = frames->whole ? NULL : vb_strf("%s", VB_FRAME_LOST), *name;
	size_t i;

	for (i = frames->n; i-- > 0;) {
		name = vb_frames_name(vb_symbols_find(&src->symbols, frames->address[i]));
		text = vb_frames_join(text, name);
		free(name);
	}
	return top ? vb_frames_join(text, top) : text;
}

static void add_sample(const struct source *src, json_t *sample, struct vb_stacks *s)
{
	struct vb_stack stack = { 0 };
	struct vb_frames frames;
	const char *top;

	if (json_array_size(sample) != SAMPLE_FIELDS)
		vb_jsonl_bad(&src->file,
			     "a sample that is not [kind, count, \"ip\", sp, bp, [stack]]");
	top = frame_of(src, sample);
	stack.ip = address_of(src, sample, 2);
	stack.sp = count_of(src, sample, 3);
	stack.bp = count_of(src, sample, 4);
	read_words(src, json_array_get(sample, 5), &stack);
	vb_unwind(&src->orc, &stack, &frames);
	vb_stacks_add(s, fold(src, &frames, top), samples_of(src, sample));
	free(stack.word);
}

static void on_record(void *arg, json_t *o)
{
	struct source *src = arg;
	json_t *samples, *sample;
	struct vb_stacks s;
	size_t i;

	vb_stacks_head(&src->file, o, &s);
	samples = json_object_get(o, "samples");
	if (!json_is_array(samples))
		vb_jsonl_bad(&src->file, "\"samples\" is missing or is not a list");
	json_array_foreach(samples, i, sample)
		add_sample(src, sample, &s);
	vb_stacks_fold(&s);
	vb_stacks_total(&s);	/* ends the program if it is no count */
	vb_stacks_write(stdout, &s);
	vb_stacks_free(&s);
}

static void help(void)
{
	puts("usage: vb-stacks --map FILE --vmlinux FILE --events FILE [--module FILE] STACKS_RAW\n"
	     "\n"
	     "Reads stacks.raw, written by the simulator, and writes stacks.jsonl to stdout: the\n"
	     "same regions, each stack unwound with the kernel's own tables (ORC) to functions\n"
	     "that call each other, and equal ones counted together.\n"
	     "\n"
	     "  --map FILE      System.map of the kernel that ran\n"
	     "  --vmlinux FILE  that kernel\n"
	     "  --events FILE   events.jsonl of that run, for the symbols of modules\n"
	     "  --module FILE   the module that the guest had loaded; without it stacks that go\n"
	     "                  through it end there and begin with " VB_FRAME_LOST "\n"
	     "\n"
	     "exit codes: 0 written; 2 usage error, or a file that is not what it should be");
}

/* The files that are named on the command line. */
struct files {
	const char *map, *vmlinux, *events, *module;
};

static void parse(struct files *f, int argc, char **argv)
{
	const struct vb_option options[] = {
		{ "map", VB_TEXT, &f->map },
		{ "vmlinux", VB_TEXT, &f->vmlinux },
		{ "events", VB_TEXT, &f->events },
		{ "module", VB_TEXT, &f->module },
	};

	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (!f->map || !f->vmlinux || !f->events)
		vb_usage("--map, --vmlinux and --events are needed");
	if (argc - optind != 1)
		vb_usage("one file of stacks is needed");
}

static int run(int argc, char **argv)
{
	struct source src = { 0 };
	struct files f = { 0 };

	vb_name = "vb-stacks";
	parse(&f, argc, argv);
	vb_symbols_read_map(&src.symbols, f.map);
	vb_module_symbols_read(&src.symbols, f.events);
	vb_symbols_finish(&src.symbols);
	vb_orc_read_kernel(&src.orc, f.vmlinux);
	if (f.module)
		vb_orc_read_module(&src.orc, f.module, &src.symbols);
	vb_orc_finish(&src.orc);
	src.file.name = argv[optind];
	if (!vb_jsonl_read(&src.file, on_record, &src))
		vb_die("%s: no such file", argv[optind]);
	vb_orc_free(&src.orc);
	vb_symbols_free(&src.symbols);
	vb_close_stdout();
	return VB_OK;
}

VB_COMMAND(stacks, "raw stacks of the simulator to records");
