// SPDX-License-Identifier: GPL-2.0
/* cmd-samples - what perf has sampled in a guest to a profile and stacks. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/frames.h"
#include "profile/module-symbols.h"
#include "base/options.h"
#include "profile/perf-script.h"
#include "profile/profile.h"
#include "profile/stacks.h"
#include "profile/symbols.h"
#include "commands.h"

/* Events of the recording: the clock of a CPU, and where the region begins and ends. */
#define EVENT_CLOCK	"cpu-clock"
#define EVENT_BEGIN	"kprobes:vb_begin"
#define EVENT_END	"kprobes:vb_end"

/* The kernel's half of the addresses. */
#define KERNEL_START	0xffff800000000000ULL

/* What an interrupt or a fault enters: below it is no return address. */
#define ENTRY		"asm_"

/* Where a CPU that has nothing to do waits for an interrupt. */
static const char *const halts[] = {
	"default_idle", "native_safe_halt", "pv_native_safe_halt", "acpi_safe_halt", "mwait_idle",
};

/* What is asked for. */
struct query {
	const char *map, *events, *stacks, *script, *name;
	long run, cpus;
};

/**
 * struct region - one region while its samples are counted
 * @symbols: of kernel and module
 * @own: samples of each symbol
 * @unknown: samples of code that is nobody's
 * @every_ns: from one sample of a CPU to the next; 0 before the first
 * @idle: samples of CPUs that were halted
 * @stacks: the others
 * @fold_at: so many stacks are worth being folded
 * @begins: how often it began
 * @ends: how often it ended
 * @begin_ns: when it began
 * @end_ns: when it ended
 */
struct region {
	struct vb_symbols symbols;
	json_int_t *own;
	json_int_t every_ns;
	json_int_t unknown;
	json_int_t idle;
	struct vb_stacks stacks;
	size_t fold_at;
	int begins;
	int ends;
	json_int_t begin_ns;
	json_int_t end_ns;
};

static int is_entry(const struct vb_symbol *symbol)
{
	return symbol && !symbol->module && !strncmp(symbol->name, ENTRY, strlen(ENTRY));
}

/* A call returns behind itself, which can be another function. */
static char *fold(const struct region *r, const struct vb_perf_sample *sample)
{
	const struct vb_symbol *chain[VB_PERF_FRAMES] = { 0 };
	char *frames = NULL, *name;
	int exact = 1;
	size_t i, n;

	for (n = 0; n < sample->n && sample->ip[n] >= KERNEL_START; n++) {
		chain[n] = vb_symbols_find(&r->symbols, sample->ip[n] - !exact);
		exact = is_entry(chain[n]);
	}
	for (i = n; i-- > 0;) {
		name = vb_frames_name(chain[i]);
		frames = vb_frames_join(frames, name);
		free(name);
	}
	return frames;
}

static int is_halted(const struct vb_perf_sample *sample, const struct vb_symbol *symbol)
{
	size_t i;

	if (!sample->idle || !symbol || symbol->module)
		return 0;
	for (i = 0; i < ARRAY_SIZE(halts); i++)
		if (!strcmp(halts[i], symbol->name))
			return 1;
	return 0;
}

static void add_sample(struct region *r, const struct vb_perf_sample *sample)
{
	const struct vb_symbol *symbol;

	if (!sample->n || sample->ip[0] < KERNEL_START) {
		r->stacks.user++;
		return;
	}
	symbol = vb_symbols_find(&r->symbols, sample->ip[0]);
	if (is_halted(sample, symbol)) {
		r->idle++;
		return;
	}
	if (symbol)
		r->own[symbol - r->symbols.symbol]++;
	else
		r->unknown++;
	vb_stacks_add(&r->stacks, fold(r, sample), 1);
	if (r->stacks.n < r->fold_at)
		return;
	vb_stacks_fold(&r->stacks);
	r->fold_at = 2 * r->stacks.n + 4096;
}

static void read_samples(struct region *r, struct vb_perf_script *script)
{
	struct vb_perf_sample sample;

	r->fold_at = 4096;
	while (vb_perf_script_next(script, &sample)) {
		if (!strcmp(sample.event, EVENT_BEGIN)) {
			r->begins++;
			r->begin_ns = sample.time_ns;
		} else if (!strcmp(sample.event, EVENT_END)) {
			r->ends++;
			r->end_ns = sample.time_ns;
		} else if (strcmp(sample.event, EVENT_CLOCK)) {
			vb_die("%s:%ld: samples of another event: %s", script->name, sample.line,
			       sample.event);
		} else if (r->every_ns && r->every_ns != sample.period) {
			vb_die("%s:%ld: another period than before", script->name, sample.line);
		} else {
			r->every_ns = sample.period;
			/* perf sorts them by time. */
			if (r->begins && !r->ends)
				add_sample(r, &sample);
		}
	}
	vb_stacks_fold(&r->stacks);
}

/* Why its samples stand for nothing; NULL when they are good. */
static char *failure(const struct region *r, const struct vb_perf_script *script)
{
	if (script->lost)
		return vb_strf("perf lost %lld samples", (long long)script->lost);
	if (r->begins != 1 || r->ends != 1 || r->end_ns <= r->begin_ns)
		return vb_strf("perf saw the region begin %d times and end %d times, not once",
			       r->begins, r->ends);
	if (!vb_stacks_total(&r->stacks) && !r->idle)
		return vb_strf("no sample was taken in the region, which took %lld ns",
			       (long long)(r->end_ns - r->begin_ns));
	return NULL;
}

/* What so many samples, or CPUs, stand for. */
static json_int_t time_of(const struct query *q, json_int_t times, json_int_t ns)
{
	json_int_t product;

	if (!vb_product(&product, times, ns))
		vb_die("%s: %lld times %lld ns: %s", q->name, (long long)times, (long long)ns,
		       VB_TOO_LARGE);
	return product;
}

