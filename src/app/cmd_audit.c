/* SPDX-License-Identifier: MIT
 *
 * nearfar audit: what a threshold does, to whom, and whether the difference is real; gates for pipelines.
 */
#include "app/audit_pictures.h"
#include "app/audit_report.h"
#include "app/options.h"
#include "app/progress.h"
#include "app/reading.h"
#include "app/sensitivity.h"
#include "app/signals.h"
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option audit_options[] = {
    {"items", 0, OPTION_TEXT, "ITEMS.csv", 0, 0,
     "what is known of each row, in the same order (a run brings its own)"},
    {"pairs", 0, OPTION_TEXT, "PAIRS.csv", 0, 0,
     "only these pairs: id_a,id_b,same (1 or 0; without it the relation says)"},
    {"group", 0, OPTION_TEXT, "COLUMN", 0, 0, "whose rates are compared; A,B crosses two"},
    {"relation", 0, OPTION_TEXT, "COLUMN", 0, 0,
     "equal values make a pair genuine (identity): label, identity, any column"},
    {"unit", 0, OPTION_TEXT, "COLUMN", 0, 0,
     "what was sampled, for intervals (the identity if there is one, else each item)"},
    {"target", 0, OPTION_TEXT, "fmr=R|fnmr=R|eer", 0, 0,
     "choose the threshold by a rate, such as fmr=1e-3 (the default)"},
    {"threshold", 0, OPTION_NUMBER, "S", -1e12, 1e12, "or give it: pairs of this similarity and above match"},
    {"split", 0, OPTION_TEXT, "COLUMN", 0, 0, "a column of dev and eval: choose on dev, report on eval"},
    {"marks", 0, OPTION_TEXT, "MARKS.csv|none", 0, 0,
     "what m marked in the views: applied, and told (the run's marks.csv, emb.marks.csv beside emb.npy)"},
    {"axis", 0, OPTION_TEXT, "COLUMN=VALUE:VALUE", 0, 0,
     "along the axis between two sets of items, such as shape=star:moon, each two groups are compared "
     "(WEAT)"},
    {"convention", 0, OPTION_CHOICE, "within|involving|query", 0, 0,
     "which impostor pairs are a group's: of two of its items (within), of at least one, or queries of it"},
    {"fail-if", 0, OPTION_TEXT, "EXPR", 0, 0,
     "gate: exit 1 on evidence of it, such as 'fmr_ratio>1.25'; may be repeated"},
    {"require", 0, OPTION_TEXT, "EXPR", 0, 0,
     "gate: exit 1 on evidence against it, such as 'fnmr[dim]<0.1'; may be repeated"},
    {"warn-if", 0, OPTION_TEXT, "EXPR", 0, 0,
     "a gate that is said and changes no exit code, such as 'fmr_ratio@fmr=1e-4>2'; may be repeated"},
    {"evidence", 0, OPTION_CHOICE, "interval|value", 0, 0,
     "gates look at the whole 95 % interval (default) or the bare value"},
    {"inconclusive", 0, OPTION_CHOICE, "3|pass|fail", 0, 0, "what an inconclusive gate exits with (3)"},
    {"output", 'o', OPTION_TEXT, "DIR", 0, 0, "write audit.json, audit.csv, audit.md and audit.html there"},
    {"pictures", 0, OPTION_FLAG, NULL, 0, 0,
     "with -o: the reports name the worst pairs, and audit.html shows them; never without it"},
    {"images", 0, OPTION_TEXT, "DIR", 0, 0,
     "with --pictures of a table: pictures of its rows, by the column `file` of --items or in their order"},
    {"check", 0, OPTION_FLAG, NULL, 0, 0, "the operand is such a folder: compute it again and compare"},
    {0},
};

struct work {
    const struct options *options;
    struct audit_table table;
    struct audit_pictures pictures;
    struct audit_settings settings;
    struct audit audit;
    struct audit_report report;
    struct pool *pool;
    bool made;
    struct err wrong; /* why not */
};

