/* SPDX-License-Identifier: MIT
 *
 * A gate says what an audit must find to pass: "fmr_ratio>1.25", "fnmr[dim]<=0.05", "fmr[dim:bright]>0.01". A
 * metric of audit_metrics.def, a group or a cell of two (none: over all groups), one of > >= < <=, a number.
 * It fails on evidence (the whole 95 % interval violates it, and a ratio is above what chance shows), passes
 * on assurance (the whole interval satisfies it), and is inconclusive between; what is undefined never
 * passes. Any thread.
 */
#ifndef NF_SPACE_AUDIT_GATE_H
#define NF_SPACE_AUDIT_GATE_H

#include "space/audit.h"

enum gate_sign { GATE_ABOVE, GATE_AT_LEAST, GATE_BELOW, GATE_AT_MOST };

struct audit_gate {
    char text[96]; /* as given */
    bool require;  /* the expression is what must hold (--require), not what must not (--fail-if) */
    enum audit_metric metric;
    int g, h; /* ALL_GROUPS: none was named */
    enum gate_sign sign;
    double bound;
};

enum gate_outcome { GATE_PASS, GATE_FAIL, GATE_INCONCLUSIVE };
const char *gate_outcome_name(enum gate_outcome outcome);

/* Metrics without an interval can be judged by their value alone: `by_value`, for all metrics. */
struct gate_rules {
    bool by_value;
};

bool gate_parse(struct audit_gate *gate, const char *text, bool require, const char *const *group,
                size_t n_groups, struct err *err);
/* `value` (may be NULL) is set to what was judged, NULL where there is none. */
enum gate_outcome gate_judge(const struct audit_gate *gate, const struct audit *audit,
                             struct gate_rules rules, const struct audit_value **value);

/* Of all gates: a failure fails, else what is inconclusive makes the whole so. */
enum gate_outcome gates_together(const enum gate_outcome *outcome, size_t n);

#endif
