/* SPDX-License-Identifier: MIT */
#include "space/audit_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void words_count(struct strbuf *out, double count)
{
    char digits[32];
    int n = snprintf(digits, sizeof digits, "%.0f", count);
    for (int i = 0; i < n; i++) {
        strbuf_add(out, digits + i, 1);
        if ((n - 1 - i) % 3 == 0 && i + 1 < n && digits[i] != '-')
            strbuf_puts(out, " ");
    }
}

static void percent(struct strbuf *out, double rate)
{
    strbuf_printf(out, "%.*g", rate >= 0.1 ? 3 : 2, 100 * rate);
}

void words_threshold(struct strbuf *out, double threshold)
{
    if (isfinite(threshold))
        strbuf_printf(out, "%.4f", threshold);
    else
        strbuf_puts(out, isnan(threshold) ? "undefined" : "none: rejects all");
}

void words_rate(struct strbuf *out, double rate)
{
    if (isnan(rate)) {
        strbuf_puts(out, "undefined");
        return;
    }
    percent(out, rate);
    strbuf_puts(out, " %");
    if (rate > 0 && rate <= 0.05) {
        strbuf_puts(out, " (1 in ");
        words_count(out, round(1 / rate));
        strbuf_puts(out, ")");
    }
}

void words_cell(struct strbuf *out, const struct audit_value *value, const struct audit_names *names)
{
    if (value->g == ALL_GROUPS)
        strbuf_puts(out, "all");
    else if (value->g == value->h)
        strbuf_puts(out, names->group[value->g]);
    else { /* groups of two crossed columns have a × of their own */
        const char *a = names->group[value->g], *b = names->group[value->h];
        strbuf_printf(out, strstr(a, " × ") || strstr(b, " × ") ? "%s with %s" : "%s × %s", a, b);
    }
}

static void counts(struct strbuf *out, const struct audit_value *value, const struct audit_names *names)
{
    words_count(out, value->x);
    strbuf_puts(out, " of ");
    words_count(out, value->n);
    strbuf_puts(out, " pairs");
    if (names->per_pair)
        return;
    strbuf_puts(out, " of ");
    words_count(out, (double)value->n_items);
    strbuf_puts(out, " items");
    if (strcmp(names->units, "items") == 0)
        return;
    strbuf_puts(out, ", ");
    words_count(out, (double)value->n_units);
    strbuf_printf(out, " %s", value->n_units == 1 ? names->unit : names->units);
}

void words_value(struct strbuf *out, const struct audit_value *value, const struct audit_names *names)
{
    strbuf_puts(out, value->metric == METRIC_FMR ? "FMR in " : "FNMR in ");
    words_cell(out, value, names);
    strbuf_puts(out, ": ");
    if (value->status == AUDIT_UNDEFINED) {
        strbuf_puts(out, "undefined, there are no such pairs.");
        return;
    }
    if (value->status == AUDIT_ZERO) {
        strbuf_puts(out, "no error in ");
        words_count(out, value->n);
        strbuf_puts(out, " pairs");
        if (!names->per_pair) {
            strbuf_puts(out, " from ");
            words_count(out, (double)value->n_items);
            strbuf_puts(out, " items");
        }
        strbuf_puts(out, ": the rate could still be ");
        words_rate(out, value->ci.high);
        strbuf_puts(out, " or more.");
        return;
    }
    words_rate(out, value->value);
    strbuf_puts(out, ": ");
    counts(out, value, names);
    if (value->status == AUDIT_FEW_UNITS) {
        strbuf_puts(out, ": too few for an interval.");
        return;
    }
    strbuf_puts(out, "; 95 %: ");
    percent(out, value->ci.low);
    strbuf_puts(out, "–");
    percent(out, value->ci.high);
    strbuf_puts(out, names->per_pair ? " % per pair: too narrow" : " %");
    strbuf_puts(out, value->status == AUDIT_FEW_ERRORS ? "; too few errors to rank by." : ".");
}

static void more(struct strbuf *out, const struct audit_value *ratio, const struct audit_names *names)
{
    if (isnan(ratio->more_units))
        return;
    strbuf_puts(out, " About ");
    words_count(out, ratio->more_units);
    strbuf_printf(out, " more %s of ", names->units);
    strbuf_puts(out, ratio->needs == ALL_GROUPS ? "each" : names->group[ratio->needs]);
    strbuf_puts(out,
                ratio->ci.low > 1 ? " would halve the interval." : " would settle it, if the ratio stays.");
}

static void times(struct strbuf *out, double ratio)
{
    strbuf_printf(out, ratio < 10 ? "%.2f" : ratio < 1000 ? "%.3g" : "%.0f", ratio);
}

void words_ratio(struct strbuf *out, const struct audit_value *ratio, const struct audit_names *names)
{
    strbuf_puts(out, ratio->metric == METRIC_FMR_RATIO ? "FMR" : "FNMR");
    if (names->convention)
        strbuf_printf(out, " (%s)", names->convention);
    if (ratio->g == ALL_GROUPS) {
        strbuf_puts(out, ", worst / best: undefined, there are not two groups with pairs.");
        return;
    }
    strbuf_printf(out, " of %s / %s: ", names->group[ratio->g], names->group[ratio->h]);
    if (ratio->status == AUDIT_UNDEFINED) {
        strbuf_puts(out, "undefined, the lower rate is zero: there is no ratio to it.");
        return;
    }
    times(out, ratio->value);
    strbuf_puts(out, " times");
    if (!isnan(ratio->ci.low)) {
        strbuf_puts(out, " (");
        times(out, ratio->ci.low);
        strbuf_puts(out, "–");
        times(out, ratio->ci.high);
        strbuf_puts(out, ")");
    }
    strbuf_puts(out, ". ");
    if (!isnan(ratio->by_chance)) {
        strbuf_puts(out, "Equal groups of these sizes would show up to ");
        times(out, ratio->by_chance);
        strbuf_puts(out, " in 95 % of samples. ");
    }
    if (isnan(ratio->ci.low)) {
        strbuf_printf(out, "Too few %s to say whether there is a difference.", names->units);
        return;
    }
    strbuf_puts(out, audit_is_evidence(ratio, 1)
                         ? "Evidence of a difference: yes."
                         : "Evidence of a difference: no, and this is no evidence of equality either.");
    more(out, ratio, names);
}
