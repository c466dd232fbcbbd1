/* SPDX-License-Identifier: MIT */
#include "app/space_rows.h"
#include "app/values.h"
#include "space/neighbours.h"

#include <math.h>

enum { ERROR_K = 20 };

/* Share of the neighbours found whose label differs; NaN where the item or all of them have none. */
static float share_of_others(const struct neighbours *found, size_t i, const uint32_t *code,
                             const uint32_t *row)
{
    size_t others = 0, known = 0;
    for (size_t k = 0; k < found->k; k++) {
        uint32_t near = found->index[i * found->k + k];
        if (near == UINT32_MAX || code[row[near]] == NO_VALUE)
            continue;
        known++;
        others += code[row[near]] != code[row[i]];
    }
    return known && code[row[i]] != NO_VALUE ? (float)others / (float)known : NAN;
}

bool value_error(const struct request *request, const struct request_scene *scene, struct progress *progress,
                 float *value)
{
    const struct snapshot *s = request->snapshot;
    const struct dataset *data = scene->data;
    struct space_rows rows;
    struct bank bank;
    struct neighbours found;
    if (data->label < 0 || data->column[data->label].kind != COLUMN_CATEGORY || s->n_probe < 2 ||
        !space_rows_make(&rows, SPACE_H, s, scene))
        return false;
    size_t k = s->n_probe - 1 < ERROR_K ? s->n_probe - 1 : ERROR_K;
    bank_init(&bank, rows.probe, s->n_probe, rows.d, NULL);
    bool fine = neighbours_find(&found, &bank, rows.probe, s->n_probe, k, true, NULL, progress);
    bank_release(&bank);
    space_rows_release(&rows);
    if (!fine)
        return false;
    for (size_t i = 0; i < s->n_probe; i++)
        value[i] = share_of_others(&found, i, data->column[data->label].code, s->item);
    neighbours_release(&found);
    return true;
}
