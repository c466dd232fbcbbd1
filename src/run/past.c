/* SPDX-License-Identifier: MIT */
#include "run/past.h"

#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "data/csv.h"
#include "data/npy.h"
#include "run/run.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EVENTS_MOST = 4096 };
#define STEPS "steps" /* the folder */

/* ---- events ---- */

static const char *const kinds[] = {
    [EVENT_START] = "start",       [EVENT_SETTING] = "setting", [EVENT_PASSED] = "passed",
    [EVENT_COLLAPSE] = "collapse", [EVENT_FLIPPED] = "flipped", [EVENT_APART] = "apart",
    [EVENT_FAILED] = "failed",     [EVENT_SAVED] = "saved",     [EVENT_BRANCH] = "branch"};

bool past_write_events(const char *folder, const struct series *events, struct err *err)
{
    char path[RUN_PATH_SIZE];
    struct strbuf out = {0};
    size_t n = series_count(events);
    strbuf_puts(&out, "step,kind,text\n");
    for (size_t i = n > EVENTS_MOST ? n - EVENTS_MOST : 0; i < n; i++) {
        const struct event *event = series_at(events, i);
        strbuf_printf(&out, "%" PRIu64 ",%s,", event->step, kinds[event->kind]);
        csv_put(&out, event->text);
        strbuf_puts(&out, "\n");
    }
    run_path(path, folder, RUN_EVENTS);
    bool fine = file_write(path, strbuf_text(&out), out.length, err);
    strbuf_release(&out);
    return fine;
}

static bool event_of_row(char *const *cell, struct event *event)
{
    size_t kind = 0;
    while (kind < ARRAY_LEN(kinds) && strcmp(kinds[kind], cell[1]) != 0)
        kind++;
    *event = (struct event){.step = strtoull(cell[0], NULL, 10), .kind = (enum event_kind)kind};
    text_clean(event->text, sizeof event->text, cell[2]);
    return kind < ARRAY_LEN(kinds);
}

void past_read_events(const char *folder, struct series *events)
{
    char path[RUN_PATH_SIZE];
    struct csv csv;
    struct err ignored;
    struct event event;
    run_path(path, folder, RUN_EVENTS);
    if (!csv_read(path, &csv, &ignored))
        return;
    for (size_t row = 0; csv.columns == 3 && row < csv.rows; row++)
        if (event_of_row(csv.cell + row * csv.columns, &event))
            series_append(events, &event);
    csv_release(&csv);
}

/* ---- kept steps ---- */

size_t past_room(size_t n, size_t d)
{
    size_t bytes = n * d * sizeof(float), room = bytes ? PAST_BYTES / bytes : 0;
    return room < PAST_MOST ? room : PAST_MOST;
}

static void moment_path(char path[RUN_PATH_SIZE], const char *folder, uint64_t step)
{
    char name[48];
    snprintf(name, sizeof name, STEPS "/%" PRIu64 ".npy", step);
    run_path(path, folder, name);
}

static bool write_index(const char *folder, const struct past *past, size_t n, struct err *err)
{
    char path[RUN_PATH_SIZE];
    struct strbuf out = {0};
    strbuf_puts(&out, "step,marked\n");
    for (size_t i = 0; i < n; i++)
        strbuf_printf(&out, "%" PRIu64 ",%d\n", past->moment[i].step, past->moment[i].marked);
    run_path(path, folder, RUN_STEPS);
    bool fine = file_write(path, strbuf_text(&out), out.length, err);
    strbuf_release(&out);
    return fine;
}

static bool read_index(const char *folder, struct csv *csv)
{
    char path[RUN_PATH_SIZE];
    struct err ignored;
    run_path(path, folder, RUN_STEPS);
    if (!csv_read(path, csv, &ignored))
        return false;
    bool fine = csv->columns == 2 && csv->rows <= PAST_MOST;
    if (!fine)
        csv_release(csv);
    return fine;
}

static bool is_listed(const struct csv *index, uint64_t step)
{
    for (size_t row = 0; row < index->rows; row++)
        if (strtoull(index->cell[row * index->columns], NULL, 10) == step)
            return true;
    return false;
}

static bool is_in(const struct past *past, size_t n, uint64_t step)
{
    for (size_t i = 0; i < n; i++)
        if (past->moment[i].step == step)
            return true;
    return false;
}

/* These very rows lie there already. */
static bool is_written(const char *path, const struct past *past, const float *h)
{
    struct matrix m;
    struct err ignored;
    if (access(path, F_OK) != 0 || !npy_read_floats(path, &m, &ignored))
        return false;
    bool same =
        m.rows == past->n && m.columns == past->d && memcmp(m.values, h, past->n * past->d * sizeof *h) == 0;
    matrix_release(&m);
    return same;
}

