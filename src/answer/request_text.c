/* SPDX-License-Identifier: MIT
 *
 * REQUEST_TEXT: the items of the probe by how near they lie to a text in z, or to a query in h.
 */
#include "answer/asked_text.h"
#include "base/check.h"
#include "math/score.h"
#include "space/neighbours.h"

#include <stdlib.h>
#include <string.h>

struct ranked {
    float similarity;
    uint32_t item;
};

static int by_similarity(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->similarity != y->similarity)
        return x->similarity > y->similarity ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

/* By the one definition of a score, so that a text and an item rank alike. Returns how many: what has no
 * direction has no rank. */
static size_t rank_items(const struct rows *rows, const float *query, uint32_t *item, float *similarity)
{
    struct ranked *ranked = xcalloc(rows->n, sizeof *ranked);
    float *unit = xcalloc(2 * rows->d, sizeof *unit);
    size_t n = 0, some = score_normalise(query, 1, rows->d, unit, NULL);
    for (size_t i = 0; some && i < rows->n; i++)
        if (score_normalise(rows->row + i * rows->d, 1, rows->d, unit + rows->d, NULL))
            ranked[n++] = (struct ranked){score_pair(unit, unit + rows->d, rows->d), (uint32_t)i};
    qsort(ranked, n, sizeof *ranked, by_similarity);
    for (size_t i = 0; i < n; i++) {
        item[i] = ranked[i].item;
        similarity[i] = ranked[i].similarity;
    }
    free(unit);
    free(ranked);
    return n;
}

struct result *request_text(const struct request *request, const struct request_scene *scene,
                            struct progress *progress)
{
    (void)progress;
    const struct snapshot *s = request->snapshot;
    const char *text = request->text.text;
    enum space_kind space = asked_text_space(text, scene);
    struct rows rows = {space == SPACE_H ? s->h : s->z, s->n_probe, space == SPACE_H ? s->dim_h : s->dim_z};
    struct words_known words;
    float *query = rows.row && rows.n ? asked_text_row(text, space, rows.d, s, scene, &words) : NULL;
    if (!query)
        return NULL;
    struct result *result = result_new(REQUEST_TEXT, rows.n * (sizeof(uint32_t) + sizeof(float)));
    uint32_t *item = (uint32_t *)(void *)result->bytes;
    float *similarity = (float *)(void *)(item + rows.n);
    result->text = (struct text_result){.n = rank_items(&rows, query, item, similarity),
                                        .of = rows.n,
                                        .space = space,
                                        .item = item,
                                        .similarity = similarity,
                                        .words = (int)words.words,
                                        .known = (int)words.known};
    memcpy(result->text.text, text, sizeof result->text.text);
    free(query);
    return result;
}
