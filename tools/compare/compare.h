/* SPDX-License-Identifier: GPL-2.0 */
/* Two campaigns, point by point and metric by metric, and what to think of it. */
#ifndef VB_COMPARE_H
#define VB_COMPARE_H

#include <stdio.h>

#include "compare/likeness.h"
#include "compare/noise.h"
#include "stats/plan.h"
#include "compare/side.h"
#include "compare/thresholds.h"
#include "records/values.h"

/* Chance of each kind of error that all tests leave together, and the level of intervals. */
#define VB_ALPHA	0.05
#define VB_LEVEL	(1 - 2 * VB_ALPHA)
/* The chance with which an effect called detectable is detected. */
#define VB_POWER	0.8
/* Lock waits in 1000 operations from which on a point is one where threads wait. */
#define VB_WAITING	100
/* Two boots leave one degree of freedom, and may agree by accident. */
#define VB_MIN_BOOTS	3

/* In the order in which one is worse than another. */
enum vb_verdict {
	VB_PASS,
	VB_IMPROVEMENT,		/* a PASS, shown as such */
	VB_TRADE_OFF,		/* the same: worse, and outweighed */
	VB_INCONCLUSIVE,
	VB_REGRESSION,
};

/**
 * enum vb_policy - what fails
 * @VB_POLICY_ANY: any point that is worse than allowed
 * @VB_POLICY_SCALING: the same, but time and instructions with fewer threads are a
 *		       price where the most threads of that workload take less time
 */
enum vb_policy {
	VB_POLICY_ANY,
	VB_POLICY_SCALING,
};

/* Exit codes beside those of all programs. */
#define VB_EXIT_REGRESSION	1
#define VB_EXIT_INCONCLUSIVE	3

/**
 * struct vb_change - one metric at one point, on both sides
 * @point: the point before
 * @other: the variant after
 * @pair: number of the pair of variants
 * @t: what it is judged by
 * @decides: its verdict counts
 * @waiting: threads wait for locks there, before or after
 * @x: values before and after, one of each boot
 * @before: where the values before are
 * @after: where the values after are
 * @delta: change, in the metric's unit
 * @lo: lower end of its interval; that of sim is @delta
 * @hi: upper end of its interval
 * @allowed: how much for the worse is allowed, in the metric's unit
 * @extra: the part of it that is not a percentage
 * @ops: operations in its window, on the side that has fewer
 * @p_fine: of the test for no regression beyond what is allowed
 * @p_worse: of the test for such a regression
 * @p_better: of the test for an improvement by as much
 * @q_worse: @p_worse corrected for the number of tests
 * @q_better: @p_better corrected for the number of tests
 * @scatter: how much boots of one kernel scatter there
 * @floor: change that two sets of boots of one kernel show, in %; NAN: not known
 * @detectable: smallest change that would be called a regression, in %; NAN: not known
 * @tested: the members from @p_fine on were computed
 * @why: why it is inconclusive; NULL when it is not
 */
struct vb_change {
	struct vb_point point;
	const char *other;
	size_t pair;
	const struct vb_threshold *t;
	int decides;
	int waiting;
	struct vb_values x[2];
	double before;
	double after;
	double delta;
	double lo;
	double hi;
	double allowed;
	double extra;
	long ops;
	double p_fine;
	double p_worse;
	double p_better;
	double q_worse;
	double q_better;
	struct vb_scatter scatter;
	double floor;
	double detectable;
	int tested;
	enum vb_verdict verdict;
	char *why;
};

struct vb_pair {
	const char *before;
	const char *after;
};

/**
 * struct vb_comparison - everything that is known about two campaigns
 * @noise: boots of one kernel, as @before was taken; only with @has_noise
 * @alpha: chance of each kind of error that the tests of this look may leave
 * @plan: looks at a comparison to which boots are added; only with @has_plan
 * @policy: what fails
 * @sim: differences are exact
 * @same: nothing differs, not even the kernel: all differences must be 0
 * @left_out: a line for everything that is only on one side
 * @doubts: a line for everything that forbids a PASS
 * @notes: a line for everything else that one should know
 * @change: all changes, those of a pair and a metric together
 */
