/* SPDX-License-Identifier: MIT */
#include "answer/asked_text.h"

#include "base/check.h"
#include "base/strbuf.h"
#include "train/texts.h"

#include <stdlib.h>
#include <string.h>

/* The vector that "query 3" names; NULL: it names none. */
static const float *query_row(const char *text, const struct queries *queries)
{
    static const char word[] = "query ";
    long i;
    bool named = queries && strncmp(text, word, sizeof word - 1) == 0 &&
                 text_to_long(text + sizeof word - 1, &i) && i >= 0 && (size_t)i < queries->n;
    return named ? queries->rows + (size_t)i * queries->d : NULL;
}

enum space_kind asked_text_space(const char *text, const struct request_scene *scene)
{
    return query_row(text, scene->queries) ? SPACE_H : SPACE_Z;
}

float *asked_text_row(const char *text, enum space_kind space, size_t d, const struct snapshot *snapshot,
                      const struct request_scene *scene, struct words_known *words)
{
    const float *query = query_row(text, scene->queries);
    if (space != (query ? SPACE_H : SPACE_Z) || (query && scene->queries->d != d))
        return NULL;
    float *row = xcalloc(d + 1, sizeof *row);
    *words = (struct words_known){0};
    if (query)
        memcpy(row, query, d * sizeof *row);
    else if (!snapshot->text || !texts_embed(snapshot->text, text, row, d, words)) {
        free(row);
        return NULL;
    }
    return row;
}
