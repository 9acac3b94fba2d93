// SPDX-License-Identifier: GPL-2.0
/* LINK: sim/stacks.c sim/stack-copy.c LIBS: */
/* Samples of stacks, without a simulator. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "sim/clock.h"
#include "sim/stack-copy.h"

#define EVERY		1000
#define CODE		0xffffffff81000000ULL
/* Two stacks of tasks, one of interrupts that is not aligned to its size. */
#define STACK_A		0xff11000000c70000ULL
#define STACK_B		0xff11000000c80000ULL
#define STACK_IRQ	0xff11000000c91000ULL
#define PAGES		16

static char name[] = "/tmp/stacks.XXXXXX";
static uint64_t memory[3][PAGES * 512];
static uint64_t sp_now;

static uint64_t *word_at(uint64_t address)
{
	static const uint64_t base[] = { STACK_A, STACK_B, STACK_IRQ };
	int i;

	for (i = 0; i < 3; i++)
		if (address >= base[i] && address < base[i] + 4 * 4096)
			return &memory[i][(address - base[i]) / 8];
	return NULL;
}

static void registers(uint64_t *sp, uint64_t *bp)
{
	*sp = sp_now;
	*bp = 0;
}

/* Code is CALL, a MOV, and POP %RSP at its beginning, and NOPs everywhere else. */
static bool read_memory(uint64_t address, void *to, size_t len)
{
	static const uint8_t code[] = { 0xe8, 0, 0, 0, 0, 0x48, 0x89, 0xdf, 0x5c };
	uint64_t *word = word_at(address);

	if (address >= CODE && len == 1) {
		*(uint8_t *)to = address - CODE < sizeof(code) ? code[address - CODE] : 0x90;
		return true;
	}
	if (!word)
		return false;
	memcpy(to, word, len);
	return true;
}

static const struct stacks_machine machine = { registers, read_memory };

static int set_up(void **state)
{
	(void)state;
	strcpy(name, "/tmp/stacks.XXXXXX");
	close(mkstemp(name));
	memset(memory, 0, sizeof(memory));
	sp_now = STACK_A + 0x3f00;
	assert_int_equal(stacks_init(name, "1000", &machine), 0);
	stacks_open(0);
	stacks_turn(0, false, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(name);
	return 0;
}

/* The record of the region; good until the next. */
static char *record(void)
{
	static char line[65536];
	FILE *f;

	stacks_close(7, 100, 9);
	f = fopen(name, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		;
	fclose(f);
	return line;
}

/* How many samples of that kind the record has at that address. */
static long samples(const char *line, const char *kind, uint64_t ip)
{
	char begin[32], end[32];
	const char *at = line;
	long n, sum = 0;

	snprintf(begin, sizeof(begin), "[\"%s\",", kind);
	snprintf(end, sizeof(end), ",\"%llx\"", (unsigned long long)ip);
	while ((at = strstr(at, begin))) {
		at += strlen(begin);
		n = strtol(at, (char **)&at, 10);
		if (!strncmp(at, end, strlen(end)))
			sum += n;
	}
	return sum;
}

static struct block block_at(uint64_t offset, uint32_t insns)
{
	struct block b = { .address = CODE + offset, .insns = insns };

	return b;
}

static void execute(const struct block *b, int times)
{
	while (times--)
		stacks_execute(b, b->insns, false);
}

static void samples_are_as_many_as_the_time_says(void **state)
{
	const struct block x = block_at(0x100, 10), y = block_at(0x200, 30);
	long n, m;
	char *line;
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		execute(&x, 1);
		execute(&y, 1);
	}
	line = record();
	n = samples(line, "work", x.address);
	m = samples(line, "work", y.address);
	assert_in_range(n + m, 3900, 4100);
	assert_in_range(n, 900, 1100);
	assert_non_null(strstr(line, "{\"v\":1,\"type\":\"stacks\",\"run\":7,\"every_ns\":1000,"));
	assert_non_null(strstr(line, ",\"busy_ns\":100,\"idle_ns\":9,\"user\":0,\"samples\":["));
}

/* Its period and the mean distance of samples have everything in common. */
static void a_loop_cannot_hide(void **state)
{
	const struct block x = block_at(0x100, 10), y = block_at(0x200, EVERY - 10);
	char *line;
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		execute(&x, 1);
		execute(&y, 1);
	}
	line = record();
	assert_in_range(samples(line, "work", x.address), 850, 1150);
}

static void regions_are_equal(void **state)
{
	const struct block x = block_at(0x100, 7), y = block_at(0x200, 30);
	char *first = NULL;
	int i, k;

	(void)state;
	for (k = 0; k < 2; k++) {
		stacks_open(0);
		stacks_turn(0, false, 0);
		for (i = 0; i < 1000; i++) {
			execute(&x, 1);
			execute(&y, 1);
		}
		if (!k)
			first = strdup(record());
	}
	assert_string_equal(record(), first);
	free(first);
}

static void waiting_is_where_it_spins(void **state)
{
	struct block x = block_at(0x100, 10), y = block_at(0x200, 10);
	char *line;

	(void)state;
	stacks_execute(&x, x.insns, true);
	stacks_spin(0);
	stacks_turn(1, false, 0);
	execute(&y, 1);
	stacks_turn(0, true, 1000 * EVERY);
	line = record();
	assert_in_range(samples(line, "spin", x.address), 950, 1050);
	assert_int_equal(samples(line, "spin", y.address), 0);
}