static bool read_settings(struct work *w, struct err *err)
{
    const struct options *options = w->options;
    w->settings = (struct audit_settings){.convention = option_choice(options, "convention", FMR_WITHIN),
                                          .n_worst = 20,
                                          .k = 10,
                                          .n_dealt = 99,
                                          .seed = (uint64_t)option_number(options, "seed", 1)};
    if (option_given(options, "threshold") && option_given(options, "target"))
        return err_set(err, "--threshold and --target: give one of the two");
    if (option_given(options, "threshold")) {
        w->settings.target = AUDIT_AT_THRESHOLD;
        w->settings.at = option_number(options, "threshold", 0);
        return true;
    }
    return audit_read_target(&w->settings.target, &w->settings.at, option_text(options, "target", "fmr=1e-3"),
                             err);
}

/* What reproduces it: everything typed but where to write and how many threads. */
static void note_arguments(struct work *w)
{
    static const char *const noted[] = {
        "--items", "--pairs",      "--group",    "--relation", "--unit",    "--target",   "--threshold",
        "--split", "--convention", "--fail-if",  "--require",  "--warn-if", "--evidence", "--inconclusive",
        "--seed",  "--marks",      "--pictures", "--images",   "--axis"};
    struct audit_report *report = &w->report;
    report->argument[report->n_arguments++] = w->options->operand[0];
    for (size_t i = 0; i < w->options->n_values && report->n_arguments + 2 < AUDIT_MAX_ARGUMENTS; i++) {
        const struct option_value *value = &w->options->value[i];
        for (size_t n = 0; n < ARRAY_LEN(noted); n++)
            if (strcmp(noted[n] + 2, value->option->name) == 0) {
                report->argument[report->n_arguments++] = noted[n];
                if (value->text) /* a flag has none */
                    report->argument[report->n_arguments++] = value->text;
            }
    }
}

static struct audit_source source_of(const struct options *options)
{
    return (struct audit_source){.path = options->operand[0],
                                 .items = option_text(options, "items", NULL),
                                 .pairs = option_text(options, "pairs", NULL),
                                 .group = option_text(options, "group", NULL),
                                 .relation = option_text(options, "relation", "identity"),
                                 .unit = option_text(options, "unit", NULL),
                                 .split = option_text(options, "split", NULL),
                                 .axis = option_text(options, "axis", NULL),
                                 .marks = option_text(options, "marks", NULL)};
}

static bool read_input(void *ctx, struct progress *progress, struct err *err)
{
    struct work *w = ctx;
    struct audit_source source = source_of(w->options);
    return audit_table_read(&w->table, &source, progress, err);
}

static bool open_input(struct work *w, struct err *err)
{
    const struct options *options = w->options;
    struct audit_source source = source_of(options);
    if (!read_settings(w, err) || !reading_watch(read_input, w, err) ||
        !audit_threshold_fits(&w->table, w->settings.target, w->settings.at, err))
        return false;
    if (!source.group && !w->table.input.per_pair)
        return err_set(err, "whose rates are compared is missing: --group COLUMN");
    if (source.axis && (!w->table.embeddings.rows || w->table.pairs.pair))
        return err_set(err, "--axis needs a table of rows and all pairs of it");
    return report_read_gates(&w->report, options, &w->table, err);
}

/* Of a report that is written: what is only computed again shows none. */
static bool open_pictures(struct work *w, struct err *err)
{
    const struct options *options = w->options;
    const char *images = option_text(options, "images", NULL);
    struct audit_source source = source_of(options);
    if (!option_given(options, "pictures"))
        return !images || err_set(err, "--images: goes with --pictures, which asks for them");
    if (!option_given(options, "output"))
        return err_set(err, "--pictures: they stand in the report: add -o DIR");
    w->report.pictures = &w->pictures;
    return audit_pictures_open(&w->pictures, &w->table, &source, images, err);
}

static void audit_beside(void *ctx, struct progress *progress)
{
    struct work *w = ctx;
    w->pool = pool_new(option_threads(w->options), 0);
    struct audit_report *report = &w->report;
    report->table = &w->table;
    report->settings = &w->settings;
    report->audit = &w->audit;
    progress_expect(progress, audit_parts(&w->table.input, &w->settings) + report_parts(report));
    w->made = audit_make(&w->audit, &w->table.input, &w->settings, w->pool, progress, &w->wrong) &&
              report_look_untagged(report, w->pool, progress, &w->wrong) &&
              report_judge_gates(report, &w->table.input, w->pool, progress, &w->wrong);
}

