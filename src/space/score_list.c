/* SPDX-License-Identifier: MIT */
#include "space/score_scan.h"
#include "space/score_tally.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

/* What is counted, and with what. */
struct listing {
    struct scores *scores;
    const struct score_items *items;
    const struct scores_want *want;
};

static uint32_t group_of(const struct score_items *items, uint32_t item)
{
    return items->group ? items->group[item] : 0;
}

static void count_error(const struct listing *l, const struct listed_pair *pair, int times)
{
    size_t n_groups = l->items->n_groups;
    uint32_t *errors = l->scores->errors[pair->kind];
    errors[pair->a * n_groups + group_of(l->items, pair->b)] += (uint32_t)times;
    errors[pair->b * n_groups + group_of(l->items, pair->a)] += (uint32_t)times;
}

static void worst_drop(struct worst_pairs *worst, const struct scored_pair *pair)
{
    size_t i = 0;
    while (i < worst->n && (worst->pair[i].a != pair->a || worst->pair[i].b != pair->b))
        i++;
    if (i < worst->n)
        memmove(worst->pair + i, worst->pair + i + 1, (--worst->n - i) * sizeof *worst->pair);
}

/* Once more, or (times -1) once less. */
static void count_pair(const struct listing *l, const struct listed_pair *pair, int times)
{
    const struct scored_pair scored = {pair->a, pair->b, pair->score};
    struct scores *scores = l->scores;
    uint32_t n_bins = (uint32_t)scores->n_bins, bin = scores_bin(pair->score, n_bins);
    size_t cell = scores_cell(scores->n_groups, group_of(l->items, pair->a), group_of(l->items, pair->b));
    size_t list = cell * N_PAIR_KINDS + pair->kind;
    scores->count[list * n_bins + bin] += (uint64_t)times;
    scores->sums[list].s += times * (double)pair->score;
    scores->sums[list].s2 += times * (double)pair->score * (double)pair->score;
    if (scores->worst && times > 0)
        worst_offer(&scores->worst[list], l->want->n_worst, scored, pair->kind);
    else if (scores->worst)
        worst_drop(&scores->worst[list], &scored);
    if (l->want->error_bin && (bin >= l->want->error_bin[cell]) != (pair->kind == PAIR_GENUINE))
        count_error(l, pair, times);
}

static void count_items(const struct listing *l, const struct listed_pair *pair, size_t n)
{
    bool *seen = xcalloc(l->items->n + 1, sizeof *seen);
    for (size_t i = 0; i < n; i++)
        seen[pair[i].a] = seen[pair[i].b] = true;
    for (uint32_t i = 0; i < l->items->n; i++)
        l->scores->size[group_of(l->items, i)].n_items += seen[i];
    free(seen);
}

bool scores_find_listed(struct scores *scores, const struct score_items *items,
                        const struct listed_pair *pair, size_t n, size_t n_bins,
                        const struct scores_want *want, struct err *err)
{
    static const struct scores_want nothing;
    struct listing listing = {scores, items, want ? want : &nothing};
    CHECK(listing.want->k == 0 && listing.want->max_wrong == 0);
    if (!scores_init(scores, items->n_groups, n_bins, err))
        return false;
    if (listing.want->n_worst)
        scores->worst = xcalloc(scores->n_cells * N_PAIR_KINDS, sizeof *scores->worst);
    for (int kind = 0; listing.want->error_bin && kind < N_PAIR_KINDS; kind++)
        scores->errors[kind] = xcalloc(items->n * items->n_groups + 1, sizeof *scores->errors[kind]);
    for (size_t i = 0; i < n; i++)
        count_pair(&listing, &pair[i], 1);
    count_items(&listing, pair, n);
    return true;
}

void scores_correct(struct scores *scores, const struct score_items *items, const struct scores_want *want,
                    const struct listed_pair *pair, size_t n)
{
    const struct listing listing = {scores, items, want};
    CHECK(want->max_wrong == 0);
    for (size_t i = 0; i < n; i++) {
        struct listed_pair was = pair[i];
        was.kind = pair[i].kind == PAIR_GENUINE ? PAIR_IMPOSTOR : PAIR_GENUINE;
        count_pair(&listing, &was, -1);
        count_pair(&listing, &pair[i], 1);
    }
}
