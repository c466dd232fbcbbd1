/* SPDX-License-Identifier: MIT
 *
 * What a person marked of the items of an audit: read, applied, and told with what it changes.
 */
#include "answer/audit_tags.h"
#include "app/audit_report.h"
#include "app/json.h"
#include "app/save.h"
#include "base/check.h"
#include "base/file.h"
#include "run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

/* How many items marks are of. */
static bool count_marked(const struct audit_table *table, const char *folder, size_t *n, struct err *err)
{
    struct record record;
    *n = table->items.rows;
    if (!folder)
        return true;
    if (!load_record(folder, &record, err))
        return false;
    *n = record.dataset.n;
    record_release(&record);
    return true;
}

bool audit_table_tag(struct audit_table *table, const char *path, const char *run, struct err *err)
{
    size_t n;
    if (!count_marked(table, run, &n, err) || !marks_read(path, n, &table->marks, err))
        return false;
    size_t n_marks = table->marks.n;
    uint32_t *row = audit_rows(&table->items, run != NULL);
    table->tag = xcalloc(n_marks + 1, sizeof *table->tag);
    table->mark_of = xcalloc(n_marks + 1, sizeof *table->mark_of);
    table->input.tag = table->tag;
    table->input.n_tags =
        tags_of_marks(table->marks.mark, n_marks, row, table->items.rows, table->tag, table->mark_of);
    free(row);
    return true;
}

/* ---- what they change ---- */

struct audit_settings report_settings_untagged(const struct audit_report *report)
{
    struct audit_settings settings = *report->settings;
    settings.k = settings.n_worst = 0;
    return settings;
}

bool report_look_untagged(struct audit_report *report, struct pool *pool, struct progress *progress,
                          struct err *err)
{
    struct audit_input bare = report->table->input;
    struct audit_settings settings = report_settings_untagged(report);
    if (bare.n_tags == 0)
        return true;
    report->untagged = xcalloc(1, sizeof *report->untagged);
    report->effect = xcalloc(bare.n_tags, sizeof *report->effect);
    bare.n_tags = 0;
    if (!audit_make_at(report->untagged, report->audit, &bare, &settings, pool, progress, err))
        return false;
    audit_tag_effects(report->untagged, &report->table->input, report->effect);
    return true;
}

void report_release_untagged(struct audit_report *report)
{
    if (report->untagged)
        audit_release(report->untagged);
    free(report->untagged);
    free(report->effect);
}

/* Headline figures: both rates of all and of each group, both ratios. Calls put with each, untagged and
 * tagged. */
static void each_headline(const struct audit_report *report,
                          void (*put)(void *to, const struct audit_report *report,
                                      const struct audit_value *without, const struct audit_value *with),
                          void *to)
{
    static const enum audit_metric ratios[] = {METRIC_FMR_RATIO, METRIC_FNMR_RATIO};
    const struct audit *without = report->untagged, *with = report->audit;
    for (size_t i = 0; i < without->n_cells; i++) {
        const struct audit_value *value = &without->value[i];
        bool again = value->g != ALL_GROUPS && without->n_groups == 1;
        if (value->g == value->h && !again)
            put(to, report, value, audit_find(with, value->metric, value->g, value->h));
    }
    for (size_t i = 0; i < ARRAY_LEN(ratios); i++)
        put(to, report, audit_first(without, ratios[i]), audit_first(with, ratios[i]));
}

/* ---- for people ---- */

static const struct mark *mark_of(const struct audit_report *report, size_t tag)
{
    return &report->table->marks.mark[report->table->mark_of[tag]];
}

/* Items of a tag in the order of its mark: of a duplicate the later is the one that is out. */
static void tag_names(const struct audit_report *report, size_t t, char item[64], char other[64])
{
    const struct audit_tag *tag = &report->table->tag[t];
    audit_item_name(report->table, tag->a, item);
    snprintf(other, 64, "–");
    if (tag->b != UINT32_MAX)
        audit_item_name(report->table, tag->b, other);
}

static void number_text(struct strbuf *out, const struct audit_value *value)
{
    bool ratio = value->metric == METRIC_FMR_RATIO || value->metric == METRIC_FNMR_RATIO;
    if (!ratio || isnan(value->value))
        words_rate(out, value->value);
    else
        strbuf_printf(out, "%.3g", value->value);
}

static void put_row(void *to, const struct audit_report *report, const struct audit_value *without,
                    const struct audit_value *with)
{
    struct document *document = to;
    struct strbuf text = {0};
    static const char *const names[] = {[METRIC_FMR] = "FMR",
                                        [METRIC_FNMR] = "FNMR",
                                        [METRIC_FMR_RATIO] = "FMR, worst / best",
                                        [METRIC_FNMR_RATIO] = "FNMR, worst / best"};
    bool rate = without->metric == METRIC_FMR || without->metric == METRIC_FNMR;
    strbuf_puts(&text, names[without->metric]);
    if (rate) {
        strbuf_puts(&text, " of ");
        words_cell(&text, without, &report->table->names);
    }
    strbuf_puts(&text, "\t");
    number_text(&text, without);
    strbuf_puts(&text, "\t");
    number_text(&text, with);
    for (int i = 0; i < 2 && rate; i++) {
        const struct audit_value *value = i ? with : without;
        strbuf_puts(&text, "\t");
        words_count(&text, value->x);
        strbuf_puts(&text, " of ");
        words_count(&text, value->n);
    }
    strbuf_puts(&text, rate ? "" : "\t–\t–");
    document_add(document, BLOCK_ROW, &text);
}

