/* SPDX-License-Identifier: MIT
 *
 * REQUEST_TEXT: the items of the probe by how near their z lies to a text's.
 */
#include "app/requests.h"
#include "base/check.h"
#include "train/texts.h"

#include <math.h>
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

static float cosine(const float *a, const float *b, size_t d)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < d; i++) {
        ab += (double)a[i] * (double)b[i];
        aa += (double)a[i] * (double)a[i];
        bb += (double)b[i] * (double)b[i];
    }
    return aa > 0 && bb > 0 ? (float)(ab / sqrt(aa * bb)) : 0;
}

static void rank_items(const struct snapshot *s, const float *z, uint32_t *item, float *similarity)
{
    struct ranked *ranked = xcalloc(s->n_probe, sizeof *ranked);
    for (size_t i = 0; i < s->n_probe; i++)
        ranked[i] = (struct ranked){cosine(z, s->z + i * s->dim_z, s->dim_z), (uint32_t)i};
    qsort(ranked, s->n_probe, sizeof *ranked, by_similarity);
    for (size_t i = 0; i < s->n_probe; i++) {
        item[i] = ranked[i].item;
        similarity[i] = ranked[i].similarity;
    }
    free(ranked);
}

struct result *request_text(const struct request *request, const struct request_scene *scene,
                            struct progress *progress)
{
    (void)scene, (void)progress;
    const struct snapshot *s = request->snapshot;
    struct words_known words;
    if (!s->text || !s->z || s->n_probe == 0)
        return NULL;
    float *z = xcalloc(s->dim_z, sizeof *z);
    struct result *result = NULL;
    if (texts_embed(s->text, request->text.text, z, s->dim_z, &words)) {
        result = result_new(REQUEST_TEXT, s->n_probe * (sizeof(uint32_t) + sizeof(float)));
        uint32_t *item = (uint32_t *)(void *)result->bytes;
        float *similarity = (float *)(void *)(item + s->n_probe);
        rank_items(s, z, item, similarity);
        result->text = (struct text_result){.n = s->n_probe,
                                            .item = item,
                                            .similarity = similarity,
                                            .words = (int)words.words,
                                            .known = (int)words.known};
        memcpy(result->text.text, request->text.text, sizeof result->text.text);
    }
    free(z);
    return result;
}
