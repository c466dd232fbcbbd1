/* SPDX-License-Identifier: MIT */
#include "app/audit_report.h"

#include "base/check.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>

/* ---- what was compared ---- */

static void add_threshold(const struct audit_report *report, struct document *document)
{
    static const char *const targets[] = {"given", "at FMR", "at FNMR", "where FMR and FNMR are equal"};
    const struct audit_settings *settings = report->settings;
    struct strbuf text = {0};
    double tau = audit_tau(report->audit, report->audit->bin);
    if (isfinite(tau))
        strbuf_printf(&text, "Threshold: %.4f, %s", tau, targets[settings->target]);
    else
        strbuf_printf(&text, "Threshold: none accepts few enough pairs, so all are rejected (%s",
                      targets[settings->target]);
    if (settings->target == AUDIT_AT_FMR || settings->target == AUDIT_AT_FNMR) {
        strbuf_puts(&text, " ");
        words_rate(&text, settings->at);
    }
    strbuf_puts(&text, isfinite(tau) ? "" : ")");
    strbuf_puts(&text, report->table->dev ? ", chosen on dev and reported on eval."
                       : report->audit->exploratory
                           ? ", chosen on the items it is reported on: exploratory, the "
                             "rates are somewhat too good. Use --split to choose on dev."
                           : ".");
    document_add(document, BLOCK_ITEM, &text);
}

/* What makes a pair genuine, and which pairs there are. */
static void add_genuine(const struct audit_table *table, struct document *document)
{
    struct strbuf text = {0};
    strbuf_puts(&text, "A pair is genuine (mated) if ");
    if (table->pairs.pair && table->pairs.list.at[0].same >= 0)
        strbuf_puts(&text, "the list says so");
    else
        strbuf_printf(&text, "both have the same %s", table->names.relation);
    strbuf_puts(&text, ", else impostor (non-mated). ");
    if (table->pairs.pair)
        strbuf_printf(&text, "%zu listed pairs.", table->pairs.n);
    else
        strbuf_puts(&text, "All pairs.");
    document_add(document, BLOCK_ITEM, &text);
}

static void add_compared(const struct audit_report *report, struct document *document)
{
    static const char *const conventions[] = {"both items are of the group",
                                              "at least one item is of the group",
                                              "ordered pairs whose first item is of the group"};
    const struct audit_table *table = report->table;
    struct strbuf text = {0};
    document_addf(document, BLOCK_HEADING, "What was compared");
    strbuf_printf(&text, "%s: ", table->file[0].path);
    words_count(&text, (double)(table->names.per_pair ? table->pairs.n : report->audit->n_items));
    strbuf_puts(&text, table->names.per_pair ? " pairs" : " items");
    if (strcmp(table->names.units, "items") != 0 && !table->names.per_pair) {
        strbuf_puts(&text, " of ");
        words_count(&text, (double)report->audit->n_units);
        strbuf_printf(&text, " %s", table->names.units);
    }
    if (table->embeddings.rows)
        strbuf_printf(&text, ", %zu numbers each, by cosine similarity.", table->embeddings.d);
    else
        strbuf_puts(&text, ", by scores that were made elsewhere.");
    document_add(document, BLOCK_ITEM, &text);
    add_genuine(table, document);
    if (table->by)
        document_addf(document, BLOCK_ITEM, "Groups: %zu, by %s.", table->n_groups, table->by);
    document_addf(document, BLOCK_ITEM, "FMR, false match rate of a group: convention \"%s\", %s.",
                  convention_name(report->settings->convention), conventions[report->settings->convention]);
    add_threshold(report, document);
    if (table->input.per_pair)
        document_addf(document, BLOCK_ITEM,
                      "Intervals are per pair: too narrow. Pairs that share an item or an identity go wrong "
                      "together, and the list does not say which do; gates on it are inconclusive.");
    else
        document_addf(document, BLOCK_ITEM,
                      "Intervals take the %s as what was sampled: they say what to expect of other %s.",
                      table->names.units, table->names.units);
}

/* ---- results ---- */

static void percent_range(struct strbuf *out, const struct audit_value *value)
{
    if (isnan(value->ci.low))
        strbuf_puts(out, "–");
    else
        strbuf_printf(out, "%.2g–%.2g %%", 100 * value->ci.low, 100 * value->ci.high);
}

/* Of a rate that there is. */
static void put_effect(struct strbuf *out, const struct audit_value *rate)
{
    if (rate->status == AUDIT_UNDEFINED)
        strbuf_puts(out, "\t–");
    else
        strbuf_printf(out, "\t%.3g", rate->deff);
}