/* Half of the looks find that they need not spin any longer. */
static void a_look_is_spinning_unless_it_is_work(void **state)
{
	const struct block x = block_at(0x100, 20), y = block_at(0x200, 60);
	char *line;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		stacks_execute(&x, x.insns, true);
		stacks_spin(0);
		stacks_turn(0, true, 0);
		stacks_execute(&x, x.insns, true);
		if (i % 2)
			stacks_execute(&y, y.insns, false);
		else
			stacks_spin(0);
		stacks_turn(0, false, 0);
	}
	line = record();
	/* 20 ns before each look are work, 20 in half of them spinning, 20 + 60 work. */
	assert_in_range(samples(line, "work", x.address), 550, 650);
	assert_in_range(samples(line, "spin", x.address), 160, 240);
	assert_in_range(samples(line, "work", y.address), 550, 650);
}

static void a_charge_is_its_blocks(void **state)
{
	const struct block x = block_at(0x100, 1), y = block_at(0x200, 1);
	char *line;

	(void)state;
	stacks_execute(&x, x.insns, true);
	stacks_cost(500 * EVERY);
	stacks_execute(&y, y.insns, false);
	line = record();
	assert_in_range(samples(line, "cost", x.address), 450, 550);
}

static void user_mode_has_no_stack(void **state)
{
	const struct block u = { .insns = 100 };
	char *line;

	(void)state;
	execute(&u, 10000);
	line = record();
	assert_non_null(strstr(line, ",\"samples\":[]}"));
	assert_in_range(atol(strstr(line, "\"user\":") + 7), 950, 1050);
}

static void only_what_unwinding_needs_is_kept(void **state)
{
	static struct stack_copy a, b;
	uint64_t base;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		base = i ? STACK_B : STACK_A;
		*word_at(base + 0x3f00) = CODE + 0x77;
		*word_at(base + 0x3f08) = 0x1234;
		*word_at(base + 0x3f10) = base + 0x3f40;
		*word_at(base + 0x3f18) = STACK_IRQ;
		*word_at(base + 0x3f20) = 1000 * i;
		*word_at(base + 0x3f28) = 0x33;
		/* Below the stack pointer nothing is anybody's. */
		*word_at(base + 0x3ef8) = CODE + i;
	}
	stack_copy(&a, CODE + 5, STACK_A + 0x3f00, STACK_A + 0x3f10, &machine);
	stack_copy(&b, CODE + 5, STACK_B + 0x3f00, STACK_B + 0x3f10, &machine);
	assert_int_equal(a.n, 3);
	assert_true(a.word[0].address == a.sp && a.word[0].value == CODE + 0x77);
	assert_true(a.word[1].address == a.sp + 0x10 && a.word[1].value == a.sp + 0x40);
	assert_true(a.word[2].address == a.sp + 0x28 && a.word[2].value == 0x33);
	assert_true(a.bp == a.sp + 0x10);
	/* The same chain of callers on another stack. */
	assert_memory_equal(&a, &b, offsetof(struct stack_copy, word) + 3 * sizeof(a.word[0]));
	/* Code is no address in the stack. */
	stack_copy(&b, CODE + 5, STACK_B + 0x3f00, CODE, &machine);
	assert_true(b.bp == 0);
}

static void the_interrupted_stack_is_there_too(void **state)
{
	const uint64_t irq_sp = STACK_IRQ + 0x2fe8;
	static struct stack_copy s;

	(void)state;
	*word_at(irq_sp) = CODE + 0x300;
	/* What the function in front of the POP returns to, and what it pops. */
	*word_at(STACK_IRQ + 0x2ff0) = CODE;
	*word_at(STACK_IRQ + 0x2ff8) = STACK_B + 0x3f00;
	*word_at(STACK_B + 0x3f00) = CODE + 0x400;
	stack_copy(&s, CODE + 5, irq_sp, 0, &machine);
	assert_int_equal(s.n, 4);
	assert_true(s.word[3].value == CODE + 0x400);
	assert_true(s.word[2].value == s.word[3].address);
	/* Returned to: there are no words but that one. */
	stack_copy(&s, CODE + 5, STACK_IRQ + 0x2ff8, 0, &machine);
	assert_int_equal(s.n, 2);
	assert_true(s.word[1].value == CODE + 0x400);
	/* The same words, and no POP behind the call. */
	*word_at(STACK_IRQ + 0x2ff0) = CODE + 0x500;
	stack_copy(&s, CODE + 5, irq_sp, 0, &machine);
	assert_int_equal(s.n, 2);
}

static void what_is_not_mapped_ends_it(void **state)
{
	static struct stack_copy s;

	(void)state;
	stack_copy(&s, CODE, 0x7fff12345678, 0, &machine);
	assert_int_equal(s.n, 0);
	stack_copy(&s, CODE, 0xff22000000000000ULL, 0, &machine);
	assert_int_equal(s.n, 0);
}

static void wrong_distances_are_refused(void **state)
{
	(void)state;
	assert_int_equal(stacks_init(name, "0", &machine), -1);
	assert_int_equal(stacks_init(name, "", &machine), -1);
	assert_int_equal(stacks_init(name, "12x", &machine), -1);
	assert_int_equal(stacks_init(name, "9999999999", &machine), -1);
	assert_int_equal(stacks_init("/nonexistent/stacks", "1000", &machine), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(samples_are_as_many_as_the_time_says, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_loop_cannot_hide, set_up, tear_down),
		cmocka_unit_test_setup_teardown(regions_are_equal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(waiting_is_where_it_spins, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_look_is_spinning_unless_it_is_work, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_charge_is_its_blocks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(user_mode_has_no_stack, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_what_unwinding_needs_is_kept, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(the_interrupted_stack_is_there_too, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(what_is_not_mapped_ends_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(wrong_distances_are_refused, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
