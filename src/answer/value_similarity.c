/* SPDX-License-Identifier: MIT */
#include "answer/space_rows.h"
#include "answer/values.h"
#include "base/check.h"
#include "math/score.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS = 4096 }; /* made of unit length at a time */

bool value_similarity(const struct request *request, const struct request_scene *scene,
                      struct progress *progress, float *value)
{
    struct space_rows rows;
    const struct snapshot *s = request->snapshot;
    size_t item = (size_t)request->values.item;
    if (request->values.item < 0 || item >= s->n_probe || !space_rows_make(&rows, SPACE_H, s, scene))
        return false;
    float *own = xcalloc(rows.d, sizeof *own), *unit = xcalloc(ROWS * rows.d, sizeof *unit);
    bool known, *valid = xcalloc(ROWS, sizeof *valid);
    score_normalise(rows.probe + item * rows.d, 1, rows.d, own, &known);
    for (size_t at = 0; at < s->n_probe && !progress_cancelled(progress); at += ROWS) {
        size_t n = s->n_probe - at < ROWS ? s->n_probe - at : ROWS;
        score_normalise(rows.probe + at * rows.d, n, rows.d, unit, valid);
        for (size_t i = 0; i < n; i++)
            value[at + i] = known && valid[i] ? score_pair(own, unit + i * rows.d, rows.d) : NAN;
    }
    free(own);
    free(unit);
    free(valid);
    space_rows_release(&rows);
    return true;
}
