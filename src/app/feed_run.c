/* SPDX-License-Identifier: MIT
 *
 * A run folder as a feed: its probe, its curves, and, where the data it names is there and the same, its
 * pictures and what its encoder makes of them: z, texts where it learned from captions, and as the first
 * moment what the untrained net made of them. Followed while a training still writes it: a new checkpoint is
 * a new moment. Nothing is changed in it.
 */
#include "app/encoder.h"
#include "app/feed.h"
#include "app/follow.h"
#include "app/metrics_rows.h"
#include "app/moment.h"
#include "app/save.h"
#include "app/sensitivity.h"
#include "base/check.h"
#include "base/strbuf.h"
#include "data/csv.h"
#include "data/embeddings.h"
#include "run/batch.h"
#include "run/record.h"
#include "train/texts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What a file was at the last look. */
struct stamp {
    long long bytes, seconds, nanoseconds;
};

struct shown_run {
    struct feed feed;
    char folder[RUN_PATH_SIZE], marks[RUN_PATH_SIZE];
    struct record record;     /* as it was when it was opened */
    struct settings settings; /* what it says of them; none where the data is not there */
    struct dataset data;
    uint32_t *item; /* (n_items) rows of data */
    size_t n_items;
    struct moment_series series;
    bool begun;             /* the untrained net was shown, or cannot be */
    struct past past;       /* kept steps when it was opened */
    struct past late;       /* and those that came since */
    size_t next, next_late; /* of each the next to be shown */
    uint64_t at;            /* the last step shown */
    uint64_t told;          /* rows of metrics.csv up to this step are in the series; UINT64_MAX: none */
    struct measures last;
    struct stamp embeddings, metrics;
    int threads;
    struct follower *follower; /* NULL until it is started */
    struct sensitivity sensitivity;
};

static struct stamp stamp_of(const char *folder, const char *file)
{
    struct stat st;
    char path[RUN_PATH_SIZE];
    run_path(path, folder, file);
    if (stat(path, &st) != 0)
        return (struct stamp){.bytes = -1};
    return (struct stamp){(long long)st.st_size, (long long)st.st_mtim.tv_sec, (long long)st.st_mtim.tv_nsec};
}

static bool same_stamp(struct stamp a, struct stamp b)
{
    return a.bytes == b.bytes && a.seconds == b.seconds && a.nanoseconds == b.nanoseconds;
}

/* ---- the items ---- */

/* The column id of items.csv: rows of the data the run was trained on. */
static bool read_ids(struct shown_run *r, const struct csv *csv, const char *path, struct err *err)
{
    int id = csv_find(csv, "id");
    if (id < 0)
        return err_set(err, "%s: no column id", path);
    r->n_items = csv->rows;
    r->item = xcalloc(csv->rows + 1, sizeof *r->item);
    for (size_t i = 0; i < csv->rows; i++) {
        long number;
        if (!text_to_long(csv->cell[i * csv->columns + (size_t)id], &number) || number < 0 ||
            number >= (long)NO_VALUE)
            return err_set(err, "%s: line %zu: the id is no row of the data", path, csv->line[i]);
        r->item[i] = (uint32_t)number;
    }
    return true;
}

/* The data itself, where it is there and what it was: then there are pictures. */
static bool open_data(struct shown_run *r)
{
    static const struct data_options none;
    struct err err;
    if (!dataset_open(&r->data, r->record.dataset.args, &none, &err))
        return false;
    bool same = strcmp(r->data.sha256, r->record.dataset.sha256) == 0;
    for (size_t i = 0; i < r->n_items; i++)
        same = same && r->item[i] < r->data.n;
    if (!same)
        dataset_release(&r->data);
    return same;
}

/* What items.csv says of each; they are then counted by their rows in it. */
static bool open_items(struct shown_run *r, const char *path, struct err *err)
{
    struct embeddings rows = {.n = r->n_items};
    struct items_source source = {.items = path};
    if (!embeddings_items(&r->data, &rows, r->folder, &source, err))
        return false;
    for (size_t i = 0; i < r->n_items; i++)
        r->item[i] = (uint32_t)i;
    snprintf(r->feed.note, sizeof r->feed.note,
             "%.200s is not there or not the same: no pictures, no z, no text search; the rest is of the run "
             "folder",
             r->record.dataset.args);
    return true;
}

static bool open_run(struct shown_run *r, struct err *err)
{
    struct csv csv;
    char path[RUN_PATH_SIZE];
    run_path(path, r->folder, RUN_ITEMS);
    if (!load_record(r->folder, &r->record, err) || !csv_read(path, &csv, err))
        return false;
    bool fine = read_ids(r, &csv, path, err);
    csv_release(&csv);
    return fine && (open_data(r) || open_items(r, path, err));
}

