/* SPDX-License-Identifier: MIT */
#include "app/sensitivity.h"

#include "answer/item_codes.h"
#include "app/progress.h"
#include "app/save.h"
#include "app/signals.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_STEPS = 400, QUICK_STEPS = 100, DEFAULT_SEEDS = 3, QUICK_SEEDS = 2, NEIGHBOURS = 10 };

const struct option sensitivity_options[] = {
    {"sensitivity", 0, OPTION_FLAG, NULL, 0, 0,
     "the operand is pictures or a run: train it anew, varying one thing at a time, and say how far each "
     "moves the audit; -o DIR goes on where it stopped"},
    {"steps", 0, OPTION_WHOLE, "N", 1, 1e9, "with --sensitivity: steps of each training (400, a run's own)"},
    {"seeds", 0, OPTION_WHOLE, "N", 1, 20, "with --sensitivity: other seeds, the floor (3)"},
    {"quick", 0, OPTION_FLAG, NULL, 0, 0, "with --sensitivity: 100 steps, 2 seeds, fewer things"},
    {0},
};

struct work {
    struct sensitivity_plan plan;
    struct sensitivity result;
    struct pool *pool;
    struct progress *progress;
    bool *fine;        /* (n_runs) of each task */
    struct err *wrong; /* (n_runs) */
    bool compared;
    struct err err;
};

/* ---- what it is about ---- */

static bool find_column(const struct dataset *data, const char *name, int otherwise, const char *option,
                        int *column, struct err *err)
{
    *column = name ? dataset_find_column(data, name) : otherwise;
    if (*column == NO_COLUMN)
        return name ? err_set(err, "--%s %s: %s has no such column", option, name, data->name)
                    : err_set(err, "say which column: --%s COLUMN", option);
    if (data->column[*column].kind != COLUMN_CATEGORY)
        return err_set(err, "--%s %s: not a category", option, data->column[*column].name);
    return true;
}

static bool open_columns(struct sensitivity_plan *plan, struct err *err)
{
    const struct options *o = plan->options;
    const struct dataset *data = &plan->base.data;
    int relation = data->identity != NO_COLUMN ? data->identity : data->label;
    if (!find_column(data, option_text(o, "group", NULL), data->group, "group", &plan->group, err) ||
        !find_column(data, option_text(o, "relation", NULL), relation, "relation", &plan->relation, err))
        return false;
    if (data->column[plan->group].n_values > AUDIT_MAX_GROUPS)
        return err_set(err, "--group %s: %zu groups; at most %d can be audited",
                       data->column[plan->group].name, data->column[plan->group].n_values, AUDIT_MAX_GROUPS);
    plan->target = AUDIT_AT_FMR;
    plan->at = 0.01;
    if (option_given(o, "threshold")) {
        plan->target = AUDIT_AT_THRESHOLD;
        plan->at = option_number(o, "threshold", 0);
        return true;
    }
    const char *target = option_text(o, "target", NULL);
    return !target || audit_read_target(&plan->target, &plan->at, target, err);
}

/* Pictures and the settings given, or those of a run. */
static bool open_base(struct sensitivity_plan *plan, struct err *err)
{
    const struct options *o = plan->options;
    const char *operand = o->operand[0];
    bool quick = option_given(o, "quick");
    struct record record;
    plan->steps = quick ? QUICK_STEPS : DEFAULT_STEPS;
    if (run_is_there(operand)) {
        if (!load_record(operand, &record, err))
            return false;
        bool fine = setup_resume(&plan->base, &record, NULL, err);
        plan->steps = quick ? plan->steps : record.steps;
        record_release(&record);
        if (!fine)
            return false;
    } else if (!setup_open(&plan->base, operand, o, err)) {
        return false;
    } else if (!setup_sets(o, "schedule")) {
        plan->base.config.schedule = SCHEDULE_COSINE;
    }
    plan->steps = (uint64_t)option_number(o, "steps", (double)plan->steps);
    plan->seeds = (uint64_t)option_number(o, "seeds", quick ? QUICK_SEEDS : DEFAULT_SEEDS);
    if (plan->steps == 0)
        return err_set(err, "%s: stands at step 0: say --steps N", operand);
    if (!option_given(o, "every")) /* measured at the start and the end */
        plan->base.config.every = plan->steps < 1000000 ? (int)plan->steps : 1000000;
    return true;
}

/* The pictures the base's probe watches, as floats. */
static bool draw_items(struct sensitivity_plan *plan, struct err *err)
{
    const struct dataset *data = &plan->base.data;
    const struct config *config = &plan->run[0].config;
    size_t values = (size_t)data->height * (size_t)data->width * (size_t)data->channels;
    struct learner *learner = learner_new(config, data, &plan->base.split, NULL, err);
    struct probe *probe = learner ? probe_draw(learner, data, &plan->base.split, (size_t)config->bank,
                                               (size_t)config->query, NULL, err)
                                  : NULL;
    if (probe) {
        const uint32_t *item = probe_items(probe, &plan->n_items);
        plan->item = xcalloc(plan->n_items + 1, sizeof *plan->item);
        memcpy(plan->item, item, plan->n_items * sizeof *item);
        plan->picture = mem_try(plan->n_items * values, sizeof *plan->picture, "pictures", err);
        for (size_t i = 0; plan->picture && i < plan->n_items; i++)
            picture_plain(dataset_pixels(data, plan->item[i]), values, plan->picture + i * values);
    }
    probe_free(probe);
    learner_free(learner);
    return plan->picture != NULL;
}

