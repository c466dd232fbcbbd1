/* SPDX-License-Identifier: MIT */
#include "app/export.h"

#include "answer/near_asked.h"
#include "app/export_parts.h"
#include "base/check.h"
#include "view/nearest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_ROOM = sizeof((struct export_order *)0)->path + sizeof ".json" };

int64_t listing_centre(const struct listing *rows)
{
    const struct export_order *order = &rows->work->order;
    bool one = order->near && order->nearest.spaces.of == NEAR_ITEM;
    return one ? (int64_t)rows->work->snapshot->item[order->nearest.spaces.item] : -1;
}

uint32_t listing_row(const struct listing *rows, size_t i)
{
    return rows->work->snapshot->item[rows->item[i]];
}

const char *export_space(const struct listing *rows)
{
    return space_words[rows->work->order.nearest.spaces.space];
}

const char *export_metric(const struct listing *rows)
{
    return metric_words[rows->work->order.nearest.spaces.metric];
}

/* ---- what is written ---- */

static void listing_release(struct listing *rows)
{
    free(rows->item);
    free(rows->value);
}

static bool nearest_rows(struct listing *rows, struct progress *progress, struct err *err)
{
    const struct export_work *work = rows->work;
    const struct request *request = &work->order.nearest;
    const struct snapshot *s = work->snapshot;
    struct neighbours found = {0};
    bool *asked = near_asked_items(request, s->n_probe);
    struct near_asking asking = {request, &work->scene, asked, progress};
    bool fine = asked && near_asked_find(&found, &asking, s, request->spaces.space);
    free(asked);
    if (!fine)
        return err_set(err, asked ? "stopped" : "what they are to be near to is not there");
    if (found.k == 0)
        err_set(err, "nothing is near it in %s at step %" PRIu64 ": it has no place or no direction there",
                export_space(rows), s->step);
    rows->item = found.index;
    rows->value = found.score;
    rows->value_name = request->spaces.metric == METRIC_COSINE ? "similarity" : "distance";
    rows->n = found.k;
    return found.k > 0;
}

/* Numbers of all items that were answered of this moment, or are now. Owned: result_unref; NULL: stopped. */
static const struct result *all_values(const struct export_work *work, struct progress *progress)
{
    if (work->values)
        return result_ref(work->values);
    return request_values(&work->order.values, &work->scene, progress);
}

static bool given_rows(struct listing *rows, struct progress *progress, struct err *err)
{
    const struct export_order *order = &rows->work->order;
    if (order->n == 0)
        return err_set(err, "there is nothing to write");
    rows->n = order->n;
    rows->item = xcalloc(order->n, sizeof *rows->item);
    memcpy(rows->item, order->item, order->n * sizeof *rows->item);
    unsigned wanted = order->values.values.quantities;
    if (!wanted)
        return true;
    const struct result *all = all_values(rows->work, progress);
    if (!all)
        return err_set(err, "stopped");
    int quantity = __builtin_ctz(wanted);
    const float *value = all->values.value[quantity];
    if (value) {
        rows->value = xcalloc(order->n, sizeof *rows->value);
        rows->value_name = quantity_entry((enum quantity)quantity)->name;
    }
    for (size_t i = 0; value && i < order->n; i++)
        rows->value[i] = value[order->item[i]];
    result_unref(all);
    return true;
}

static bool listing_make(struct listing *rows, const struct export_work *work, struct progress *progress,
                         struct err *err)
{
    *rows = (struct listing){.work = work};
    return work->order.near ? nearest_rows(rows, progress, err) : given_rows(rows, progress, err);
}

/* ---- the files ---- */

static const struct {
    const char *ending, *what;
    export_file *write;
} kinds[] = {
    {".csv", "items", export_csv},
    {".npy", "embeddings", export_npy},
    {".png", "pictures", export_png},
};

static bool ends_with(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n > m && strcmp(text + n - m, ending) == 0;
}

