/* SPDX-License-Identifier: MIT
 *
 * nearfar train: the same training without a screen, into a run folder.
 */
#include "app/progress.h"
#include "app/report.h"
#include "app/save.h"
#include "app/signals.h"
#include "app/way.h"
#include "base/check.h"
#include "base/clock.h"
#include "run/run.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAST_BANK = 10000, LAST_QUERIES = 1000000 };
static const double checkpoint_seconds = 2; /* at least so long between two checkpoints */

static const struct option train_options[] = {
    {"output", 'o', OPTION_TEXT, "RUN", 0, 0, "the folder to write"},
    {"steps", 0, OPTION_WHOLE, "N", 0, 1e9,
     "train so many steps (400; some methods more); the learning rate comes down to 0 there"},
    {"epochs", 0, OPTION_NUMBER, "N", 0, 1e6, "the same in rounds through the training pictures"},
    {"seconds", 0, OPTION_NUMBER, "S", 0, 1e7, "stop after so long; alone: at a constant learning rate"},
    {"stop-at", 0, OPTION_WHOLE, "N", 0, 1e9, "stop after step N as if interrupted; --resume goes on"},
    {"resume", 0, OPTION_TEXT, "RUN", 0, 0, "go on with a run, to the same bytes as if never stopped"},
    {"extend", 0, OPTION_FLAG, NULL, 0, 0,
     "with --resume: let the learning rate come down at the new --steps"},
    {"force", 0, OPTION_FLAG, NULL, 0, 0, "replace the run that is in the folder"},
    {"json", 0, OPTION_FLAG, NULL, 0, 0, "the result as one JSON object on the last line of stdout"},
    {0},
};

/* One training from start to end; released in one place. */
struct training {
    const struct options *options;
    const char *folder;
    struct setup setup;
    struct record before; /* of the run that is resumed */
    bool resumed;
    uint64_t extended_from; /* steps of the schedule before --extend; 0: not extended */
    struct pool *pool;
    struct learner *learner;
    struct probe *probe;
    struct run_writer *writer;
    struct way way;
    struct measures measures;
    uint64_t target; /* steps; UINT64_MAX: until the time is over */
    uint64_t stop_at;
    double seconds; /* INFINITY: no limit */
    double start, last_checkpoint;
    uint64_t first_step; /* of this process */
    struct step_row row;
    bool has_row;
};

/* ---- how long ---- */

static uint64_t steps_of_epochs(const struct setup *setup, double epochs)
{
    size_t an_epoch = setup->split.n_train / (size_t)setup->config.batch; /* whole batches */
    return (uint64_t)ceil(epochs * (double)(an_epoch ? an_epoch : 1));
}

static bool length_of_new(struct training *t, struct err *err)
{
    const struct options *o = t->options;
    struct config *config = &t->setup.config;
    t->seconds = option_number(o, "seconds", INFINITY);
    t->target = isfinite(t->seconds) ? UINT64_MAX : config->total_steps;
    if (option_given(o, "epochs"))
        t->target = steps_of_epochs(&t->setup, option_number(o, "epochs", 0));
    if (option_given(o, "steps"))
        t->target = (uint64_t)option_number(o, "steps", 0);
    if (option_given(o, "steps") && option_given(o, "epochs"))
        return err_set(err, "--steps and --epochs both say how long: give one of them");
    /* the schedule of a run of known length ends with it, unless --set says otherwise */
    bool known = t->target != UINT64_MAX && t->target > 0;
    if (known && !setup_sets(o, "schedule"))
        config->schedule = SCHEDULE_COSINE;
    if (known && !setup_sets(o, "steps"))
        config->total_steps = t->target;
    return true;
}

