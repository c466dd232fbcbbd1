/* SPDX-License-Identifier: MIT */
#include "answer/near_asked.h"

#include "answer/asked_text.h"
#include "answer/space_near.h"
#include "base/check.h"
#include "math/score.h"

#include <stdlib.h>
#include <string.h>

bool *near_asked_items(const struct request *request, size_t n_probe)
{
    const struct spaces_question *asked = &request->spaces;
    const struct request_set *set = &request->set[0];
    size_t n = 0;
    bool *leave = xcalloc(n_probe + 1, sizeof *leave);
    if (asked->of == NEAR_ITEM && asked->item >= 0 && (size_t)asked->item < n_probe)
        leave[asked->item] = ++n;
    for (size_t i = 0; asked->of == NEAR_SET && set->word && i < set->n && i < n_probe; i++) {
        leave[i] = set->word[i / 64] >> (i % 64) & 1;
        n += leave[i];
    }
    if (n > 0 || asked->of == NEAR_TEXT)
        return leave;
    free(leave);
    return NULL;
}

/* The mean of their rows, each of unit length where directions are compared: in double, in the order of
 * items. */
static float *mean_row(const struct space_rows *rows, size_t n, const bool *asked, bool directions)
{
    size_t d = rows->d, members = 0;
    double *sum = xcalloc(d + 1, sizeof *sum);
    float *row = xcalloc(d + 1, sizeof *row);
    for (size_t i = 0; i < n; i++) {
        if (!asked[i])
            continue;
        memcpy(row, rows->probe + i * d, d * sizeof *row);
        if (directions)
            score_normalise(rows->probe + i * d, 1, d, row, NULL);
        for (size_t j = 0; j < d; j++)
            sum[j] += (double)row[j];
        members++;
    }
    for (size_t j = 0; j < d; j++)
        row[j] = (float)(sum[j] / (double)members);
    free(sum);
    return row;
}

float *near_asked_row(const struct request *request, const struct snapshot *snapshot, enum space_kind space,
                      const struct space_rows *rows, const bool *asked, const struct request_scene *scene)
{
    const struct spaces_question *q = &request->spaces;
    struct words_known words;
    if (q->of == NEAR_TEXT)
        return asked_text_row(q->text, space, rows->d, snapshot, scene, &words);
    if (q->of == NEAR_SET)
        return mean_row(rows, snapshot->n_probe, asked, q->metric == METRIC_COSINE);
    float *row = xcalloc(rows->d + 1, sizeof *row);
    memcpy(row, rows->probe + (size_t)q->item * rows->d, rows->d * sizeof *row);
    return row;
}

bool near_asked_find(struct neighbours *found, const struct near_asking *asking,
                     const struct snapshot *snapshot, enum space_kind space)
{
    struct space_rows rows;
    const struct request *request = asking->request;
    bool fine = true;
    *found = (struct neighbours){0};
    if (!space_rows_make(&rows, space, snapshot, asking->scene))
        return true;
    struct near_search search = {{rows.probe, snapshot->n_probe, rows.d},
                                 request->spaces.metric,
                                 (size_t)request->spaces.k,
                                 asking->progress,
                                 NULL};
    float *query = near_asked_row(request, snapshot, space, &rows, asking->asked, asking->scene);
    if (query)
        fine = near_query(found, &search, query, asking->asked);
    free(query);
    space_rows_release(&rows);
    return fine;
}
