/* SPDX-License-Identifier: MIT
 *
 * A live training as a feed: opened from data or from where it was left, written when it ends.
 */
#include "app/feed.h"
#include "app/metrics_rows.h"
#include "app/save.h"
#include "app/setup.h"
#include "app/state_folder.h"
#include "base/check.h"
#include "run/batch.h"
#include "train/trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* At 10 steps a second a number that is measured every 50 steps looks dead, and time is left to measure. */
enum { PACED_EVERY = 10 };

struct training {
    struct feed feed;
    struct setup setup;
    struct record before;       /* of the run that is continued */
    struct saved_state *resume; /* or NULL */
    uint64_t first_step;
    struct moment_series curves; /* of the run that is continued, up to there */
    struct measures then;        /* what was measured where it goes on from */
    struct past past;            /* its kept steps */
    struct kept_batch batch;     /* its last */
    char folder[RUN_PATH_SIZE];  /* where the run will be written */
    char marks[RUN_PATH_SIZE];
    int held; /* of the folder, once it is there; -1 before */
    bool continued;
    struct trainer *trainer; /* NULL until it is started */
};

/* ---- opening ---- */

/* A learner is made once to read the checkpoint into; the trainer makes its own and takes its state. */
static bool take_state(struct training *t, struct err *err)
{
    struct pool *pool = pool_new(1, 0);
    struct learner *learner = learner_new(&t->setup.config, &t->setup.data, &t->setup.split, pool, err);
    bool fine = learner && load_checkpoint(t->folder, learner, err);
    if (fine) {
        t->resume = learner_save(learner);
        t->first_step = learner_steps(learner);
    }
    learner_free(learner);
    pool_free(pool);
    return fine;
}

/* The row of the step it goes on from is measured anew. Without a table the curves begin there. */
static bool take_way(struct training *t)
{
    struct metrics_source source = {t->folder, &t->setup.data, &t->before, false};
    moment_series_init(&t->curves);
    metrics_rows(&source, UINT64_MAX, t->first_step, &t->curves, &t->then);
    called_read(&t->feed.called, t->folder);
    batch_read(&t->batch, t->folder, t->setup.data.n);
    record_events(&t->before, t->folder, t->curves.events);
    size_t query = (size_t)t->setup.config.query, n = t->setup.split.n_eval;
    past_read(&t->past, t->folder, query < n ? query : n);
    past_cut(&t->past, t->first_step ? t->first_step - 1 : 0);
    return true;
}

static bool open_continued(struct training *t, const struct options *options, struct err *err)
{
    static const char *const fixed[] = {"method", "augment", "encoder", "set", "every", "seed"};
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        if (option_given(options, fixed[i]))
            return err_set(err, "--%s does not go with --continue: the run goes on as it was left", fixed[i]);
    t->continued = true;
    const char *data = options->n_operands ? options->operand[0] : NULL;
    const char *folder = option_text(options, "continue", NULL); /* a session file names it */
    if (folder)
        snprintf(t->folder, sizeof t->folder, "%s", folder);
    return (folder || state_folder_newest(t->folder, err)) && load_record(t->folder, &t->before, err) &&
           state_folder_hold(&t->held, t->folder, err) && setup_resume(&t->setup, &t->before, data, err) &&
           take_state(t, err) && take_way(t);
}

static bool open_fresh(struct training *t, const struct options *options, struct err *err)
{
    const char *spec = options->n_operands ? options->operand[0] : "tiles";
    if (run_is_there(spec))
        return err_set(err, "%s: a run folder; nearfar train --resume %s goes on with it", spec, spec);
    return setup_open(&t->setup, spec, options, err) && state_folder_new(t->folder, err);
}