static bool length_of_resumed(struct training *t, uint64_t step, struct err *err)
{
    const struct options *o = t->options;
    struct config *config = &t->setup.config;
    bool ends = config->schedule == SCHEDULE_COSINE;
    t->seconds = option_number(o, "seconds", INFINITY);
    t->target = ends ? config->total_steps : UINT64_MAX;
    if (option_given(o, "epochs"))
        t->target = steps_of_epochs(&t->setup, option_number(o, "epochs", 0));
    if (option_given(o, "steps"))
        t->target = (uint64_t)option_number(o, "steps", 0);
    if (t->target == UINT64_MAX && !isfinite(t->seconds))
        return err_set(err, "%s: say how far: --steps N (it is at step %" PRIu64 ")", t->folder, step);
    if (t->target < step)
        return err_set(err, "%s: is at step %" PRIu64 " already", t->folder, step);
    if (ends && t->target > config->total_steps && t->target != UINT64_MAX) {
        if (!option_given(o, "extend"))
            return err_set(
                err, "%s: its learning rate ends at step %" PRIu64 "; add --extend to let it end at %" PRIu64,
                t->folder, config->total_steps, t->target);
    }
    if (option_given(o, "extend") && t->target != UINT64_MAX && t->target != config->total_steps) {
        t->extended_from = config->total_steps;
        config->total_steps = t->target;
    }
    return true;
}

/* ---- start ---- */

static bool open_resumed(struct training *t, uint64_t *step, struct err *err)
{
    static const char *const fixed[] = {"output", "method", "augment", "encoder",
                                        "set",    "every",  "seed",    "force"};
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        if (option_given(t->options, fixed[i]))
            return err_set(err,
                           "--%s does not go with --resume: a resumed run keeps what it was started with",
                           fixed[i]);
    t->folder = option_text(t->options, "resume", "");
    t->resumed = true;
    const char *data = t->options->n_operands ? t->options->operand[0] : NULL;
    return load_record(t->folder, &t->before, err) && load_step(t->folder, step, err) &&
           setup_resume(&t->setup, &t->before, data, err) && length_of_resumed(t, *step, err);
}

static bool open_new(struct training *t, struct err *err)
{
    t->folder = option_text(t->options, "output", NULL);
    if (t->options->n_operands == 0)
        return err_set(err, "what to train on is missing: nearfar train DATA -o RUN (tiles are built in)");
    if (!t->folder)
        return err_set(err, "where to write is missing: -o RUN");
    if (!option_given(t->options, "force") && run_is_there(t->folder))
        return err_set(err, "%s: holds a run already; go on with --resume %s, or start it anew with --force",
                       t->folder, t->folder);
    return setup_open(&t->setup, t->options->operand[0], t->options, err) && length_of_new(t, err);
}

static bool save_config(struct training *t, struct err *err)
{
    struct record_parts parts = {.events = t->way.events, .measures = t->probe ? &t->measures : NULL};
    return save_record(t->folder, &t->setup, t->learner, &parts, err);
}

/* Everything a later process needs, so that the run is whole whenever this one dies: the way first, of which
 * it leaves out what lies behind the checkpoint. */
static bool save_all(struct training *t, struct err *err)
{
    size_t n = 0;
    t->last_checkpoint = clock_seconds();
    if (!way_save(&t->way, t->folder, t->learner, err) || !save_checkpoint(t->folder, t->learner, err) ||
        !save_config(t, err))
        return false;
    if (!t->probe)
        return true;
    const uint32_t *items = probe_items(t->probe, &n);
    return save_probe(t->folder, &t->setup.data, items, n, probe_h(t->probe), learner_dim_h(t->learner), err);
}

static bool measure(struct training *t, struct err *err)
{
    probe_measure(t->probe, t->learner, &t->measures);
    way_measured(&t->way, t->learner, t->probe, &t->measures);
    return run_measures(t->writer, &t->setup.data, &t->measures, err);
}

/* At the checkpoint a resumed run goes on from. */
static bool go_on(struct training *t, struct err *err)
{
    if (!load_checkpoint(t->folder, t->learner, err))
        return false;
    probe_measure(t->probe, t->learner, &t->measures);
    way_resume(&t->way, t->folder, &t->before, t->learner, t->probe);
    if (t->extended_from)
        event_add(t->way.events, t->before.steps, EVENT_SETTING, "schedule extended from %llu to %llu steps",
                  (unsigned long long)t->extended_from, (unsigned long long)t->setup.config.total_steps);
    return way_save(&t->way, t->folder, t->learner, err) && save_config(t, err);
}

