// SPDX-License-Identifier: GPL-2.0
/* LINK: bpf/symbols.c bpf/detail.c bpf/lists.c bpf/table.c bpf/json.c LIBS: -ljansson */
/*
 * What vmapstat says and how it is asked: tables and JSON, names of functions,
 * lists on the command line.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cmocka_all.h"
#include "bpf/detail.h"
#include "bpf/options.h"
#include "bpf/report.h"
#include "bpf/symbols.h"
#include "bpf/targets.h"

static FILE *text_file(const char *text)
{
	FILE *f = fmemopen((void *)text, strlen(text), "r");

	assert_non_null(f);
	return f;
}

static int lock_index(const char *name)
{
	size_t i;

	for (i = 0; i < vs_nr_locks; i++)
		if (!strcmp(vs_locks[i].name, name))
			return i;
	fail_msg("no lock %s", name);
	return -1;
}

/*
 * Output
 */

static const struct vs_counts *sample_counts(void)
{
	static struct vs_counts c;

	memset(&c, 0, sizeof(c));
	c.pages_purged = 505;
	c.ipis = 202;
	c.lazy_pages = 3;
	c.lazy_max = 40;
	c.blocks_full = 5;
	c.queue = (struct vs_queue){ 1, 100, 200 };
	c.nr[VS_NR_PURGES] = 101;
	c.nr[VS_NR_PURGE_CALLS] = 102;
	c.nr[VS_NR_FLUSHES] = 101;
	c.nr[VS_NR_FLUSH_RUNS] = 303;
	c.nr[VS_NR_HITS] = 999;
	c.hist[VS_HIST_PURGE][0] = 1;
	c.hist[VS_HIST_PURGE][3] = 100;
	c.ops.calls[VS_OP_VMAP] = 7;
	c.ops.ns[VS_OP_VMAP] = 7000;
	c.ops.hist[VS_OP_VMAP][3][10] = 7;
	c.locks[VS_SPIN][VS_ROW_OTHER] = (struct vs_wait_sum){ 1, 500, 500 };
	c.locks[VS_WRITE][lock_index("vmlist_lock") + 1] =
		(struct vs_wait_sum){ 4, 10000, 4000 };
	return &c;
}

static struct vs_detail *sample_detail(void)
{
	static struct vs_cpu_nr cpu = { .cpu = 2 };
	static struct vs_detail d;

	memset(&d, 0, sizeof(d));
	d.callers[0] = (struct vs_who){ "drain_vmap_area_work", 102, 101, 5 };
	d.nr_callers = 1;
	d.funcs[0] = (struct vs_who){ "do_flush_tlb_all", 101, 202, 5 };
	d.nr_funcs = 1;
	d.tops[0] = (struct vs_top){ VS_WRITE, lock_index("vmlist_lock") + 1, 3, 9000, 1,
				     { "remove_vm_area+0x20" } };
	d.nr_tops = 1;
	cpu.nr[VS_NR_FLUSH_TARGETS] = 202;
	d.cpus = &cpu;
	d.nr_cpus = 1;
	return &d;
}

static char *print_json(const char *type, const struct vs_detail *d, unsigned int groups)
{
	static const char *const missing[] = { "vmap_lazy_nr", NULL };
	struct vs_names names = {
		.missing = missing, .groups = groups, .point = d ? "rewrite 2 traced ram" : NULL,
	};
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	names.known[lock_index("vmlist_lock") + 1] = true;
	names.known[lock_index("vmap_area_lock") + 1] = true;
	assert_int_equal(vs_print_json(f, type, sample_counts(), d, &names), 0);
	fclose(f);
	return text;
}

