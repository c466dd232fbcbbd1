/* SPDX-License-Identifier: MIT */
#include "answer/values.h"

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
    struct neighbours found;
    int label = request->values.label;
    if (!dataset_is_category(data, label) || !nearest_of_all(&found, s, ERROR_K, scene, progress))
        return false;
    for (size_t i = 0; i < s->n_probe; i++)
        value[i] = share_of_others(&found, i, data->column[label].code, s->item);
    neighbours_release(&found);
    return true;
}
