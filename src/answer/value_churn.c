/* SPDX-License-Identifier: MIT */
#include "answer/values.h"
#include "space/graph.h"

bool value_churn(const struct request *request, const struct request_scene *scene, struct progress *progress,
                 float *value)
{
    struct neighbours now, then;
    const struct snapshot *before = request->other[0];
    size_t n = request->snapshot->n_probe;
    if (!before || !snapshot_same_items(before, request->snapshot) ||
        !nearest_of_all(&now, request->snapshot, NEAREST_K, scene, progress))
        return false;
    bool fine = nearest_of_all(&then, before, NEAREST_K, scene, progress);
    if (fine) {
        graph_jaccard(&now, &then, value);
        for (size_t i = 0; i < n; i++)
            value[i] = 1 - value[i];
        neighbours_release(&then);
    }
    neighbours_release(&now);
    return fine;
}
