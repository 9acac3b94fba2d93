// SPDX-License-Identifier: GPL-2.0
/* LINK: bpf/symbols.c bpf/counts.c bpf/settle.c LIBS: */
/*
 * The parts of vmapstat that need no kernel: kallsyms and vmallocinfo, sums
 * over CPUs.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cmocka_all.h"
#include "bpf/counts.h"
#include "bpf/settle.h"
#include "bpf/symbols.h"

static FILE *text_file(const char *text)
{
	FILE *f = fmemopen((void *)text, strlen(text), "r");

	assert_non_null(f);
	return f;
}

static int read_symbols(const char *text, struct vs_symbol *syms, size_t n)
{
	FILE *f = text_file(text);
	int err = vs_kallsyms_read(f, syms, n);

	fclose(f);
	return err;
}

/*
 * kallsyms
 */

static const char kallsyms[] =
	"0000000000000000 A fixed_percpu_data\n"
	"0000000000028580 d vmap_block_queue\n"
	"00000000000285a0 d next_percpu\n"
	"ffffffff81000000 T _stext\n"
	"ffffffff81001000 t purge_lock\n"
	"ffffffff81bb87a0 D __per_cpu_offset\n"
	"ffffffff8247a960 b purge_lock.12\n"
	"ffffffff8247a960 b alias_of_it\n"
	"ffffffff8247a978 b free_vmap_area_lock\n"
	"ffffffff8247a97c b vmap_area_lock\n"
	"ffffffff8247a980 b vmap_area_lock_not\n"
	"ffffffff8247b000 b purge_lock.x\n"
	"ffffffffc0000000 t marker\t[other]\n"
	"ffffffffc0001000 T marker\t[vmap_bench]\n"
	"ffffffffc0001010 t last\t[vmap_bench]\n";

static void test_kallsyms_finds(void **state)
{
	struct vs_symbol syms[] = {
		{ .name = "vmap_area_lock", .data = true },
		{ .name = "free_vmap_area_lock", .data = true },
		{ .name = "vmap_block_queue", .data = true },
		{ .name = "_stext" },
		{ .name = "vmlist_lock", .data = true },
	};

	(void)state;
	assert_int_equal(read_symbols(kallsyms, syms, 5), 0);
	assert_int_equal(syms[0].matches, 1);
	assert_int_equal(syms[0].addr, 0xffffffff8247a97cULL);
	assert_int_equal(syms[0].end, 0xffffffff8247a980ULL);
	assert_int_equal(syms[1].end, 0xffffffff8247a97cULL);
	assert_int_equal(syms[2].addr, 0x28580);
	assert_int_equal(syms[2].end, 0x285a0);
	assert_int_equal(syms[3].addr, 0xffffffff81000000ULL);
	assert_int_equal(syms[4].matches, 0);
}

/* A static variable of a function has a number; a function is no lock. */
static void test_kallsyms_static_local(void **state)
{
	struct vs_symbol sym = { .name = "purge_lock", .data = true };

	(void)state;
	assert_int_equal(read_symbols(kallsyms, &sym, 1), 0);
	assert_int_equal(sym.matches, 1);
	assert_int_equal(sym.addr, 0xffffffff8247a960ULL);
	assert_int_equal(sym.end, 0xffffffff8247a978ULL);
}

/* What the compiler made of a function; a cold part is not where it is called. */
static void test_kallsyms_clone(void **state)
{
	static const char text[] = "ffffffff81001000 t f.cold\n"
				   "ffffffff81002000 t f.part.0\n"
				   "ffffffff81003000 t f\n"
				   "ffffffff81004000 t f.1\n";
	struct vs_symbol syms[] = {
		{ .name = "f" },
		{ .name = "f", .clone = true },
	};

	(void)state;
	assert_int_equal(read_symbols(text, syms, 2), 0);
	assert_int_equal(syms[0].matches, 1);
	assert_int_equal(syms[0].addr, 0xffffffff81003000ULL);
	assert_int_equal(syms[1].matches, 1);
	assert_int_equal(syms[1].addr, 0xffffffff81002000ULL);
}

static void test_kallsyms_module(void **state)
{
	struct vs_symbol syms[] = {
		{ .name = "marker", .module = "vmap_bench" },
		{ .name = "marker" },
		{ .name = "last", .module = "vmap_bench" },
		{ .name = "marker", .module = VS_ANY_MODULE },
		{ .name = "_stext", .module = VS_ANY_MODULE },
	};

	(void)state;
	assert_int_equal(read_symbols(kallsyms, syms, 5), 0);
	assert_int_equal(syms[3].matches, 2);
	assert_int_equal(syms[4].matches, 1);
	assert_int_equal(syms[0].matches, 1);
	assert_int_equal(syms[0].addr, 0xffffffffc0001000ULL);
	assert_int_equal(syms[1].matches, 0);
	assert_int_equal(syms[2].end, syms[2].addr + VS_SYMBOL_MAX);
}

