// SPDX-License-Identifier: GPL-2.0
/*
 * stacks.c - samples of call stacks
 *
 * Each time a CPU's clock has moved on by so much, the stack on which it did is
 * kept; time spent spinning is the stack's that spins, and a charge that of who
 * is charged. How much lies between two samples is drawn anew each time, evenly
 * from 1 to twice the mean: a loop that takes always the same time cannot
 * meet the samples always at the same place. The draws begin anew with each region, so
 * everything is the same in the next run.
 *
 * The same stack again is counted, not written again. What the addresses mean is
 * found out on the host, later.
 *
 * Nothing here knows QEMU.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "stack-copy.h"

#define HASH_SIZE	65536
#define SEED		0x9e3779b97f4a7c15ULL
#define EVERY_MAX	1000000000

enum sample_kind { KIND_WORK, KIND_SPIN, KIND_COST };

static const char *const kind_name[] = { "work", "spin", "cost" };

/* Where a CPU is, or was: the registers, as far as unwinding begins with them. */
struct place {
	const struct block *block;
	uint64_t sp, bp;
};

/* A stack that was met, and how often. */
struct sample {
	struct sample *next;
	enum sample_kind kind;
	uint64_t hash, count;
	struct stack_copy stack;
};

bool stacks_wanted;

static struct {
	FILE *out;
	uint64_t every;
	const struct stacks_machine *machine;
	struct sample *hash[HASH_SIZE];
	/* In the order in which they were met first. */
	struct sample **met;
	size_t nr_met, room;
	uint64_t user;
	uint64_t random;
	/* What each clock may still move on by before the next sample. */
	int64_t left[CLOCK_MAX_CPUS];
	struct place spins[CLOCK_MAX_CPUS];
	int cpu;
	struct place here;
	/* Of a turn that may turn out to be a mere look: the samples due in it. */
	bool looks;
	uint64_t look_insns;
	struct {
		struct stack_copy stack;
		uint64_t n;
	} look[CLOCK_LOOK_INSNS + 1];
	unsigned int nr_look;
} stacks;

static void *need(void *memory)
{
	if (memory)
		return memory;
	fprintf(stderr, "vmapsim: error: out of memory\n");
	exit(1);
}

/**
 * stacks_init() - samples are wanted
 * @file: where the records go, made anew
 * @every: ns between two samples on average, in decimal digits
 * @machine: how to look at it
 *
 * Return: 0, or -1 and it is said why.
 */
int stacks_init(const char *file, const char *every, const struct stacks_machine *machine)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(every, &end, 10);
	if (errno || end == every || *end || n < 1 || n > EVERY_MAX) {
		fprintf(stderr, "vmapsim: error: stacks-every=%s: a number of ns from 1 to %d %s\n",
			every, EVERY_MAX, "is needed");
		return -1;
	}
	stacks.out = fopen(file, "w");
	if (!stacks.out) {
		fprintf(stderr, "vmapsim: error: cannot write %s: %s\n", file, strerror(errno));
		return -1;
	}
	stacks.every = n;
	stacks.machine = machine;
	stacks_wanted = true;
	return 0;
}

/* xorshift64: the low bits are as good as the others. */
static int64_t draw(void)
{
	stacks.random ^= stacks.random << 13;
	stacks.random ^= stacks.random >> 7;
	stacks.random ^= stacks.random << 17;
	return 1 + stacks.random % (2 * stacks.every - 1);
}

/**
 * stacks_open() - a region begins: there are no samples
 * @cpu: the one that executes
 */
void stacks_open(int cpu)
{
	int i;

	stacks.cpu = cpu;
	stacks.user = 0;
	stacks.looks = false;
	stacks.nr_look = 0;
	stacks.random = SEED;
	for (i = 0; i < CLOCK_MAX_CPUS; i++)
		stacks.left[i] = draw();
	memset(stacks.spins, 0, sizeof(stacks.spins));
}

/* How many samples are due when the clock of a CPU has moved on. */
static uint64_t due(int cpu, uint64_t ns)
{
	uint64_t n = 0;

	stacks.left[cpu] -= ns;
	while (stacks.left[cpu] <= 0) {
		stacks.left[cpu] += draw();
		n++;
	}
	return n;
}

static size_t size_of(const struct stack_copy *s)
{
	return offsetof(struct stack_copy, word) + s->n * sizeof(s->word[0]);
}

/* FNV-1a, a word at a time. */
static uint64_t hash_of(enum sample_kind kind, const struct stack_copy *s)
{
	const uint64_t *word = (const uint64_t *)s;
	uint64_t hash = 0xcbf29ce484222325ULL + kind;
	size_t i;

	for (i = 0; i < size_of(s) / sizeof(*word); i++)
		hash = (hash ^ word[i]) * 0x100000001b3ULL;
	return hash ^ hash >> 32;
}

static struct sample *find(enum sample_kind kind, uint64_t hash, const struct stack_copy *stack)
{
	struct sample *s;

	for (s = stacks.hash[hash % HASH_SIZE]; s; s = s->next)
		if (s->hash == hash && s->kind == kind && s->stack.n == stack->n &&
		    !memcmp(&s->stack, stack, size_of(stack)))
			return s;
	return NULL;
}

static struct sample *add(enum sample_kind kind, uint64_t hash, const struct stack_copy *stack)
{
	struct sample *s = need(calloc(1, offsetof(struct sample, stack) + size_of(stack)));