/* "50 most similar to 412 by cosine in h": of the rows that are near something. */
static void say_near(const struct listing *rows, const char *what, char *text, size_t size)
{
    const struct spaces_question *q = &rows->work->order.nearest.spaces;
    char whom[TEXT_QUESTION_SIZE + 16];
    if (q->of == NEAR_ITEM)
        snprintf(whom, sizeof whom, "%" PRId64, listing_centre(rows));
    else
        snprintf(whom, sizeof whom, "%s", q->of == NEAR_TEXT ? q->text : "the selected");
    bool items = strcmp(what, "items") == 0;
    snprintf(text, size, "%s%s%zu %s to %s by %s in %s", items ? "" : what, items ? "" : " of the ", rows->n,
             q->metric == METRIC_COSINE ? "most similar" : "nearest", whom, export_metric(rows),
             export_space(rows));
}

/* "50 most similar to 412 by cosine in h at step 5 → /home/eva/near-0.csv": where, in full, because who typed
 * a name may not know the folder. */
static void say_written(struct export_done *done, const struct listing *rows, const char *what)
{
    const struct export_work *work = rows->work;
    char *whole = realpath(work->order.path, NULL), told[160], step[32] = "";
    bool embeddings = strcmp(what, "embeddings") == 0;
    snprintf(told, sizeof told, "%zu %s%s%s", rows->n, what, embeddings ? " in " : "",
             embeddings ? export_space(rows) : "");
    if (work->order.near)
        say_near(rows, what, told, sizeof told);
    if (work->order.of_step) /* training went on while the name was typed */
        snprintf(step, sizeof step, " at step %" PRIu64, work->snapshot->step);
    snprintf(done->text, sizeof done->text, "%s%s → %.150s", told, step, whole ? whole : work->order.path);
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
    bool fine = listing_make(&rows, work, progress, err) && kinds[kind].write(&rows, err) &&
                export_about(&rows, kinds[kind].what, err);
    if (fine)
        say_written(done, &rows, kinds[kind].what);
    listing_release(&rows);
    return fine;
}

static bool write_marks(const struct export_work *work, struct export_done *done, struct err *err)
{
    const char *path = work->order.path;
    char *whole = NULL;
    if (!marks_write(path, work->marks, work->scene.data->n, err))
        return false;
    whole = realpath(path, NULL);
    snprintf(done->text, sizeof done->text, "%zu marks written to %.160s", work->marks->n,
             whole ? whole : path);
    free(whole);
    return true;
}

static bool may_write(const struct export_order *order, struct err *err)
{
    char about[PATH_ROOM];
    export_about_path(about, sizeof about, order->path);
    const char *there = access(order->path, F_OK) == 0              ? order->path
                        : !order->marks && access(about, F_OK) == 0 ? about
                                                                    : NULL;
    return order->over || !there || err_set(err, "%.120s is there already; :export! writes over it", there);
}

void export_write(const struct export_work *work, struct progress *progress, struct export_done *done)
{
    struct err err;
    done->fine =
        may_write(&work->order, &err) &&
        (work->order.marks ? write_marks(work, done, &err) : write_items(work, progress, done, &err));
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
    struct export_work *work = &job->work;
    request_let_go(&work->order.nearest);
    request_let_go(&work->order.values);
    request_scene_let_go(&work->scene);
    snapshot_unref(work->snapshot);
    result_unref(work->values);
    free((void *)(uintptr_t)work->order.item);
    free(job->marks.mark);
    free(job);
}

void export_start(struct job_queue *queue, struct inbox *inbox, int slot, const struct export_work *work)
{
    struct export_job *job = xcalloc(1, sizeof *job);
    *job = (struct export_job){.work = *work, .inbox = inbox, .slot = slot};
    struct export_order *order = &job->work.order;
    order->nearest.snapshot = order->values.snapshot = work->snapshot;
    request_hold(&order->nearest);
    request_hold(&order->values);
    request_scene_hold(&job->work.scene);
    job->work.snapshot = snapshot_ref(work->snapshot);
    job->work.values = work->values ? result_ref(work->values) : NULL;
    order->item = copy_of(order->item, order->n, sizeof *order->item);
    job->marks = *work->marks;
    job->marks.mark = copy_of(work->marks->mark, work->marks->n, sizeof *work->marks->mark);
    job->work.marks = &job->marks;
    job_queue_put(queue, (struct job){.run = job_run, .drop = job_free, .argument = job});
}
