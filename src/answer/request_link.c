/* SPDX-License-Identifier: MIT
 *
 * REQUEST_LINK: how near two items are, which neighbour of the other each is, and how near they were.
 */
#include "answer/requests.h"
#include "answer/values.h"
#include "base/check.h"

#include <math.h>
#include <stdlib.h>

static int item_of(const struct snapshot *s, uint32_t row)
{
    for (size_t i = 0; i < s->n_probe; i++)
        if (s->item[i] == row)
            return (int)i;
    return -1;
}

/* Similarity of item a to item b at a moment, and b's place among the neighbours of a. */
static float look(const struct snapshot *s, const struct request_scene *scene, int a, int b, uint32_t *rank)
{
    struct request asked = {.kind = REQUEST_VALUES, .snapshot = s, .values = {.item = a}};
    float *value = xcalloc(s->n_probe + 1, sizeof *value), similarity = NAN;
    *rank = 1;
    if (b >= 0 && value_similarity(&asked, scene, NULL, value)) {
        similarity = value[b];
        for (size_t i = 0; i < s->n_probe; i++)
            *rank += (int)i != a && (int)i != b &&
                     (value[i] > similarity || (value[i] == similarity && (int)i < b));
    }
    free(value);
    return similarity;
}

struct result *request_link(const struct request *request, const struct request_scene *scene,
                            struct progress *progress)
{
    const struct snapshot *s = request->snapshot, *before = request->other[0];
    struct result *result = result_new(REQUEST_LINK, 0);
    struct link_result *link = &result->link;
    uint32_t unused;
    int a = item_of(s, request->link.a), b = item_of(s, request->link.b);
    *link = (struct link_result){.asked = request->link, .before = NAN, .before_step = UINT64_MAX};
    link->of = s->n_probe > 0 ? (uint32_t)s->n_probe - 1 : 0;
    link->similarity = look(s, scene, a, b, &link->rank_a);
    if (!progress_cancelled(progress))
        look(s, scene, b, a, &link->rank_b);
    if (before && !progress_cancelled(progress)) {
        link->before =
            look(before, scene, item_of(before, request->link.a), item_of(before, request->link.b), &unused);
        link->before_step = before->step;
    }
    return result;
}
