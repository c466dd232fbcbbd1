/* SPDX-License-Identifier: MIT
 *
 * A list of comparisons joined to the items of an audit by their ids. Main thread; the owner releases.
 */
#ifndef NF_ANSWER_AUDIT_PAIRS_H
#define NF_ANSWER_AUDIT_PAIRS_H

#include "data/comparisons.h"
#include "space/audit.h"

struct audit_pairs {
    struct comparisons list;
    struct listed_pair *pair; /* (n) those that can be counted; NULL: there is no list */
    size_t n;
    size_t n_failed;  /* the score is nan, or an item has no direction */
    size_t n_self;    /* of an item with itself */
    size_t n_unknown; /* whether it is the same is neither listed nor told by the relation */
    struct score_scale scale;
};

/* Items by name. Lent. */
struct pair_names {
    const char *const *id, *const
                               *identity; /* (n); a claimed identity stands for its first item; NULL: none */
    size_t n;
};
/* The rows of both items of each comparison (n): false and err, with the line, where there is no such item.
 */
bool audit_pairs_find(const struct comparisons *list, const struct pair_names *items, uint32_t (*row)[2],
                      struct err *err);

/* What pairs are joined to. Lent. */
struct pair_items {
    const struct csv *csv;
    const uint32_t *relation; /* (rows) codes; UINT32_MAX: not known */
    const float *rows;        /* (rows, d) that a list without scores is scored in; NULL: none */
    size_t d;
};

/* Fills all but `list`, which was read. */
bool audit_pairs_join(struct audit_pairs *pairs, const struct pair_items *items, struct err *err);
/* Of a list that names no items: pair i is of the items 2 i and 2 i + 1. */
void audit_pairs_alone(struct audit_pairs *pairs);
void audit_pairs_release(struct audit_pairs *pairs);

#endif