/* A new run is there, whole, before the baselines are measured, which may take a while. */
static bool begin(struct training *t, uint64_t step, struct err *err)
{
    const struct config *config = &t->setup.config;
    enum run_start start = t->resumed ? RUN_RESUME : option_given(t->options, "force") ? RUN_OVER : RUN_NEW;
    t->pool = pool_new(option_threads(t->options), 0);
    t->learner = learner_new(config, &t->setup.data, &t->setup.split, t->pool, err);
    if (!t->learner)
        return false;
    way_begin(&t->way, t->learner, &t->setup.data, t->resumed);
    t->writer = run_begin(t->folder, start, step, err);
    if (!t->writer || (!t->resumed && !save_all(t, err)))
        return false;
    t->probe = probe_new(t->learner, &t->setup.data, &t->setup.split, (size_t)config->bank,
                         (size_t)config->query, t->pool, err);
    if (!t->probe)
        return false;
    return t->resumed ? go_on(t, err) : measure(t, err) && save_all(t, err);
}

/* ---- steps ---- */

static const struct measure *headline(const struct training *t)
{
    for (int i = 0; i < t->measures.n; i++) {
        const struct measure *m = &t->measures.item[i];
        if (m->term == TERM_knn && (t->setup.data.label == NO_COLUMN || m->column == t->setup.data.label))
            return m;
    }
    return NULL;
}

static void show_progress(const struct training *t, struct progress_line *line)
{
    uint64_t step = learner_steps(t->learner), done = step - t->first_step;
    double spent = clock_seconds() - t->start;
    double rate = spent > 0 ? (double)done / spent : 0;
    double left = t->target != UINT64_MAX && rate > 0 ? (double)(t->target - step) / rate : INFINITY;
    left = fmin(left, t->seconds - spent);
    struct strbuf text = {0};
    strbuf_printf(&text, "step %" PRIu64, step);
    if (t->target != UINT64_MAX)
        strbuf_printf(&text, "/%" PRIu64, t->target);
    strbuf_printf(&text, "  loss %.3f", (double)t->row.loss);
    const struct measure *m = headline(t);
    if (m)
        strbuf_printf(&text, "  %s %.0f %%", t->setup.data.column[m->column].name, (double)m->value * 100);
    strbuf_printf(&text, "  %.0f pairs/s", rate * t->setup.config.batch);
    if (isfinite(left))
        strbuf_printf(&text, "  %.0f s left", left);
    progress_line_show(line, strbuf_text(&text));
    strbuf_release(&text);
}

static bool after_step(struct training *t, struct err *err)
{
    run_step(t->writer, &t->row, (size_t)t->setup.config.batch);
    if (learner_steps(t->learner) % (uint64_t)t->setup.config.every != 0)
        return true;
    if (!measure(t, err))
        return false;
    return clock_seconds() - t->last_checkpoint < checkpoint_seconds || save_all(t, err);
}

static bool goes_on(const struct training *t)
{
    uint64_t step = learner_steps(t->learner);
    return step < t->target && step < t->stop_at && !signals_caught() &&
           clock_seconds() - t->start < t->seconds;
}

/* Until the end that was asked for, a signal, or a number that is not finite: then *failed holds what it was,
 * and the learner is as it was before that step. */
static bool run_steps(struct training *t, bool *failed, struct err *err)
{
    struct progress_line line = progress_line_begin();
    bool fine = true;
    while (fine && goes_on(t)) {
        if (!learner_step(t->learner, &t->row, err)) {
            *failed = true;
            event_add(t->way.events, learner_steps(t->learner), EVENT_FAILED, "%.110s", err->text);
            break;
        }
        t->has_row = true;
        fine = after_step(t, err);
        if (progress_line_due(&line))
            show_progress(t, &line);
    }
    progress_line_end(&line);
    return fine;
}

/* ---- end ---- */

/* The label on the map of its class axes: what h holds and a picture of it can show are two things. */
static void add_map_reading(struct training *t, const struct probe *probe)
{
    int label = t->setup.data.label;
    float readable = (float)probe_map_readable(probe, label);
    if (!isnan(readable) && t->measures.n < MEASURES_MAX)
        t->measures.item[t->measures.n++] = (struct measure){.term = TERM_knn_map,
                                                             .column = label,
                                                             .value = readable,
                                                             .pixels = NAN,
                                                             .untrained = NAN,
                                                             .chance = NAN};
}

/* The last evaluation: a larger bank and every held-out picture. */
static bool evaluate(struct training *t, char *protocol, size_t size, struct err *err)
{
    const struct setup *s = &t->setup;
    struct learner *untrained = learner_new(&s->config, &s->data, &s->split, t->pool, err);
    struct probe *probe =
        untrained ? probe_new(untrained, &s->data, &s->split, LAST_BANK, LAST_QUERIES, t->pool, err) : NULL;
    learner_free(untrained);
    if (!probe)
        return false;
    probe_measure(probe, t->learner, &t->measures);
    add_map_reading(t, probe);
    probe_protocol(probe, protocol, size);
    probe_free(probe);
    return true;
}

