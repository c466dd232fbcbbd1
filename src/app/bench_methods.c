/* SPDX-License-Identifier: MIT */
#include "app/bench_methods.h"

#include "app/progress.h"
#include "app/setup.h"
#include "app/signals.h"
#include "base/check.h"
#include "train/measures.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option bench_methods_options[] = {
    {"steps", 0, OPTION_WHOLE, "N", 1, 1e9, "methods: train so many steps each (400), at a cosine rate"},
    {"seeds", 0, OPTION_WHOLE, "N", 1, 100, "methods: so many runs of each, seeds from --seed on (3)"},
    {"methods", 0, OPTION_TEXT, "A,B", 0, 0, "methods: these only"},
    {"target", 0, OPTION_NUMBER, "SHARE", 0, 1,
     "methods: count the steps until the label is read so well (0.9)"},
    {"output", 'o', OPTION_TEXT, "TABLE", 0, 0, "methods: write the table there, .md or .csv"},
    {0},
};

/* All of it; released in one place. */
struct contest {
    const struct options *options;
    struct setup setup;
    struct pool *pool;
    struct trial *trial; /* room for every method and seed */
    size_t n, planned;
    uint64_t steps, seeds;
    struct methods_table table;
    struct progress_line line;
    char title[800];
};

/* ---- one training ---- */

static bool wanted(const struct contest *c, const struct method *method)
{
    const char *list = option_text(c->options, "methods", NULL), *name = method->entry.name;
    size_t length = strlen(name);
    for (const char *at = list; at && *at; at += strcspn(at, ","), at += *at == ',')
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return true;
    return !list;
}

static bool names_known(const char *list, struct err *err)
{
    char name[40], names[200];
    axis_names(&method_axis, names, sizeof names);
    for (const char *at = list; at && *at; at += strcspn(at, ","), at += *at == ',') {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at, ","), at);
        if (!axis_find(&method_axis, name))
            return err_set(err, "--methods: there is no method '%s': %s", name, names);
    }
    return true;
}

/* The settings of everybody, but for what a method brings as its own defaults. */
static bool config_of(const struct contest *c, const struct trial *trial, struct config *config,
                      struct err *err)
{
    *config = c->setup.config;
    config->seed = trial->seed;
    config->schedule = SCHEDULE_COSINE;
    if (!config_set(config, "method", trial->method->entry.name, err))
        return false;
    config->total_steps = c->steps; /* of all alike, whatever a method is trained for by default */
    return true;
}

static double headline(const struct measures *measures, const struct dataset *data)
{
    const struct measure *m = measures_find(measures, TERM_knn, data->label);
    return m ? (double)m->value : (double)NAN;
}

static void show(struct contest *c, const struct trial *trial, const struct learner *learner)
{
    char text[200];
    if (!progress_line_due(&c->line))
        return;
    snprintf(text, sizeof text, "run %zu of %zu: %s, seed %" PRIu64 ", step %" PRIu64 "/%" PRIu64, c->n + 1,
             c->planned, trial->method->entry.name, trial->seed, learner_steps(learner), c->steps);
    progress_line_show(&c->line, text);
}

/* False and an empty err: interrupted. */
static bool train(struct contest *c, struct trial *trial, struct learner *learner, struct probe *probe,
                  struct err *err)
{
    const struct config *config = learner_config(learner);
    double seconds = 0;
    struct step_row row;
    trial->reached = (double)NAN;
    while (learner_steps(learner) < c->steps) {
        show(c, trial, learner);
        if (signals_caught())
            return false;
        if (!learner_step(learner, &row, err))
            return err_within(err, "%s, seed %" PRIu64, trial->method->entry.name, trial->seed);
        seconds += row.seconds;
        bool last = learner_steps(learner) == c->steps;
        if (!last && learner_steps(learner) % (uint64_t)config->every != 0)
            continue;
        probe_measure(probe, learner, &trial->measures);
        if (isnan(trial->reached) && headline(&trial->measures, &c->setup.data) >= c->table.target)
            trial->reached = (double)learner_steps(learner);
    }
    trial->pairs_per_s = (double)c->steps * config->batch / seconds;
    probe_ridge(probe, &trial->measures);
    return true;
}

