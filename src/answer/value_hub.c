/* SPDX-License-Identifier: MIT */
#include "answer/values.h"
#include "base/check.h"
#include "space/graph.h"

#include <stdlib.h>

bool value_hub(const struct request *request, const struct request_scene *scene, struct progress *progress,
               float *value)
{
    struct neighbours found;
    size_t n = request->snapshot->n_probe;
    if (!nearest_of_all(&found, request->snapshot, NEAREST_K, scene, progress))
        return false;
    uint32_t *count = xcalloc(n + 1, sizeof *count);
    graph_occurrence(&found, count, n);
    for (size_t i = 0; i < n; i++)
        value[i] = (float)count[i];
    free(count);
    neighbours_release(&found);
    return true;
}