static bool make(struct work *w, struct err *err)
{
    if (!watch_work("looking at all pairs", audit_beside, w))
        return err_set(err, "stopped; nothing was written");
    *err = w->wrong;
    if (!w->made)
        return false;
    note_arguments(w);
    return true;
}

static void say_gate(struct strbuf *out, const struct audit_report *report, size_t i)
{
    struct strbuf more = {0};
    bool warning = report->gate[i].kind == GATE_WARN_IF && report->outcome[i] == GATE_FAIL;
    words_gate(&more, report, i);
    strbuf_printf(out, "gate %s: %s%s%s\n", report->gate[i].text,
                  warning ? "warning" : gate_outcome_name(report->outcome[i]), more.length ? "; " : "",
                  strbuf_text(&more));
    strbuf_release(&more);
}

/* The answer in a few lines; everything is in the reports. */
static void say(const struct work *w)
{
    struct strbuf text = {0};
    for (size_t i = 0; i < w->audit.n_values; i++) {
        const struct audit_value *value = &w->audit.value[i];
        bool again = value->g != ALL_GROUPS && w->audit.n_groups == 1; /* one group is all */
        if (i < w->audit.n_cells && value->g == value->h && !again)
            words_value(&text, value, &w->table.names);
        else if (value->metric == METRIC_FMR_RATIO || value->metric == METRIC_FNMR_RATIO)
            words_ratio(&text, value, &w->table.names);
        else
            continue;
        strbuf_puts(&text, "\n");
    }
    words_marks(&text, &w->report);
    for (size_t i = 0; i < w->report.n_gates; i++)
        say_gate(&text, &w->report, i);
    fputs(strbuf_text(&text), stdout);
    strbuf_release(&text);
}

static enum exit_code verdict(const struct work *w)
{
    static const enum exit_code inconclusive[] = {EXIT_INCONCLUSIVE, EXIT_FINE, EXIT_NO};
    switch (gates_together(w->report.gate, w->report.outcome, w->report.n_gates)) {
    case GATE_FAIL: return EXIT_NO;
    case GATE_PASS: return EXIT_FINE;
    case GATE_INCONCLUSIVE: break;
    }
    return inconclusive[option_choice(w->options, "inconclusive", 0)];
}

static void work_release(struct work *w)
{
    report_release_gates(&w->report);
    report_release_untagged(&w->report);
    audit_release(&w->audit);
    audit_pictures_release(&w->pictures);
    audit_table_release(&w->table);
    pool_free(w->pool);
    free(w);
}

/* ---- --check ---- */

static json_t *read_report(const char *folder, struct err *err)
{
    struct strbuf path = {0};
    json_error_t wrong;
    strbuf_printf(&path, "%s/audit.json", folder);
    json_t *report = json_load_file(strbuf_text(&path), JSON_REJECT_DUPLICATES, &wrong);
    bool fine = json_is_array(json_object_get(report, "arguments")) &&
                json_is_array(json_object_get(report, "values"));
    if (!report)
        err_set(err, "%s: line %d: %s", strbuf_text(&path), wrong.line, wrong.text);
    else if (!fine)
        err_set(err, "%s: not the report of an audit: it has no arguments or values", strbuf_text(&path));
    strbuf_release(&path);
    if (fine)
        return report;
    json_decref(report);
    return NULL;
}