struct vb_comparison {
	struct vb_side before;
	struct vb_side after;
	struct vb_side noise;
	int has_noise;
	double alpha;
	struct vb_plan plan;
	int has_plan;
	unsigned long seed;
	struct vb_thresholds thresholds;
	struct vb_likeness likeness;
	enum vb_policy policy;
	int sim;
	int same;
	struct vb_pair *pair;
	size_t npairs;
	struct vb_list left_out;
	struct vb_list doubts;
	struct vb_list notes;
	struct vb_change *change;
	size_t n;
	enum vb_verdict verdict;
};

extern const char *const vb_verdict_name[];
extern const char *const vb_verdict_mark[];

/* compare.c */
void vb_compare_pairs(struct vb_comparison *c);
void vb_compare(struct vb_comparison *c);
void vb_compare_free(struct vb_comparison *c);

/* judge.c */
void vb_judge(struct vb_comparison *c);
double vb_judge_percent(const struct vb_change *ch, int sim);
int vb_is_news(const struct vb_change *ch);
const char *vb_noise_variant(const struct vb_comparison *c, const char *variant);
size_t vb_deciding(const struct vb_comparison *c);
size_t vb_metric_changes(const struct vb_comparison *c, size_t i);
size_t vb_judged(const struct vb_comparison *c, const struct vb_metric *m,
		 enum vb_verdict verdict, size_t *of);
const struct vb_metric *vb_judged_first(const struct vb_comparison *c, enum vb_verdict verdict);

/* weigh.c */
int vb_policy_find(const char *name, enum vb_policy *policy);
const char *vb_policy_name(enum vb_policy policy);
void vb_weigh(struct vb_comparison *c);
int vb_is_time(const struct vb_change *ch);
int vb_same_series(const struct vb_change *a, const struct vb_change *b);
const struct vb_change *vb_time_at_most(const struct vb_comparison *c, const struct vb_change *ch);
int vb_is_cost(const struct vb_comparison *c, const struct vb_metric *m);
const struct vb_change *vb_time_there(const struct vb_comparison *c, const struct vb_change *ch);

/* compare-trades.c */
void vb_trade_offs(const struct vb_comparison *c, struct vb_list *lines);

/* compare-words.c; what they return is to be freed */
const char *vb_words_overall(const struct vb_comparison *c);
char *vb_words_verdict(const struct vb_comparison *c);
char *vb_words_delta(double before, double delta);
char *vb_words_interval(const struct vb_comparison *c, const struct vb_change *change);
char *vb_words_n(const struct vb_change *change);
char *vb_words_allowed(const struct vb_comparison *c, const struct vb_change *first, size_t n);
void vb_words_noise(const struct vb_comparison *c, struct vb_list *noise);
void vb_words_method(const struct vb_comparison *c, struct vb_list *method);

/* compare-why.c */
/**
 * struct vb_reason - a part of an operation's time, before and after
 */
struct vb_reason {
	const struct vb_share *before;
	const struct vb_share *after;
	double delta;
};

size_t vb_why(const struct vb_comparison *c, const struct vb_change *change,
	      struct vb_reason **reason);
int vb_why_wanted(const struct vb_comparison *c, const struct vb_change *change);

/* How each is written: compare-text.c, compare-ktap.c ... */
void vb_compare_text(FILE *out, const struct vb_comparison *c);
void vb_compare_ktap(FILE *out, const struct vb_comparison *c);
void vb_compare_json(FILE *out, const struct vb_comparison *c);
void vb_compare_tsv(FILE *out, const struct vb_comparison *c);
void vb_compare_html(FILE *out, const struct vb_comparison *c, const char *figures);

#endif
