/* SPDX-License-Identifier: MIT
 *
 * The report's sections behind the rates: which groups stand apart, who is near whom, who is found, whether a
 * group can be read from the space.
 */
#include "app/audit_report.h"

#include <math.h>
#include <string.h>

/* ---- cells of tables ---- */

static void put_number(struct strbuf *out, double value)
{
    if (isnan(value))
        strbuf_puts(out, "\t–");
    else
        strbuf_printf(out, "\t%.3g", value);
}

/* What a row is about: it says so where it cannot be told. */
static void put_value(struct strbuf *out, double value)
{
    if (isnan(value))
        strbuf_puts(out, "\tundefined");
    else
        put_number(out, value);
}

static void put_range(struct strbuf *out, double low, double high)
{
    put_number(out, low);
    if (!isnan(low))
        strbuf_printf(out, "–%.3g", high);
}

/* "0.01 (least)": chance could not have shown less. */
static void put_p(struct strbuf *out, const struct audit_value *value)
{
    put_number(out, value->p);
    if (!isnan(value->p) && value->p <= value->least_p * (1 + 1e-9))
        strbuf_puts(out, " (least)");
}

static void put_share(struct strbuf *out, const struct audit_value *value)
{
    if (isnan(value->value))
        strbuf_puts(out, "\tundefined");
    else
        strbuf_printf(out, "\t%.1f %%", 100 * value->value);
    if (!isnan(value->ci.low))
        strbuf_printf(out, " (%.1f–%.1f)", 100 * value->ci.low, 100 * value->ci.high);
}

static void put_cell(struct strbuf *out, const struct audit_report *report, const struct audit_value *value)
{
    if (value->g == ALL_GROUPS)
        strbuf_puts(out, "all");
    else
        strbuf_puts(out, report->table->names.group[value->g]);
}

static bool is_faint(const struct audit_value *value)
{
    return value->status == AUDIT_FEW_ERRORS || value->status == AUDIT_FEW_UNITS;
}

/* ---- which groups stand apart ---- */

static void add_apart(const struct audit_report *report, struct document *document, enum audit_metric metric)
{
    for (int g = 0; g < (int)report->table->n_groups; g++) {
        const struct audit_value *rate = audit_find(report->audit, metric, g, g);
        struct sure_rate rest = audit_rest(report->audit, metric, g);
        struct strbuf text = {0};
        put_cell(&text, report, rate);
        strbuf_printf(&text, "\t%s\t", metric == METRIC_FMR ? "FMR" : "FNMR");
        words_rate(&text, rate->value);
        strbuf_puts(&text, "\t");
        words_rate(&text, rest.n > 0 ? rest.x / rest.n : NAN);
        put_number(&text, rest.x > 0 ? rate->value / (rest.x / rest.n) : NAN);
        put_number(&text, rate->p);
        put_number(&text, rate->q);
        document_add(document, is_faint(rate) ? BLOCK_FAINT_ROW : BLOCK_ROW, &text);
    }
}

void report_add_apart(const struct audit_report *report, struct document *document)
{
    if (report->table->n_groups < 3) /* the other of two is the rest: the ratio says it */
        return;
    document_addf(document, BLOCK_HEADING, "Which groups stand apart?");
    document_addf(document, BLOCK_HEAD_ROW, "Group\tRate\tIts\tOf the rest\tTimes\tp\tp in the list");
    add_apart(report, document, METRIC_FMR);
    add_apart(report, document, METRIC_FNMR);
    document_addf(
        document, BLOCK_TEXT,
        "A list of where to look, not of claims: p in the list is adjusted by Benjamini and Hochberg, "
        "so that of the groups below 0.05 at most one in twenty is there by chance, on average. Claims are "
        "the ratios "
        "above and the gates, which are held against Holm's bound.");
}

/* ---- who is near whom ---- */

static const char *beside_chance(const struct audit_value *lift)
{
    if (isnan(lift->by_chance_low) || isnan(lift->by_chance))
        return "–";
    return lift->value < lift->by_chance_low ? "less"
           : lift->value > lift->by_chance   ? "more"
                                             : "as chance shows";
}

