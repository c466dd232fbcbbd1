/* SPDX-License-Identifier: MIT
 *
 * REQUEST_LINKS: the similarity of one item to all others, so that a threshold can be moved over it.
 */
#include "answer/requests.h"
#include "answer/values.h"

struct result *request_links(const struct request *request, const struct request_scene *scene,
                             struct progress *progress)
{
    const struct snapshot *s = request->snapshot;
    struct request asked = {.kind = REQUEST_VALUES, .snapshot = s, .values = {.item = request->links.item}};
    struct result *result = result_new(REQUEST_LINKS, s->n_probe * sizeof(float));
    float *similarity = (float *)(void *)result->bytes;
    if (!value_similarity(&asked, scene, progress, similarity)) {
        result_unref(result);
        return NULL;
    }
    result->links = (struct links_result){request->links.item, s->n_probe, similarity};
    return result;
}
