/* SPDX-License-Identifier: MIT
 *
 * REQUEST_NEAR: what is near one item, and whether the map shows it so.
 */
#include "answer/requests.h"
#include "answer/space_near.h"
#include "answer/space_rows.h"

#include <string.h>

/* How many items lie nearer to `item` on the map than `other`: its rank there, ties to the lower index. */
static size_t rank_on_map(const struct map_result *map, size_t item, size_t other)
{
    double dx = (double)map->x[other] - (double)map->x[item],
           dy = (double)map->y[other] - (double)map->y[item];
    double distance = dx * dx + dy * dy;
    size_t nearer = 0;
    for (size_t i = 0; i < map->n; i++) {
        double ex = (double)map->x[i] - (double)map->x[item], ey = (double)map->y[i] - (double)map->y[item];
        double e = ex * ex + ey * ey;
        nearer += i != item && (e < distance || (e == distance && i < other));
    }
    return nearer;
}

static struct result *near_of(const struct neighbours *found, const struct request *request,
                              const struct result *map)
{
    size_t k = found->k, item = (size_t)request->near.item;
    const uint32_t *index = found->index;
    struct result *result = result_new(REQUEST_NEAR, k * (sizeof(uint32_t) + sizeof(float) + 1));
    uint32_t *near_index = (uint32_t *)(void *)result->bytes;
    float *similarity = (float *)(void *)(near_index + k);
    uint8_t *on_map = (uint8_t *)(similarity + k);
    memcpy(near_index, index, k * sizeof *near_index);
    memcpy(similarity, found->score, k * sizeof *similarity);
    for (size_t i = 0; i < k; i++)
        on_map[i] =
            map && map->map.n == request->snapshot->n_probe && rank_on_map(&map->map, item, index[i]) < k;
    result->near = (struct near_result){
        .item = request->near.item, .k = k, .index = near_index, .similarity = similarity, .on_map = on_map};
    return result;
}

struct result *request_near(const struct request *request, const struct request_scene *scene,
                            struct progress *progress)
{
    struct space_rows rows;
    struct neighbours found;
    const struct snapshot *s = request->snapshot;
    const struct near_question *asked = &request->near;
    if (asked->item < 0 || (size_t)asked->item >= s->n_probe || asked->k < 1 ||
        !space_rows_make(&rows, asked->space, s, scene))
        return NULL;
    struct result *result = NULL;
    struct near_search search = {
        {rows.probe, s->n_probe, rows.d}, METRIC_COSINE, (size_t)asked->k, progress, NULL};
    if (near_one(&found, &search, (size_t)asked->item)) {
        result = near_of(&found, request, scene->map);
        neighbours_release(&found);
    }
    space_rows_release(&rows);
    return result;
}