static void add_composition(const struct audit_report *report, struct document *document)
{
    int n = (int)report->table->n_groups;
    document_addf(document, BLOCK_HEADING, "Who is near whom");
    document_addf(
        document, BLOCK_HEAD_ROW,
        "Group\tAmong its %zu nearest\tShare\tTimes base rate\tBy chance\tSo it is\tp\tp in the list",
        report->settings->k);
    for (int g = 0; g < n; g++)
        for (int h = 0; h < n; h++) {
            const struct audit_value *share = audit_find(report->audit, METRIC_COMPOSITION, g, h),
                                     *lift = audit_find(report->audit, METRIC_LIFT, g, h);
            struct strbuf text = {0};
            put_cell(&text, report, lift);
            strbuf_printf(&text, "\t%s", report->table->names.group[h]);
            put_share(&text, share);
            put_value(&text, lift->value);
            put_range(&text, lift->by_chance_low, lift->by_chance);
            strbuf_printf(&text, "\t%s", beside_chance(lift));
            put_p(&text, lift);
            put_number(&text, lift->q);
            document_add(document, BLOCK_ROW, &text);
        }
    document_addf(
        document, BLOCK_TEXT,
        "By chance: 95 %% of samples lie there when groups are dealt anew among the %s%s; p is "
        "two-sided, (least) the smallest that so many samples can give; in the list by Benjamini and "
        "Hochberg.",
        report->table->names.units, report->table->label.code ? " of one label" : "");
}

/* Metrics from..to of every cell that has them. */
static void add_measures(const struct audit_report *report, struct document *document, int from, int to)
{
    document_addf(document, BLOCK_HEAD_ROW, "Measure\tOf\tValue\tBy chance up to\tp\tWhat it is");
    for (int metric = from; metric <= to; metric++) {
        bool first = true;
        for (size_t i = 0; i < report->audit->n_values; i++) {
            const struct audit_value *value = &report->audit->value[i];
            struct strbuf text = {0};
            if ((int)value->metric != metric)
                continue;
            strbuf_printf(&text, "%s\t", metric_name(value->metric));
            put_cell(&text, report, value);
            put_value(&text, value->value);
            put_number(&text, value->by_chance);
            put_p(&text, value);
            strbuf_printf(&text, "\t%s", first ? metric_meaning(value->metric) : "");
            document_add(document, BLOCK_ROW, &text);
            first = false;
        }
    }
}

/* ---- who is found ---- */

static void add_ranks(const struct audit_report *report, struct document *document)
{
    const struct audit *audit = report->audit;
    document_addf(document, BLOCK_HEADING, "Who is found");
    document_addf(document, BLOCK_HEAD_ROW,
                  "Group\tItems\tAt rank 1 (95 %%)\tBy 2\tBy 5\tBy 10\tFalse match in 1,000");
    for (int g = ALL_GROUPS; g < (int)report->table->n_groups; g++) {
        const struct audit_value *first = audit_find(audit, METRIC_RANK_1, g, g);
        struct strbuf text = {0};
        if (!first || (g >= 0 && report->table->n_groups == 1))
            continue;
        put_cell(&text, report, first);
        strbuf_puts(&text, "\t");
        words_count(&text, first->n);
        for (int m = METRIC_RANK_1; m <= METRIC_RANK_10; m++) {
            const struct audit_value *rank = audit_find(audit, m, g, g);
            if (rank)
                put_share(&text, rank);
            else
                strbuf_puts(&text, "\t–");
        }
        put_share(&text, audit_find(audit, METRIC_FALSE_IN_1000, g, g));
        document_add(document, is_faint(first) ? BLOCK_FAINT_ROW : BLOCK_ROW, &text);
    }
    document_addf(document, BLOCK_TEXT,
                  "Each item is sought among all others (closed set, cumulative match characteristic); items "
                  "that are alone in their %s are not. The last column is of a query whose %s is not there: "
                  "the chance of a false match among 1,000 others at this FMR, were they independent.",
                  report->table->names.relation, report->table->names.relation);
}

/* ---- can the group be read ---- */

static void add_separability(const struct audit_report *report, struct document *document)
{
    const struct audit_value *probe = audit_find(report->audit, METRIC_PROBE_BACC, ALL_GROUPS, ALL_GROUPS);
    if (!probe)
        return;
    document_addf(document, BLOCK_HEADING, "Can the group be read from the space?");
    add_measures(report, document, METRIC_SILHOUETTE, METRIC_PROBE_MAJORITY);
    document_addf(document, BLOCK_TEXT,
                  "Of %zu items. p: groups dealt anew among the %s show as much or more. That a group can be "
                  "read is information in the space, not harm; that a linear map cannot read it is not its "
                  "absence.",
                  probe->n_items, report->table->names.units);
}