static void add_rate_row(const struct audit_report *report, struct document *document, int g, int h)
{
    const struct audit_value *fmr = audit_find(report->audit, METRIC_FMR, g, h),
                             *fnmr = audit_find(report->audit, METRIC_FNMR, g, h);
    struct strbuf text = {0};
    words_cell(&text, fmr, &report->table->names);
    strbuf_puts(&text, "\t");
    words_count(&text, (double)fmr->n_items);
    strbuf_puts(&text, "\t");
    words_count(&text, (double)fmr->n_units);
    strbuf_puts(&text, "\t");
    words_rate(&text, fmr->value);
    strbuf_puts(&text, "\t");
    percent_range(&text, fmr);
    put_effect(&text, fmr);
    strbuf_puts(&text, "\t");
    words_rate(&text, fnmr->value);
    strbuf_puts(&text, "\t");
    percent_range(&text, fnmr);
    put_effect(&text, fnmr);
    bool faint = fmr->status != AUDIT_OK || (fnmr->status != AUDIT_OK && g == h);
    document_add(document, faint ? BLOCK_FAINT_ROW : BLOCK_ROW, &text);
}

static void add_rates(const struct audit_report *report, struct document *document)
{
    int n = (int)report->table->n_groups;
    document_addf(document, BLOCK_HEADING, "Error rates by group");
    document_addf(document, BLOCK_HEAD_ROW,
                  "Group\tItems\t%s\tFalse match rate\t95 %%\tDesign effect\tFalse non-match rate\t95 "
                  "%%\tDesign effect",
                  strcmp(report->table->names.units, "identities") == 0 ? "Identities" : "Units");
    add_rate_row(report, document, ALL_GROUPS, ALL_GROUPS);
    for (int g = 0; n > 1 && g < n; g++) /* one group is all */
        add_rate_row(report, document, g, g);
    for (int g = 0; g < n; g++)
        for (int h = g + 1; h < n; h++)
            add_rate_row(report, document, g, h);
    document_addf(
        document, BLOCK_TEXT,
        "Rows in grey italics have fewer than %d errors or %d %s: they are shown, and must not be ranked. "
        "The design effect says how many times more uncertain a rate is than independent pairs would make "
        "it.",
        AUDIT_MIN_ERRORS, AUDIT_MIN_UNITS, report->table->names.units);
    struct strbuf figure = {0};
    figure_rates(report, METRIC_FMR, &figure);
    document_add(document, BLOCK_FIGURE, &figure);
    figure_rates(report, METRIC_FNMR, &figure);
    document_add(document, BLOCK_FIGURE, &figure);
    figure_det(report, &figure);
    document_add(document, BLOCK_FIGURE, &figure);
}

static void add_headline(const struct audit_report *report, struct document *document)
{
    document_addf(document, BLOCK_HEADING, "Is the difference real?");
    for (int m = METRIC_FMR_RATIO; m <= METRIC_FNMR_RATIO; m++) {
        struct strbuf text = {0};
        words_ratio(&text, audit_first(report->audit, m), &report->table->names);
        document_add(document, BLOCK_TEXT, &text);
    }
}

static void add_summary(const struct audit_report *report, struct document *document, int metric)
{
    const struct audit_value *value = audit_first(report->audit, metric);
    char number[32];
    snprintf(number, sizeof number, isnan(value->value) ? "undefined" : "%.4g", value->value);
    document_addf(document, BLOCK_ROW, "%s\t%s\t%s\t%s", metric_name(metric), number, metric_ideal(metric),
                  metric_meaning(metric));
}

static void add_summaries(const struct audit_report *report, struct document *document)
{
    if (!audit_first(report->audit, METRIC_FMR_DIFF))
        return;
    document_addf(document, BLOCK_HEADING, "Other summaries");
    document_addf(document, BLOCK_HEAD_ROW, "Measure\tValue\tEqual groups\tWhat it is");
    for (int m = METRIC_FMR_RATIO; m <= METRIC_IR; m++)
        add_summary(report, document, m);
    for (int m = METRIC_MATCH_RATE_DIFF; m <= METRIC_MAX_GM_FNMR_SAFE; m++)
        add_summary(report, document, m);
}