static void describe(struct training *t)
{
    struct feed *feed = &t->feed;
    const struct config *config = &t->setup.config;
    size_t bank = t->setup.split.n_train, query = t->setup.split.n_eval;
    bank = bank < (size_t)config->bank ? bank : (size_t)config->bank;
    query = query < (size_t)config->query ? query : (size_t)config->query;
    snprintf(feed->protocol, sizeof feed->protocol,
             "20 nearest, cosine on h, T 0.07, bank %zu training items, %zu held-out", bank, query);
    if (t->continued)
        snprintf(feed->note, sizeof feed->note, "going on from step %llu of the run that ended last",
                 (unsigned long long)t->first_step);
    else
        snprintf(feed->note, sizeof feed->note, "%s", t->setup.note);
    feed->data = &t->setup.data;
    feed->split_rule = t->setup.split.rule;
    feed->folder = t->folder;
    run_path(t->marks, t->folder, RUN_MARKS);
    feed->marks = t->marks;
    feed->past = &t->past;
    feed->fresh = !t->continued;
}

static void training_free(struct feed *feed)
{
    struct training *t = (struct training *)feed;
    state_folder_let_go(&t->held);
    saved_state_unref(t->resume);
    moment_series_release(&t->curves);
    past_release(&t->past);
    batch_release(&t->batch);
    setup_release(&t->setup);
    record_release(&t->before);
    free(t);
}

/* ---- writing ---- */

/* What a snapshot has of a run's tables, from the rows behind `kept` on. */
struct rows {
    const struct snapshot *snapshot;
    uint64_t kept; /* rows up to this step are in the tables; UINT64_MAX: none is */
    size_t pairs;
};

static bool write_rows(struct run_writer *writer, const struct dataset *data, const struct rows *rows,
                       struct err *err)
{
    const struct snapshot *s = rows->snapshot;
    size_t n_steps = series_count(s->steps), n_measured = series_count(s->measured), at = 0;
    for (size_t i = 0; i < n_measured; i++) {
        const struct measures *measures = series_at(s->measured, i);
        if (rows->kept != UINT64_MAX && measures->step <= rows->kept)
            continue;
        for (; at < n_steps; at++) {
            const struct step_row *row = series_at(s->steps, at);
            if (row->step > measures->step)
                break;
            if (rows->kept == UINT64_MAX || row->step > rows->kept)
                run_step(writer, row, rows->pairs);
        }
        if (!run_measures(writer, data, measures, err))
            return false;
    }
    return true;
}

/* Every measure that any row has, those of the last row first: a method on the way may bring its own. */
static struct measures all_columns(const struct series *measured)
{
    struct measures all = {0};
    for (size_t i = series_count(measured); i-- > 0;) {
        const struct measures *row = series_at(measured, i);
        for (int k = 0; k < row->n && all.n < MEASURES_MAX; k++)
            if (!measures_find(&all, row->item[k].term, row->item[k].column))
                all.item[all.n++] = row->item[k];
    }
    return all;
}

/* Rows of a run that was continued stay; after a restart there are none to stay. */
static bool write_tables(const struct training *t, const struct snapshot *snapshot, size_t pairs,
                         struct err *err)
{
    bool resumed = t->continued && snapshot->run == 0;
    struct rows rows = {snapshot, resumed ? t->first_step : UINT64_MAX, pairs};
    struct run_writer *writer = run_begin(t->folder, resumed ? RUN_RESUME : RUN_ANEW, t->first_step, err);
    if (!writer)
        return false;
    struct err ignored;
    struct measures all = all_columns(snapshot->measured);
    run_columns(writer, &t->setup.data, &all);
    bool fine = write_rows(writer, &t->setup.data, &rows, err);
    return run_end(writer, fine ? err : &ignored) && fine;
}

/* If nothing was learned here, nothing can be lost. */
static bool learned(const struct training *t, const struct snapshot *snapshot)
{
    size_t n = series_count(snapshot->steps);
    const struct step_row *last = n ? series_at(snapshot->steps, n - 1) : NULL;
    bool resumed = t->continued && snapshot->run == 0;
    return last && (!resumed || last->step > t->first_step);
}