/* "" where there is none: somebody else may have written it. */
static const char *text_in(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* Of one list of both reports: 1 if one is longer than the other. */
static size_t compare_sizes(const json_t *before, const json_t *now, const char *key)
{
    size_t was = json_array_size(json_object_get(before, key));
    size_t is = json_array_size(json_object_get(now, key));
    if (was != is)
        printf("%zu %s, now %zu\n", was, key, is);
    return was != is;
}

static size_t compare_wholes(const json_t *before, const json_t *now)
{
    static const char *const wholes[] = {"tags", "gates", "looked_at"};
    size_t differ = 0;
    for (size_t i = 0; i < ARRAY_LEN(wholes); i++) {
        const json_t *was = json_object_get(before, wholes[i]);
        bool same = !was || json_equal(was, json_object_get(now, wholes[i]));
        if (!same)
            printf("%s: not as they were\n", wholes[i]);
        differ += !same;
    }
    return differ;
}

static size_t compare_inputs(const json_t *before, const json_t *now)
{
    size_t differ = compare_sizes(before, now, "inputs"), i;
    json_t *file;
    json_array_foreach(json_object_get(before, "inputs"), i, file)
    {
        const json_t *mine = json_array_get(json_object_get(now, "inputs"), i);
        if (json_equal(json_object_get(file, "sha256"), json_object_get(mine, "sha256")))
            continue;
        printf("%s: its bytes are not those that were audited\n", text_in(file, "path"));
        differ++;
    }
    return differ;
}

static size_t compare_values(const json_t *before, const json_t *now)
{
    enum { TOLD = 10 };
    size_t differ = 0, i;
    json_t *then;
    json_array_foreach(json_object_get(before, "values"), i, then)
    {
        const json_t *value = json_array_get(json_object_get(now, "values"), i);
        if (!json_equal(then, value) && differ++ < TOLD)
            printf("%s %s: %.10g, now %.10g\n", text_in(then, "metric"), text_in(then, "cell"),
                   json_number_value(json_object_get(then, "value")),
                   json_number_value(json_object_get(value, "value")));
    }
    return differ + compare_sizes(before, now, "values");
}

/* Says how two reports differ; in how many things. */
static size_t compare(const json_t *before, const json_t *now)
{
    size_t differ = compare_wholes(before, now);
    differ += compare_inputs(before, now);
    return differ + compare_values(before, now);
}

static enum exit_code check(const struct options *options)
{
    struct err err;
    json_t *before = read_report(options->operand[0], &err);
    if (!before)
        return complain(options, EXIT_USAGE, &err);
    char *argument[AUDIT_MAX_ARGUMENTS];
    size_t n = 0, i;
    json_t *text;
    json_array_foreach(json_object_get(before, "arguments"), i,
                       text) if (json_is_string(text) && n < AUDIT_MAX_ARGUMENTS) argument[n++] =
        (char *)(uintptr_t)json_string_value(text);
    struct options again;
    struct work *w = xcalloc(1, sizeof *w);
    enum exit_code code = EXIT_USAGE;
    if (options_parse(&again, options->command, (int)n, argument, &err) &&
        (again.n_operands == 1 ||
         err_set(&err, "%s/audit.json: its arguments name no table", options->operand[0]))) {
        w->options = &again;
        if (open_input(w, &err) && make(w, &err)) {
            json_t *now = report_json(&w->report);
            size_t differ = compare(before, now);
            printf(differ ? "%s: %zu values differ\n" : "%s: the same, value for value\n",
                   options->operand[0], differ);
            code = differ ? EXIT_NO : EXIT_FINE;
            json_decref(now);
        }
    }
    if (code == EXIT_USAGE)
        complain(options, code, &err);
    work_release(w);
    json_decref(before);
    return code;
}

static enum exit_code run_audit(const struct options *options)
{
    if (option_given(options, "sensitivity"))
        return run_sensitivity(options);
    if (option_given(options, "check"))
        return check(options);
    struct work *w = xcalloc(1, sizeof *w);
    struct err err;
    enum exit_code code;
    w->options = options;
    signals_catch(NULL);
    const char *folder = option_text(options, "output", NULL);
    if (!options_only_with(options, sensitivity_options, "--sensitivity", &err) ||
        !options_only_with(options, training_options, "--sensitivity", &err) || !open_input(w, &err) ||
        !open_pictures(w, &err)) {
        code = complain(options, signals_caught() ? EXIT_NO : EXIT_USAGE, &err);
    } else if (!make(w, &err) || (folder && !report_write(&w->report, folder, &err))) {
        code = complain(options, EXIT_NO, &err);
    } else {
        say(w);
        code = verdict(w);
    }
    work_release(w);
    return code;
}

const struct subcommand command_audit = {
    .entry = {"audit", "What a threshold does, to whom, and whether the difference is real.", NULL},
    .usage = "RUN|EMB.npy|SCORES [--items ITEMS.csv] --group COLUMN [--relation COLUMN] [--target fmr=1e-3] "
             "[-o DIR]",
    .option = {audit_options, sensitivity_options, training_options, common_options},
    .min_operands = 1,
    .max_operands = 1,
    .notes = "Exit code: 0 every gate passes, 1 one fails on evidence, 2 usage or input, 3 inconclusive.\n"
             "docs/audit.md says how to read the numbers, and what they cannot tell.",
    .run = run_audit,
};
