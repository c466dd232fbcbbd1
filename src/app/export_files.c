/* SPDX-License-Identifier: MIT
 *
 * Exports as tables: .csv and .npy.
 */
#include "app/export_parts.h"

#include "answer/space_rows.h"
#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "data/csv.h"
#include "data/npy.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- .csv ---- */

static void put_id(struct strbuf *text, const struct listing *rows, size_t i)
{
    strbuf_printf(text, "%" PRIu32, listing_row(rows, i));
}

/* The item's row, or in words what else they are near to. */
static void put_near(struct strbuf *text, const struct listing *rows, size_t i)
{
    const struct spaces_question *q = &rows->work->order.nearest.spaces;
    (void)i;
    if (q->of == NEAR_ITEM)
        strbuf_printf(text, "%" PRId64, listing_centre(rows));
    else
        csv_put_shown(text, q->of == NEAR_TEXT ? q->text : "selected");
}

static void put_rank(struct strbuf *text, const struct listing *rows, size_t i)
{
    (void)rows;
    strbuf_printf(text, "%zu", i + 1);
}

static void put_value(struct strbuf *text, const struct listing *rows, size_t i)
{
    if (isfinite(rows->value[i]))
        strbuf_printf(text, "%.9g", (double)rows->value[i]);
}

static void put_space(struct strbuf *text, const struct listing *rows, size_t i)
{
    (void)i;
    strbuf_puts(text, export_space(rows));
}

static void put_metric(struct strbuf *text, const struct listing *rows, size_t i)
{
    (void)i;
    strbuf_puts(text, export_metric(rows));
}

static void put_step(struct strbuf *text, const struct listing *rows, size_t i)
{
    (void)i;
    strbuf_printf(text, "%" PRIu64, rows->work->snapshot->step);
}

static void put_run(struct strbuf *text, const struct listing *rows, size_t i)
{
    (void)i;
    csv_put_shown(text, rows->work->run);
}

static void put_seed(struct strbuf *text, const struct listing *rows, size_t i)
{
    (void)i;
    strbuf_printf(text, "%" PRIu64, rows->work->snapshot->seed);
}

/* Where it stands: what is of each row before the attributes, what is the same for all behind them. */
enum when { ALWAYS, OF_NEAREST, OF_VALUES, OF_STEPS, OF_RUNS };
struct field {
    const char *name; /* NULL: the value's */
    enum when when;
    void (*put)(struct strbuf *text, const struct listing *rows, size_t i);
};
static const struct field fields[] = {
    {"id", ALWAYS, put_id},       {"near", OF_NEAREST, put_near},   {"rank", OF_NEAREST, put_rank},
    {NULL, OF_VALUES, put_value}, {"space", OF_NEAREST, put_space}, {"metric", OF_NEAREST, put_metric},
    {"step", OF_STEPS, put_step}, {"run", OF_RUNS, put_run},        {"seed", OF_RUNS, put_seed},
};
enum { BEFORE = 4, FIELDS = ARRAY_LEN(fields) };

static bool has_field(const struct listing *rows, size_t f)
{
    const struct export_work *work = rows->work;
    switch (fields[f].when) {
    case ALWAYS: break;
    case OF_NEAREST: return work->order.near;
    case OF_VALUES: return rows->value != NULL;
    case OF_STEPS: return work->order.of_step;
    case OF_RUNS: return work->run[0] != '\0';
    }
    return true;
}

static const char *field_name(const struct listing *rows, size_t f)
{
    return fields[f].name ? fields[f].name : rows->value_name;
}

/* A column of the data that is called as one of ours. */
static bool is_taken(const struct listing *rows, const char *name)
{
    for (size_t f = 0; f < FIELDS; f++)
        if (has_field(rows, f) && strcasecmp(name, field_name(rows, f)) == 0)
            return true;
    return false;
}

static void put_names(struct strbuf *text, const struct listing *rows, size_t from, size_t to)
{
    for (size_t f = from; f < to; f++)
        if (has_field(rows, f))
            strbuf_printf(text, "%s%s", f ? "," : "", field_name(rows, f));
}

static void put_heading(struct strbuf *text, const struct listing *rows)
{
    const struct dataset *data = rows->work->scene.data;
    put_names(text, rows, 0, BEFORE);
    for (size_t c = 0; c < data->n_columns; c++) {
        strbuf_puts(text, is_taken(rows, data->column[c].name) ? ",data_" : ",");
        csv_put_shown(text, data->column[c].name);
    }
    put_names(text, rows, BEFORE, FIELDS);
    strbuf_puts(text, "\n");
}

static void put_fields(struct strbuf *text, const struct listing *rows, size_t i, size_t from, size_t to)
{
    for (size_t f = from; f < to; f++) {
        if (!has_field(rows, f))
            continue;
        strbuf_puts(text, f ? "," : "");
        fields[f].put(text, rows, i);
    }
}

static void put_row(struct strbuf *text, const struct listing *rows, size_t i)
{
    const struct dataset *data = rows->work->scene.data;
    char number[NUMBER_TEXT];
    put_fields(text, rows, i, 0, BEFORE);
    for (size_t c = 0; c < data->n_columns; c++) {
        strbuf_puts(text, ",");
        csv_put_shown(text, dataset_whole_cell(data, (int)c, listing_row(rows, i), number));
    }
    put_fields(text, rows, i, BEFORE, FIELDS);
    strbuf_puts(text, "\n");
}

bool export_csv(const struct listing *rows, struct err *err)
{
    struct strbuf text = {0};
    put_heading(&text, rows);
    for (size_t i = 0; i < rows->n; i++)
        put_row(&text, rows, i);
    bool fine = file_write(rows->work->order.path, text.text, text.length, err);
    strbuf_release(&text);
    return fine;
}

/* ---- .npy ---- */

bool export_npy(const struct listing *rows, struct err *err)
{
    const struct export_work *work = rows->work;
    struct space_rows all;
    if (!space_rows_make(&all, work->order.nearest.spaces.space, work->snapshot, &work->scene))
        return err_set(err, "there is no %s at step %" PRIu64, export_space(rows), work->snapshot->step);
    float *out = mem_try(rows->n + 1, all.d * sizeof *out, work->order.path, err);
    for (size_t i = 0; out && i < rows->n; i++)
        memcpy(out + i * all.d, all.probe + rows->item[i] * all.d, all.d * sizeof *out);
    bool fine = out && npy_write(work->order.path, out, rows->n, all.d, err);
    free(out);
    space_rows_release(&all);
    return fine;
}
