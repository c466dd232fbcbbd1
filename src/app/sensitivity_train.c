/* SPDX-License-Identifier: MIT
 *
 * One training of the plan, by one thread: a run folder as nearfar train writes it, and the base's held-out
 * pictures under its encoder. config.json is written last, after the checkpoint it belongs to: a training
 * whose steps are those of the plan is done, one of fewer was stopped there.
 */
#include "app/save.h"
#include "app/sensitivity.h"
#include "base/check.h"
#include "data/embeddings.h"
#include "data/npy.h"
#include "run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 256 /* pictures embedded at once */ };

struct training {
    struct sensitivity_plan *plan;
    struct planned_run *run;
    char folder[RUN_PATH_SIZE];
    struct setup setup; /* its data is the base's, unless owns_data */
    bool owns_data;
    struct pool *pool;
    struct learner *learner;
    struct probe *probe;
    struct run_writer *writer;
    struct measures measures;
};

static void space_path(char path[RUN_PATH_SIZE], const struct sensitivity_plan *plan,
                       const struct planned_run *run)
{
    char file[64];
    snprintf(file, sizeof file, "spaces/%s.npy", run->name);
    run_path(path, plan->folder, file);
}

/* ---- one that is there ---- */

/* The pictures it learned from are those of the plan. */
static bool same_data(const struct record *record, const struct sensitivity_plan *plan,
                      const struct planned_run *run)
{
    static const struct data_options none;
    struct dataset data;
    struct err err;
    if (!run->data[0])
        return strcmp(record->dataset.sha256, plan->base.data.sha256) == 0;
    if (!dataset_open(&data, run->data, &none, &err))
        return false;
    bool same = strcmp(record->dataset.sha256, data.sha256) == 0;
    dataset_release(&data);
    return same;
}

static bool same_config(const struct record *record, const struct sensitivity_plan *plan,
                        const struct planned_run *run)
{
    char stored[CONFIG_TEXT_SIZE], wanted[CONFIG_TEXT_SIZE];
    struct config config;
    struct err err;
    if (!record_config(record, &plan->base.data, &config, &err))
        return false;
    config_print(&config, stored, sizeof stored);
    config_print(&run->config, wanted, sizeof wanted);
    return strcmp(stored, wanted) == 0 && record->steps <= plan->steps && same_data(record, plan, run);
}

static bool take_space(struct sensitivity_plan *plan, struct planned_run *run)
{
    char path[RUN_PATH_SIZE];
    struct embeddings table;
    struct err err;
    space_path(path, plan, run);
    if (!embeddings_read(&table, path, &err))
        return false;
    if (table.n == plan->n_items) {
        run->rows = table.rows;
        run->d = table.d;
        run->done = true;
        table.rows = NULL;
    }
    embeddings_release(&table);
    return run->done;
}

bool sensitivity_take(struct sensitivity_plan *plan, size_t i, struct err *err)
{
    struct planned_run *run = &plan->run[i];
    struct record record;
    struct err ignored;
    char folder[RUN_PATH_SIZE];
    run_path(folder, plan->folder, run->name);
    if (!load_record(folder, &record, &ignored))
        return true; /* nothing to go on with is there */
    bool same = same_config(&record, plan, run);
    run->from = record.steps;
    record_release(&record);
    if (!same)
        return err_set(err, "%s: holds a training with other settings: give another -o, or remove it",
                       folder);
    if (run->from == plan->steps && !take_space(plan, run))
        run->from = 0;
    return true;
}

/* ---- a training ---- */

/* The pictures it learns from, and who of them trains. */
static bool open_data(struct training *t, struct err *err)
{
    static const struct data_options none;
    t->setup.config = t->run->config;
    t->setup.data = t->plan->base.data;
    t->owns_data = t->run->data[0] != '\0';
    if (t->owns_data && !dataset_open(&t->setup.data, t->run->data, &none, err)) {
        t->owns_data = false;
        return false;
    }
    return config_split(&t->setup.config, &t->setup.data, &t->setup.split, err) &&
           config_fit(&t->setup.config, &t->setup.data, &t->setup.split, t->setup.note, sizeof t->setup.note,
                      err);
}

static bool begin(struct training *t, struct err *err)
{
    const struct config *config = &t->setup.config;
    t->pool = pool_new(1, 0);
    t->learner = learner_new(config, &t->setup.data, &t->setup.split, t->pool, err);
    t->probe = t->learner ? probe_new(t->learner, &t->setup.data, &t->setup.split, (size_t)config->bank,
                                      (size_t)config->query, t->pool, err)
                          : NULL;
    return t->probe != NULL;
}

static bool measure(struct training *t, struct err *err)
{
    probe_measure(t->probe, t->learner, &t->measures);
    return run_measures(t->writer, &t->setup.data, &t->measures, err);
}

