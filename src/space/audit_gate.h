/* SPDX-License-Identifier: MIT
 *
 * A gate says what an audit must find to pass: "fmr_ratio>1.25", "fnmr[dim]<=0.05", "fmr[dim:bright]>0.01". A
 * metric of audit_metrics.def, a group or a cell of two (none: over all groups), at another threshold than
 * the audit's where one is named ("fmr_ratio@fmr=1e-4>2"), one of > >= < <=, a number. It fails on evidence
 * (the whole 95 % interval violates it, and a ratio is above what chance shows), passes on assurance (the
 * whole interval satisfies it), and is inconclusive between; what is undefined never passes. Several gates
 * are several chances to fail: what fails is held against Holm's bound of all of them together. (To pass,
 * each must, so that nothing is adjusted there.) Any thread.
 */
#ifndef NF_SPACE_AUDIT_GATE_H
#define NF_SPACE_AUDIT_GATE_H

#include "space/audit.h"

enum gate_sign { GATE_ABOVE, GATE_AT_LEAST, GATE_BELOW, GATE_AT_MOST };

/* The expression must not hold, must hold, or had better not: the last is said and decides nothing. */
enum gate_kind { GATE_FAIL_IF, GATE_REQUIRE, GATE_WARN_IF, N_GATE_KINDS };
const char *gate_kind_name(enum gate_kind kind); /* "fail-if" */

struct audit_gate {
    char text[96]; /* as given */
    enum gate_kind kind;
    enum audit_metric metric;
    int g, h; /* ALL_GROUPS: none was named */
    enum gate_sign sign;
    double bound;
    bool elsewhere; /* at a threshold of its own: */
    enum audit_target target;
    double at;
};

/* "fmr=1e-3", "fnmr=0.05", "eer", or "threshold=0.7", whose range is that of the scores: the caller's to say.
 */
bool audit_target_parse(const char *text, enum audit_target *target, double *at);

enum gate_outcome { GATE_PASS, GATE_FAIL, GATE_INCONCLUSIVE };
const char *gate_outcome_name(enum gate_outcome outcome);

/* Metrics without an interval can be judged by their value alone: `by_value`, for all metrics. */
struct gate_rules {
    bool by_value;
};

bool gate_parse(struct audit_gate *gate, const char *text, enum gate_kind kind, const char *const *group,
                size_t n_groups, struct err *err);
/* `value` (may be NULL) is set to what was judged, NULL where there is none. The audit is that at the gate's
 * threshold. */
enum gate_outcome gate_judge(const struct audit_gate *gate, const struct audit *audit,
                             struct gate_rules rules, const struct audit_value **value);

/* Failures that do not stand among n gates at 95 % (Holm) become inconclusive. p[i] (may be NULL) is the
 * adjusted p-value of a failure, NaN of what is none. A p-value is that at which the interval would end at
 * the bound. */
void gates_adjust(const struct audit_gate *gate, const struct audit_value *const *judged,
                  enum gate_outcome *outcome, size_t n, double *p);

/* Of all gates but warnings: a failure fails, else what is inconclusive makes the whole so. */
enum gate_outcome gates_together(const struct audit_gate *gate, const enum gate_outcome *outcome, size_t n);

#endif
