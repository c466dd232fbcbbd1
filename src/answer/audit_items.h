/* SPDX-License-Identifier: MIT
 *
 * The items of an audit of one moment, as codes: the probe in h, or the two views of each picture of the last
 * batch in z. The analysis worker; owned.
 */
#ifndef NF_ANSWER_AUDIT_ITEMS_H
#define NF_ANSWER_AUDIT_ITEMS_H

#include "answer/item_codes.h"
#include "answer/pairs_list.h"
#include "answer/requests.h"
#include "space/audit.h"

struct audit_items {
    struct item_codes codes;
    uint32_t *row;            /* (n) data set rows */
    uint32_t *label;          /* (n) NO_VALUE: not known; NULL: there is none */
    bool *dev;                /* (n) the half that thresholds are chosen on; NULL: no split */
    struct listed_pair *pair; /* those of a list, where they are asked about; NULL: all pairs */
    size_t n_pairs;
    float *views;             /* rows of both views, where those are audited */
    struct audit_tag *tag;    /* NULL: none */
    struct audit_input input; /* lends the above and the snapshot */
};

/* False where the moment or the data has nothing of that kind; then nothing is held. */
bool audit_items_make(struct audit_items *items, const struct audit_question *asked,
                      const struct snapshot *snapshot, const struct request_scene *scene);
/* Marks of these items hold from now on; how many are of them. */
size_t audit_items_tag(struct audit_items *items, const struct request_marks *marks);
void audit_items_release(struct audit_items *items);

#endif
