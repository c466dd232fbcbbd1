/* SPDX-License-Identifier: MIT
 *
 * A live run as files: opened from data or from where it was left, written when it ends.
 */
#include "app/save.h"
#include "app/session.h"
#include "app/state_folder.h"
#include "base/check.h"

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

static bool open_fresh(struct opened *o, const struct options *options, struct err *err)
{
    const char *spec = options->n_operands ? options->operand[0] : "tiles";
    if (run_is_there(spec))
        return err_set(err, "%s: a run folder; nearfar train --resume %s goes on with it", spec, spec);
    return setup_open(&o->setup, spec, options, err) && state_folder_new(o->folder, err);
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

static bool write_rows(struct run_writer *writer, const struct dataset *data, const struct snapshot *snapshot,
                       size_t pairs, struct err *err)
{
    size_t n_steps = series_count(snapshot->steps), n_measured = series_count(snapshot->measured), at = 0;
    for (size_t i = 0; i < n_measured; i++) {
        const struct measures *measures = series_at(snapshot->measured, i);
        for (; at < n_steps; at++) {
            const struct step_row *row = series_at(snapshot->steps, at);
            if (row->step > measures->step)
                break;
            run_step(writer, row, pairs);
        }
        if (!run_measures(writer, data, measures, err))
            return false;
    }
    return true;
}

/* Rows of a run that was continued stay; after a restart there are none to stay. The first measuring of a
 * continued run repeats the last row of the run before. */
static bool write_tables(const struct opened *o, const struct snapshot *snapshot, size_t pairs,
                         struct err *err)
{
    bool resumed = o->continued && snapshot->run == 0;
    uint64_t kept = resumed && o->first_step > 0 ? o->first_step - 1 : 0;
    struct run_writer *writer = run_begin(o->folder, resumed ? RUN_RESUME : RUN_OVER, kept, err);
    if (!writer)
        return false;
    struct err ignored;
    bool fine = write_rows(writer, &o->setup.data, snapshot, pairs, err);
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
    if (!write_tables(o, snapshot, (size_t)learner_config(learner)->batch, err) ||
        !save_checkpoint(o->folder, learner, err) ||
        !save_record(o->folder, &o->setup, learner, &parts, err) ||
        !save_probe(o->folder, &o->setup.data, snapshot->item, snapshot->n_probe, snapshot->h,
                    snapshot->dim_h, err))
        return false;
    state_folder_prune();
    return true;
}
