/* SPDX-License-Identifier: MIT
 *
 * Some items of a data set as an audit counts them: their groups, what makes two of them the same, what was
 * sampled. Any thread; the owner releases.
 */
#ifndef NF_ANSWER_ITEM_CODES_H
#define NF_ANSWER_ITEM_CODES_H

#include "data/dataset.h"
#include "share/request.h"

struct item_codes {
    size_t n, n_groups;
    uint32_t *group;          /* (n) below n_groups, in the order of the columns' values; blank ones last */
    uint32_t *identity;       /* (n) NO_VALUE: not known */
    uint32_t *unit;           /* (n) what was sampled: identities where there are any; may be `identity`
                                 itself; NULL: each item */
    char (*name)[AUDIT_NAME]; /* (n_groups) "dim", "dim × disc" */
};

/* Whose rates, and what makes a pair genuine: categories of the data. */
struct item_columns {
    int group[2]; /* crossed; the second NO_COLUMN: one alone */
    int relation; /* NO_COLUMN: the caller says, `identity` is NO_VALUE of all */
};

/* Of rows item[0..n-1] of the data. Values that no item has are no groups; a blank one is: "(missing)". */
void item_codes_make(struct item_codes *codes, const struct dataset *data, const uint32_t *item, size_t n,
                     struct item_columns columns);
void item_codes_release(struct item_codes *codes);

/* A column's codes of those rows (n), owned; NO_COLUMN: NO_VALUE of all. */
uint32_t *item_codes_of(const struct dataset *data, int column, const uint32_t *item, size_t n);

/* What was sampled: identities, an item without one by itself; NULL: there are none, each item. Owned. */
uint32_t *item_codes_units(const struct dataset *data, const uint32_t *item, size_t n);

/* Indices 0..n-1 of at most `most` of the items, ascending: whole identities of the relation, or, where those
 * are few and large, some items of each. Which ones is fixed by a hash of their codes or their places.
 * Returns how many; index (n) is the caller's. */
size_t item_codes_sample(const struct dataset *data, const uint32_t *item, size_t n, int relation,
                         size_t most, uint32_t *index);

#endif