/* Steps that the index lists and that are no more the same leave it first. */
static bool write_moments(const char *folder, const struct past *past, size_t n, const struct csv *before,
                          struct err *err)
{
    char path[RUN_PATH_SIZE], index[RUN_PATH_SIZE];
    run_path(index, folder, RUN_STEPS);
    for (size_t i = 0; i < n; i++) {
        const struct past_moment *moment = &past->moment[i];
        moment_path(path, folder, moment->step);
        if (is_written(path, past, moment->h))
            continue;
        if (is_listed(before, moment->step))
            unlink(index);
        if (!npy_write(path, moment->h, past->n, past->d, err))
            return false;
    }
    return true;
}

/* What is there already is not written again, and the index follows what it lists: a kill in between leaves a
 * run with the steps it had before, or without any. */
bool past_write(const char *folder, const struct past *past, struct err *err)
{
    char path[RUN_PATH_SIZE];
    struct csv before = {0};
    size_t room = past_room(past->n, past->d), n = past->n_moments < room ? past->n_moments : room;
    if (n == 0) {
        past_remove(folder);
        return true;
    }
    run_path(path, folder, STEPS);
    if (!folder_make(path, err))
        return false;
    if (!read_index(folder, &before))
        before = (struct csv){0};
    bool fine = write_moments(folder, past, n, &before, err) && write_index(folder, past, n, err);
    for (size_t row = 0; fine && row < before.rows; row++) {
        uint64_t step = strtoull(before.cell[row * before.columns], NULL, 10);
        moment_path(path, folder, step);
        if (!is_in(past, n, step))
            unlink(path);
    }
    csv_release(&before);
    return fine;
}

/* Steps rise, and all are as wide as the first. */
static void add_moment(struct past *past, const char *folder, char *const *cell)
{
    char path[RUN_PATH_SIZE];
    struct matrix m;
    struct err ignored;
    uint64_t step = strtoull(cell[0], NULL, 10);
    bool rises = past->n_moments == 0 || past->moment[past->n_moments - 1].step < step;
    moment_path(path, folder, step);
    if (!rises || !npy_read_floats(path, &m, &ignored))
        return;
    if (past->n_moments == 0)
        past->d = m.columns;
    if (m.rows != past->n || m.columns != past->d) {
        matrix_release(&m);
        return;
    }
    past->moment[past->n_moments++] =
        (struct past_moment){.step = step, .marked = strcmp(cell[1], "1") == 0, .h = m.values};
}

void past_read(struct past *past, const char *folder, size_t n)
{
    struct csv csv;
    *past = (struct past){.n = n};
    if (!read_index(folder, &csv))
        return;
    past->moment = xcalloc(csv.rows + 1, sizeof *past->moment);
    for (size_t row = 0; row < csv.rows; row++)
        add_moment(past, folder, csv.cell + row * csv.columns);
    csv_release(&csv);
}

void past_release(struct past *past)
{
    for (size_t i = 0; i < past->n_moments; i++)
        free((void *)(uintptr_t)past->moment[i].h);
    free(past->moment);
    *past = (struct past){0};
}

void past_cut(struct past *past, uint64_t step)
{
    while (past->n_moments > 0 && past->moment[past->n_moments - 1].step > step)
        free((void *)(uintptr_t)past->moment[--past->n_moments].h);
}

bool past_is_marked(const struct past *past, uint64_t step)
{
    for (size_t i = 0; i < past->n_moments; i++)
        if (past->moment[i].step == step)
            return past->moment[i].marked;
    return false;
}

/* "120.npy", or what a killed program left half-written of it. */
static int is_of_step(const struct dirent *entry)
{
    const char *rest = entry->d_name + strspn(entry->d_name, "0123456789");
    bool table = rest > entry->d_name && strncmp(rest, ".npy", 4) == 0;
    return table && (rest[4] == '\0' || strncmp(rest + 4, FILE_PART, strlen(FILE_PART)) == 0);
}

void past_remove(const char *folder)
{
    char path[RUN_PATH_SIZE], steps[RUN_PATH_SIZE];
    struct dirent **files = NULL;
    run_path(path, folder, RUN_STEPS);
    unlink(path);
    run_path(steps, folder, STEPS);
    int n = scandir(steps, &files, is_of_step, NULL);
    for (int i = 0; i < n; i++) {
        run_path(path, steps, files[i]->d_name);
        unlink(path);
        free(files[i]);
    }
    free(files);
    rmdir(steps);
}
