// SPDX-License-Identifier: GPL-2.0
/* LINK: tools/records/metrics.c tools/records/campaign.c tools/base/jsonl.c tools/records/machines.c tools/base/common.c LIBS: -ljansson -lm */
#include <math.h>
#include "cmocka_all.h"
#include "tools/records/metrics.h"

#define EPS 0.000000001

static struct vb_thread threads[] = {
	/* 100 ns an operation, 60 of its CPU's own */
	{ .ops = 100, .ns = 10000, .parallel_ns = 6000, .spin_ns = 1000, .halt_ns = 500,
	  .cost_ns = 200 },
	/* 500 ns an operation, 140 of its CPU's own */
	{ .ops = 100, .ns = 50000, .parallel_ns = 14000, .spin_ns = 3000, .halt_ns = 1500,
	  .cost_ns = 600 },
};

static struct vb_lock locks[] = {
	{ .name = "a", .kind = "spin", .waits = 30, .wait_ns = 5000, .max_ns = 400 },
	{ .name = "other", .kind = "write", .waits = 10, .wait_ns = 3000, .max_ns = 500 },
};

/* 400 operations in the window, 200 of them measured: only the 400 count. */
/* 100 pages were there before, 10 of them lazily free. */
static struct vb_space spaces[] = {
	{ 0, 0, 5, 100, 10 },
	{ 100, 40, 6, 200, 30 },	/* 80 held */
	{ 200, 50, 7, 300, 10 },	/* 200 held */
	{ 300, 100, 8, 260, 20 },	/* 150 held */
	{ 400, 100, 8, 340, 0 },	/* 250 held */
};

static struct vb_named named[] = {
	{ "maps", 15360 }, { "areas", 472 }, { "space_pages", 30720 }, { "maps_freed", 2048 },
	{ "maps_regained", 2047 }, { "maps_least", 15359 }, { "areas_least", 471 },
	{ "grace_periods", 0 },
};

static const struct vb_sample sample = {
	.workload = "ram", .pages = 4, .threads = 2,
	.ops_done = 400, .window_ns = 80000,
	.thread = threads, .nthreads = 2,
	.has_counts = 1,
	.purges = 2, .pages_purged = 600, .flushes = 8, .flush_runs = 64, .ipis = 56,
	.lock = locks, .nlocks = 2,
	.has_areas = 1, .areas_before = 50, .areas_after = 62,
	.space = spaces, .nspaces = ARRAY_SIZE(spaces),
	.named = named, .nnamed = ARRAY_SIZE(named),
	.has_audit = 1, .freed_pages = 1600, .aliased_pages = 64,
};

static void values(void **state)
{
	static const struct {
		const char *name;
		double value;
	} expected[] = {
		{ "ns_per_op", 300 },
		{ "spin_ns_per_op", 20 },
		{ "halt_ns_per_op", 10 },
		{ "cost_ns_per_op", 4 },
		{ "insn_per_op", 200 },
		{ "purges_per_kop", 5 },
		{ "pages_purged_per_kop", 1500 },
		{ "flushes_per_kop", 20 },
		{ "ipis_per_kop", 140 },
		{ "lock_waits_per_kop", 100 },
		{ "areas_left_per_kop", 30 },
		{ "space_per_page", 2 },
		{ "space_growth", 1.2 },
		{ "lazy_pages_max", 30 },
		{ "space_pages", 30720 },
		{ "maps", 15360 },
		{ "maps_freed", 2048 },
		{ "maps_regained", 2047 },
		{ "maps_least", 15359 },
		{ "areas", 472 },
		{ "areas_least", 471 },
		{ "grace_periods", 0 },
		{ "freed_pages_per_kop", 4000 },
		{ "aliased_pages_per_kop", 160 },
		{ "lock_wait_ns_per_op", 20 },
	};
	const struct vb_metric *m;
	size_t i;

	(void)state;
	/* A new metric must come with its value here. */
	assert_int_equal(vb_nmetrics, ARRAY_SIZE(expected));
	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		m = vb_metric_find(expected[i].name);
		assert_non_null(m);
		assert_float_equal(vb_metric_value(m, &sample), expected[i].value, EPS);
	}
}

