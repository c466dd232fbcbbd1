/* SPDX-License-Identifier: MIT
 *
 * REQUEST_GRAPH: the probe's whole graph of neighbours: hubs, and items whose neighbours changed.
 * REQUEST_SHARED: how much of it several moments share.
 */
#include "answer/requests.h"
#include "answer/space_near.h"
#include "answer/space_rows.h"
#include "base/check.h"
#include "space/graph.h"

#include <math.h>
#include <stdlib.h>

static bool find(struct neighbours *found, const struct graph_question *asked,
                 const struct snapshot *snapshot, const struct request_scene *scene,
                 struct progress *progress)
{
    struct space_rows rows;
    *found = (struct neighbours){0};
    if (!space_rows_make(&rows, asked->space, snapshot, scene))
        return false;
    struct near_search search = {
        {rows.probe, snapshot->n_probe, rows.d}, asked->metric, (size_t)asked->k, progress, scene->pool};
    bool fine = near_all(found, &search);
    space_rows_release(&rows);
    return fine;
}

/* The `most` items of greatest weight, ties to the lower index; those of weight NaN are left out. */
static size_t pick(const float *weight, size_t n, uint32_t *index, size_t most)
{
    size_t count = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (isnan(weight[i]) || (count == most && !(weight[i] > weight[index[most - 1]])))
            continue;
        size_t at = count < most ? count++ : most - 1;
        for (; at > 0 && weight[index[at - 1]] < weight[i]; at--)
            index[at] = index[at - 1];
        index[at] = i;
    }
    return count;
}

static void tell_hubs(struct graph_result *g, const uint32_t *occurrence, float *weight)
{
    struct hubness hubs = graph_hubness(occurrence, g->n, (size_t)g->asked.k);
    g->skew = (float)hubs.skew;
    g->anti_hubs = (float)hubs.anti_hubs;
    g->hub_share = (float)hubs.hub_share;
    for (size_t i = 0; i < g->n; i++)
        weight[i] = occurrence[i] > 0 ? (float)occurrence[i] : NAN;
    g->n_hubs = pick(weight, g->n, g->hub, GRAPH_LISTED);
    for (size_t i = 0; g->n_hubs > 0 && i < g->n; i++)
        g->n_tied += i != g->hub[0] && occurrence[i] == occurrence[g->hub[0]];
}

static bool is_first(const uint32_t *occurrence, size_t n, uint32_t item)
{
    bool first = occurrence[item] > 0;
    for (size_t i = 0; i < n && first; i++)
        first = occurrence[i] <= occurrence[item];
    return first;
}

/* Was the hub of now one at the moments behind the first other one? */
static void tell_steadiness(struct graph_result *g, const struct request *request,
                            const struct request_scene *scene, struct progress *progress)
{
    uint32_t *occurrence = xcalloc(g->n, sizeof *occurrence);
    for (size_t m = 1; m <= HUB_MOMENTS && request->other[m - 1] && g->n_hubs > 0; m++) {
        const struct snapshot *then = request->other[m];
        struct neighbours found;
        if (!then || !snapshot_same_items(then, request->snapshot) ||
            !find(&found, &request->graph, then, scene, progress))
            continue;
        graph_occurrence(&found, occurrence, g->n);
        g->moments++;
        g->first += is_first(occurrence, g->n, g->hub[0]);
        neighbours_release(&found);
    }
    free(occurrence);
}

/* Who is in no list: the farther its own nearest, the more it is by itself. */
static void tell_anti_hubs(struct graph_result *g, const uint32_t *occurrence, const struct neighbours *now,
                           float *weight)
{
    float sign = g->asked.metric == METRIC_EUCLIDEAN ? 1 : -1; /* a distance, or a similarity */
    for (size_t i = 0; i < g->n; i++) {
        float nearest = now->k > 0 ? now->score[i * now->k] : NAN;
        weight[i] = occurrence[i] > 0 ? NAN : isnan(nearest) ? -INFINITY : sign * nearest;
        g->n_in_no_list += occurrence[i] == 0;
    }
    g->n_anti_hubs = pick(weight, g->n, g->anti_hub, GRAPH_LISTED);
    for (size_t i = 0; i < g->n_anti_hubs; i++) {
        float distance = weight[g->anti_hub[i]];
        g->anti_nearest[i] = isinf(distance) ? NAN : sign * distance;
    }
}