static void take_settings(struct shown_run *r)
{
    struct config config;
    struct err ignored;
    if (r->data.pixels && record_config(&r->record, &r->data, &config, &ignored))
        config_settings(&config, r->data.channels, &r->settings);
}

/* A folder that nearfar audit --sensitivity wrote: its base is the run that is shown. */
static bool open_sensitivity(struct shown_run *r, struct err *err)
{
    char folder[RUN_PATH_SIZE];
    snprintf(folder, sizeof folder, "%s", r->folder);
    if (run_is_there(folder))
        return true;
    run_path(r->folder, folder, "base");
    r->feed.sensitivity = &r->sensitivity;
    return sensitivity_read(&r->sensitivity, folder, err);
}

/* ---- moments ---- */

/* z of the probe and the text encoder, of the checkpoint that is of this step: one that has gone on since is
 * of the next moment. Without the data there is none. Owned by the caller. */
static void apply_encoder(const struct shown_run *r, const struct record *record, struct moment *moment)
{
    struct encoder encoder;
    struct err err;
    if (!r->data.pixels || !encoder_open(&encoder, r->folder, record, &r->data, r->threads, &err))
        return;
    if (learner_steps(encoder.learner) == moment->step) {
        size_t dim_z = learner_dim_z(encoder.learner);
        float *z = xcalloc(moment->n * dim_z + 1, sizeof *z);
        learner_embed(encoder.learner, r->item, moment->n, NULL, z);
        moment->z = z;
        moment->dim_z = dim_z;
        moment->text = texts_save(encoder.learner);
    }
    encoder_close(&encoder);
}

static struct snapshot *moment_of(struct shown_run *r, struct moment *moment)
{
    moment->n = r->n_items;
    moment->item = r->item;
    struct snapshot *s = moment_new(moment, &r->data, &r->series, false);
    s->seed = r->record.seed;
    s->settings = r->settings;
    r->at = moment->step;
    return s;
}

static struct snapshot *moment_of_file(struct shown_run *r, const struct embeddings *e)
{
    struct record record;
    struct err err;
    struct moment moment = {.rows = e->rows, .n = e->n, .d = e->d, .step = r->record.steps};
    struct kept_batch batch = {0};
    if (load_record(r->folder, &record, &err)) {
        moment.step = record.steps;
        apply_encoder(r, &record, &moment);
        if (r->data.pixels)
            batch_read(&batch, r->folder, r->data.n);
        moment.batch = &batch;
        record_release(&record);
    }
    struct snapshot *s = moment_of(r, &moment);
    s->measures = r->last;
    free((void *)(uintptr_t)moment.z);
    batch_release(&batch);
    return s;
}

/* The net as it was before its first step. */
static struct snapshot *untrained(struct shown_run *r)
{
    struct encoder encoder;
    struct err err;
    if (!r->data.pixels || !encoder_open(&encoder, NULL, &r->record, &r->data, r->threads, &err))
        return NULL;
    size_t dim_h = learner_dim_h(encoder.learner), dim_z = learner_dim_z(encoder.learner);
    float *h = xcalloc(r->n_items * dim_h + 1, sizeof *h), *z = xcalloc(r->n_items * dim_z + 1, sizeof *z);
    learner_embed(encoder.learner, r->item, r->n_items, h, z);
    struct moment moment = {.rows = h, .d = dim_h, .z = z, .dim_z = dim_z};
    struct snapshot *s = moment_of(r, &moment);
    const struct measures *first = series_count(s->measured) ? series_at(s->measured, 0) : NULL;
    if (first && first->step == 0)
        s->measures = *first;
    encoder_close(&encoder);
    free(h);
    free(z);
    return s;
}

static struct snapshot *next_kept(struct shown_run *r, const struct past *past, size_t *next)
{
    const struct past_moment *kept = &past->moment[(*next)++];
    struct moment moment = {.rows = kept->h, .d = past->d, .step = kept->step};
    struct snapshot *s = moment_of(r, &moment);
    for (size_t i = 0; i < series_count(s->measured); i++) {
        const struct measures *row = series_at(s->measured, i);
        if (row->step == kept->step)
            s->measures = *row;
    }
    return s;
}

/* Those that came since. */
static void read_events(struct shown_run *r)
{
    struct series *all = series_new(sizeof(struct event));
    record_events(&r->record, r->folder, all);
    for (size_t i = series_count(r->series.events); i < series_count(all); i++)
        series_append(r->series.events, series_at(all, i));
    series_unref(all);
}

