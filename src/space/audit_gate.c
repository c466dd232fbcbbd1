/* SPDX-License-Identifier: MIT */
#include "space/audit_gate.h"

#include "base/check.h"
#include "base/strbuf.h"
#include "math/normal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *gate_outcome_name(enum gate_outcome outcome)
{
    static const char *const names[] = {"pass", "fail", "inconclusive"};
    return names[outcome];
}

const char *gate_kind_name(enum gate_kind kind)
{
    static const char *const names[] = {"fail-if", "require", "warn-if"};
    return names[kind];
}

/* ---- reading one ---- */

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* Copies text[0..n-1] without blanks around it; false if it does not fit. */
static bool copy_word(char *to, size_t size, const char *text, size_t n)
{
    const char *start = skip_blanks(text);
    n = start > text + n ? 0 : n - (size_t)(start - text);
    while (n > 0 && (start[n - 1] == ' ' || start[n - 1] == '\t'))
        n--;
    if (n >= size)
        return false;
    memcpy(to, start, n);
    to[n] = '\0';
    return true;
}

static bool find_metric(const char *name, enum audit_metric *metric, struct err *err)
{
    for (int m = 0; m < N_METRICS; m++)
        if (strcmp(metric_name(m), name) == 0) {
            *metric = m;
            return true;
        }
    return err_set(err, "no metric '%s': fmr, fnmr, fmr_ratio, fnmr_ratio, fmr_diff, gini_fmr, ...", name);
}

static bool find_group(const char *name, const char *const *group, size_t n_groups, int *g, struct err *err)
{
    for (size_t i = 0; i < n_groups; i++)
        if (strcmp(group[i], name) == 0) {
            *g = (int)i;
            return true;
        }
    return err_set(err, "no group '%s'", name);
}

/* "dim" or "dim:bright", between the brackets. A group's own name may hold a colon. */
static bool parse_cell(struct audit_gate *gate, const char *cell, const char *const *group, size_t n_groups,
                       struct err *err)
{
    if (find_group(cell, group, n_groups, &gate->g, err)) {
        gate->h = gate->g;
        return true;
    }
    for (const char *colon = strchr(cell, ':'); colon; colon = strchr(colon + 1, ':')) {
        char first[sizeof gate->text];
        struct err unused;
        if (copy_word(first, sizeof first, cell, (size_t)(colon - cell)) &&
            find_group(first, group, n_groups, &gate->g, &unused) &&
            find_group(skip_blanks(colon + 1), group, n_groups, &gate->h, &unused))
            return true;
    }
    return false;
}

static bool parse_sign(const char **at, enum gate_sign *sign)
{
    static const char *const signs[] = {[GATE_ABOVE] = ">", [GATE_BELOW] = "<"};
    for (int s = GATE_ABOVE; s <= GATE_BELOW; s += GATE_BELOW)
        if (**at == *signs[s]) {
            bool equal = (*at)[1] == '=';
            *sign = s + (equal ? 1 : 0);
            *at += equal ? 2 : 1;
            return true;
        }
    return false;
}

bool audit_target_parse(const char *text, enum audit_target *target, double *at)
{
    static const char *const names[] = {
        [AUDIT_AT_THRESHOLD] = "threshold=", [AUDIT_AT_FMR] = "fmr=", [AUDIT_AT_FNMR] = "fnmr="};
    for (int t = 0; t < (int)ARRAY_LEN(names); t++) {
        size_t n = strlen(names[t]);
        if (strncmp(text, names[t], n) != 0 || !text_to_double(text + n, at))
            continue;
        *target = (enum audit_target)t;
        return t == AUDIT_AT_THRESHOLD || (*at >= 0 && *at <= 1);
    }
    *target = AUDIT_AT_EER;
    return strcmp(text, "eer") == 0;
}

/* What stands behind the @. */
static bool parse_threshold(struct audit_gate *gate, const char *text, struct err *err)
{
    gate->elsewhere = audit_target_parse(text, &gate->target, &gate->at);
    return gate->elsewhere || err_set(err, "@%s: write @fmr=1e-3, @fnmr=0.05, @eer or @threshold=0.7", text);
}

static bool parse(struct audit_gate *gate, const char *text, const char *const *group, size_t n_groups,
                  struct err *err)
{
    char word[sizeof gate->text];
    const char *at = skip_blanks(text);
    size_t n = strcspn(at, "[@<>= \t");
    if (!copy_word(word, sizeof word, at, n) || !find_metric(word, &gate->metric, err))
        return false;
    at = skip_blanks(at + n);
    if (*at == '[') {
        const char *end = strrchr(at, ']');
        if (!end)
            return err_set(err, "a ']' is missing");
        if (!copy_word(word, sizeof word, at + 1, (size_t)(end - at) - 1) ||
            !parse_cell(gate, word, group, n_groups, err))
            return false;
        at = skip_blanks(end + 1);
    }
    if (*at == '@') {
        n = strcspn(at, "<>");
        if (!copy_word(word, sizeof word, at + 1, n - 1) || !parse_threshold(gate, word, err))
            return false;
        at += n;
    }
    if (!parse_sign(&at, &gate->sign))
        return err_set(err, "one of > >= < <= is missing");
    if (!text_to_double(skip_blanks(at), &gate->bound))
        return err_set(err, "'%s' is not a number", skip_blanks(at));
    return true;
}

