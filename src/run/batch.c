/* SPDX-License-Identifier: MIT */
#include "run/batch.h"

#include "base/check.h"
#include "data/npy.h"
#include "run/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BEFORE_Z = 3, MOST_ITEMS = 1 << 24 };

bool batch_write(const char *folder, const struct kept_batch *b, struct err *err)
{
    char path[RUN_PATH_SIZE];
    size_t d = b->dim_z, width = BEFORE_Z + 2 * d;
    run_path(path, folder, RUN_BATCH);
    if (b->n == 0) { /* what lies there is of a method or a run before */
        unlink(path);
        return true;
    }
    float *rows = xaligned(b->n * width, sizeof *rows);
    for (size_t i = 0; i < b->n; i++) {
        float *row = rows + i * width;
        row[0] = b->item[i] < MOST_ITEMS ? (float)b->item[i] : NAN;
        row[1] = b->loss ? b->loss[i] : NAN;
        row[2] = b->weight ? b->weight[i] : NAN;
        memcpy(row + BEFORE_Z, b->z[0] + i * d, d * sizeof *row);
        memcpy(row + BEFORE_Z + d, b->z[1] + i * d, d * sizeof *row);
    }
    bool fine = npy_write(path, rows, b->n, width, err);
    free(rows);
    return fine;
}

static bool are_items(const struct matrix *m, size_t n_items)
{
    for (size_t i = 0; i < m->rows; i++) {
        float item = m->values[i * m->columns];
        if (!(item >= 0 && item < (float)MOST_ITEMS && (size_t)item < n_items))
            return false;
    }
    return true;
}

static void take_rows(struct kept_batch *batch, const struct matrix *m)
{
    size_t n = m->rows, d = (m->columns - BEFORE_Z) / 2;
    uint32_t *item = xcalloc(n + 1, sizeof *item);
    float *loss = xcalloc(n + 1, sizeof *loss), *weight = xcalloc(n + 1, sizeof *weight);
    float *first = xcalloc(n * d + 1, sizeof *first), *second = xcalloc(n * d + 1, sizeof *second);
    for (size_t i = 0; i < n; i++) {
        const float *row = m->values + i * m->columns;
        item[i] = (uint32_t)row[0];
        loss[i] = row[1];
        weight[i] = row[2];
        memcpy(first + i * d, row + BEFORE_Z, d * sizeof *row);
        memcpy(second + i * d, row + BEFORE_Z + d, d * sizeof *row);
    }
    *batch = (struct kept_batch){n, d, item, {first, second}, loss, weight};
}

void batch_read(struct kept_batch *batch, const char *folder, size_t n_items)
{
    char path[RUN_PATH_SIZE];
    struct matrix m;
    struct err ignored;
    *batch = (struct kept_batch){0};
    run_path(path, folder, RUN_BATCH);
    if (!npy_read_floats(path, &m, &ignored))
        return;
    if (m.columns > BEFORE_Z && (m.columns - BEFORE_Z) % 2 == 0 && are_items(&m, n_items))
        take_rows(batch, &m);
    matrix_release(&m);
}

static void let_go(const void *owned)
{
    free((void *)(uintptr_t)owned);
}

void batch_release(struct kept_batch *batch)
{
    let_go(batch->item);
    let_go(batch->loss);
    let_go(batch->weight);
    let_go(batch->z[0]);
    let_go(batch->z[1]);
    *batch = (struct kept_batch){0};
}
