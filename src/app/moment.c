/* SPDX-License-Identifier: MIT */
#include "app/moment.h"

#include "base/check.h"
#include "space/neighbours.h"
#include "space/quality.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEAR_K = 20, MOST_ATTRIBUTES = 24 };
static const double temperature = 0.07;

void moment_series_init(struct moment_series *series)
{
    series->steps = series_new(sizeof(struct step_row));
    series->measured = series_new(sizeof(struct measures));
    series->events = series_new(sizeof(struct event));
}

void moment_series_release(struct moment_series *series)
{
    series_unref(series->steps);
    series_unref(series->measured);
    series_unref(series->events);
    *series = (struct moment_series){0};
}

/* ---- the numbers ---- */

struct sample {
    size_t n, d;
    float *rows;    /* (n, d) */
    uint32_t *item; /* (n) data rows */
};

/* One of each of n equal stretches of `all`, at a place of its own in it: equal steps would meet the same
 * value each time where values take turns. */
static size_t place_in(size_t i, size_t n, size_t all)
{
    size_t first = i * all / n, next = (i + 1) * all / n;
    return first +
           (uint32_t)((uint32_t)i * 2654435769U) * (uint64_t)(next - first) / ((uint64_t)UINT32_MAX + 1);
}

static struct sample sample_of(const struct snapshot *s)
{
    size_t n = s->n_probe < MOMENT_SAMPLE ? s->n_probe : MOMENT_SAMPLE, d = s->dim_h;
    struct sample sample = {n, d, xaligned(n * d + 1, sizeof *sample.rows),
                            xcalloc(n + 1, sizeof *sample.item)};
    for (size_t i = 0; i < n; i++) {
        size_t from = place_in(i, n, s->n_probe);
        memcpy(sample.rows + i * d, s->h + from * d, d * sizeof *sample.rows);
        sample.item[i] = s->item[from];
    }
    return sample;
}

static void add(struct measures *out, enum term term, int column, double value, double chance)
{
    if (out->n < MEASURES_MAX)
        out->item[out->n++] = (struct measure){term, column, (float)value, NAN, NAN, (float)chance};
}

static void read_category(const struct column *column, int index, const struct sample *sample,
                          const struct neighbours *found, struct measures *out)
{
    uint32_t *code = xcalloc(sample->n + 1, sizeof *code);
    bool *seen = xcalloc(column->n_values + 1, sizeof *seen);
    size_t classes = 0;
    for (size_t i = 0; i < sample->n; i++) {
        code[i] = column->code[sample->item[i]];
        if (code[i] != NO_VALUE && !seen[code[i]]) {
            seen[code[i]] = true;
            classes++;
        }
    }
    struct knn_vote vote = {code, code, column->n_values, temperature};
    if (classes > 1)
        add(out, TERM_knn, index, knn_accuracy(found, &vote), 1 / (double)classes);
    free(code);
    free(seen);
}

static void read_number(const struct column *column, int index, const struct sample *sample,
                        const struct neighbours *found, struct measures *out)
{
    float *value = xcalloc(sample->n + 1, sizeof *value);
    for (size_t i = 0; i < sample->n; i++)
        value[i] = column->number[sample->item[i]];
    add(out, TERM_r2, index, knn_r2(found, value, value), 0);
    free(value);
}

/* How the space is spread. Of wide rows each takes a while, and is begun only if the last was not stopped. */
static void measure_spread(const struct sample *sample, struct progress *stop, struct measures *out)
{
    enum { FEWEST = 3 }; /* one row is a point and two lie on a line: that is no collapse */
    size_t n = sample->n, d = sample->d;
    if (n < FEWEST)
        return;
    if (!progress_cancelled(stop))
        add(out, TERM_uniformity, NO_COLUMN, quality_uniformity(sample->rows, n, d, 2, stop), NAN);
    if (!progress_cancelled(stop))
        add(out, TERM_rank, NO_COLUMN, quality_effective_rank(sample->rows, n, d, stop), NAN);
    if (!progress_cancelled(stop))
        add(out, TERM_std, NO_COLUMN, quality_std(sample->rows, n, d), NAN);
}

static void measure(const struct snapshot *s, const struct dataset *data, struct progress *stop,
                    struct measures *out)
{
    struct sample sample = sample_of(s);
    struct bank bank;
    struct neighbours found;
    bank_init(&bank, sample.rows, sample.n, sample.d, NULL);
    if (neighbours_find(&found, &bank, sample.rows, sample.n, NEAR_K, true, NULL, stop)) {
        for (size_t c = 0; c < data->n_columns && out->n < MOST_ATTRIBUTES; c++) {
            const struct column *column = &data->column[c];
            if (column->kind == COLUMN_CATEGORY && (int)c != data->split)
                read_category(column, (int)c, &sample, &found, out);
            else if (column->kind == COLUMN_NUMBER)
                read_number(column, (int)c, &sample, &found, out);
        }
        neighbours_release(&found);
    }
    bank_release(&bank);
    measure_spread(&sample, stop, out);
    free(sample.rows);
    free(sample.item);
}

void moment_protocol(size_t n, char *text, size_t size)
{
    size_t m = n < MOMENT_SAMPLE ? n : MOMENT_SAMPLE;
    snprintf(text, size, "20 nearest, cosine, T 0.07, %s%zu items, each among the others",
             m < n ? "an even sample of " : "", m);
}

/* ---- the snapshot ---- */

struct snapshot *moment_new(const struct moment *moment, const struct dataset *data,
                            const struct moment_series *series, bool measured)
{
    struct snapshot_sizes sizes = {.n_probe = moment->n,
                                   .dim_h = moment->d,
                                   .dim_z = moment->dim_z,
                                   .h = moment->hands_over ? moment->rows : NULL};
    const struct kept_batch *batch = moment->batch;
    if (batch && batch->n > 0 && moment->z && batch->dim_z == moment->dim_z) {
        sizes.n_batch = batch->n;
        sizes.pairs = kept_batch_has_losses(batch);
    }
    struct snapshot *s = snapshot_new(&sizes);
    if (s->n_batch > 0)
        snapshot_take_batch(s, batch);
    uint32_t *item = (uint32_t *)(uintptr_t)s->item;
    if (!moment->hands_over) /* what it holds is ours until it is published */
        memcpy((float *)(uintptr_t)s->h, moment->rows, moment->n * moment->d * sizeof *moment->rows);
    if (moment->z)
        memcpy((float *)(uintptr_t)s->z, moment->z, moment->n * moment->dim_z * sizeof *moment->z);
    s->text = moment->text;
    for (size_t i = 0; i < moment->n; i++)
        item[i] = moment->item ? moment->item[i] : (uint32_t)i;
    s->status = TRAIN_ELSEWHERE;
    s->step = s->measures.step = moment->step;
    s->steps = series_ref(series->steps);
    s->measured = series_ref(series->measured);
    s->events = series_ref(series->events);
    if (measured) {
        measure(s, data, moment->stop, &s->measures);
        series_append(s->measured, &s->measures);
    }
    if (moment->name) {
        struct event event = {.step = moment->step, .kind = EVENT_START};
        snprintf(event.text, sizeof event.text, "%.100s", moment->name);
        series_append(s->events, &event);
    }
    return s;
}