static void test_kallsyms_refuses(void **state)
{
	struct vs_symbol sym = { .name = "a" };

	(void)state;
	assert_int_equal(read_symbols("0000000000000000 T a\n0000000000000000 T b\n",
				      &sym, 1), -EPERM);
	assert_int_equal(read_symbols("nonsense\n", &sym, 1), -EINVAL);
	assert_int_equal(read_symbols("ffffffff81000000 T\n", &sym, 1), -EINVAL);
	assert_int_equal(read_symbols("\n", &sym, 1), -EINVAL);
}

/*
 * The table of ranges
 */

static int lock_index(const char *name)
{
	size_t i;

	for (i = 0; i < vs_nr_locks; i++)
		if (!strcmp(vs_locks[i].name, name))
			return i;
	fail_msg("no lock %s", name);
	return -1;
}

static void test_ranges(void **state)
{
	static const __u64 offsets[2] = { 0x90000, 0x10000 };
	struct vs_symbol syms[VS_ROWS] = { 0 };
	struct vs_range r[8];
	int area = lock_index("vmap_area_lock");
	int queue = lock_index("vmap_block_queue");
	int twice = lock_index("purge_lock");

	(void)state;
	syms[area] = (struct vs_symbol){ .matches = 1, .addr = 0x50000, .end = 0x50004 };
	syms[queue] = (struct vs_symbol){ .matches = 1, .addr = 0x100, .end = 0x120 };
	syms[twice] = (struct vs_symbol){ .matches = 2, .addr = 0x700, .end = 0x704 };

	assert_int_equal(vs_ranges_build(syms, offsets, 2, r, 8), 3);
	assert_int_equal(r[0].start, 0x10100);
	assert_int_equal(r[0].end, 0x10120);
	assert_int_equal(r[1].start, 0x50000);
	assert_int_equal(r[2].start, 0x90100);
	assert_string_equal(vs_lock_name(r[0].row), "vmap_block_queue");
	assert_string_equal(vs_lock_name(r[1].row), "vmap_area_lock");
	assert_string_equal(vs_lock_name(VS_ROW_OTHER), "other");
	assert_int_equal(vs_ranges_build(syms, offsets, 2, r, 2), -ENOSPC);
}

/*
 * Counts
 */

static void test_sum(void **state)
{
	struct vs_cpu *cpus = calloc(2, sizeof(*cpus));
	struct vs_ops *ops = calloc(2, sizeof(*ops));
	static struct vs_totals t;
	static struct vs_counts c;
	bool second[VS_CPUS] = { false, true };

	(void)state;
	assert_non_null(cpus);
	assert_non_null(ops);
	cpus[0].nr[VS_NR_PURGES] = 1;
	cpus[0].nr[VS_NR_LAZY_PAGES] = 10;
	cpus[0].nr[VS_NR_FLUSHES] = 3;
	cpus[0].nr[VS_NR_FLUSH_RUNS] = 3;
	cpus[0].nr[VS_NR_LOST] = 1;
	cpus[1].nr[VS_NR_LAZY_PAGES] = 5;
	cpus[1].nr[VS_NR_LAZY_DONE] = 4;
	cpus[1].nr[VS_NR_FLUSH_RUNS] = 3;
	cpus[1].nr[VS_NR_FLUSH_TARGETS] = 7;
	cpus[1].hist[VS_HIST_FLUSH][12] = 2;
	cpus[0].hist[VS_HIST_FLUSH][12] = 1;
	ops[0].calls[VS_OP_VMAP] = 3;
	ops[1].calls[VS_OP_VMAP] = 4;
	cpus[0].locks[VS_WRITE][1] = (struct vs_lock_stat){ 2, 30, 20, 7 };
	cpus[1].locks[VS_WRITE][1] = (struct vs_lock_stat){ 1, 99, 99, 6 };

	vs_totals_sum(&t, cpus, ops, 2, NULL, 7);
	t.lazy_growth = 2;
	vs_counts_between(&c, &t, NULL);
	assert_int_equal(c.nr[VS_NR_PURGES], 1);
	assert_int_equal(c.pages_purged, 13);
	assert_int_equal(c.nr[VS_NR_FLUSHES], 3);
	assert_int_equal(c.nr[VS_NR_FLUSH_RUNS], 6);
	assert_int_equal(c.ipis, 3);
	assert_int_equal(c.hist[VS_HIST_FLUSH][12], 3);
	assert_int_equal(c.ops.calls[VS_OP_VMAP], 7);
	assert_int_equal(c.lost, 1);
	assert_int_equal(c.locks[VS_WRITE][1].waits, 3);
	assert_int_equal(c.locks[VS_WRITE][1].wait_ns, 129);
	/* CPU 1's maximum is of an older interval. */
	assert_int_equal(c.locks[VS_WRITE][1].max_ns, 20);

	/* Of one CPU: what it asked for itself; what was lost stays lost. */
	vs_totals_sum(&t, cpus, ops, 2, second, 7);
	vs_counts_between(&c, &t, NULL);
	assert_int_equal(c.nr[VS_NR_PURGES], 0);
	assert_int_equal(c.nr[VS_NR_FLUSH_RUNS], 3);
	assert_int_equal(c.ipis, 7);
	assert_int_equal(c.pages_purged, 4);
	assert_int_equal(c.ops.calls[VS_OP_VMAP], 4);
	assert_int_equal(c.lost, 1);
	free(ops);
	free(cpus);
}

