/* SPDX-License-Identifier: MIT */
#include "space/pairs.h"

#include "base/check.h"
#include "math/score.h"

#include <math.h>
#include <stdlib.h>

/* ---- the most of something ---- */

void ranking_init(struct ranking *ranking, size_t max)
{
    *ranking = (struct ranking){.max = max, .pair = xcalloc(max + 1, sizeof *ranking->pair)};
}

void ranking_release(struct ranking *ranking)
{
    free(ranking->pair);
}

void ranking_offer(struct ranking *r, uint32_t a, uint32_t b, float key)
{
    if (isnan(key))
        return;
    r->offered++;
    if (r->max == 0 || (r->n == r->max && !(key > r->pair[r->n - 1].key)))
        return;
    size_t at = r->n < r->max ? r->n++ : r->n - 1;
    for (; at > 0 && r->pair[at - 1].key < key; at--)
        r->pair[at] = r->pair[at - 1];
    r->pair[at] = (struct ranked_pair){a, b, key};
}

/* ---- a batch ---- */

float batch_similarity(const struct batch_views *v, size_t row, size_t other)
{
    if (!v->valid[row] || !v->valid[other])
        return NAN;
    return score_pair(v->unit + row * v->d, v->unit + other * v->d, v->d);
}

/* e^(s / t) over the greatest there can be: finite for any temperature. */
static double pull(const struct batch_views *v, float similarity)
{
    return exp(((double)similarity - 1) / (double)v->temperature);
}

/* One row against all others. */
struct met {
    double weight;
    float nearest; /* of the views of other items */
};

static struct met meet(const struct batch_views *v, size_t row)
{
    struct met met = {0, -INFINITY};
    for (size_t other = 0; other < 2 * v->n; other++) {
        float s = other == row ? NAN : batch_similarity(v, row, other);
        met.weight += isnan(s) ? 0 : pull(v, s);
        if (s > met.nearest && other % v->n != row % v->n)
            met.nearest = s;
    }
    return met;
}

/* False when cancelled. */
static bool meet_all(struct batch_views *v, struct progress *progress)
{
    for (size_t i = 0; i < v->n && !progress_cancelled(progress); i++) {
        struct met met[2];
        for (size_t view = 0; view < 2; view++) {
            met[view] = meet(v, view * v->n + i);
            v->weight[view * v->n + i] = v->temperature > 0 ? met[view].weight : NAN;
        }
        v->anchor[i] = met[1].nearest > met[0].nearest ? v->n + i : i;
    }
    return !progress_cancelled(progress);
}

bool batch_views_init(struct batch_views *v, const float *const z[2], size_t n, size_t d, float temperature,
                      struct progress *progress)
{
    *v = (struct batch_views){.n = n, .d = d, .temperature = temperature};
    v->unit = xcalloc(2 * n * d + 1, sizeof *v->unit);
    v->valid = xcalloc(2 * n + 1, sizeof *v->valid);
    v->weight = xcalloc(2 * n + 1, sizeof *v->weight);
    v->anchor = xcalloc(n + 1, sizeof *v->anchor);
    for (size_t view = 0; view < 2; view++)
        score_normalise(z[view], n, d, v->unit + view * n * d, v->valid + view * n);
    if (meet_all(v, progress))
        return true;
    batch_views_release(v);
    return false;
}

void batch_views_release(struct batch_views *v)
{
    free(v->unit);
    free(v->valid);
    free(v->weight);
    free(v->anchor);
    *v = (struct batch_views){0};
}

double batch_probability(const struct batch_views *v, size_t row, size_t other)
{
    float s = batch_similarity(v, row, other);
    return isnan(s) || isnan(v->weight[row]) ? NAN : pull(v, s) / v->weight[row];
}

/* Place of `other` among all others of the anchor; ties do not push it back. */
static uint32_t rank_from(const struct batch_views *v, size_t row, size_t other, float similarity)
{
    uint32_t nearer = 0;
    for (size_t i = 0; i < 2 * v->n; i++)
        nearer += i != row && i != other && batch_similarity(v, row, i) > similarity;
    return nearer + 1;
}

struct positive batch_positive(const struct batch_views *v, size_t i)
{
    size_t row[2] = {i, v->n + i};
    float s = batch_similarity(v, row[0], row[1]);
    struct positive p = {.similarity = s, .probability = NAN, .loss = 0, .of = (uint32_t)(2 * v->n - 1)};
    for (size_t side = 0; side < 2; side++) {
        uint32_t rank = rank_from(v, row[side], row[1 - side], s);
        double probability = batch_probability(v, row[side], row[1 - side]);
        p.rank = rank > p.rank ? rank : p.rank;
        p.probability = row[side] == v->anchor[i] ? probability : p.probability;
        p.loss -= log(probability) / 2;
    }
    return p;
}

size_t batch_nearer_view(const struct batch_views *v, size_t row, size_t j)
{
    float first = batch_similarity(v, row, j), second = batch_similarity(v, row, v->n + j);
    return second > first || isnan(first) ? v->n + j : j;
}
