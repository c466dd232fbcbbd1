/* SPDX-License-Identifier: MIT
 *
 * What came of a sensitivity audit: a table for the terminal, sensitivity.md for people, .csv and .json for
 * programs.
 */
#include "app/document.h"
#include "app/sensitivity.h"
#include "base/check.h"
#include "base/file.h"
#include "run/run.h"
#include "ui/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- for people ---- */

static void percent(double share, char text[16])
{
    if (isnan(share))
        snprintf(text, 16, "–");
    else
        snprintf(text, 16, "%.0f %%", 100 * share);
}

static const char *ratio_form(double ratio)
{
    return ratio < 100 ? "%.2f" : "%.0f";
}

/* "3.10 !": with evidence of a difference. */
static void ratio_text(double ratio, bool evidence, char text[48])
{
    if (isnan(ratio)) {
        snprintf(text, 48, "undefined");
        return;
    }
    int n = snprintf(text, 44, ratio_form(ratio), ratio); /* NOLINT(clang-diagnostic-format-nonliteral) */
    if (evidence && n > 0)
        snprintf(text + n, 48 - (size_t)n, " !");
}

/* "x 0.68 (0.5-0.9)": worst / best of this one over that of the base. */
static void factor_text(const struct change *ratio, char text[64])
{
    if (isnan(ratio->a) || isnan(ratio->b))
        snprintf(text, 64, "–");
    else if (isnan(ratio->ci.low))
        snprintf(text, 64, "× %.2f", ratio->b / ratio->a);
    else
        snprintf(text, 64, "× %.2f (%.2f–%.2f)", ratio->b / ratio->a, ratio->ci.low, ratio->ci.high);
}

static void pad(struct strbuf *out, const char *text, int width)
{
    int gap = (width < 0 ? -width : width) - text_width(text);
    strbuf_printf(out, "%*s%s%*s", width > 0 && gap > 0 ? gap : 0, "", text, width < 0 && gap > 0 ? gap : 0,
                  "");
}

/* Numbers stand under each other whether or not a mark follows. */
static void pad_ratio(struct strbuf *out, double ratio, bool evidence)
{
    char text[48];
    ratio_text(ratio, evidence, text);
    pad(out, text, evidence ? 12 : 10);
    strbuf_puts(out, evidence ? "" : "  ");
}

static void print_row(const struct sensitivity_row *row, struct strbuf *out)
{
    char overlap[16], moved[16];
    pad(out, row->kind, -14);
    pad(out, row->what, -34);
    if (row->failed[0]) {
        strbuf_printf(out, "failed: %s\n", row->failed);
        return;
    }
    percent(row->moved.overlap, overlap);
    percent(row->moved.match_churn, moved);
    pad(out, overlap, 7);
    pad(out, moved, 9);
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        pad_ratio(out, row->moved.ratio[kind].b, row->evidence[kind]);
    strbuf_puts(out, "\n");
}

/* "1.9-2.6": of the base and the seeds. */
static void range_text(const struct interval *range, char text[80])
{
    if (isnan(range->low))
        snprintf(text, 80, "–");
    else
        snprintf(text, 80, range->high < 100 ? "%.2f–%.2f" : "%.0f–%.0f", range->low, range->high);
}

static void print_floor(const struct seed_floor *floor, struct strbuf *out)
{
    char mean[16], most[16], text[80];
    percent(floor->mean, mean);
    percent(floor->most, most);
    snprintf(text, sizeof text, "-- floor: %zu other seed%s, mean %s, most %s", floor->n,
             floor->n == 1 ? "" : "s", mean, most);
    pad(out, text, -64);
    for (int kind = 0; kind < N_PAIR_KINDS; kind++) {
        range_text(&floor->ratio[kind], text);
        pad(out, text, 12);
    }
    strbuf_puts(out, "\n");
}

static const struct sensitivity_row *first_fine(const struct sensitivity *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (!s->row[i].failed[0])
            return &s->row[i];
    return NULL;
}

static void print_base(const struct sensitivity *s, struct strbuf *out)
{
    const struct sensitivity_row *row = first_fine(s);
    if (!row)
        return;
    pad(out, "base", -64);
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        pad_ratio(out, row->moved.ratio[kind].a, s->evidence[kind]);
    strbuf_puts(out, "\n");
}