static bool make_folder(const struct sensitivity_plan *plan, struct err *err)
{
    char path[RUN_PATH_SIZE];
    run_path(path, plan->folder, "spaces");
    if (!folder_make(path, err))
        return false;
    run_path(path, plan->folder, RUN_ITEMS);
    return items_write(path, &plan->base.data, plan->item, plan->n_items, err);
}

static bool open_plan(struct sensitivity_plan *plan, struct err *err)
{
    plan->folder = option_text(plan->options, "output", NULL);
    if (!plan->folder)
        return err_set(err, "where the trainings go is missing: -o DIR");
    if (!open_base(plan, err) || !open_columns(plan, err) || !sensitivity_plan_make(plan, err) ||
        !draw_items(plan, err) || !make_folder(plan, err))
        return false;
    for (size_t i = 0; i < plan->n_runs; i++) {
        if (!sensitivity_take(plan, i, err))
            return false;
        plan->n_todo += !plan->run[i].done;
        plan->steps_todo += plan->run[i].done ? 0 : plan->steps - plan->run[i].from;
    }
    return true;
}

/* ---- trainings ---- */

static void train_task(void *ctx, size_t i, int worker)
{
    struct work *w = ctx;
    (void)worker;
    w->fine[i] = w->plan.run[i].done || (!progress_cancelled(w->progress) &&
                                         sensitivity_train(&w->plan, i, w->progress, &w->wrong[i]));
}

static void train_beside(void *ctx, struct progress *progress)
{
    struct work *w = ctx;
    w->progress = progress;
    progress_begin(progress, w->plan.steps_todo);
    pool_run(w->pool, w->plan.n_runs, train_task, w);
}

static void say_training(void *ctx, double share, char *text, size_t size)
{
    const struct work *w = ctx;
    const struct sensitivity_plan *plan = &w->plan;
    double seconds = clock_seconds() - plan->started, steps = (double)plan->steps_todo;
    int n = snprintf(text, size, "trained %zu of %zu  step %.0f/%.0f  %.0f s",
                     atomic_load(&plan->finished.done), plan->n_todo, share * steps, steps, seconds);
    if (share > 0.01 && n > 0 && (size_t)n < size)
        snprintf(text + n, size - (size_t)n, ", about %.0f s left", seconds * (1 - share) / share);
}

static bool train_all(struct work *w, struct err *err)
{
    struct sensitivity_plan *plan = &w->plan;
    w->fine = xcalloc(plan->n_runs, sizeof *w->fine);
    w->wrong = xcalloc(plan->n_runs, sizeof *w->wrong);
    plan->started = clock_seconds();
    if (plan->n_todo > 0 && !watch_work_saying(say_training, train_beside, w)) {
        size_t done = 0;
        for (size_t i = 0; i < plan->n_runs; i++)
            done += plan->run[i].done;
        return err_set(
            err, "stopped: %zu of %zu trainings are in %s, and how far others are; the same command goes on",
            done, plan->n_runs, plan->folder);
    }
    for (size_t i = 0; i < plan->n_runs && plan->n_todo > 0; i++)
        if (!w->fine[i]) {
            *err = w->wrong[i];
            return false;
        }
    if (!plan->run[0].done)
        return err_set(err, "the base cannot be trained: %s", plan->run[0].failed.text);
    return true;
}

/* ---- comparisons ---- */

/* Is there evidence of a difference between groups in this space, at this threshold? */
static bool judge(const struct planned_run *run, const struct sensitivity_plan *plan,
                  const struct item_codes *codes, const struct audit_settings *settings, struct work *w,
                  bool evidence[N_PAIR_KINDS], struct err *err)
{
    struct audit audit;
    struct audit_input input = {
        .items = {run->rows, plan->n_items, run->d, codes->group, codes->identity, codes->n_groups},
        .unit = codes->unit};
    if (!audit_make(&audit, &input, settings, w->pool, w->progress, err))
        return false;
    static const enum audit_metric ratios[N_PAIR_KINDS] = {METRIC_FMR_RATIO, METRIC_FNMR_RATIO};
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        evidence[kind] = audit_is_evidence(audit_first(&audit, ratios[kind]), 1);
    audit_release(&audit);
    return true;
}