static void test_json(void **state)
{
	char *text = print_json("interval", NULL, VS_PURGE | VS_LOCK);

	(void)state;
	assert_string_equal(text,
		"{\"v\":1,\"type\":\"interval\",\"purges\":101,\"pages_purged\":505,"
		"\"flushes\":101,\"flush_runs\":303,\"ipis\":202,\"locks\":["
		"{\"name\":\"vmap_area_lock\",\"kind\":\"spin\",\"waits\":0,"
		"\"wait_ns\":0,\"max_ns\":0},"
		"{\"name\":\"vmlist_lock\",\"kind\":\"write\",\"waits\":4,"
		"\"wait_ns\":10000,\"max_ns\":4000},"
		"{\"name\":\"vmlist_lock\",\"kind\":\"read\",\"waits\":0,"
		"\"wait_ns\":0,\"max_ns\":0},"
		"{\"name\":\"other\",\"kind\":\"spin\",\"waits\":1,"
		"\"wait_ns\":500,\"max_ns\":500}],"
		"\"lost\":0,\"missing\":[\"vmap_lazy_nr\"],"
		"\"probes\":[\"purge\",\"lock\"],\"purge_calls\":102,"
		"\"areas_purged\":0,\"purge_ns\":0,\"flushes_all\":0,"
		"\"flushes_range\":0,\"flush_pages\":0,\"flush_ns\":0,"
		"\"other_calls\":0,\"other_ipis\":0,\"aliases\":0,\"aliases_ns\":0,"
		"\"blocks_new\":0,\"blocks_freed\":0,\"blocks_purged\":0,\"hits\":999,\"second\":0,"
		"\"blocks_full\":5,\"lazy_pages\":3,\"lazy_pages_max\":40,"
		"\"queue\":{\"blocks\":1,\"free_pages\":100,\"dirty_pages\":200},"
		"\"purge_hist\":[1,0,0,100],\"flush_hist\":[],\"aliases_hist\":[],"
		"\"calls\":{\"vm_map_ram\":0,\"vm_unmap_ram\":0,\"vmap\":7,\"vunmap\":0},"
		"\"calls_ns\":{\"vm_map_ram\":0,\"vm_unmap_ram\":0,\"vmap\":7000,"
		"\"vunmap\":0}}\n");
	free(text);
}

/* Which point, who it was, and sizes, only where they were asked for. */
static void test_json_detail(void **state)
{
	char *text = print_json("counts", sample_detail(), VS_MAP);

	(void)state;
	assert_non_null(strstr(text, "\"type\":\"counts\",\"point\":\"rewrite 2 traced ram\","));
	assert_non_null(strstr(text, "\"calls_hist\":{\"vm_map_ram\":{},"
				     "\"vm_unmap_ram\":{},\"vmap\":"
				     "{\"4\":[0,0,0,0,0,0,0,0,0,0,7]}"));
	assert_non_null(strstr(text, "\"callers\":[{\"name\":\"drain_vmap_area_work\","
				     "\"calls\":102,\"purges\":101}]"));
	assert_non_null(strstr(text, "\"functions\":[{\"name\":\"do_flush_tlb_all\","
				     "\"calls\":101,\"ipis\":202}]"));
	assert_non_null(strstr(text, "\"wait_ns\":9000,\"frames\":[\"remove_vm_area+0x20\"]"));
	assert_non_null(strstr(text, "\"cpus\":[{\"cpu\":2,"));
	free(text);
}

static void assert_narrow(char *text)
{
	char *line, *rest;

	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		assert_true(strlen(line) < 80);
}

static void test_line(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(vs_print_line(f, sample_counts(), "12:00:00"), 0);
	fclose(f);
	assert_non_null(strstr(text, "12:00:00     101       505      101       303       202"));
	assert_non_null(strstr(text, "vmlist_lock            write          4        2.5        4.0"));
	/* Nobody waited for this one. */
	assert_null(strstr(text, "vmap_area_lock"));
	assert_narrow(text);
	free(text);
}

static void test_report(void **state)
{
	struct vs_names names = { .groups = VS_ALL };
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(vs_print_report(f, sample_counts(), sample_detail(), &names, NULL), 0);
	fclose(f);
	assert_non_null(strstr(text, "drain_vmap_area_work"));
	assert_non_null(strstr(text, "3 waits, 9.0 us, came this way:\n      remove_vm_area+0x20\n"));
	assert_non_null(strstr(text, "         8 -> 15                100 **************************"));
	assert_non_null(strstr(text, "         0 -> 1                   1 \n"));
	assert_non_null(strstr(text, "vmap, pages: 4 to 7\n"));
	assert_non_null(strstr(text, "999 runs of probes"));
	assert_narrow(text);
	free(text);
}

static void test_full_disk(void **state)
{
	struct vs_names names = { 0 };
	FILE *f = fopen("/dev/full", "w");

	(void)state;
	if (!f)
		skip();
	assert_int_equal(vs_print_line(f, sample_counts(), NULL), -ENOSPC);
	clearerr(f);
	assert_int_equal(vs_print_json(f, "counts", sample_counts(), NULL, &names), -ENOSPC);
	fclose(f);
}

/*
 * Who it was
 */

static const char code[] =
	"ffffffff81001000 t drain_vmap_area_work\n"
	"ffffffff81002000 t _vm_unmap_aliases.part.0\n"
	"ffffffff81003000 t queued_spin_lock_slowpath\n"
	"ffffffff81004000 T _raw_spin_lock\n"
	"ffffffff81005000 T vm_map_ram\n"
	"ffffffff81006000 D data\n"
	"ffffffffc0000100 t bpf_trampoline_1\t[bpf]\n";