/* The trainer's save callback; ctx is the training. */
static bool save(void *ctx, struct learner *learner, const struct snapshot *snapshot, struct err *err)
{
    struct training *t = ctx;
    struct record_parts parts = {.events = snapshot->events, .measures = &snapshot->measures};
    struct kept_batch batch = {snapshot->n_batch,    snapshot->dim_z,
                               snapshot->batch_item, {snapshot->batch_z[0], snapshot->batch_z[1]},
                               snapshot->pair_loss,  snapshot->pair_weight};
    if (!learned(t, snapshot))
        return true;
    /* what replaces a file whole comes first: a kill in between leaves a run that can be continued */
    if ((t->held < 0 && !state_folder_hold(&t->held, t->folder, err)) ||
        !save_checkpoint(t->folder, learner, err) ||
        !save_record(t->folder, &t->setup, learner, &parts, err) ||
        !save_probe(t->folder, &t->setup.data, snapshot->item, snapshot->n_probe, snapshot->h,
                    snapshot->dim_h, err) ||
        !batch_write(t->folder, &batch, err) || !past_write_events(t->folder, snapshot->events, err) ||
        !write_tables(t, snapshot, (size_t)learner_config(learner)->batch, err))
        return false;
    state_folder_prune();
    return true;
}

/* ---- as a feed ---- */

static void training_start(struct feed *feed, const struct feed_links *links)
{
    struct training *t = (struct training *)feed;
    const struct options *options = links->options;
    bool every_given = setup_sets(options, "every") || option_given(options, "every") || t->continued;
    struct trainer_options o = {.data = &t->setup.data,
                                .split = &t->setup.split,
                                .mailbox = links->mailbox,
                                .commands = links->commands,
                                .config = t->setup.config,
                                .n_threads = option_threads(options),
                                .nice = (int)option_number(options, "nice", TRAINER_NICE),
                                .steady = links->steady,
                                .pace = option_number(options, "pace", DEFAULT_PACE),
                                .paced_every = every_given ? 0 : PACED_EVERY,
                                .until = (uint64_t)option_number(options, "until", 0),
                                .resume = t->resume,
                                .steps = t->curves.steps,
                                .measured = t->curves.measured,
                                .events = t->curves.events,
                                .then = &t->then,
                                .batch = &t->batch,
                                .past = t->past.moment,
                                .n_past = t->past.n_moments,
                                .past_rows = t->past.n,
                                .past_columns = t->past.d,
                                .runs_before = t->feed.called.runs ? t->feed.called.runs - 1 : 0,
                                .save = save,
                                .save_ctx = t,
                                .saves = true};
    t->trainer = trainer_start(&o);
}

/* Those of pixels come last; where the untrained net reads nothing there is nothing to read. */
static bool yardsticks_there(const struct snapshot *snapshot)
{
    for (int i = 0; i < snapshot->measures.n; i++) {
        const struct measure *m = &snapshot->measures.item[i];
        if (m->term == TERM_knn && isnan(m->pixels) && !isnan(m->untrained))
            return false;
    }
    return true;
}

static bool training_settled(const struct feed *feed, const struct snapshot *newest, uint32_t command_seq)
{
    (void)feed;
    bool done = newest->command_seq == command_seq && newest->status != TRAIN_PREPARING;
    return done && newest->status != TRAIN_RUNNING && yardsticks_there(newest);
}

static bool training_end(struct feed *feed, char folder[RUN_PATH_SIZE], struct err *err)
{
    struct training *t = (struct training *)feed;
    bool fine = !t->trainer || trainer_join(t->trainer, err);
    t->trainer = NULL;
    folder[0] = '\0';
    if (fine && run_is_there(t->folder))
        memcpy(folder, t->folder, RUN_PATH_SIZE);
    return fine;
}

static const struct feed_kind training_kind = {
    .start = training_start, .settled = training_settled, .end = training_end, .free = training_free};

struct feed *feed_training_open(const struct options *options, struct err *err)
{
    struct training *t = xcalloc(1, sizeof *t);
    t->feed = (struct feed){.kind = &training_kind, .learns = true};
    t->held = -1;
    bool fine =
        option_given(options, "continue") ? open_continued(t, options, err) : open_fresh(t, options, err);
    if (fine) {
        describe(t);
        return &t->feed;
    }
    training_free(&t->feed);
    return NULL;
}
