/* SPDX-License-Identifier: MIT
 *
 * A live run as files: opened from data or from where it was left, written when it ends.
 */
#include "app/save.h"
#include "app/session.h"
#include "app/state_folder.h"
#include "base/check.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>

/* ---- opening ---- */

/* A learner is made once to read the checkpoint into; the trainer makes its own and takes its state. */
static bool take_state(struct opened *o, struct err *err)
{
    struct pool *pool = pool_new(1, 0);
    struct learner *learner = learner_new(&o->setup.config, &o->setup.data, &o->setup.split, pool, err);
    bool fine = learner && load_checkpoint(o->folder, learner, err);
    if (fine) {
        o->resume = learner_save(learner);
        o->first_step = learner_steps(learner);
    }
    learner_free(learner);
    pool_free(pool);
    return fine;
}

static bool open_continued(struct opened *o, const struct options *options, struct err *err)
{
    static const char *const fixed[] = {"method", "augment", "encoder", "set", "every", "seed"};
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        if (option_given(options, fixed[i]))
            return err_set(err, "--%s does not go with --continue: the run goes on as it was left", fixed[i]);
    o->continued = true;
    const char *data = options->n_operands ? options->operand[0] : NULL;
    return state_folder_newest(o->folder, err) && load_record(o->folder, &o->before, err) &&
           setup_resume(&o->setup, &o->before, data, err) && take_state(o, err);
}

/* On a screen at 10 steps a second a number that is measured every 50 steps looks dead. */
enum { LIVE_EVERY = 10 };

static bool open_fresh(struct opened *o, const struct options *options, struct err *err)
{
    const char *spec = options->n_operands ? options->operand[0] : "tiles";
    if (run_is_there(spec))
        return err_set(err, "%s: a run folder; nearfar train --resume %s goes on with it", spec, spec);
    if (!setup_open(&o->setup, spec, options, err) || !state_folder_new(o->folder, err))
        return false;
    if (!setup_sets(options, "every") && !option_given(options, "every"))
        o->setup.config.every = LIVE_EVERY;
    return true;
}

void open_live(struct opened *o, const struct options *options)
{
    o->fine = option_given(options, "continue") ? open_continued(o, options, &o->err)
                                                : open_fresh(o, options, &o->err);
}

void opened_free(struct opened *o)
{
    if (!o)
        return;
    saved_state_unref(o->resume);
    setup_release(&o->setup);
    record_release(&o->before);
    free(o);
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
            run_step(writer, row, rows->pairs);
        }
        if (!run_measures(writer, data, measures, err))
            return false;
    }
    return true;
}

/* Rows of a run that was continued stay; after a restart there are none to stay. */
static bool write_tables(const struct opened *o, const struct snapshot *snapshot, size_t pairs,
                         struct err *err)
{
    bool resumed = o->continued && snapshot->run == 0;
    struct rows rows = {snapshot, resumed ? o->first_step : UINT64_MAX, pairs};
    struct run_writer *writer = run_begin(o->folder, resumed ? RUN_RESUME : RUN_ANEW, o->first_step, err);
    if (!writer)
        return false;
    struct err ignored;
    bool fine = write_rows(writer, &o->setup.data, &rows, err);
    return run_end(writer, fine ? err : &ignored) && fine;
}

bool save_live(void *ctx, struct learner *learner, const struct snapshot *snapshot, struct err *err)
{
    const struct opened *o = ctx;
    struct record_parts parts = {.before = o->continued && snapshot->run == 0 ? &o->before : NULL,
                                 .events = snapshot->events,
                                 .measures = &snapshot->measures};
    if (series_count(snapshot->steps) == 0) /* nothing was learned: nothing can be lost */
        return true;
    /* what replaces a file whole comes first: a kill in between leaves a run that can be continued */
    if (!folder_make(o->folder, err) || !save_checkpoint(o->folder, learner, err) ||
        !save_record(o->folder, &o->setup, learner, &parts, err) ||
        !save_probe(o->folder, &o->setup.data, snapshot->item, snapshot->n_probe, snapshot->h,
                    snapshot->dim_h, err) ||
        !write_tables(o, snapshot, (size_t)learner_config(learner)->batch, err))
        return false;
    state_folder_prune();
    return true;
}