static void add_row(const struct query *q, struct vb_profile *p, const struct vb_symbol *symbol,
		    json_int_t samples)
{
	struct vb_profile_row *row;

	if (!samples)
		return;
	row = vb_profile_row_add(p, symbol ? symbol->name : VB_UNKNOWN,
				 symbol ? symbol->module : NULL);
	row->size = symbol ? symbol->end - symbol->start : 0;
	row->cost.sampled_ns = time_of(q, samples, p->sampling.every_ns);
}

static void write_profile(const struct query *q, const struct region *r,
			  const struct vb_sampling *sampling)
{
	struct vb_profile p = {
		.run = q->run, .sampling = *sampling, .idle_ns = time_of(q, r->idle, r->every_ns),
		.user_insns = time_of(q, r->stacks.user, r->every_ns),
	};
	size_t i;

	for (i = 0; i < r->symbols.n; i++)
		add_row(q, &p, &r->symbols.symbol[i], r->own[i]);
	add_row(q, &p, NULL, r->unknown);
	vb_profile_sort(&p);
	vb_profile_write(stdout, &p);
	vb_profile_free(&p);
}

static void write_records(const struct query *q, struct region *r, FILE *stacks)
{
	const json_int_t busy = vb_stacks_total(&r->stacks);
	const struct vb_sampling sampling = {
		.every_ns = r->every_ns, .samples = busy + r->idle,
		.due = time_of(q, q->cpus, r->end_ns - r->begin_ns) / r->every_ns,
	};

	r->stacks.run = q->run;
	r->stacks.sampling = sampling;
	r->stacks.every_ns = r->every_ns;
	r->stacks.busy_ns = time_of(q, busy, r->every_ns);
	r->stacks.idle_ns = time_of(q, r->idle, r->every_ns);
	vb_stacks_write(stacks, &r->stacks);
	write_profile(q, r, &sampling);
}

static void write_failure(const struct query *q, FILE *stacks, const char *why)
{
	fprintf(stderr, "%s: %s: run %lld: %s: no profile of it\n", vb_name, q->name,
		(long long)q->run, why);
	vb_failed_write(stacks, "stacks", q->run, why);
	vb_failed_write(stdout, "profile", q->run, why);
}

static FILE *open_file(const char *path, const char *mode)
{
	FILE *f = fopen(path, mode);

	if (!f)
		vb_die("%s: %s", path, strerror(errno));
	return f;
}

static int convert(const struct query *q)
{
	struct vb_perf_script script = { .name = q->name };
	struct region r = { 0 };
	FILE *stacks;
	char *why;

	vb_symbols_read_map(&r.symbols, q->map);
	vb_module_symbols_read(&r.symbols, q->events);
	vb_symbols_finish(&r.symbols);
	r.own = calloc(r.symbols.n + 1, sizeof(*r.own));
	if (!r.own)
		vb_die("out of memory");
	script.in = open_file(q->script, "r");
	read_samples(&r, &script);
	fclose(script.in);
	why = failure(&r, &script);
	stacks = open_file(q->stacks, "w");
	if (why)
		write_failure(q, stacks, why);
	else
		write_records(q, &r, stacks);
	if (fclose(stacks))
		vb_die("%s: %s", q->stacks, strerror(errno));
	vb_perf_script_free(&script);
	vb_stacks_free(&r.stacks);
	vb_symbols_free(&r.symbols);
	free(r.own);
	free(why);
	return why ? VB_INCOMPLETE : VB_OK;
}

static void help(void)
{
	puts("usage: vb-samples --map FILE --events FILE --run N --cpus N --stacks FILE\n"
	     "                  [--name NAME] SCRIPT\n"
	     "\n"
	     "Reads what `perf script --ns --show-lost-events -F pid,time,period,event,ip`\n"
	     "prints of a region sampled in a guest, and writes a record of profile.jsonl to\n"
	     "stdout and one of stacks.jsonl to FILE. Only samples between the events\n"
	     EVENT_BEGIN " and " EVENT_END " count. When they are of no use\n"
	     "the records say why.\n"
	     "\n"
	     "  --map FILE     System.map of the kernel that ran\n"
	     "  --events FILE  events.jsonl of that run, for the symbols of modules\n"
	     "  --run N        the module's run that was sampled\n"
	     "  --cpus N       CPUs of the guest\n"
	     "  --name NAME    what messages call SCRIPT\n"
	     "\n"
	     "exit codes: 0 written; 1 written, and the records say why there are no figures; 2\n"
	     "usage error, or a file that is not what it should be");
}

static void parse(struct query *q, int argc, char **argv)
{
	const struct vb_option options[] = {
		{ "map", VB_TEXT, &q->map },
		{ "events", VB_TEXT, &q->events },
		{ "run", VB_NUMBER, &q->run },
		{ "name", VB_TEXT, &q->name },
		{ "cpus", VB_NUMBER, &q->cpus },
		{ "stacks", VB_TEXT, &q->stacks },
	};

	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (!q->map || !q->events || !q->run || !q->cpus || !q->stacks)
		vb_usage("--map, --events, --run, --cpus and --stacks are needed");
	if (argc - optind != 1)
		vb_usage("one file that perf script has printed is needed");
	q->script = argv[optind];
	if (!q->name)
		q->name = q->script;
}

static int run(int argc, char **argv)
{
	struct query q = { 0 };
	int ret;

	vb_name = "vb-samples";
	parse(&q, argc, argv);
	ret = convert(&q);
	vb_close_stdout();
	return ret;
}

VB_COMMAND(samples, "samples of perf to records of a profile");
