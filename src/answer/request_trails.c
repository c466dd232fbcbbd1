/* SPDX-License-Identifier: MIT
 *
 * REQUEST_TRAILS: where items lay at earlier moments on the map as it is now: on its axes, whatever axes the
 * maps of then had. And how many of their nearest are still those of the first moment.
 */
#include "answer/map_axes.h"
#include "answer/space_near.h"
#include "base/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct trails {
    const struct map_result *map;
    struct projection axes;
    size_t n, of, n_moments;
    uint32_t item[TRAILS_ITEMS];
};

static const struct snapshot *moment(const struct request *request, size_t m, size_t n_moments)
{
    return m + 1 < n_moments ? request->other[m] : request->snapshot;
}

static void find_items(struct trails *t, const struct request_set *set, size_t n_probe)
{
    for (size_t i = 0; set->word && i < set->n && i < n_probe; i++) {
        if (!(set->word[i / 64] >> (i % 64) & 1))
            continue;
        if (t->n < TRAILS_ITEMS)
            t->item[t->n++] = (uint32_t)i;
        t->of++;
    }
}

/* Every moment has the same items in the same space. */
static bool comparable(const struct request *request, size_t n_moments, size_t d)
{
    for (size_t m = 0; m < n_moments; m++) {
        const struct snapshot *s = moment(request, m, n_moments);
        if (!snapshot_same_items(s, request->snapshot) || s->dim_h != d)
            return false;
    }
    return n_moments > 1;
}

/* Its rows at one moment, on the map: x and y every n_moments-th. */
static void place(const struct trails *t, const struct snapshot *s, float *x, float *y)
{
    size_t d = s->dim_h, n = t->n;
    float *rows = xcalloc(n * d + 1, sizeof *rows), *on = xcalloc(3 * n + 1, sizeof *on);
    for (size_t i = 0; i < n; i++)
        memcpy(rows + i * d, s->h + (size_t)t->item[i] * d, d * sizeof *rows);
    size_t axis[3] = {(size_t)t->map->component[0], (size_t)t->map->component[1],
                      map_third_axis(t->map->component, t->axes.n_axes)};
    for (size_t j = 0; j < 3; j++)
        projection_apply(&t->axes, axis[j], rows, n, on + j * n, NULL);
    for (size_t i = 0; i < n; i++) {
        const float at[3] = {on[i], on[n + i], on[2 * n + i]};
        x[i * t->n_moments] = y[i * t->n_moments] = 0;
        for (int j = 0; j < 3; j++) {
            x[i * t->n_moments] += t->map->shown[0][j] * at[j];
            y[i * t->n_moments] += t->map->shown[1][j] * at[j];
        }
    }
    free(rows);
    free(on);
}

/* Share of an item's nearest now that were among them then; NaN where it has none, or when cancelled. */
static float kept_of(const struct snapshot *then, const struct snapshot *now, size_t item,
                     struct progress *progress)
{
    const struct snapshot *moments[2] = {then, now};
    struct neighbours found[2];
    size_t kept = 0, k = now->n_probe - 1 < TRAILS_K ? now->n_probe - 1 : TRAILS_K;
    for (int m = 0; m < 2; m++) {
        struct near_search search = {
            {moments[m]->h, moments[m]->n_probe, moments[m]->dim_h}, METRIC_COSINE, k, progress, NULL};
        if (near_one(&found[m], &search, item))
            continue;
        if (m == 1)
            neighbours_release(&found[0]);
        return NAN;
    }
    for (size_t i = 0; i < found[0].k; i++)
        for (size_t j = 0; j < found[1].k; j++)
            kept += found[0].index[i] == found[1].index[j];
    size_t nearest = found[1].k; /* fewer than k where the others have no direction */
    neighbours_release(&found[0]);
    neighbours_release(&found[1]);
    return nearest ? (float)kept / (float)nearest : NAN;
}

static struct result *draw_trails(const struct trails *t, const struct request *request,
                                  const struct request_scene *scene, struct progress *progress)
{
    size_t n = t->n, m = t->n_moments;
    struct result *result = result_new(REQUEST_TRAILS, n * (2 + 2 * m) * sizeof(float));
    uint32_t *item = (uint32_t *)(void *)result->bytes;
    float *kept = (float *)(void *)(item + n), *x = kept + n, *y = x + n * m;
    memcpy(item, t->item, n * sizeof *item);
    for (size_t k = 0; k < m; k++)
        place(t, moment(request, k, m), x + k, y + k);
    progress_begin(progress, n);
    for (size_t i = 0; i < n && !progress_cancelled(progress); i++) {
        kept[i] = kept_of(request->other[0], request->snapshot, item[i], progress);
        progress_step(progress, 1);
    }
    result->trails = (struct trails_result){
        request->trails, scene->map->step, request->other[0]->step, n, t->of, m, item, kept, x, y};
    return result;
}

struct result *request_trails(const struct request *request, const struct request_scene *scene,
                              struct progress *progress)
{
    const struct snapshot *s = request->snapshot;
    struct trails t = {.map = scene->map ? &scene->map->map : NULL, .n_moments = 1};
    while (t.n_moments <= REQUEST_OTHERS && request->other[t.n_moments - 1])
        t.n_moments++;
    find_items(&t, &request->set[0], s->n_probe);
    if (!t.map || t.n == 0 || t.map->n != s->n_probe || t.map->d != s->dim_h || t.map->axes == AXES_PIXELS ||
        !comparable(request, t.n_moments, s->dim_h) || !map_axes_of(t.map, &t.axes))
        return NULL;
    struct result *result = draw_trails(&t, request, scene, progress);
    projection_release(&t.axes);
    if (!progress_cancelled(progress))
        return result;
    result_unref(result);
    return NULL;
}