static bool compare_row(struct work *w, const struct planned_row *planned, const struct item_codes *codes,
                        double base_threshold, struct sensitivity_row *row, struct err *err)
{
    const struct sensitivity_plan *plan = &w->plan;
    const struct planned_run *a = &plan->run[0], *b = &plan->run[planned->run];
    double at = isnan(planned->at) ? base_threshold : planned->at;
    *row = (struct sensitivity_row){.failed = ""};
    snprintf(row->kind, sizeof row->kind, "%s", planned->kind);
    snprintf(row->what, sizeof row->what, "%s", planned->what);
    snprintf(row->name, sizeof row->name, "%s", b->name);
    if (!b->done) {
        snprintf(row->failed, sizeof row->failed, "%.150s", b->failed.text);
        text_whole(row->failed);
        return true;
    }
    struct compare_input input = {{{a->rows, a->d}, {b->rows, b->d}},
                                  plan->n_items,
                                  codes->group,
                                  codes->identity,
                                  codes->unit,
                                  codes->n_groups};
    struct compare_settings settings = {
        NEIGHBOURS, {{plan->target, plan->at}, {planned->target, at}}, COMPARE_DRAWS, plan->base.config.seed};
    struct audit_settings judged = {.target = planned->target, .at = at, .seed = plan->base.config.seed};
    return compare_spaces(&row->moved, &input, &settings, w->pool, w->progress, err) &&
           judge(b, plan, codes, &judged, w, row->evidence, err);
}

static void write_title(struct work *w)
{
    const struct sensitivity_plan *plan = &w->plan;
    const struct dataset *data = &plan->base.data;
    const struct config *config = &plan->run[0].config;
    static const char *const targets[] = {"threshold", "FMR", "FNMR", "FMR = FNMR"};
    char at[32] = "";
    if (plan->target != AUDIT_AT_EER)
        snprintf(at, sizeof at, " %g", plan->at);
    snprintf(
        w->result.title, sizeof w->result.title,
        "%.120s, %s, encoder %.60s, %llu steps of %d pairs, seed %llu; %zu held-out pictures, same = same "
        "%s, groups: %s, threshold at %s%s of all pairs in each space",
        data->name, config->method->entry.name, config->encoder, (unsigned long long)plan->steps,
        config->batch, (unsigned long long)config->seed, plan->n_items, data->column[plan->relation].name,
        data->column[plan->group].name, targets[plan->target], at);
    text_whole(w->result.title);
}

static bool compare_all(struct work *w, struct err *err)
{
    const struct sensitivity_plan *plan = &w->plan;
    struct item_codes codes;
    struct sensitivity *result = &w->result;
    struct audit_settings settings = {.target = plan->target, .at = plan->at, .seed = plan->base.config.seed};
    item_codes_make(&codes, &plan->base.data, plan->item, plan->n_items,
                    (struct item_columns){{plan->group, NO_COLUMN}, plan->relation});
    result->n_items = plan->n_items;
    result->k = NEIGHBOURS;
    result->n_groups = codes.n_groups;
    result->group = codes.name;
    codes.name = NULL;
    write_title(w);
    bool fine = judge(&plan->run[0], plan, &codes, &settings, w, result->evidence, err);
    double base_threshold = NAN;
    for (size_t i = 0; i < plan->n_rows && fine; i++) {
        fine = compare_row(w, &plan->row[i], &codes, base_threshold, &result->row[i], err);
        if (!fine)
            break;
        result->n++;
        if (isnan(base_threshold) && !result->row[i].failed[0])
            base_threshold = result->row[i].moved.threshold[0];
    }
    item_codes_release(&codes);
    return fine;
}

static void compare_beside(void *ctx, struct progress *progress)
{
    struct work *w = ctx;
    w->progress = progress;
    w->compared = compare_all(w, &w->err);
}

/* ---- all of it ---- */

static void work_release(struct work *w)
{
    for (size_t i = 0; i < w->plan.n_runs; i++)
        free(w->plan.run[i].rows);
    free(w->plan.item);
    free(w->plan.picture);
    setup_release(&w->plan.base);
    sensitivity_release(&w->result);
    pool_free(w->pool);
    free(w->fine);
    free(w->wrong);
    free(w);
}

static enum exit_code carry_out(struct work *w, struct err *err)
{
    if (!open_plan(&w->plan, err))
        return EXIT_USAGE;
    if (w->plan.left_out[0])
        fprintf(stderr, "nearfar audit: left out: %s\n", w->plan.left_out);
    w->pool = pool_new(option_threads(w->plan.options), 0);
    if (!train_all(w, err))
        return signals_caught() ? EXIT_INCONCLUSIVE : EXIT_NO;
    if (!watch_work("comparing", compare_beside, w)) {
        err_set(err, "stopped: all trainings are in %s; the same command compares them", w->plan.folder);
        return EXIT_INCONCLUSIVE;
    }
    *err = w->err;
    if (!w->compared)
        return EXIT_NO;
    sensitivity_sort(&w->result);
    if (!sensitivity_write(&w->result, &w->plan, err))
        return EXIT_NO;
    struct strbuf text = {0};
    sensitivity_print(&w->result, &text);
    fputs(strbuf_text(&text), stdout);
    strbuf_release(&text);
    return EXIT_FINE;
}

enum exit_code run_sensitivity(const struct options *options)
{
    struct work *w = xcalloc(1, sizeof *w);
    struct err err;
    w->plan.options = options;
    signals_catch(NULL);
    enum exit_code code = carry_out(w, &err);
    if (code != EXIT_FINE)
        complain(options, code, &err);
    work_release(w);
    return code;
}
