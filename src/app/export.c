/* SPDX-License-Identifier: MIT */
#include "app/export.h"

#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "data/csv.h"
#include "data/image.h"
#include "data/npy.h"
#include "math/score.h"
#include "space/neighbours.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SHEET_GAP = 2, SHEET_SCALE = 2 };

/* What is written: items of the probe in their order, with a number each. */
struct listing {
    const struct export_work *work;
    uint32_t *item;
    float *value;
    const char *value_name; /* NULL: no value */
    size_t n;
};

static void listing_release(struct listing *rows)
{
    free(rows->item);
    free(rows->value);
}

/* The nearest to one item in h, itself left out. */
static bool nearest_rows(struct listing *rows, struct progress *progress)
{
    const struct snapshot *s = rows->work->snapshot;
    const struct export_order *order = &rows->work->order;
    struct bank bank;
    struct neighbours found;
    size_t k = order->n < s->n_probe ? order->n + 1 : s->n_probe;
    bank_init(&bank, s->h, s->n_probe, s->dim_h, NULL);
    bool fine = neighbours_find(&found, &bank, s->h + order->item[0] * s->dim_h, 1, k, false, NULL, progress);
    bank_release(&bank);
    if (!fine)
        return false;
    rows->item = xcalloc(k + 1, sizeof *rows->item);
    rows->value = xcalloc(k + 1, sizeof *rows->value);
    rows->value_name = "similarity";
    for (size_t i = 0; i < found.k && rows->n < order->n; i++) {
        if (found.index[i] == UINT32_MAX || found.index[i] == order->item[0])
            continue;
        rows->item[rows->n] = found.index[i];
        rows->value[rows->n++] = found.score[i];
    }
    neighbours_release(&found);
    return true;
}

static bool listing_make(struct listing *rows, const struct export_work *work, struct progress *progress)
{
    const struct export_order *order = &work->order;
    *rows = (struct listing){.work = work};
    if (order->nearest)
        return nearest_rows(rows, progress);
    rows->n = order->n;
    rows->item = xcalloc(order->n + 1, sizeof *rows->item);
    memcpy(rows->item, order->item, order->n * sizeof *rows->item);
    if (order->value) {
        rows->value = xcalloc(order->n + 1, sizeof *rows->value);
        memcpy(rows->value, order->value, order->n * sizeof *rows->value);
        rows->value_name = order->value_name;
    }
    return true;
}

/* ---- the three files ---- */

/* Of the nearest: to which item, at which rank. The step says which of the moments that there are. */
static void put_heading(struct strbuf *text, const struct listing *rows)
{
    const struct dataset *data = rows->work->data;
    strbuf_puts(text, rows->work->order.nearest ? "id,near,rank" : "id");
    if (rows->value)
        strbuf_printf(text, ",%s", rows->value_name);
    if (rows->work->order.of_step)
        strbuf_puts(text, ",step");
    for (size_t c = 0; c < data->n_columns; c++) {
        strbuf_puts(text, ",");
        csv_put_shown(text, data->column[c].name);
    }
    strbuf_puts(text, "\n");
}

static void put_row(struct strbuf *text, const struct listing *rows, size_t i)
{
    const struct export_order *order = &rows->work->order;
    const struct snapshot *s = rows->work->snapshot;
    char cell[4096];
    uint32_t row = s->item[rows->item[i]];
    strbuf_printf(text, "%u", row);
    if (order->nearest)
        strbuf_printf(text, ",%u,%zu", s->item[order->item[0]], i + 1);
    if (rows->value)
        strbuf_printf(text, isfinite(rows->value[i]) ? ",%.7g" : ",", (double)rows->value[i]);
    if (order->of_step)
        strbuf_printf(text, ",%" PRIu64, s->step);
    for (size_t c = 0; c < rows->work->data->n_columns; c++) {
        dataset_cell(rows->work->data, (int)c, row, cell, sizeof cell);
        strbuf_puts(text, ",");
        csv_put_shown(text, cell);
    }
    strbuf_puts(text, "\n");
}

static bool write_csv(const struct listing *rows, struct err *err)
{
    struct strbuf text = {0};
    put_heading(&text, rows);
    for (size_t i = 0; i < rows->n; i++)
        put_row(&text, rows, i);
    bool fine = file_write(rows->work->order.path, text.text, text.length, err);
    strbuf_release(&text);
    return fine;
}

static bool write_npy(const struct listing *rows, struct err *err)
{
    const struct snapshot *s = rows->work->snapshot;
    float *h = mem_try(rows->n + 1, s->dim_h * sizeof *h, rows->work->order.path, err);
    for (size_t i = 0; h && i < rows->n; i++)
        memcpy(h + i * s->dim_h, s->h + rows->item[i] * s->dim_h, s->dim_h * sizeof *h);
    bool fine = h && npy_write(rows->work->order.path, h, rows->n, s->dim_h, err);
    free(h);
    return fine;
}

/* One picture, each of its pixels SHEET_SCALE wide and high. */
static void put_picture(const struct dataset *data, size_t row, struct image *sheet, int left, int top)
{
    const uint8_t *pixels = dataset_pixels(data, row);
    int channels = data->channels;
    for (int y = 0; y < data->height * SHEET_SCALE; y++)
        for (int x = 0; x < data->width * SHEET_SCALE; x++)
            memcpy(sheet->pixels + ((size_t)(top + y) * (size_t)sheet->width + (size_t)(left + x)) * channels,
                   pixels + (y / SHEET_SCALE * data->width + x / SHEET_SCALE) * channels, (size_t)channels);
}