static void put_tag(const struct audit_report *report, size_t t, struct document *document)
{
    const struct audit_tag_effect *e = &report->effect[t];
    char item[64], other[64];
    struct strbuf text = {0};
    tag_names(report, t, item, other);
    strbuf_printf(&text, "%s\t%s\t%s", mark_name(mark_of(report, t)->kind), item, other);
    for (int kind = PAIR_GENUINE; kind >= PAIR_IMPOSTOR; kind--) {
        strbuf_puts(&text, "\t");
        words_count(&text, e->pairs[kind]);
        strbuf_puts(&text, "\t");
        words_count(&text, e->errors[kind]);
    }
    for (int kind = PAIR_IMPOSTOR; kind < N_PAIR_KINDS; kind++)
        strbuf_printf(&text, isnan(e->ratio[kind]) ? "\tundefined" : "\t%.3g", e->ratio[kind]);
    document_add(document, e->counts ? BLOCK_ROW : BLOCK_FAINT_ROW, &text);
}

void report_add_marks(const struct audit_report *report, struct document *document)
{
    const struct audit_table *table = report->table;
    size_t n_tags = table->input.n_tags;
    if (table->marks.n == 0)
        return;
    document_addf(document, BLOCK_HEADING, "What was marked");
    document_addf(
        document, BLOCK_TEXT,
        "A person marked %zu items or pairs; %zu are of the items of this audit. All figures of this "
        "report are as the marks say: a wrongly labelled item and the later of two duplicates are in "
        "no pair, a pair that is the same or different counts as that. The option --marks none "
        "leaves them out.",
        table->marks.n, n_tags);
    if (!report->untagged)
        return;
    document_addf(document, BLOCK_HEAD_ROW,
                  "At the same threshold\tWithout marks\tWith\tPairs without\tWith");
    each_headline(report, put_row, document);
    document_addf(document, BLOCK_TEXT,
                  "What each mark changes by itself, beside FMR worst / best %.3g and FNMR "
                  "worst / best %.3g without any:",
                  audit_first(report->untagged, METRIC_FMR_RATIO)->value,
                  audit_first(report->untagged, METRIC_FNMR_RATIO)->value);
    document_addf(document, BLOCK_HEAD_ROW,
                  "Mark\tItem\tOther\tGenuine pairs\tMisses among them\tImpostor pairs\tFalse matches among "
                  "them\tFMR worst / best\tFNMR worst / best");
    for (size_t t = 0; t < n_tags; t++)
        put_tag(report, t, document);
}

void words_marks(struct strbuf *out, const struct audit_report *report)
{
    static const enum audit_metric ratios[] = {METRIC_FMR_RATIO, METRIC_FNMR_RATIO};
    if (report->table->marks.n == 0)
        return;
    strbuf_printf(out, "Marks: %zu of %zu are of these items.", report->table->input.n_tags,
                  report->table->marks.n);
    for (size_t i = 0; i < ARRAY_LEN(ratios) && report->untagged; i++) {
        strbuf_puts(out, i ? ", FNMR worst / best " : " FMR worst / best ");
        number_text(out, audit_first(report->untagged, ratios[i]));
        strbuf_puts(out, " without them, ");
        number_text(out, audit_first(report->audit, ratios[i]));
        strbuf_puts(out, i ? " with." : " with");
    }
    strbuf_puts(out, "\n");
}

/* ---- for programs ---- */

static void put_headline(void *to, const struct audit_report *report, const struct audit_value *without,
                         const struct audit_value *with)
{
    char cell[CELL_CODE];
    cell_code(cell, without, &report->table->names);
    json_array_append_new(
        to, json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "metric", metric_name(without->metric), "cell", cell,
                      "without", json_number(without->value), "with", json_number(with->value),
                      "n_pairs_without", json_number(without->n), "n_pairs_with", json_number(with->n)));
}

static json_t *tag_json(const struct audit_report *report, size_t t)
{
    const struct audit_tag_effect *e = &report->effect[t];
    const struct mark *mark = mark_of(report, t);
    json_t *object = json_pack(
        "{s:s, s:I, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "mark", mark_name(mark->kind), "item",
        (json_int_t)mark->a, "other", mark->b >= 0 ? json_integer(mark->b) : json_null(), "counts",
        (int)e->counts, "genuine_pairs", json_number(e->pairs[PAIR_GENUINE]), "misses",
        json_number(e->errors[PAIR_GENUINE]), "impostor_pairs", json_number(e->pairs[PAIR_IMPOSTOR]),
        "false_matches", json_number(e->errors[PAIR_IMPOSTOR]), "fmr_ratio",
        json_number(e->ratio[PAIR_IMPOSTOR]), "fnmr_ratio", json_number(e->ratio[PAIR_GENUINE]));
    json_object_set_new(object, "fmr", json_number(e->rate[PAIR_IMPOSTOR]));
    json_object_set_new(object, "fnmr", json_number(e->rate[PAIR_GENUINE]));
    return object;
}

json_t *report_marks_json(const struct audit_report *report)
{
    json_t *list = json_array(), *headline = json_array();
    if (report->untagged)
        each_headline(report, put_headline, headline);
    for (size_t t = 0; report->untagged && t < report->table->input.n_tags; t++)
        json_array_append_new(list, tag_json(report, t));
    return json_pack("{s:I, s:I, s:o, s:o}", "marks", (json_int_t)report->table->marks.n, "of_these_items",
                     (json_int_t)report->table->input.n_tags, "headline", headline, "each", list);
}
