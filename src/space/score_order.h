/* SPDX-License-Identifier: MIT
 *
 * The items of a score pass in the order in which it meets them: sorted by (group, identity, index), so that
 * a run of columns falls into one cell and the partners of a genuine pair stand together. A *block* is a run
 * of equal group and identity; the blocks of one identity in several groups are linked. Items that are in no
 * pair (no direction, no identity) are not here. One thread makes it; then read by any.
 */
#ifndef NF_SPACE_SCORE_ORDER_H
#define NF_SPACE_SCORE_ORDER_H

#include "space/neighbours.h"
#include "space/scores.h"

enum { NO_BLOCK = UINT32_MAX };

struct score_block {
    uint32_t group, identity;
    uint32_t first, end; /* places of its items */
    uint32_t next;       /* the identity's block in the next group that has one; NO_BLOCK: none */
};

struct score_order {
    size_t n, d, n_groups, n_blocks;
    size_t n_items;            /* of the table, those in no pair included */
    uint32_t *item;            /* (n) index of the item at a place */
    uint32_t *block_of;        /* (n) */
    struct score_block *block; /* (n_blocks) */
    uint32_t *group_first;     /* (n_groups + 1) places where groups begin */
    const float *rows;         /* (n of the items, d) as given: place i has row item[i]. Lent */
    struct bank bank;          /* the rows in this order, of unit length, packed */
};

/* Cancelled, it means nothing. */
void score_order_init(struct score_order *order, const struct score_items *items, struct pool *pool,
                      struct progress *progress);
/* Unit rows (n, d) of places first..first+n-1. */
void score_order_unit(const struct score_order *order, size_t first, size_t n, float *unit);
void score_order_release(struct score_order *order);

/* Counts the items of every group (n_groups): in pairs, failed, of unknown identity. */
void score_order_sizes(const struct score_order *order, const struct score_items *items,
                       struct group_size *size);

#endif
