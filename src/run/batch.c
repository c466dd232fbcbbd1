/* SPDX-License-Identifier: MIT */
#include "run/batch.h"

#include "base/check.h"
#include "data/npy.h"
#include "run/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BEFORE_Z = 3, MOST_ITEMS = 1 << 24 };

bool batch_write(const char *folder, const struct snapshot *s, struct err *err)
{
    char path[RUN_PATH_SIZE];
    size_t d = s->dim_z, width = BEFORE_Z + 2 * d;
    if (s->n_batch == 0)
        return true;
    float *rows = xaligned(s->n_batch * width, sizeof *rows);
    for (size_t i = 0; i < s->n_batch; i++) {
        float *row = rows + i * width;
        row[0] = s->batch_item[i] < MOST_ITEMS ? (float)s->batch_item[i] : NAN;
        row[1] = s->pair_loss ? s->pair_loss[i] : NAN;
        row[2] = s->pair_weight ? s->pair_weight[i] : NAN;
        memcpy(row + BEFORE_Z, s->batch_z[0] + i * d, d * sizeof *row);
        memcpy(row + BEFORE_Z + d, s->batch_z[1] + i * d, d * sizeof *row);
    }
    run_path(path, folder, RUN_BATCH);
    bool fine = npy_write(path, rows, s->n_batch, width, err);
    free(rows);
    return fine;
}

static bool take_row(struct kept_batch *b, size_t i, const float *row, size_t n_items)
{
    size_t d = b->dim_z;
    if (!(row[0] >= 0 && row[0] < (float)MOST_ITEMS && (size_t)row[0] < n_items))
        return false;
    b->item[i] = (uint32_t)row[0];
    b->loss[i] = row[1];
    b->weight[i] = row[2];
    memcpy(b->z[0] + i * d, row + BEFORE_Z, d * sizeof *row);
    memcpy(b->z[1] + i * d, row + BEFORE_Z + d, d * sizeof *row);
    return true;
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
    bool fine = m.columns > BEFORE_Z && (m.columns - BEFORE_Z) % 2 == 0;
    if (fine) {
        size_t d = (m.columns - BEFORE_Z) / 2;
        *batch = (struct kept_batch){.n = m.rows, .dim_z = d};
        batch->item = xcalloc(m.rows + 1, sizeof *batch->item);
        batch->loss = xcalloc(m.rows + 1, sizeof *batch->loss);
        batch->weight = xcalloc(m.rows + 1, sizeof *batch->weight);
        for (int view = 0; view < 2; view++)
            batch->z[view] = xcalloc(m.rows * d + 1, sizeof *batch->z[view]);
    }
    for (size_t i = 0; fine && i < m.rows; i++)
        fine = take_row(batch, i, m.values + i * m.columns, n_items);
    if (!fine)
        batch_release(batch);
    matrix_release(&m);
}

void batch_release(struct kept_batch *batch)
{
    free(batch->item);
    free(batch->loss);
    free(batch->weight);
    free(batch->z[0]);
    free(batch->z[1]);
    *batch = (struct kept_batch){0};
}
