/* SPDX-License-Identifier: MIT
 *
 * REQUEST_VALUES: numbers of every item of the probe.
 */
#include "answer/values.h"

#include "answer/space_near.h"
#include "answer/space_rows.h"

static value_function *const functions[QUANTITY_COUNT] = {
#define QUANTITY(id, name, of_item, unit, meaning) [QUANTITY_##id] = value_##id,
#include "share/quantities.def"
#undef QUANTITY
};

bool nearest_of_all(struct neighbours *found, const struct snapshot *snapshot, size_t k,
                    const struct request_scene *scene, struct progress *progress)
{
    struct space_rows rows;
    size_t others = snapshot->n_probe > 0 ? snapshot->n_probe - 1 : 0;
    if (others == 0 || !space_rows_make(&rows, SPACE_H, snapshot, scene))
        return false;
    struct near_search search = {{rows.probe, snapshot->n_probe, rows.d},
                                 METRIC_COSINE,
                                 k < others ? k : others,
                                 progress,
                                 scene->pool};
    bool fine = near_all(found, &search);
    space_rows_release(&rows);
    return fine;
}

/* How many parts of long work each is. */
static const unsigned parts[QUANTITY_COUNT] = {
    [QUANTITY_hub] = 1, [QUANTITY_error] = 1, [QUANTITY_churn] = 2, [QUANTITY_push] = 1};

struct result *request_values(const struct request *request, const struct request_scene *scene,
                              struct progress *progress)
{
    size_t n = request->snapshot->n_probe, at = 0;
    unsigned wanted = request->values.quantities;
    struct result *result =
        result_new(REQUEST_VALUES, (size_t)__builtin_popcount(wanted) * n * sizeof(float));
    float *room = (float *)(void *)result->bytes;
    result->values = (struct values_result){
        .quantities = wanted, .item = request->values.item, .label = request->values.label, .n = n};
    for (int q = 0; q < QUANTITY_COUNT; q++)
        progress_expect(progress, wanted >> q & 1 ? parts[q] : 0);
    for (int q = 0; q < QUANTITY_COUNT && !progress_cancelled(progress); q++) {
        if (!(wanted >> q & 1))
            continue;
        float *value = room + at++ * n;
        if (functions[q](request, scene, progress, value))
            result->values.value[q] = value;
    }
    if (!progress_cancelled(progress))
        return result;
    result_unref(result);
    return NULL;
}