/* One threshold for all is the threshold of some: what it does to the others. */
static void add_transfer(const struct audit_report *report, struct document *document)
{
    int n = (int)report->table->n_groups;
    const char *const *group = report->table->names.group;
    if (n < 2 || n > 8) /* a wider table is in audit.csv */
        return;
    struct strbuf text = {0};
    strbuf_puts(&text, "FMR at the threshold of");
    for (int h = 0; h < n; h++)
        strbuf_printf(&text, "\tof %s", group[h]);
    document_add(document, BLOCK_HEAD_ROW, &text);
    for (int g = 0; g < n; g++) {
        strbuf_printf(&text, "%s (", group[g]);
        words_threshold(&text, audit_find(report->audit, METRIC_EQUAL_FMR_THRESHOLD, g, g)->value);
        strbuf_puts(&text, ")");
        for (int h = 0; h < n; h++) {
            strbuf_puts(&text, "\t");
            words_rate(&text, audit_find(report->audit, METRIC_TRANSFER, g, h)->value);
        }
        document_add(document, BLOCK_ROW, &text);
    }
}

static void add_what_if(const struct audit_report *report, struct document *document)
{
    static const struct {
        const char *title;
        enum audit_metric first;
    } rows[] = {{"equal FMR", METRIC_EQUAL_FMR_THRESHOLD},
                {"equal FNMR", METRIC_EQUAL_FNMR_THRESHOLD},
                {"equal match rate", METRIC_EQUAL_RATE_THRESHOLD},
                {"least cost", METRIC_LEAST_COST_THRESHOLD}};
    document_addf(document, BLOCK_HEADING, "What if each group had a threshold of its own?");
    document_addf(
        document, BLOCK_TEXT,
        "Nothing of this is applied: thresholds by group use the group when a decision is made, which may "
        "be neither possible nor allowed. Chosen and counted on the same items.");
    document_addf(document, BLOCK_HEAD_ROW, "Strategy\tGroup\tThreshold\tFMR\tFNMR");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (int g = 0; g < (int)report->table->n_groups; g++) {
            const struct audit_value *tau = audit_find(report->audit, rows[i].first, g, g);
            struct strbuf text = {0};
            strbuf_printf(&text, "%s\t%s\t", rows[i].title, report->table->names.group[g]);
            words_threshold(&text, tau->value);
            strbuf_puts(&text, "\t");
            words_rate(&text, tau[1].value);
            strbuf_puts(&text, "\t");
            words_rate(&text, tau[2].value);
            document_add(document, BLOCK_ROW, &text);
        }
    add_transfer(report, document);
}

/* ---- what could not be said, what decided, how to do it again ---- */

/* Listed pairs that are not counted; how many kinds of them there are. */
static size_t add_left_out(const struct audit_pairs *pairs, struct document *document)
{
    const struct {
        size_t n;
        const char *why;
    } left_out[] = {
        {pairs->n_failed, "have no score: a comparison that failed"},
        {pairs->n_self, "are of an item with itself"},
        {pairs->n_unknown, "are neither listed as the same or different nor told by the relation"}};
    size_t kinds = 0;
    for (size_t i = 0; i < ARRAY_LEN(left_out); i++)
        if (left_out[i].n > 0) {
            document_addf(document, BLOCK_ITEM, "%zu listed pairs %s; they are not counted.", left_out[i].n,
                          left_out[i].why);
            kinds++;
        }
    return kinds;
}

static void add_limits(const struct audit_report *report, struct document *document)
{
    const struct audit_table *table = report->table;
    size_t failed = 0, said = 0;
    document_addf(document, BLOCK_HEADING, "What could not be estimated");
    for (size_t i = 0; i < report->audit->n_cells; i++) {
        const struct audit_value *value = &report->audit->value[i];
        if (value->status == AUDIT_OK || (value->status == AUDIT_UNDEFINED && value->g != value->h))
            continue;
        struct strbuf text = {0};
        words_value(&text, value, &table->names);
        document_add(document, BLOCK_ITEM, &text);
        said++;
    }
    for (size_t g = 0; g < table->n_groups; g++)
        failed += report->audit->scores.size[g].n_failed;
    if (failed)
        document_addf(
            document, BLOCK_ITEM,
            "%zu items have a row that is zero or not finite: a failure to embed; they are in no pair.",
            failed);
    if (table->n_no_relation)
        document_addf(document, BLOCK_ITEM, "%zu items have no %s and are in no pair.", table->n_no_relation,
                      table->names.relation);
    said += add_left_out(&table->pairs, document);
    if (said + failed + table->n_no_relation == 0)
        document_addf(document, BLOCK_TEXT, "Nothing: every rate has an interval and enough errors.");
}