static void test_sites(void **state)
{
	struct vs_cpu *cpus = calloc(2, sizeof(*cpus));
	struct vs_detail *d = calloc(1, sizeof(*d));
	FILE *f = text_file(code);

	(void)state;
	assert_non_null(cpus);
	assert_non_null(d);
	/* The call is the last thing of its function: the next one is not meant. */
	cpus[0].callers[0] = (struct vs_site){ 0xffffffff81002000, 2, 1, 10 };
	cpus[1].callers[5] = (struct vs_site){ 0xffffffff81001005, 1, 1, 10 };
	cpus[1].callers[6] = (struct vs_site){ 0xffffffff81002005, 7, 0, 0 };
	cpus[0].callers[6] = (struct vs_site){ 0xffffffff81002005, 3, 0, 0 };
	cpus[0].callers[7] = (struct vs_site){ 1, 1, 0, 0 };
	cpus[0].funcs[1] = (struct vs_site){ 0xffffffff81005000, 1, 3, 0 };
	assert_int_equal(vs_detail_sites(d, cpus, 2, NULL, f), 0);
	assert_int_equal(d->nr_callers, 3);
	assert_string_equal(d->callers[0].name, "drain_vmap_area_work");
	assert_int_equal(d->callers[0].calls, 3);
	assert_int_equal(d->callers[0].hits, 2);
	assert_string_equal(d->callers[1].name, "_vm_unmap_aliases");
	assert_int_equal(d->callers[1].calls, 10);
	assert_string_equal(d->callers[2].name, "unknown");
	assert_int_equal(d->nr_funcs, 1);
	assert_string_equal(d->funcs[0].name, "vm_map_ram");
	fclose(f);
	free(d);
	free(cpus);
}

static void test_stacks(void **state)
{
	static struct vs_stack s[3] = {
		{ 5, 1, 100, VS_SPIN, 1, { 0xffffffffc0000110, 0xffffffff81003005,
					   0xffffffff81005010 } },
		{ 7, 9, 150, VS_SPIN, 1, { 0xffffffff81003005, 0xffffffff81001010 } },
		{ 5, 1, 100, VS_SPIN, 1, { 0xffffffffc0000110, 0xffffffff81003005,
					   0xffffffff81004010, 0xffffffff81005010,
					   0xffffffffc0000110, 0xffffffff81002005,
					   0xffffffff81001010 } },
	};
	struct vs_detail *d = calloc(1, sizeof(*d));
	FILE *f = text_file(code);

	(void)state;
	assert_non_null(d);
	memcpy(s[0].frames, s[2].frames, sizeof(s[0].frames));
	assert_int_equal(vs_detail_stacks(d, s, 3, f), 0);
	assert_int_equal(d->nr_tops, 1);
	/* Two CPUs together waited longer than the third. */
	assert_int_equal(d->tops[0].wait_ns, 200);
	assert_int_equal(d->tops[0].waits, 2);
	/* Neither the lock itself nor our trampolines. */
	assert_int_equal(d->tops[0].nr_frames, 2);
	assert_string_equal(d->tops[0].frames[0], "vm_map_ram+0x10");
	assert_string_equal(d->tops[0].frames[1], "drain_vmap_area_work+0x10");
	fclose(f);
	free(d);
}

/*
 * Lists on the command line
 */

static void test_cpu_lists(void **state)
{
	bool cpus[VS_CPUS] = { false };
	static const char *const bad[] = { "", ",", "1,", "a", "3-1", "1-", "-1", "1024", "0 1" };
	size_t i;

	(void)state;
	assert_int_equal(vs_parse_cpus("0,2-4,1023", cpus), 0);
	assert_true(cpus[0] && !cpus[1] && cpus[2] && cpus[3] && cpus[4] && !cpus[5]);
	assert_true(cpus[1023]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(vs_parse_cpus(bad[i], cpus), -EINVAL);
}

static void test_group_lists(void **state)
{
	static const char *const bad[] = { "", ",", "purge,", "purges", "pur", "lock,,map" };
	unsigned int groups;
	size_t i;

	(void)state;
	assert_int_equal(vs_parse_groups("map,purge", &groups), 0);
	assert_int_equal(groups, VS_MAP | VS_PURGE);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(vs_parse_groups(bad[i], &groups), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_detail),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_sites),
		cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_cpu_lists),
		cmocka_unit_test(test_group_lists),
		cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