void sensitivity_print(const struct sensitivity *s, struct strbuf *out)
{
    struct seed_floor floor = sensitivity_floor(s);
    bool above = floor.n > 0;
    strbuf_printf(out, "%s\n\n", s->title);
    pad(out, "varied", -48);
    pad(out, "nearest", 7);
    pad(out, "matches", 9);
    pad(out, "FMR", 12);
    pad(out, "FNMR", 12);
    strbuf_puts(out, "\n");
    pad(out, "", -48);
    pad(out, "kept", 7);
    pad(out, "changed", 9);
    pad(out, "worst/best", 12);
    pad(out, "worst/best", 12);
    strbuf_puts(out, "\n");
    print_base(s, out);
    for (size_t i = 0; i < s->n; i++) {
        if (above && !sensitivity_stands_out(&s->row[i], &floor)) {
            print_floor(&floor, out);
            above = false;
        }
        print_row(&s->row[i], out);
    }
    strbuf_printf(out,
                  "\nnearest kept: of the %zu nearest; matches changed: of the pairs that match in the "
                  "base or here, those that do in one only;\nfloor: what another seed alone changes, and the "
                  "least and most ratio of the base "
                  "and the seeds;\n! evidence of a difference between groups\n",
                  s->k);
}

/* A cell's number, or a dash where it is not defined. */
static const char *cell(char text[32], const char *form, double value)
{
    snprintf(text, 32, isnan(value) ? "–" : form, value); /* NOLINT(clang-diagnostic-format-nonliteral) */
    return text;
}

static void add_rate(const struct sensitivity *s, const struct sensitivity_row *row, enum pair_kind kind,
                     size_t group, struct document *document)
{
    static const char *const names[N_PAIR_KINDS] = {"FMR", "FNMR"};
    const struct change *rate = &row->moved.group[group].rate[kind];
    char base[32], here[32], moved[32], floor[32], range[64] = "–";
    if (!isnan(rate->ci.low))
        snprintf(range, sizeof range, "%+.2g to %+.2g", 100 * rate->ci.low, 100 * rate->ci.high);
    document_addf(document, BLOCK_ROW, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", row->what, s->group[group],
                  names[kind], cell(base, "%.3g %%", 100 * rate->a), cell(here, "%.3g %%", 100 * rate->b),
                  cell(moved, "%+.2g", 100 * (rate->b - rate->a)), range,
                  cell(floor, "±%.2g", 100 * sensitivity_floor_rate(s, kind, group)));
}

static void add_rates(const struct sensitivity *s, struct document *document)
{
    document_addf(document, BLOCK_HEADING, "Each group");
    document_addf(document, BLOCK_HEAD_ROW,
                  "Varied\tGroup\tRate\tBase\tHere\tDifference\t95 %%\tOther seeds, at most");
    for (size_t i = 0; i < s->n; i++)
        for (size_t g = 0; g < s->n_groups && !s->row[i].failed[0]; g++)
            for (int kind = 0; kind < N_PAIR_KINDS; kind++)
                add_rate(s, &s->row[i], (enum pair_kind)kind, g, document);
}

static void add_factors(const struct sensitivity *s, struct document *document)
{
    document_addf(document, BLOCK_HEAD_ROW,
                  "Kind\tVaried\tNearest kept\tCKA\tMatches changed\tFMR worst/best\tof the base's\tFNMR "
                  "worst/best\tof the base's");
    struct seed_floor floor = sensitivity_floor(s);
    for (size_t i = 0; i < s->n; i++) {
        const struct sensitivity_row *row = &s->row[i];
        char overlap[16], moved[16], cka[32], ratio[2][48], factor[2][64];
        if (row->failed[0]) {
            document_addf(document, BLOCK_FAINT_ROW, "%s\t%s\tfailed: %s\t\t\t\t\t\t", row->kind, row->what,
                          row->failed);
            continue;
        }
        percent(row->moved.overlap, overlap);
        percent(row->moved.match_churn, moved);
        for (int kind = 0; kind < N_PAIR_KINDS; kind++) {
            ratio_text(row->moved.ratio[kind].b, row->evidence[kind], ratio[kind]);
            factor_text(&row->moved.ratio[kind], factor[kind]);
        }
        document_addf(document, sensitivity_stands_out(row, &floor) ? BLOCK_ROW : BLOCK_FAINT_ROW,
                      "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", row->kind, row->what, overlap,
                      cell(cka, "%.2f", row->moved.cka), moved, ratio[0], factor[0], ratio[1], factor[1]);
    }
}

