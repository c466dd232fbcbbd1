/* SPDX-License-Identifier: MIT */
#include "space/scores.h"

#include "base/check.h"
#include "space/score_order.h"
#include "space/score_tally.h"

#include <stdlib.h>

size_t scores_n_cells(size_t n_groups)
{
    return n_groups * (n_groups + 1) / 2;
}

size_t scores_cell(size_t n_groups, size_t g, size_t h)
{
    size_t low = g < h ? g : h, high = g < h ? h : g;
    return low * n_groups - low * (low + 1) / 2 + high;
}

const uint64_t *scores_histogram(const struct scores *scores, size_t cell, enum pair_kind kind)
{
    return scores->count + (cell * N_PAIR_KINDS + kind) * scores->n_bins;
}

void scores_release(struct scores *scores)
{
    free(scores->count);
    free(scores->sums);
    free(scores->size);
    for (size_t i = 0; scores->worst && i < scores->n_cells * N_PAIR_KINDS; i++)
        free(scores->worst[i].pair);
    free(scores->worst);
    for (int kind = 0; kind < N_PAIR_KINDS; kind++)
        free(scores->errors[kind]);
    free(scores->wrong);
    neighbours_release(&scores->near);
    *scores = (struct scores){0};
}

bool scores_init(struct scores *scores, size_t n_groups, size_t n_bins, struct err *err)
{
    size_t n_cells = scores_n_cells(n_groups);
    *scores = (struct scores){.n_groups = n_groups, .n_cells = n_cells, .n_bins = n_bins};
    scores->count = mem_try(n_cells * N_PAIR_KINDS * n_bins, sizeof *scores->count, "score histograms", err);
    if (!scores->count)
        return false;
    scores->sums = xcalloc(n_cells * N_PAIR_KINDS, sizeof *scores->sums);
    scores->size = xcalloc(n_groups, sizeof *scores->size);
    return true;
}

bool scores_find(struct scores *scores, const struct score_items *items, size_t n_bins, struct pool *pool,
                 struct progress *progress, struct err *err)
{
    return scores_find_with(scores, items, n_bins, NULL, pool, progress, err);
}

bool scores_find_with(struct scores *scores, const struct score_items *items, size_t n_bins,
                      const struct scores_want *want, struct pool *pool, struct progress *progress,
                      struct err *err)
{
    static const struct scores_want nothing;
    CHECK(n_bins >= SCORES_BINS_MIN && n_bins <= SCORES_BINS_MAX && (n_bins & (n_bins - 1)) == 0);
    CHECK(items->n_groups > 0);
    if (!scores_init(scores, items->n_groups, n_bins, err))
        return false;
    struct score_order order;
    score_order_init(&order, items, pool, progress);
    score_order_sizes(&order, items, scores->size);
    bool fine = score_tally(scores, &order, want ? want : &nothing, pool, progress, err);
    score_order_release(&order);
    if (!fine)
        scores_release(scores);
    return fine;
}
