/* SPDX-License-Identifier: MIT
 *
 * REQUEST_MATCHES and REQUEST_DRIFT: the scores of all pairs, same and different apart, now and at earlier
 * steps.
 */
#include "answer/requests.h"
#include "answer/space_rows.h"
#include "base/check.h"
#include "space/threshold.h"

#include <stdlib.h>
#include <string.h>

enum { BINS = SCORES_BINS };

/* ---- what is scored ---- */

struct sample {
    float *rows;
    uint32_t *identity;
    size_t n, of, d;
};

static void sample_release(struct sample *s)
{
    free(s->rows);
    free(s->identity);
}

/* Both views of every item of the last batch, in z. */
static bool sample_views(struct sample *s, const struct snapshot *snapshot)
{
    size_t n = snapshot->n_batch, d = snapshot->dim_z;
    if (n == 0 || d == 0)
        return false;
    *s =
        (struct sample){xcalloc(2 * n * d, sizeof(float)), xcalloc(2 * n, sizeof(uint32_t)), 2 * n, 2 * n, d};
    for (size_t view = 0; view < 2; view++) {
        memcpy(s->rows + view * n * d, snapshot->batch_z[view], n * d * sizeof(float));
        for (uint32_t i = 0; i < n; i++)
            s->identity[view * n + i] = i;
    }
    return true;
}

static bool sample_probe(struct sample *s, const struct matches_question *asked,
                         const struct snapshot *snapshot, const struct request_scene *scene)
{
    const struct dataset *data = scene->data;
    int column = asked->relation == RELATION_LABEL ? asked->label : data->identity;
    struct space_rows rows;
    size_t of = snapshot->n_probe, n = of < MATCHES_ITEMS ? of : MATCHES_ITEMS;
    if (!dataset_is_category(data, column) || of == 0 ||
        !space_rows_make(&rows, asked->space, snapshot, scene))
        return false;
    *s = (struct sample){xcalloc(n * rows.d, sizeof(float)), xcalloc(n, sizeof(uint32_t)), n, of, rows.d};
    for (size_t i = 0; i < n; i++) {
        size_t from = i * of / n;
        memcpy(s->rows + i * rows.d, rows.probe + from * rows.d, rows.d * sizeof(float));
        s->identity[i] = data->column[column].code[snapshot->item[from]];
    }
    space_rows_release(&rows);
    return true;
}

static bool sample_make(struct sample *s, const struct matches_question *asked,
                        const struct snapshot *snapshot, const struct request_scene *scene)
{
    return asked->relation == RELATION_VIEW ? sample_views(s, snapshot)
                                            : sample_probe(s, asked, snapshot, scene);
}

static bool score(struct scores *scores, const struct sample *s, struct progress *progress)
{
    struct score_items items = {s->rows, s->n, s->d, NULL, s->identity, 1};
    struct err err;
    return scores_find(scores, &items, BINS, NULL, progress, &err);
}

/* ---- the result ---- */

static size_t counts_bytes(void)
{
    return 2 * (BINS + 1) * sizeof(uint64_t);
}

static void fill_counts(struct match_counts *counts, char *at, const struct scores *scores)
{
    struct match_table table;
    match_table_all(&table, scores);
    counts->n_bins = table.n_bins;
    for (size_t kind = 0; kind < 2; kind++) {
        uint64_t *above = (uint64_t *)(void *)at + kind * (BINS + 1);
        memcpy(above, table.above[kind], (BINS + 1) * sizeof *above);
        counts->above[kind] = above;
        counts->sum[kind] = table.sums[kind].s;
        counts->sum_squares[kind] = table.sums[kind].s2;
    }
    match_table_release(&table);
}

struct result *request_matches(const struct request *request, const struct request_scene *scene,
                               struct progress *progress)
{
    struct sample sample;
    struct scores scores;
    bool some = sample_make(&sample, &request->matches, request->snapshot, scene);
    if (some && !score(&scores, &sample, progress)) {
        sample_release(&sample);
        return NULL;
    }
    struct result *result = result_new(REQUEST_MATCHES, counts_bytes());
    struct matches_result *m = &result->matches;
    m->asked = request->matches;
    if (!some)
        return result;
    m->n_items = sample.n;
    m->of = sample.of;
    m->n_failed = scores.size[0].n_failed;
    m->n_unknown = scores.size[0].n_unknown;
    fill_counts(&m->counts, result->bytes, &scores);
    scores_release(&scores);
    sample_release(&sample);
    return result;
}

/* One moment more; false: cancelled. A moment that has no such rows is left out. */
static bool add_moment(struct result *result, const struct snapshot *snapshot,
                       const struct request_scene *scene, struct progress *progress)
{
    struct drift_result *drift = &result->drift;
    struct matches_question asked = {drift->asked.relation, drift->asked.space, drift->asked.label};
    struct sample sample;
    struct scores scores;
    if (!sample_make(&sample, &asked, snapshot, scene))
        return true;
    bool fine = score(&scores, &sample, progress);
    sample_release(&sample);
    if (!fine)
        return false;
    drift->step[drift->n] = snapshot->step;
    drift->run[drift->n] = snapshot->run;
    fill_counts(&drift->counts[drift->n], result->bytes + drift->n * counts_bytes(), &scores);
    drift->n++;
    scores_release(&scores);
    return true;
}

struct result *request_drift(const struct request *request, const struct request_scene *scene,
                             struct progress *progress)
{
    struct result *result = result_new(REQUEST_DRIFT, (DRIFT_MOMENTS + 1) * counts_bytes());
    result->drift.asked = request->drift;
    bool fine = true;
    for (size_t i = 0; i <= DRIFT_MOMENTS && (i == 0 || request->other[i - 1]); i++)
        progress_expect(progress, 1);
    for (size_t i = 0; i < DRIFT_MOMENTS && request->other[i] && fine; i++)
        fine = add_moment(result, request->other[i], scene, progress);
    if (fine && add_moment(result, request->snapshot, scene, progress))
        return result;
    result_unref(result);
    return NULL;
}
