/* SPDX-License-Identifier: MIT
 *
 * Some items of a data set as an audit counts them: their groups, what makes two of them the same, what was
 * sampled. Any thread; the owner releases.
 */
#ifndef NF_APP_ITEM_CODES_H
#define NF_APP_ITEM_CODES_H

#include "data/dataset.h"
#include "share/request.h"

struct item_codes {
    size_t n, n_groups;
    uint32_t *group, *identity; /* (n) groups are numbered from 0; identity NO_VALUE: not known */
    uint32_t *unit;             /* (n) identities where there are any; may be `identity`; NULL: each item */
    char (*name)[COURSE_NAME];  /* (n_groups) */
};

/* Of rows item[0..n-1] of the data, by two of its categories. Values that no item has are no groups; a blank
 * one is, the last, "(missing)". */
void item_codes_make(struct item_codes *codes, const struct dataset *data, const uint32_t *item, size_t n,
                     int group, int relation);
void item_codes_release(struct item_codes *codes);

/* Indices 0..n-1 of at most `most` of the items, ascending, whole identities of the relation: which ones is
 * fixed by a hash of their codes. Returns how many; index (n) is the caller's. */
size_t item_codes_sample(const struct dataset *data, const uint32_t *item, size_t n, int relation,
                         size_t most, uint32_t *index);

#endif