static void add_association(const struct audit_report *report, struct document *document)
{
    const struct audit *audit = report->audit;
    if (!audit_first(audit, METRIC_ASSOCIATION))
        return;
    document_addf(document, BLOCK_HEADING, "Along the axis %s", report->table->axis);
    document_addf(document, BLOCK_HEAD_ROW, "Nearer to the first\tThan\tEffect\tp\tp in the list\tItems\t%s",
                  strcmp(report->table->names.units, "identities") == 0 ? "Identities" : "Units");
    for (size_t i = 0; i < audit->n_values; i++) {
        const struct audit_value *value = &audit->value[i];
        struct strbuf text = {0};
        if (value->metric != METRIC_ASSOCIATION)
            continue;
        put_cell(&text, report, value);
        strbuf_printf(&text, "\t%s", report->table->names.group[value->h]);
        put_number(&text, value->value);
        put_p(&text, value);
        put_number(&text, value->q);
        strbuf_printf(&text, "\t%zu\t%zu", value->n_items, value->n_units);
        document_add(document, BLOCK_ROW, &text);
    }
    document_addf(
        document, BLOCK_TEXT,
        "Association as in WEAT: how much nearer the %s of one group lie to the first end than those of "
        "the other, in standard deviations of both (n - 1). p is two-sided, over the ways to split them "
        "anew in the same numbers, all of them or a sample; (least) the smallest that these numbers can "
        "give.",
        report->table->names.units);
}

void report_add_neighbourhoods(const struct audit_report *report, struct document *document)
{
    if (!audit_first(report->audit, METRIC_LIFT))
        return;
    add_composition(report, document);
    add_measures(report, document, METRIC_PURITY, METRIC_NDKL);
    add_measures(report, document, METRIC_HUB_SKEW, METRIC_ANTIHUB);
    add_ranks(report, document);
    add_separability(report, document);
    add_association(report, document);
}

/* ---- what a score means ---- */

void report_add_meaning(const struct audit_report *report, struct document *document)
{
    const struct audit *audit = report->audit;
    uint32_t edge[MATCH_BANDS + 1];
    struct strbuf text = {0};
    if (audit->n_groups < 2 || audit->n_groups > 8 || audit->of[0].above[PAIR_GENUINE][0] < MATCH_BANDS)
        return;
    match_bands(&audit->of[0], edge);
    document_addf(document, BLOCK_HEADING, "What a score means");
    strbuf_puts(&text, "Score from");
    for (size_t g = 0; g < audit->n_groups; g++)
        strbuf_printf(&text, "\tgenuine in %s\tpairs", report->table->names.group[g]);
    document_add(document, BLOCK_HEAD_ROW, &text);
    for (int band = MATCH_BANDS - 1; band >= 0; band--) {
        if (edge[band] >= edge[band + 1]) /* tied: in the band below */
            continue;
        strbuf_printf(&text, "%.4f", audit_tau(audit, edge[band]));
        for (size_t g = 0; g < audit->n_groups; g++) {
            uint64_t n;
            double share = match_genuine_share(&audit->of[1 + g], edge[band], edge[band + 1], &n);
            strbuf_puts(&text, "\t");
            words_rate(&text, share);
            strbuf_puts(&text, "\t");
            words_count(&text, (double)n);
        }
        document_add(document, BLOCK_ROW, &text);
    }
    document_addf(
        document, BLOCK_TEXT,
        "Each row holds about a tenth of all genuine pairs and goes up to the row above. Of two pairs of "
        "one score that of the group with the lower share is less often genuine; the shares depend on how "
        "many pairs of a group are genuine at all.");
}

/* ---- what a threshold costs on other items ---- */

void report_add_performance(const struct audit_report *report, struct document *document)
{
    const struct audit *audit = report->audit;
    struct strbuf figure = {0};
    if (audit->n_epc == 0)
        return;
    document_addf(document, BLOCK_HEADING, "What a threshold chosen on dev costs on eval");
    if (isnan(audit->epc[0].cost)) {
        document_addf(document, BLOCK_TEXT,
                      "There is no cost to tell: eval has no %s pairs, so one of the two rates is undefined.",
                      isnan(audit->epc[0].fmr) ? "impostor" : "genuine");
        return;
    }
    document_addf(document, BLOCK_HEAD_ROW,
                  "Weight of FMR\tThreshold\tFMR\tFNMR\tCost\tLeast there could be");
    for (size_t i = 2; i + 2 < audit->n_epc; i += 4) {
        const struct epc_point *point = &audit->epc[i];
        struct strbuf text = {0};
        strbuf_printf(&text, "%.2f\t", point->weight);
        words_threshold(&text, audit_tau(audit, point->bin));
        strbuf_puts(&text, "\t");
        words_rate(&text, point->fmr);
        strbuf_puts(&text, "\t");
        words_rate(&text, point->fnmr);
        strbuf_printf(&text, "\t%.4f\t%.4f", point->cost, point->least);
        document_add(document, BLOCK_ROW, &text);
    }
    figure_performance(report, &figure);
    document_add(document, BLOCK_FIGURE, &figure);
    document_addf(
        document, BLOCK_TEXT,
        "Cost: weight x FMR + (1 - weight) x FNMR over all pairs of eval, at the threshold that is "
        "least on dev (expected performance curve); beside it the least of any threshold, which nobody "
        "could have known.");
}