bool gate_parse(struct audit_gate *gate, const char *text, enum gate_kind kind, const char *const *group,
                size_t n_groups, struct err *err)
{
    *gate = (struct audit_gate){.kind = kind, .g = ALL_GROUPS, .h = ALL_GROUPS};
    if (strlen(text) >= sizeof gate->text)
        return err_set(err, "gate: longer than %zu characters", sizeof gate->text - 1);
    text_clean(gate->text, sizeof gate->text, text);
    return parse(gate, text, group, n_groups, err) ||
           err_within(err, "gate '%s': write name[group] > number", gate->text);
}

/* ---- judging ---- */

static bool is_ratio(enum audit_metric metric)
{
    return metric == METRIC_FMR_RATIO || metric == METRIC_FNMR_RATIO;
}

/* A ratio stands in the list under its worst and best group. */
static const struct audit_value *find(const struct audit_gate *gate, const struct audit *audit)
{
    if (!is_ratio(gate->metric))
        return audit_find(audit, gate->metric, gate->g, gate->h);
    for (size_t i = 0; i < audit->n_values; i++)
        if (audit->value[i].metric == gate->metric)
            return &audit->value[i];
    return NULL;
}

static bool holds(enum gate_sign sign, double value, double bound)
{
    switch (sign) {
    case GATE_ABOVE: return value > bound;
    case GATE_AT_LEAST: return value >= bound;
    case GATE_BELOW: return value < bound;
    case GATE_AT_MOST: return value <= bound;
    }
    return false;
}

static struct interval evidence_of(const struct audit_value *value, struct gate_rules rules)
{
    return rules.by_value ? (struct interval){value->value, value->value} : value->ci;
}

enum gate_outcome gate_judge(const struct audit_gate *gate, const struct audit *audit,
                             struct gate_rules rules, const struct audit_value **judged)
{
    const struct audit_value *value = find(gate, audit);
    if (judged)
        *judged = value;
    if (!value || value->status == AUDIT_UNDEFINED || audit->per_pair)
        return GATE_INCONCLUSIVE;
    struct interval ci = evidence_of(value, rules);
    if (isnan(ci.low) || isnan(ci.high))
        return GATE_INCONCLUSIVE;
    bool low = holds(gate->sign, ci.low, gate->bound), high = holds(gate->sign, ci.high, gate->bound);
    if (low != high || (value->status == AUDIT_ZERO && !rules.by_value))
        return GATE_INCONCLUSIVE;
    const bool require = gate->kind == GATE_REQUIRE;
    bool violated = low != require, above = gate->sign <= GATE_AT_LEAST;
    if (violated && is_ratio(gate->metric) && above != require && !rules.by_value &&
        !(value->value > value->by_chance))
        return GATE_INCONCLUSIVE;
    return violated ? GATE_FAIL : GATE_PASS;
}

/* ---- several ---- */

/* Two-sided, of a normal value whose 95 % is the interval; on the scale on which intervals are made, the
 * logarithm, where there is one. */
static double p_value(const struct audit_value *value, double bound)
{
    double low = value->ci.low, high = value->ci.high;
    bool logs = low > 0 && bound > 0;
    double end[] = {logs ? log(low) : low, logs ? log(high) : high}, at = logs ? log(bound) : bound;
    double deviation = (end[1] - end[0]) / (2 * NORMAL_Z95);
    return deviation > 0 ? 2 * normal_cdf(-fabs((end[0] + end[1]) / 2 - at) / deviation) : 0;
}

void gates_adjust(const struct audit_gate *gate, const struct audit_value *const *judged,
                  enum gate_outcome *outcome, size_t n, double *p)
{
    double *holm = xcalloc(n + 1, sizeof *holm);
    for (size_t i = 0; i < n; i++)
        holm[i] = outcome[i] == GATE_FAIL ? p_value(judged[i], gate[i].bound) : 1;
    adjust_holm(holm, n);
    for (size_t i = 0; i < n; i++) {
        if (p)
            p[i] = outcome[i] == GATE_FAIL ? holm[i] : NAN;
        if (outcome[i] == GATE_FAIL && holm[i] > 0.05 + 1e-12)
            outcome[i] = GATE_INCONCLUSIVE;
    }
    free(holm);
}

enum gate_outcome gates_together(const struct audit_gate *gate, const enum gate_outcome *outcome, size_t n)
{
    enum gate_outcome all = GATE_PASS;
    for (size_t i = 0; i < n; i++)
        if (gate[i].kind == GATE_WARN_IF)
            continue;
        else if (outcome[i] == GATE_FAIL)
            return GATE_FAIL;
        else if (outcome[i] == GATE_INCONCLUSIVE)
            all = GATE_INCONCLUSIVE;
    return all;
}