static void add_gates(const struct audit_report *report, struct document *document)
{
    if (report->n_gates == 0)
        return;
    document_addf(document, BLOCK_HEADING, "Gates");
    document_addf(document, BLOCK_HEAD_ROW, "Gate\tKind\tOutcome\tValue\t95 %%\tWhat decides");
    for (size_t i = 0; i < report->n_gates; i++) {
        const struct audit_value *value = report->judged[i];
        char number[32] = "undefined", range[64] = "–";
        if (value && !isnan(value->value))
            snprintf(number, sizeof number, "%.4g", value->value);
        if (value && !isnan(value->ci.low))
            snprintf(range, sizeof range, "%.4g–%.4g", value->ci.low, value->ci.high);
        struct strbuf more = {0};
        words_gate(&more, report, i);
        document_addf(document, BLOCK_ROW, "%s\t%s\t%s\t%s\t%s\t%s", report->gate[i].text,
                      gate_kind_name(report->gate[i].kind), gate_outcome_name(report->outcome[i]), number,
                      range, more.length ? strbuf_text(&more) : "the interval");
        strbuf_release(&more);
    }
}

/* As a shell reads it back. */
static void put_argument(struct strbuf *out, const char *argument)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+,./:@%";
    if (*argument && argument[strspn(argument, plain)] == '\0') {
        strbuf_puts(out, argument);
        return;
    }
    strbuf_puts(out, "'");
    for (const char *p = argument; *p; p++)
        strbuf_add(out, *p == '\'' ? "'\\''" : p, *p == '\'' ? 4 : 1);
    strbuf_puts(out, "'");
}

static void add_command(const struct audit_report *report, struct document *document)
{
    struct strbuf text = {0};
    strbuf_puts(&text, "nearfar audit");
    for (size_t i = 0; i < report->n_arguments; i++) {
        strbuf_puts(&text, " ");
        put_argument(&text, report->argument[i]);
    }
    document_addf(document, BLOCK_HEADING, "How to do it again");
    document_add(document, BLOCK_CODE, &text);
    for (size_t i = 0; i < report->table->n_files; i++)
        document_addf(document, BLOCK_ITEM, "%s: %zu rows, SHA-256 %s", report->table->file[i].path,
                      report->table->file[i].rows, report->table->file[i].sha256);
    document_addf(document, BLOCK_ITEM,
                  "Looked at: %zu thresholds, %zu rates; the more one looks at, the more differ by chance.",
                  report->n_thresholds, report->audit->n_cells);
    document_addf(document, BLOCK_ITEM,
                  "Scores are counted in %zu bins; a pair matches if its bin is at or above the threshold's.",
                  report->audit->n_bins);
}

static void report_document(const struct audit_report *report, struct document *document)
{
    char title[300];
    const char *by = report->table->by;
    snprintf(title, sizeof title, "Audit of %s%s%s", report->table->file[0].path, by ? " by " : "",
             by ? by : "");
    document_init(document, title);
    add_headline(report, document);
    add_gates(report, document);
    add_compared(report, document);
    add_rates(report, document);
    report_add_apart(report, document);
    add_limits(report, document);
    report_add_marks(report, document);
    add_summaries(report, document);
    report_add_meaning(report, document);
    report_add_performance(report, document);
    add_what_if(report, document);
    report_add_neighbourhoods(report, document);
    report_add_worst(report, document);
    add_command(report, document);
}

/* ---- files ---- */

static bool write_text(const char *folder, const char *name, struct strbuf *text, struct err *err)
{
    struct strbuf path = {0};
    strbuf_printf(&path, "%s/%s", folder, name);
    bool fine = file_write(strbuf_text(&path), strbuf_text(text), text->length, err);
    strbuf_release(&path);
    strbuf_release(text);
    return fine;
}

bool report_write(const struct audit_report *report, const char *folder, struct err *err)
{
    struct document document;
    struct strbuf json = {0}, csv = {0}, markdown = {0}, html = {0};
    json_t *object = report_json(report);
    char *dump = json_dumps(object, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
    strbuf_puts(&json, dump);
    strbuf_puts(&json, "\n");
    free(dump);
    json_decref(object);
    report_csv(report, &csv);
    report_document(report, &document);
    document_markdown(&document, &markdown);
    document_html(&document, &html);
    document_release(&document);
    bool fine = folder_make(folder, err) && write_text(folder, "audit.json", &json, err) &&
                write_text(folder, "audit.csv", &csv, err) &&
                write_text(folder, "audit.md", &markdown, err) &&
                write_text(folder, "audit.html", &html, err);
    strbuf_release(&json);
    strbuf_release(&csv);
    strbuf_release(&markdown);
    strbuf_release(&html);
    return fine;
}