static void tell_change(struct graph_result *g, const struct neighbours *now, const struct neighbours *before,
                        float *jaccard, float *weight)
{
    g->jaccard = jaccard;
    g->mean_jaccard = (float)graph_jaccard(now, before, jaccard);
    for (size_t i = 0; i < g->n; i++)
        weight[i] = jaccard[i] < 1 ? 1 - jaccard[i] : NAN;
    g->n_unstable = pick(weight, g->n, g->unstable, GRAPH_LISTED);
}

static struct result *graph_told(const struct request *request, const struct request_scene *scene,
                                 const struct neighbours *now, const struct neighbours *then,
                                 struct progress *progress)
{
    const struct snapshot *before = request->other[0];
    size_t n = request->snapshot->n_probe;
    struct result *result = result_new(REQUEST_GRAPH, 2 * n * sizeof(uint32_t));
    uint32_t *occurrence = (uint32_t *)(void *)result->bytes;
    float *jaccard = (float *)(void *)(occurrence + n), *weight = xcalloc(n, sizeof *weight);
    struct graph_result *g = &result->graph;
    *g =
        (struct graph_result){.asked = request->graph, .n = n, .occurrence = occurrence, .mean_jaccard = NAN};
    g->before_step = then ? before->step : UINT64_MAX;
    g->before_run = then ? before->run : UINT64_MAX;
    graph_occurrence(now, occurrence, n);
    tell_hubs(g, occurrence, weight);
    tell_anti_hubs(g, occurrence, now, weight);
    tell_steadiness(g, request, scene, progress);
    if (then)
        tell_change(g, now, then, jaccard, weight);
    free(weight);
    return result;
}

static size_t count_others(const struct request *request)
{
    size_t n = 0;
    while (n <= HUB_MOMENTS && request->other[n])
        n++;
    return n;
}

struct result *request_graph(const struct request *request, const struct request_scene *scene,
                             struct progress *progress)
{
    const struct snapshot *s = request->snapshot, *before = request->other[0];
    const struct graph_question *asked = &request->graph;
    struct neighbours now = {0}, then = {0};
    progress_expect(progress, (int)(1 + count_others(request)));
    if (s->n_probe == 0 || asked->k < 1 || (before && !snapshot_same_items(before, s)) ||
        !find(&now, asked, s, scene, progress))
        return NULL;
    bool compared = before && find(&then, asked, before, scene, progress);
    struct result *result = NULL;
    if (!progress_cancelled(progress))
        result = graph_told(request, scene, &now, compared ? &then : NULL, progress);
    neighbours_release(&now);
    neighbours_release(&then);
    if (!progress_cancelled(progress))
        return result;
    result_unref(result);
    return NULL;
}

/* One moment more; false: stopped, or of other items. */
static bool share_with(struct shared_result *shared, const struct neighbours *now,
                       const struct snapshot *other, const struct request_scene *scene,
                       struct progress *progress)
{
    struct neighbours found;
    if (!find(&found, &shared->asked.graph, other, scene, progress))
        return false;
    shared->step[shared->n] = other->step;
    shared->run[shared->n] = other->run;
    shared->mean_jaccard[shared->n++] = (float)graph_jaccard(now, &found, NULL);
    neighbours_release(&found);
    return true;
}

struct result *request_shared(const struct request *request, const struct request_scene *scene,
                              struct progress *progress)
{
    const struct snapshot *s = request->snapshot, *const *other = request->other;
    const struct graph_question *asked = &request->shared.graph;
    struct neighbours now = {0};
    size_t n = 0;
    while (n < SHARED_MOMENTS && other[n] && snapshot_same_items(other[n], s))
        n++;
    progress_expect(progress, 1 + n);
    if (n == 0 || s->n_probe == 0 || asked->k < 1 || !find(&now, asked, s, scene, progress))
        return NULL;
    struct result *result = result_new(REQUEST_SHARED, 0);
    bool fine = true;
    result->shared.asked = request->shared;
    for (size_t i = 0; i < n && fine; i++)
        fine = share_with(&result->shared, &now, other[i], scene, progress);
    neighbours_release(&now);
    if (fine)
        return result;
    result_unref(result);
    return NULL;
}