	s->kind = kind;
	s->hash = hash;
	memcpy(&s->stack, stack, size_of(stack));
	s->next = stacks.hash[hash % HASH_SIZE];
	stacks.hash[hash % HASH_SIZE] = s;
	if (stacks.nr_met == stacks.room) {
		stacks.room = stacks.room ? 2 * stacks.room : 4096;
		stacks.met = need(realloc(stacks.met, stacks.room * sizeof(*stacks.met)));
	}
	stacks.met[stacks.nr_met++] = s;
	return s;
}

static void count(enum sample_kind kind, const struct stack_copy *stack, uint64_t n)
{
	struct sample *s;
	uint64_t hash;

	if (!stack->ip) {
		stacks.user += n;
		return;
	}
	hash = hash_of(kind, stack);
	s = find(kind, hash, stack);
	if (!s)
		s = add(kind, hash, stack);
	s->count += n;
}

/* In user mode there is no stack, and no address either. */
static void copy(struct stack_copy *to, const struct place *p)
{
	if (p->block->address)
		stack_copy(to, p->block->address, p->sp, p->bp, stacks.machine);
	else
		to->ip = 0;
}

static void take(enum sample_kind kind, const struct place *p, uint64_t n)
{
	static struct stack_copy stack;

	if (!n || !p->block)
		return;
	copy(&stack, p);
	count(kind, &stack, n);
}

/* It was no mere look. */
static void look_was_work(void)
{
	unsigned int i;

	for (i = 0; i < stacks.nr_look; i++)
		count(KIND_WORK, &stacks.look[i].stack, stacks.look[i].n);
	stacks.nr_look = 0;
	stacks.looks = false;
}

/**
 * stacks_turn() - another CPU executes from here on
 * @cpu: which
 * @looks: it was spinning, and now looks whether it still has to
 * @spun_ns: what its clock was moved on by because it spun
 */
void stacks_turn(int cpu, bool looks, uint64_t spun_ns)
{
	look_was_work();
	stacks.cpu = cpu;
	stacks.looks = looks;
	stacks.look_insns = 0;
	take(KIND_SPIN, &stacks.spins[cpu], due(cpu, spun_ns));
}

static void look_around(const struct block *b)
{
	stacks.here.block = b;
	/* In user mode nothing of it is used. */
	if (b->address)
		stacks.machine->registers(&stacks.here.sp, &stacks.here.bp);
}

/**
 * stacks_execute() - the running CPU begins to execute a block
 * @b: which
 * @ns: what its instructions take
 * @may_wait: time may be spent in it that is not its instructions': where it
 *	      began has to be known later
 *
 * Context: registers may be read.
 */
void stacks_execute(const struct block *b, uint64_t ns, bool may_wait)
{
	const uint64_t n = due(stacks.cpu, ns);

	if (n || may_wait)
		look_around(b);
	if (!stacks.looks) {
		take(KIND_WORK, &stacks.here, n);
		return;
	}
	if (n) {
		copy(&stacks.look[stacks.nr_look].stack, &stacks.here);
		stacks.look[stacks.nr_look++].n = n;
	}
	stacks.look_insns += b->insns;
	if (stacks.look_insns > CLOCK_LOOK_INSNS)
		look_was_work();
}

/**
 * stacks_spin() - the block ends with PAUSE
 * @cpu: on this CPU; stacks_execute() was called for the block
 */
void stacks_spin(int cpu)
{
	unsigned int i;

	stacks.spins[cpu] = stacks.here;
	if (!stacks.looks)
		return;
	for (i = 0; i < stacks.nr_look; i++)
		take(KIND_SPIN, &stacks.here, stacks.look[i].n);
	stacks.nr_look = 0;
	stacks.looks = false;
}

/**
 * stacks_cost() - the running CPU is charged for what its block does
 * @ns: how much; stacks_execute() was called for the block
 */
void stacks_cost(uint64_t ns)
{
	take(KIND_COST, &stacks.here, due(stacks.cpu, ns));
}

static void write_sample(const struct sample *s)
{
	uint64_t i;

	fprintf(stacks.out, "[\"%s\",%llu,\"%llx\",%llu,%llu,[", kind_name[s->kind],
		(unsigned long long)s->count, (unsigned long long)s->stack.ip,
		(unsigned long long)s->stack.sp, (unsigned long long)s->stack.bp);
	for (i = 0; i < s->stack.n; i++)
		fprintf(stacks.out, "%s%llu,\"%llx\"", i ? "," : "",
			(unsigned long long)s->stack.word[i].address,
			(unsigned long long)s->stack.word[i].value);
	fprintf(stacks.out, "]]");
}

static void forget(void)
{
	size_t i;

	for (i = 0; i < stacks.nr_met; i++)
		free(stacks.met[i]);
	stacks.nr_met = 0;
	memset(stacks.hash, 0, sizeof(stacks.hash));
}

/**
 * stacks_close() - the region is over: write its record
 * @run: its number
 * @busy_ns: the time that was sampled, of all CPUs together
 * @idle_ns: how long they were idle; nothing is sampled of that
 */
void stacks_close(uint64_t run, uint64_t busy_ns, uint64_t idle_ns)
{
	size_t i;

	look_was_work();
	fprintf(stacks.out, "{\"v\":1,\"type\":\"stacks\",\"run\":%llu,\"every_ns\":%llu",
		(unsigned long long)run, (unsigned long long)stacks.every);
	fprintf(stacks.out, ",\"busy_ns\":%llu,\"idle_ns\":%llu,\"user\":%llu,\"samples\":[",
		(unsigned long long)busy_ns, (unsigned long long)idle_ns,
		(unsigned long long)stacks.user);
	for (i = 0; i < stacks.nr_met; i++) {
		fprintf(stacks.out, "%s", i ? "," : "");
		write_sample(stacks.met[i]);
	}
	fprintf(stacks.out, "]}\n");
	fflush(stacks.out);
	forget();
}
