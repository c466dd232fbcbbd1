/* SPDX-License-Identifier: MIT
 *
 * REQUEST_VALUES: one number of every item of the probe.
 */
#include "app/values.h"

static value_function *const functions[QUANTITY_COUNT] = {
#define QUANTITY(id, name, of_item, meaning) [QUANTITY_##id] = value_##id,
#include "share/quantities.def"
#undef QUANTITY
};

struct result *request_values(const struct request *request, const struct request_scene *scene,
                              struct progress *progress)
{
    int quantity = request->values.quantity;
    size_t n = request->snapshot->n_probe;
    if (quantity < 0 || quantity >= QUANTITY_COUNT)
        return NULL;
    struct result *result = result_new(REQUEST_VALUES, n * sizeof(float));
    float *value = (float *)(void *)result->bytes;
    result->values =
        (struct values_result){.quantity = quantity, .item = request->values.item, .n = n, .value = value};
    if (functions[quantity](request, scene, progress, value) && !progress_cancelled(progress))
        return result;
    result_unref(result);
    return NULL;
}