/* Anew and measured, or at the step where it was stopped. */
static bool open_run(struct training *t, struct err *err)
{
    uint64_t from = t->run->from;
    if (from > 0 && !load_checkpoint(t->folder, t->learner, err))
        return false;
    t->writer = run_begin(t->folder, from > 0 ? RUN_RESUME : RUN_OVER, from, err);
    return t->writer && (from > 0 || measure(t, err));
}

/* False: a number was not finite, or cancelled (then err is empty). */
static bool run_steps(struct training *t, struct progress *progress, struct err *err)
{
    struct step_row row;
    uint64_t every = (uint64_t)t->setup.config.every;
    while (learner_steps(t->learner) < t->plan->steps) {
        err->text[0] = '\0';
        if (progress_cancelled(progress) || !learner_step(t->learner, &row, err))
            return false;
        run_step(t->writer, &row, (size_t)t->setup.config.batch);
        uint64_t step = learner_steps(t->learner);
        if ((step % every == 0 || step == t->plan->steps) && !measure(t, err))
            return false;
        progress_step(progress, 1);
    }
    return true;
}

/* The base's held-out pictures, whatever this one learned from. */
static bool embed_items(struct training *t, struct err *err)
{
    struct sensitivity_plan *plan = t->plan;
    const struct dataset *data = &plan->base.data;
    size_t values = (size_t)data->height * (size_t)data->width * (size_t)data->channels;
    char path[RUN_PATH_SIZE];
    t->run->d = learner_dim_h(t->learner);
    t->run->rows = xaligned(plan->n_items * t->run->d + 1, sizeof *t->run->rows);
    for (size_t at = 0; at < plan->n_items; at += CHUNK) {
        size_t n = plan->n_items - at < CHUNK ? plan->n_items - at : CHUNK;
        learner_embed_pictures(t->learner, plan->picture + at * values, n, t->run->rows + at * t->run->d,
                               NULL);
    }
    space_path(path, plan, t->run);
    return npy_write(path, t->run->rows, plan->n_items, t->run->d, err);
}

/* What was stopped can be gone on with. */
static bool keep(struct training *t, struct err *err)
{
    struct record_parts parts = {.measures = &t->measures};
    if (learner_steps(t->learner) == 0)
        return true;
    if (t->measures.n == 0)
        probe_measure(t->probe, t->learner, &t->measures);
    return save_checkpoint(t->folder, t->learner, err) &&
           save_record(t->folder, &t->setup, t->learner, &parts, err);
}

static bool finish(struct training *t, struct err *err)
{
    size_t n = 0;
    struct record_parts parts = {.measures = &t->measures};
    struct run_writer *writer = t->writer;
    t->writer = NULL;
    const uint32_t *items = probe_items(t->probe, &n);
    return run_end(writer, err) && save_checkpoint(t->folder, t->learner, err) &&
           save_probe(t->folder, &t->setup.data, items, n, probe_h(t->probe), learner_dim_h(t->learner),
                      err) &&
           embed_items(t, err) && save_record(t->folder, &t->setup, t->learner, &parts, err);
}

static void training_release(struct training *t)
{
    struct err ignored;
    if (t->writer)
        run_end(t->writer, &ignored);
    probe_free(t->probe);
    learner_free(t->learner);
    pool_free(t->pool);
    split_release(&t->setup.split);
    if (t->owns_data)
        dataset_release(&t->setup.data);
    free(t);
}

/* What cannot be trained is no reason to stop: its steps count as done. */
static bool give_up(struct training *t, struct progress *progress, const struct err *why)
{
    uint64_t done = t->learner ? learner_steps(t->learner) : t->run->from;
    t->run->failed = *why;
    progress_step(progress, (size_t)(t->plan->steps - done));
    progress_step(&t->plan->finished, 1);
    return true;
}

bool sensitivity_train(struct sensitivity_plan *plan, size_t i, struct progress *progress, struct err *err)
{
    struct training *t = xcalloc(1, sizeof *t);
    t->plan = plan;
    t->run = &plan->run[i];
    run_path(t->folder, plan->folder, t->run->name);
    bool fine = true, cancelled = false;
    if (!open_data(t, err) || !begin(t, err)) {
        give_up(t, progress, err);
    } else {
        fine = open_run(t, err);
        if (fine && !run_steps(t, progress, err)) {
            cancelled = progress_cancelled(progress);
            fine = !cancelled || keep(t, err);
            if (!cancelled)
                give_up(t, progress, err);
        } else if (fine) {
            fine = finish(t, err);
            t->run->done = fine;
            progress_step(&plan->finished, 1);
        }
    }
    training_release(t);
    return fine && !cancelled;
}