static bool run_trial(struct contest *c, struct trial *trial, struct err *err)
{
    struct config config;
    err->text[0] = '\0';
    if (!config_of(c, trial, &config, err))
        return false;
    struct learner *learner = learner_new(&config, &c->setup.data, &c->setup.split, c->pool, err);
    struct probe *probe = learner ? probe_new(learner, &c->setup.data, &c->setup.split, (size_t)config.bank,
                                              (size_t)config.query, c->pool, err)
                                  : NULL;
    if (probe) {
        probe_ridge(probe, &trial->start);
        if (c->n == 0)
            probe_ridge_pixels(probe, &c->table.pixels);
    }
    bool fine = probe && train(c, trial, learner, probe, err);
    probe_free(probe);
    learner_free(learner);
    return fine;
}

/* ---- all of them ---- */

static size_t plan(struct contest *c)
{
    size_t n = 0;
    const struct method *method;
    for (size_t i = 0; (method = method_at(i)); i++)
        n += wanted(c, method) ? c->seeds : 0;
    return n;
}

/* A method that these pictures cannot train (captions are missing, labels are) is left out, and said. */
static bool run_all(struct contest *c, struct err *err)
{
    const struct method *method;
    for (size_t i = 0; (method = method_at(i)); i++)
        for (uint64_t s = 0; wanted(c, method) && s < c->seeds; s++) {
            struct trial *trial = &c->trial[c->n];
            *trial = (struct trial){.method = method, .seed = c->setup.config.seed + s};
            if (run_trial(c, trial, err)) {
                c->n++;
                continue;
            }
            if (!err->text[0])
                return false;
            progress_line_end(&c->line);
            fprintf(stderr, "nearfar: left out: %s: %s\n", method->entry.name, err->text);
            break;
        }
    return true;
}

static void write_title(struct contest *c)
{
    const struct config *config = &c->setup.config;
    snprintf(c->title, sizeof c->title,
             "%s, %" PRIu64 " steps of %d pairs, encoder %s, seeds %" PRIu64 " to %" PRIu64
             "; mean and standard deviation. knn: %% of held-out pictures whose value their 20 nearest vote "
             "right, cosine on h, T 0.07, bank %d training items, %d held-out; ridge: the ridge probe of the "
             "same; values count alike.",
             c->setup.data.name, c->steps, config->batch, config->encoder, config->seed,
             config->seed + c->seeds - 1, config->bank, config->query);
}

static bool begin(struct contest *c, struct err *err)
{
    const struct options *o = c->options;
    const char *path = option_text(o, "output", NULL);
    if (o->n_operands != 2)
        return err_set(err, "bench methods: what to train on is missing: nearfar bench methods tiles");
    if ((path && !methods_table_path_fits(path, err)) || !names_known(option_text(o, "methods", NULL), err) ||
        !setup_open(&c->setup, o->operand[1], o, err))
        return false;
    c->steps = (uint64_t)option_number(o, "steps", 400);
    c->seeds = (uint64_t)option_number(o, "seeds", 3);
    c->planned = plan(c);
    c->trial = xcalloc(c->planned + 1, sizeof *c->trial);
    c->pool = pool_new(option_threads(o), 0);
    c->table.target = option_number(o, "target", 0.9);
    return true;
}

static void release(struct contest *c)
{
    pool_free(c->pool);
    free(c->trial);
    setup_release(&c->setup);
}

static enum exit_code finish(struct contest *c, bool whole, struct err *err)
{
    write_title(c);
    c->table.data = &c->setup.data;
    c->table.trial = c->trial;
    c->table.n = c->n;
    c->table.title = c->title;
    if (c->n > 0 && !methods_table_write(&c->table, option_text(c->options, "output", NULL), err))
        return complain(c->options, EXIT_NO, err);
    if (whole && c->n > 0)
        return EXIT_FINE;
    err_set(err, "interrupted: %zu of %zu runs are in the table", c->n, c->planned);
    if (whole)
        err_set(err, "none of the methods can train on %s", c->setup.data.name);
    return complain(c->options, whole ? EXIT_NO : EXIT_INCONCLUSIVE, err);
}

enum exit_code bench_methods(const struct options *options)
{
    struct err err = {""};
    struct contest c = {.options = options};
    if (!begin(&c, &err)) {
        release(&c);
        return complain(options, EXIT_USAGE, &err);
    }
    signals_catch(NULL);
    c.line = progress_line_begin();
    bool whole = run_all(&c, &err);
    progress_line_end(&c.line);
    signals_release();
    enum exit_code code = finish(&c, whole, &err);
    release(&c);
    return code;
}