/* Intervals add up to the total even where one of them caught half a flush. */
static void test_intervals_add_up(void **state)
{
	static struct vs_totals a = { .lazy_growth = 12, .queue_growth = 1 };
	static struct vs_totals b = { .lazy_growth = 10, .queue_growth = 1 };
	static struct vs_counts first, second, total;

	(void)state;
	a.nr[VS_NR_FLUSHES] = 5;
	a.nr[VS_NR_FLUSH_RUNS] = 4;
	a.nr[VS_NR_LAZY_PAGES] = 10;
	b.nr[VS_NR_FLUSHES] = 6;
	b.nr[VS_NR_FLUSH_RUNS] = 12;
	b.nr[VS_NR_LAZY_PAGES] = 30;
	b.nr[VS_NR_BLOCKS_NEW] = 9;
	b.nr[VS_NR_BLOCKS_PURGED] = 2;
	vs_counts_between(&first, &a, NULL);
	vs_counts_between(&second, &b, &a);
	vs_counts_between(&total, &b, NULL);
	assert_int_equal(first.ipis, 0);
	assert_int_equal(first.pages_purged, 0);
	assert_int_equal(first.blocks_full, 0);
	assert_int_equal(first.ipis + second.ipis, total.ipis);
	assert_int_equal(first.pages_purged + second.pages_purged,
			 total.pages_purged);
	assert_int_equal(total.ipis, 6);
	assert_int_equal(total.pages_purged, 20);
	/* Nine made, two purged, one more on a queue than before. */
	assert_int_equal(total.blocks_full, 6);
}

static void test_growth_of_open_window(void **state)
{
	struct vs_control *ctl = calloc(1, sizeof(*ctl));
	static struct vs_totals t;

	(void)state;
	assert_non_null(ctl);
	ctl->lazy_nr_addr = 1;
	ctl->lazy_growth = -3;
	ctl->lazy_open = 10;
	ctl->lazy_now = 14;
	ctl->queue_growth = 2;
	ctl->queue_open.blocks = 5;
	ctl->queue_now.blocks = 4;
	vs_totals_window(&t, ctl);
	assert_int_equal(t.lazy_growth, -3);
	assert_int_equal(t.queue_growth, 2);
	assert_int_equal(t.lazy_pages, 14);
	assert_false(t.some_purges);
	ctl->active = 1;
	vs_totals_window(&t, ctl);
	assert_int_equal(t.lazy_growth, 1);
	assert_int_equal(t.queue_growth, 1);
	/* Nothing to take a difference of. */
	ctl->lazy_nr_addr = 0;
	vs_totals_window(&t, ctl);
	assert_true(t.some_purges);
	free(ctl);
}

static void test_max_merge(void **state)
{
	struct vs_wait_sum to[VS_KINDS][VS_ROWS] = { 0 };
	struct vs_wait_sum from[VS_KINDS][VS_ROWS] = { 0 };

	(void)state;
	to[VS_READ][0].max_ns = 5;
	from[VS_READ][0].max_ns = 4;
	from[VS_SPIN][2].max_ns = 9;
	vs_max_merge(to, (const void *)from);
	assert_int_equal(to[VS_READ][0].max_ns, 5);
	assert_int_equal(to[VS_SPIN][2].max_ns, 9);
}

/*
 * vmallocinfo
 */

static void test_areas(void **state)
{
	FILE *f = text_file("0xffffc90000000000-0xffffc90000002000    8192 bpf_trampoline_update+0x2e1/0x590 pages=1 vmalloc\n"
			    "0xffffc90000002000-0xffffc90000004000    8192 bpf_prog_alloc+0x1/0x2 pages=1 vmalloc\n"
			    "0xffffc90000004000-0xffffc90000008000   16384 n_tty_open+0x14/0xa0 pages=3 vmalloc bpf_\n"
			    "0xffffc90000008000-0xffffc9000000a000    8192 unpurged vm_area\n");

	(void)state;
	assert_int_equal(vs_count_areas(f, "bpf_tramp"), 1);
	rewind(f);
	assert_int_equal(vs_count_areas(f, "bpf_"), 2);
	fclose(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kallsyms_finds),
		cmocka_unit_test(test_kallsyms_static_local),
		cmocka_unit_test(test_kallsyms_clone),
		cmocka_unit_test(test_kallsyms_module),
		cmocka_unit_test(test_kallsyms_refuses),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_intervals_add_up),
		cmocka_unit_test(test_growth_of_open_window),
		cmocka_unit_test(test_max_merge),
		cmocka_unit_test(test_areas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