static void areas(void **state)
{
	const struct vb_metric *m = vb_metric_find("areas_left_per_kop");
	struct vb_sample other = sample;

	(void)state;
	other.areas_before = 70;
	assert_float_equal(vb_metric_value(m, &other), 0, EPS);
	other.has_areas = 0;
	assert_true(isnan(vb_metric_value(m, &other)));
}

static void space(void **state)
{
	static const char * const names[] = { "space_per_page", "space_growth", "lazy_pages_max" };
	struct vb_sample other = sample;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		other.nspaces = 0;
		assert_true(isnan(vb_metric_value(vb_metric_find(names[i]), &other)));
		/* The state before and nothing else. */
		other.nspaces = 1;
		assert_true(isnan(vb_metric_value(vb_metric_find(names[i]), &other)));
		assert_string_equal(vb_metric_per(vb_metric_find(names[i])), "of the run");
	}
}

/* Other workloads have no such figures, rather than 0. */
static void unnamed(void **state)
{
	struct vb_sample other = sample;

	(void)state;
	other.nnamed = 0;
	assert_true(isnan(vb_metric_value(vb_metric_find("maps"), &other)));
	assert_true(isnan(vb_metric_value(vb_metric_find("maps_regained"), &other)));
}

static void audit(void **state)
{
	struct vb_sample other = sample;

	(void)state;
	/* None is a figure, no audit is not. */
	other.aliased_pages = 0;
	assert_float_equal(vb_metric_value(vb_metric_find("aliased_pages_per_kop"), &other), 0, EPS);
	other.has_audit = 0;
	assert_true(isnan(vb_metric_value(vb_metric_find("freed_pages_per_kop"), &other)));
	assert_true(isnan(vb_metric_value(vb_metric_find("aliased_pages_per_kop"), &other)));
}

static void parallel_time(void **state)
{
	struct vb_sample on_sim = sample;

	(void)state;
	on_sim.has_clock = 1;
	assert_float_equal(vb_metric_value(vb_metric_find("ns_per_op"), &on_sim), 100, EPS);
}

static void machines(void **state)
{
	struct vb_campaign sim = { .machine = "sim" }, kvm = { .machine = "kvm" };
	const struct vb_metric *insn = vb_metric_find("insn_per_op");
	const struct vb_metric *ns = vb_metric_find("ns_per_op");
	const struct vb_metric *ipis = vb_metric_find("ipis_per_kop");

	(void)state;
	assert_true(vb_metric_applies(insn, &sim) && !vb_metric_applies(insn, &kvm));
	assert_true(vb_metric_applies(ns, &sim) && vb_metric_applies(ns, &kvm));
	assert_true(vb_metric_applies(ipis, &sim) && vb_metric_applies(ipis, &kvm));
}

/* The clock is never read while counters slow the kernel down. */
static void modes(void **state)
{
	static const char * const counted[] = {
		"purges_per_kop", "pages_purged_per_kop", "flushes_per_kop", "ipis_per_kop",
		"lock_waits_per_kop", "lock_wait_ns_per_op",
	};
	size_t i;

	(void)state;
	assert_int_equal(vb_metric_find("insn_per_op")->mode, VB_BARE);
	assert_int_equal(vb_metric_find("ns_per_op")->mode, VB_BARE);
	assert_int_equal(vb_metric_find("areas_left_per_kop")->mode, VB_BARE);
	for (i = 0; i < ARRAY_SIZE(counted); i++)
		assert_int_equal(vb_metric_find(counted[i])->mode, VB_TRACED);
}

static void unknown(void **state)
{
	(void)state;
	assert_null(vb_metric_find("no_such_metric"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(areas),
		cmocka_unit_test(space),
		cmocka_unit_test(unnamed),
		cmocka_unit_test(audit),
		cmocka_unit_test(parallel_time),
		cmocka_unit_test(machines),
		cmocka_unit_test(modes),
		cmocka_unit_test(unknown),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