/* After a signal there is no time for a second look: the probe of the training is measured once more. */
static bool last_look(struct training *t, char *protocol, size_t size, struct err *err)
{
    bool in_peace = !signals_caught();
    signals_release();
    if (in_peace)
        return evaluate(t, protocol, size, err);
    probe_measure(t->probe, t->learner, &t->measures);
    probe_protocol(t->probe, protocol, size);
    return true;
}

static bool finish(struct training *t, struct err *err)
{
    probe_embed(t->probe, t->learner, 0);
    struct run_writer *writer = t->writer;
    t->writer = NULL;
    bool tables = run_end(writer, err);
    return tables && save_all(t, err);
}

static bool report(struct training *t, double seconds, struct err *err)
{
    char protocol[200];
    if (!last_look(t, protocol, sizeof protocol, err))
        return false;
    double pairs = (double)(learner_steps(t->learner) - t->first_step) * t->setup.config.batch;
    struct train_report r = {.folder = t->folder,
                             .data = &t->setup.data,
                             .steps = learner_steps(t->learner),
                             .seconds = seconds,
                             .pairs_per_s = seconds > 0 ? pairs / seconds : 0,
                             .loss = t->has_row ? t->row.loss : NAN,
                             .measures = &t->measures,
                             .protocol = protocol,
                             .stopped = learner_steps(t->learner) < t->target && t->target != UINT64_MAX};
    if (option_given(t->options, "json"))
        report_print_json(&r);
    else
        report_print(&r);
    return true;
}

static enum exit_code train(struct training *t)
{
    struct err err, why;
    bool failed = false;
    t->first_step = learner_steps(t->learner);
    t->start = clock_seconds();
    if (!run_steps(t, &failed, &err))
        return complain(t->options, EXIT_NO, &err);
    why = err;
    double seconds = clock_seconds() - t->start;
    if (!finish(t, &err))
        return complain(t->options, EXIT_NO, &err);
    if (failed) {
        err_set(&err, "%s; the run is saved as it was before: %s", why.text, t->folder);
        return complain(t->options, EXIT_NO, &err);
    }
    if (signals_caught())
        fprintf(stderr,
                "nearfar train: stopped at step %" PRIu64 " and saved; nearfar train --resume %s goes on\n",
                learner_steps(t->learner), t->folder);
    return report(t, seconds, &err) ? EXIT_FINE : complain(t->options, EXIT_NO, &err);
}

static void training_release(struct training *t)
{
    struct err ignored;
    if (t->writer)
        run_end(t->writer, &ignored);
    way_release(&t->way);
    probe_free(t->probe);
    learner_free(t->learner);
    pool_free(t->pool);
    setup_release(&t->setup);
    record_release(&t->before);
}

static enum exit_code run_train(const struct options *options)
{
    struct training *t = xcalloc(1, sizeof *t);
    struct err err;
    uint64_t step = 0;
    t->options = options;
    t->stop_at =
        option_given(options, "stop-at") ? (uint64_t)option_number(options, "stop-at", 0) : UINT64_MAX;
    signals_catch(NULL);
    bool opened = option_given(options, "resume") ? open_resumed(t, &step, &err) : open_new(t, &err);
    if (opened && t->setup.note[0])
        fprintf(stderr, "nearfar train: %s\n", t->setup.note);
    enum exit_code code = !opened || !begin(t, step, &err) ? complain(options, EXIT_USAGE, &err) : train(t);
    training_release(t);
    free(t);
    return code;
}

const struct subcommand command_train = {
    .entry = {"train", "Train without a screen, into a run folder.", NULL},
    .usage = "DATA -o RUN [options] | --resume RUN [--steps N]",
    .option = {train_options, training_options, common_options},
    .min_operands = 0,
    .max_operands = 1,
    .notes =
        "DATA is tiles, fashion-mnist, or pictures: a folder, IDX or CIFAR files. Ctrl-C finishes the step, "
        "saves and\n"
        "stops. The same data, options and seed give the same metrics.csv and checkpoint for any --threads.",
    .run = run_train,
};