static void describe(const struct sensitivity *s, const struct sensitivity_plan *plan,
                     struct document *document)
{
    struct seed_floor floor = sensitivity_floor(s);
    const struct sensitivity_row *row = first_fine(s);
    char range[2][80], mean[16], most[16], ratio[2][48];
    percent(floor.mean, mean);
    percent(floor.most, most);
    document_init(document, "What moves the audit");
    document_addf(document, BLOCK_TEXT, "%s.", s->title);
    document_addf(document, BLOCK_TEXT,
                  "Sorted by the share of matches that change. Another seed alone changes %s on average, "
                  "%s at most (%zu seeds): what moves no further says nothing about its cause. ! marks "
                  "evidence of a difference between groups.",
                  mean, most, floor.n);
    if (row) {
        for (int kind = 0; kind < N_PAIR_KINDS; kind++)
            ratio_text(row->moved.ratio[kind].a, s->evidence[kind], ratio[kind]);
        document_addf(document, BLOCK_TEXT, "Base: FMR worst / best %s, FNMR worst / best %s.", ratio[0],
                      ratio[1]);
    }
    range_text(&floor.ratio[PAIR_IMPOSTOR], range[0]);
    range_text(&floor.ratio[PAIR_GENUINE], range[1]);
    document_addf(document, BLOCK_TEXT,
                  "Of the base and the other seeds worst / best is %s in FMR and %s in FNMR: a ratio within "
                  "is one that a seed alone could have made.",
                  range[0], range[1]);
    add_factors(s, document);
    if (plan->left_out[0])
        document_addf(document, BLOCK_TEXT, "Left out: %s.", plan->left_out);
    add_rates(s, document);
}

/* ---- for programs ---- */

static void put_number(struct strbuf *out, double value)
{
    if (isfinite(value))
        strbuf_printf(out, ",%.10g", value);
    else
        strbuf_puts(out, ",");
}

static void csv_line(struct strbuf *out, const struct sensitivity_row *row, const char *group,
                     const char *metric, const struct change *change)
{
    strbuf_printf(out, "%s,%s,\"%s\",\"%s\",%s", row->kind, row->name, row->what, group, metric);
    put_number(out, change->a);
    put_number(out, change->b);
    put_number(out, change->ci.low);
    put_number(out, change->ci.high);
    strbuf_puts(out, "\n");
}

static void write_csv(const struct sensitivity *s, struct strbuf *out)
{
    static const char *const rates[] = {"fmr", "fnmr"}, *const ratios[] = {"fmr_ratio", "fnmr_ratio"},
                             *const churns[] = {"impostor_churn", "genuine_churn"};
    strbuf_puts(out, "kind,run,what,cell,metric,base,here,low,high\n");
    for (size_t i = 0; i < s->n; i++) {
        const struct sensitivity_row *row = &s->row[i];
        const struct {
            const char *name;
            double value;
        } plain[] = {{"overlap", row->moved.overlap}, {"jaccard", row->moved.jaccard},
                     {"rbo", row->moved.rbo},         {"cka_debiased", row->moved.cka},
                     {"churn", row->moved.churn},     {"match_churn", row->moved.match_churn}};
        if (row->failed[0])
            continue;
        for (size_t p = 0; p < ARRAY_LEN(plain); p++)
            csv_line(out, row, "all", plain[p].name, &(struct change){NAN, plain[p].value, {NAN, NAN}});
        for (int kind = 0; kind < N_PAIR_KINDS; kind++) {
            csv_line(out, row, "all", ratios[kind], &row->moved.ratio[kind]);
            csv_line(out, row, "all", rates[kind], &row->moved.all.rate[kind]);
            for (size_t g = 0; g < s->n_groups; g++) {
                const struct group_change *group = &row->moved.group[g];
                double churn = group->pairs[kind] > 0 ? group->flipped[kind] / group->pairs[kind] : NAN;
                csv_line(out, row, s->group[g], rates[kind], &group->rate[kind]);
                csv_line(out, row, s->group[g], churns[kind], &(struct change){NAN, churn, {NAN, NAN}});
            }
        }
    }
}

static bool write_text(const struct sensitivity_plan *plan, const char *name, struct strbuf *text,
                       struct err *err)
{
    char path[RUN_PATH_SIZE];
    run_path(path, plan->folder, name);
    bool fine = file_write(path, strbuf_text(text), text->length, err);
    strbuf_release(text);
    return fine;
}

bool sensitivity_write(const struct sensitivity *s, const struct sensitivity_plan *plan, struct err *err)
{
    struct strbuf json = {0}, csv = {0}, markdown = {0};
    struct document document;
    json_t *object = sensitivity_json(s);
    char *dump = json_dumps(object, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
    strbuf_printf(&json, "%s\n", dump);
    free(dump);
    json_decref(object);
    write_csv(s, &csv);
    describe(s, plan, &document);
    document_markdown(&document, &markdown);
    document_release(&document);
    bool fine = write_text(plan, SENSITIVITY_JSON, &json, err);
    fine = write_text(plan, "sensitivity.csv", &csv, err) && fine;
    return write_text(plan, "sensitivity.md", &markdown, err) && fine;
}
