/* SPDX-License-Identifier: MIT */
#include "app/metrics_rows.h"

#include "base/check.h"
#include "data/csv.h"
#include "run/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const step_columns[] = {"loss",     "no_learning", "lr",     "grad_norm",
                                           "positive", "negative",    "pretext"};

/* What a column says: a training measures the last three with the rest, and behind it; the others are of its
 * steps alone. */
enum said_of { OF_STEP, OF_BOTH, MEASURED };

static enum said_of kind_of(const char *name)
{
    enum { OF_STEP_ALONE = 4 };
    for (size_t i = 0; i < ARRAY_LEN(step_columns); i++)
        if (strcmp(step_columns[i], name) == 0)
            return i < OF_STEP_ALONE ? OF_STEP : OF_BOTH;
    return MEASURED;
}

/* Measured of each column: "rank_z" is never the rank of a column called z, "knn_moved" alone may be the knn
 * of one called moved. */
static bool is_of_columns(enum term term)
{
    static const enum term of_columns[] = {TERM_knn,     TERM_r2,        TERM_rank1, TERM_knn_moved,
                                           TERM_knn_map, TERM_zero_shot, TERM_ridge};
    for (size_t i = 0; i < ARRAY_LEN(of_columns); i++)
        if (of_columns[i] == term)
            return true;
    return false;
}

/* "knn_shape" is the measure knn of the column shape. */
static bool measure_of_name(const struct dataset *data, const char *name, struct measure *measure)
{
    for (int t = 0; t < TERM_COUNT; t++) {
        const char *id = term_entry((enum term)t)->id;
        size_t n = strlen(id);
        int column = NO_COLUMN;
        if (strncmp(name, id, n) != 0 || (name[n] != '\0' && name[n] != '_'))
            continue;
        if (name[n] == '_' &&
            (!is_of_columns((enum term)t) || (column = dataset_find_column(data, name + n + 1)) == NO_COLUMN))
            continue;
        *measure = (struct measure){(enum term)t, column, NAN, NAN, NAN, NAN};
        return true;
    }
    return false;
}

static void take_yardsticks(const struct record *record, const char *name, struct measure *measure)
{
    for (size_t i = 0; i < record->n_yardsticks; i++) {
        const struct record_yardstick *y = &record->yardstick[i];
        if (strcmp(y->name, name) != 0)
            continue;
        measure->pixels = (float)y->pixels;
        measure->untrained = (float)y->untrained;
        measure->chance = (float)y->chance;
    }
}

static float number_of(const struct csv *csv, size_t row, const char *name)
{
    double value;
    int column = csv_find(csv, name);
    bool there = column >= 0 && text_to_double(csv->cell[row * csv->columns + (size_t)column], &value);
    return there ? (float)value : NAN;
}

static void take_columns(const struct metrics_source *source, const struct csv *csv, size_t row,
                         enum said_of kind, struct measures *m)
{
    for (size_t c = 1; c < csv->columns && m->n < MEASURES_MAX; c++) {
        struct measure *measure = &m->item[m->n];
        const char *name = csv->name[c];
        if (kind_of(name) != kind || !measure_of_name(source->data, name, measure))
            continue;
        measure->value = number_of(csv, row, name);
        take_yardsticks(source->record, name, measure);
        m->n++;
    }
}

static void take_row(const struct metrics_source *source, const struct csv *csv, size_t row,
                     const struct moment_series *series, struct measures *m)
{
    struct step_row s = {.step = m->step};
    float *const number[ARRAY_LEN(step_columns)] = {&s.loss,     &s.no_learning, &s.lr,     &s.grad_norm,
                                                    &s.positive, &s.negative,    &s.pretext};
    for (size_t i = 0; i < ARRAY_LEN(step_columns); i++)
        *number[i] = number_of(csv, row, step_columns[i]);
    if (source->shown) {
        take_columns(source, csv, row, OF_STEP, m);
        take_columns(source, csv, row, OF_BOTH, m);
    }
    take_columns(source, csv, row, MEASURED, m);
    if (!source->shown)
        take_columns(source, csv, row, OF_BOTH, m);
    if (isfinite(s.loss))
        series_append(series->steps, &s);
}

uint64_t metrics_rows(const struct metrics_source *source, uint64_t after, uint64_t end,
                      const struct moment_series *series, struct measures *last)
{
    struct csv csv;
    struct err err;
    char path[RUN_PATH_SIZE];
    run_path(path, source->folder, RUN_METRICS);
    if (!csv_read(path, &csv, &err))
        return after;
    for (size_t row = 0; row < csv.rows; row++) {
        uint64_t step = strtoull(csv.cell[row * csv.columns], NULL, 10);
        if ((after != UINT64_MAX && step <= after) || step > end)
            continue;
        *last = (struct measures){.step = step};
        take_row(source, &csv, row, series, last);
        if (step != end)
            series_append(series->measured, last);
        after = step;
    }
    csv_release(&csv);
    return after;
}
