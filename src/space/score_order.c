/* SPDX-License-Identifier: MIT */
#include "space/score_order.h"

#include "base/check.h"
#include "math/score.h"

#include <stdlib.h>
#include <string.h>

enum { CHECK_ROWS = 1024 }; /* rows looked at in one task */

static uint32_t group_of(const struct score_items *items, size_t i)
{
    return items->group ? items->group[i] : 0;
}

/* ---- who is in pairs ---- */

struct selection {
    const struct score_items *items;
    bool *in; /* (n) */
    struct progress *progress;
};

static void select_some(void *ctx, size_t task, int worker)
{
    (void)worker;
    const struct selection *s = ctx;
    const struct score_items *items = s->items;
    size_t end = (task + 1) * CHECK_ROWS < items->n ? (task + 1) * CHECK_ROWS : items->n;
    for (size_t i = task * CHECK_ROWS; i < end && !progress_cancelled(s->progress); i++)
        s->in[i] =
            items->identity[i] != UINT32_MAX && score_has_direction(items->rows + i * items->d, items->d);
}

/* Their indices to item (n); returns how many. */
static size_t select_items(const struct score_items *items, uint32_t *item, struct pool *pool,
                           struct progress *progress)
{
    struct selection s = {items, xcalloc(items->n + 1, sizeof *s.in), progress};
    pool_run(pool, (items->n + CHECK_ROWS - 1) / CHECK_ROWS, select_some, &s);
    size_t n = 0;
    for (uint32_t i = 0; i < items->n; i++)
        if (s.in[i])
            item[n++] = i;
    free(s.in);
    return n;
}

/* ---- sorting ---- */

static size_t n_codes(const uint32_t *code, const uint32_t *item, size_t n)
{
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++)
        most = code[item[i]] > most ? code[item[i]] : most;
    return (size_t)most + 1;
}

/* Counting sort of items by their code: stable, so that sorting by identity and then by group sorts by
 * (group, identity, index). */
static void sort_by(const uint32_t *code, uint32_t *item, size_t n)
{
    size_t n_all = n_codes(code, item, n);
    uint32_t *start = xcalloc(n_all + 1, sizeof *start), *sorted = xcalloc(n + 1, sizeof *sorted);
    for (size_t i = 0; i < n; i++)
        start[code[item[i]] + 1]++;
    for (size_t c = 0; c < n_all; c++)
        start[c + 1] += start[c];
    for (size_t i = 0; i < n; i++)
        sorted[start[code[item[i]]]++] = item[i];
    memcpy(item, sorted, n * sizeof *item);
    free(sorted);
    free(start);
}

/* ---- blocks ---- */

/* The block of the item at place i: the one before, or a new one that the identity's latest is linked to. */
static void place_item(struct score_order *order, const struct score_items *items, uint32_t *latest,
                       uint32_t i)
{
    uint32_t group = group_of(items, order->item[i]), identity = items->identity[order->item[i]];
    struct score_block *block = i > 0 ? &order->block[order->block_of[i - 1]] : order->block;
    if (i == 0 || block->group != group || block->identity != identity) {
        uint32_t number = (uint32_t)order->n_blocks++;
        if (latest[identity] != NO_BLOCK)
            order->block[latest[identity]].next = number;
        latest[identity] = number;
        block = &order->block[number];
        *block = (struct score_block){group, identity, i, i, NO_BLOCK};
    }
    block->end = i + 1;
    order->block_of[i] = (uint32_t)(block - order->block);
}

static void make_blocks(struct score_order *order, const struct score_items *items)
{
    size_t n_all = n_codes(items->identity, order->item, order->n);
    uint32_t *latest = xcalloc(n_all, sizeof *latest);
    memset(latest, 0xff, n_all * sizeof *latest);
    for (uint32_t i = 0; i < order->n; i++)
        place_item(order, items, latest, i);
    free(latest);
}

static void find_groups(struct score_order *order, const struct score_items *items)
{
    uint32_t i = 0;
    for (size_t g = 0; g <= order->n_groups; g++) {
        while (i < order->n && group_of(items, order->item[i]) < g)
            i++;
        order->group_first[g] = i;
    }
}

void score_order_init(struct score_order *order, const struct score_items *items, struct pool *pool,
                      struct progress *progress)
{
    CHECK(items->n < UINT32_MAX);
    *order = (struct score_order){
        .n_items = items->n, .d = items->d, .n_groups = items->n_groups, .rows = items->rows};
    order->item = xcalloc(items->n + 1, sizeof *order->item);
    size_t n = order->n = select_items(items, order->item, pool, progress);
    sort_by(items->identity, order->item, n);
    if (items->group)
        sort_by(items->group, order->item, n);
    CHECK(n == 0 || group_of(items, order->item[n - 1]) < items->n_groups);
    order->block_of = xcalloc(n + 1, sizeof *order->block_of);
    order->block = xcalloc(n + 1, sizeof *order->block);
    order->group_first = xcalloc(order->n_groups + 1, sizeof *order->group_first);
    make_blocks(order, items);
    find_groups(order, items);
    bank_init_at(&order->bank, items->rows, order->item, n, items->d, pool, progress);
}

void score_order_unit(const struct score_order *order, size_t first, size_t n, float *unit)
{
    for (size_t i = 0; i < n; i++)
        score_normalise(order->rows + order->item[first + i] * order->d, 1, order->d, unit + i * order->d,
                        NULL);
}

void score_order_release(struct score_order *order)
{
    free(order->item);
    free(order->block_of);
    free(order->block);
    free(order->group_first);
    bank_release(&order->bank);
    *order = (struct score_order){0};
}

void score_order_sizes(const struct score_order *order, const struct score_items *items,
                       struct group_size *size)
{
    for (size_t i = 0; i < items->n; i++) {
        if (items->identity[i] == UINT32_MAX)
            size[group_of(items, i)].n_unknown++;
        else
            size[group_of(items, i)].n_failed++; /* those in pairs are taken off below */
    }
    for (size_t b = 0; b < order->n_blocks; b++) {
        struct group_size *group = &size[order->block[b].group];
        size_t n = order->block[b].end - order->block[b].first;
        group->n_items += n;
        group->n_failed -= n;
    }
}