static void read_metrics(struct shown_run *r)
{
    read_events(r);
    struct metrics_source source = {r->folder, &r->data, &r->record, true};
    r->told = metrics_rows(&source, r->told, UINT64_MAX, &r->series, &r->last);
}

static struct snapshot *read_files(struct shown_run *r)
{
    struct embeddings e;
    struct err err;
    char path[RUN_PATH_SIZE];
    run_path(path, r->folder, RUN_EMBEDDINGS);
    if (!embeddings_read(&e, path, &err))
        return NULL;
    struct snapshot *s = NULL;
    if (e.n == r->n_items)
        s = moment_of_file(r, &e);
    embeddings_release(&e);
    return s;
}

/* What a training that goes on has kept since the last step shown, up to where its embeddings are. */
static void read_late(struct shown_run *r)
{
    struct record record;
    struct err ignored;
    past_release(&r->late);
    r->next_late = 0;
    if (!load_record(r->folder, &record, &ignored))
        return;
    past_read(&r->late, r->folder, r->n_items);
    past_cut(&r->late, record.steps ? record.steps - 1 : 0);
    record_release(&record);
    while (r->next_late < r->late.n_moments && r->late.moment[r->next_late].step <= r->at)
        r->next_late++;
}

static struct snapshot *look(void *ctx, bool first)
{
    struct shown_run *r = ctx;
    (void)first;
    if (!r->begun) {
        r->begun = true;
        read_metrics(r);
        struct snapshot *s = untrained(r);
        if (s)
            return s;
    }
    if (r->next < r->past.n_moments)
        return next_kept(r, &r->past, &r->next);
    if (r->next_late < r->late.n_moments)
        return next_kept(r, &r->late, &r->next_late);
    struct stamp embeddings = stamp_of(r->folder, RUN_EMBEDDINGS), metrics = stamp_of(r->folder, RUN_METRICS);
    if (same_stamp(embeddings, r->embeddings) && same_stamp(metrics, r->metrics))
        return NULL;
    read_metrics(r);
    read_late(r);
    if (r->next_late < r->late.n_moments)
        return next_kept(r, &r->late, &r->next_late);
    r->embeddings = embeddings;
    r->metrics = metrics;
    return read_files(r);
}

/* ---- as a feed ---- */

static void run_feed_start(struct feed *feed, const struct feed_links *links)
{
    struct shown_run *r = (struct shown_run *)feed;
    r->threads = option_threads(links->options);
    r->follower = follow_begin(links->mailbox, links->commands, look, r);
}

static bool run_feed_settled(const struct feed *feed, const struct snapshot *newest, uint32_t command_seq)
{
    (void)feed;
    (void)command_seq;
    return !newest->more;
}

static bool run_feed_end(struct feed *feed, char folder[RUN_PATH_SIZE], struct err *err)
{
    struct shown_run *r = (struct shown_run *)feed;
    (void)err;
    follow_end(r->follower);
    r->follower = NULL;
    folder[0] = '\0';
    return true;
}

static void run_feed_free(struct feed *feed)
{
    struct shown_run *r = (struct shown_run *)feed;
    record_release(&r->record);
    moment_series_release(&r->series);
    past_release(&r->past);
    past_release(&r->late);
    sensitivity_release(&r->sensitivity);
    dataset_release(&r->data);
    free(r->item);
    free(r);
}

static const struct feed_kind run_kind = {
    .start = run_feed_start, .settled = run_feed_settled, .end = run_feed_end, .free = run_feed_free};

struct feed *feed_run_open(const struct options *options, struct err *err)
{
    struct shown_run *r = xcalloc(1, sizeof *r);
    r->feed = (struct feed){.kind = &run_kind, .data = &r->data};
    r->data = dataset_empty;
    r->told = UINT64_MAX;
    moment_series_init(&r->series);
    snprintf(r->folder, sizeof r->folder, "%s", options->operand[0]);
    if (!open_sensitivity(r, err) || !open_run(r, err)) {
        run_feed_free(&r->feed);
        return NULL;
    }
    take_settings(r);
    past_read(&r->past, r->folder, r->n_items);
    r->feed.past = &r->past;
    r->feed.folder = r->folder;
    run_path(r->marks, r->folder, RUN_MARKS);
    r->feed.marks = r->marks;
    r->feed.split_rule = r->record.split_rule;
    snprintf(r->feed.protocol, sizeof r->feed.protocol, "as %s says: 20 nearest, cosine on h, T 0.07",
             RUN_METRICS);
    return &r->feed;
}
