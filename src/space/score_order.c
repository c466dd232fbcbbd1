/* SPDX-License-Identifier: MIT */
#include "space/score_order.h"

#include "base/check.h"
#include "math/score.h"

#include <stdlib.h>
#include <string.h>

struct place {
    uint32_t group, identity, item;
};

static uint32_t group_of(const struct score_items *items, size_t i)
{
    return items->group ? items->group[i] : 0;
}

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->identity != y->identity)
        return x->identity < y->identity ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

static size_t take_places(struct place *place, const struct score_items *items)
{
    size_t n = 0;
    for (size_t i = 0; i < items->n; i++) {
        CHECK(group_of(items, i) < items->n_groups);
        if (items->identity[i] != UINT32_MAX && score_has_direction(items->rows + i * items->d, items->d))
            place[n++] = (struct place){group_of(items, i), items->identity[i], (uint32_t)i};
    }
    qsort(place, n, sizeof *place, compare_places);
    return n;
}

static uint32_t n_codes(const struct place *place, size_t n)
{
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++)
        most = place[i].identity > most ? place[i].identity : most;
    return most + 1;
}

/* Blocks in order; the latest block of each identity is known by its code and gets the next as successor. */
static void make_blocks(struct score_order *order, const struct place *place)
{
    uint32_t *latest = xcalloc(n_codes(place, order->n), sizeof *latest);
    memset(latest, 0xff, n_codes(place, order->n) * sizeof *latest);
    for (size_t i = 0; i < order->n; i++) {
        struct score_block *block = order->block + order->n_blocks - 1;
        if (order->n_blocks == 0 || block->group != place[i].group || block->identity != place[i].identity) {
            uint32_t *before = &latest[place[i].identity];
            if (*before != NO_BLOCK)
                order->block[*before].next = (uint32_t)order->n_blocks;
            *before = (uint32_t)order->n_blocks;
            block = &order->block[order->n_blocks++];
            *block =
                (struct score_block){place[i].group, place[i].identity, (uint32_t)i, (uint32_t)i, NO_BLOCK};
        }
        block->end = (uint32_t)i + 1;
        order->block_of[i] = (uint32_t)(order->n_blocks - 1);
    }
    free(latest);
}

static void find_groups(struct score_order *order, const struct place *place)
{
    size_t i = 0;
    for (size_t g = 0; g <= order->n_groups; g++) {
        while (i < order->n && place[i].group < g)
            i++;
        order->group_first[g] = (uint32_t)i;
    }
}

void score_order_init(struct score_order *order, const struct score_items *items, struct pool *pool)
{
    CHECK(items->n < UINT32_MAX);
    struct place *place = xcalloc(items->n + 1, sizeof *place);
    size_t n = take_places(place, items), d = items->d;
    *order = (struct score_order){.n = n, .d = d, .n_groups = items->n_groups};
    order->item = xcalloc(n + 1, sizeof *order->item);
    order->block_of = xcalloc(n + 1, sizeof *order->block_of);
    order->block = xcalloc(n + 1, sizeof *order->block);
    order->group_first = xcalloc(order->n_groups + 1, sizeof *order->group_first);
    order->rows = xaligned(n * d + 1, sizeof *order->rows);
    for (size_t i = 0; i < n; i++) {
        order->item[i] = place[i].item;
        memcpy(order->rows + i * d, items->rows + place[i].item * d, d * sizeof *order->rows);
    }
    make_blocks(order, place);
    find_groups(order, place);
    free(place);
    bank_init(&order->bank, order->rows, n, d, pool);
}

void score_order_release(struct score_order *order)
{
    free(order->item);
    free(order->block_of);
    free(order->block);
    free(order->group_first);
    free(order->rows);
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
        group->n_identities++;
        group->n_items += n;
        group->n_failed -= n;
    }
}