static bool write_png(const struct listing *rows, struct err *err)
{
    const struct dataset *data = rows->work->data;
    if (!data->pixels)
        return err_set(err, "there are no pictures; .csv and .npy can be written");
    int wide = data->width * SHEET_SCALE + SHEET_GAP, high = data->height * SHEET_SCALE + SHEET_GAP;
    int columns = (int)ceil(sqrt((double)rows->n * 1.5 * high / wide)),
        most = (IMAGE_MAX_SIDE - SHEET_GAP) / wide;
    columns = columns < 1 ? 1 : columns < most ? columns : most;
    size_t lines = (rows->n + (size_t)columns - 1) / (size_t)columns;
    if (lines > (size_t)((IMAGE_MAX_SIDE - SHEET_GAP) / high))
        return err_set(err, "%zu pictures do not fit one sheet; select fewer", rows->n);
    struct image sheet = {(int)lines * high + SHEET_GAP, columns * wide + SHEET_GAP, data->channels, NULL};
    sheet.pixels = mem_try((size_t)sheet.height * (size_t)sheet.width, (size_t)sheet.channels,
                           rows->work->order.path, err);
    if (!sheet.pixels)
        return false;
    for (size_t i = 0; i < rows->n; i++)
        put_picture(data, rows->work->snapshot->item[rows->item[i]], &sheet,
                    SHEET_GAP + (int)(i % (size_t)columns) * wide,
                    SHEET_GAP + (int)(i / (size_t)columns) * high);
    bool fine = image_save_png(rows->work->order.path, &sheet, err);
    image_release(&sheet);
    return fine;
}

static const struct {
    const char *ending, *what;
    bool (*write)(const struct listing *rows, struct err *err);
} kinds[] = {{".csv", "items with their attributes", write_csv},
             {".npy", "embeddings (h, in the order of the .csv)", write_npy},
             {".png", "pictures", write_png}};

static bool ends_with(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n > m && strcmp(text + n - m, ending) == 0;
}

/* Where, in full: who typed a name may not know the folder. */
static void say_written(struct export_done *done, size_t n, const char *what, const char *step,
                        const char *path)
{
    char *whole = realpath(path, NULL);
    snprintf(done->text, sizeof done->text, "%zu %s%s written to %.160s", n, what, step,
             whole ? whole : path);
    free(whole);
}

static bool write_items(const struct export_work *work, struct progress *progress, struct export_done *done,
                        struct err *err)
{
    struct listing rows;
    size_t kind = 0;
    while (kind < ARRAY_LEN(kinds) && !ends_with(work->order.path, kinds[kind].ending))
        kind++;
    if (kind == ARRAY_LEN(kinds))
        return err_set(err, "%.100s: ends with .csv (attributes), .npy (embeddings) or .png (pictures)",
                       work->order.path);
    if (!listing_make(&rows, work, progress))
        return err_set(err, "stopped");
    bool fine = rows.n > 0 || err_set(err, "there is nothing to write");
    fine = fine && kinds[kind].write(&rows, err);
    char step[32] = ""; /* training went on while the name was typed */
    if (work->order.of_step)
        snprintf(step, sizeof step, ", step %" PRIu64 ",", work->snapshot->step);
    if (fine)
        say_written(done, rows.n, kinds[kind].what, step, work->order.path);
    listing_release(&rows);
    return fine;
}

void export_write(const struct export_work *work, struct progress *progress, struct export_done *done)
{
    struct err err;
    const char *path = work->order.path;
    if (!work->order.over && access(path, F_OK) == 0) {
        err_put(&err, "%.120s is there already; :export! writes over it", path);
        done->fine = false;
    } else if (work->order.marks) {
        done->fine = marks_write(path, work->marks, work->data->n, &err);
        say_written(done, work->marks->n, "marks", "", path);
    } else {
        done->fine = write_items(work, progress, done, &err);
    }
    if (!done->fine)
        snprintf(done->text, sizeof done->text, "export: %.220s", err.text);
}

/* ---- as a job ---- */

struct export_job {
    struct export_work work;
    struct marks marks;
    struct inbox *inbox;
    int slot;
};

static void *copy_of(const void *from, size_t n, size_t size)
{
    void *copy = from && n ? xcalloc(n, size) : NULL;
    if (copy)
        memcpy(copy, from, n * size);
    return copy;
}

static void job_run(void *argument, struct progress *progress)
{
    struct export_job *job = argument;
    struct export_done *done = xcalloc(1, sizeof *done);
    export_write(&job->work, progress, done);
    free(inbox_put(job->inbox, job->slot, done));
}

static void job_free(void *argument)
{
    struct export_job *job = argument;
    snapshot_unref(job->work.snapshot);
    free((void *)(uintptr_t)job->work.order.item);
    free((void *)(uintptr_t)job->work.order.value);
    free(job->marks.mark);
    free(job);
}

void export_start(struct job_queue *queue, struct inbox *inbox, int slot, const struct export_work *work)
{
    struct export_job *job = xcalloc(1, sizeof *job);
    const struct export_order *order = &work->order;
    *job = (struct export_job){.work = *work, .inbox = inbox, .slot = slot};
    job->work.snapshot = snapshot_ref(work->snapshot);
    job->work.order.item = copy_of(order->item, order->nearest ? 1 : order->n, sizeof *order->item);
    job->work.order.value = copy_of(order->value, order->n, sizeof *order->value);
    job->marks = *work->marks;
    job->marks.mark = copy_of(work->marks->mark, work->marks->n, sizeof *work->marks->mark);
    job->work.marks = &job->marks;
    job_queue_put(queue, (struct job){.run = job_run, .drop = job_free, .argument = job});
}
