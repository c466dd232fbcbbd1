/* SPDX-License-Identifier: MIT
 *
 * A list of comparisons joined to the rows of a data set, for the audit of a view: read once, scored at each
 * moment where it has no scores of its own. Immutable and counted; any thread.
 */
#ifndef NF_ANSWER_PAIRS_LIST_H
#define NF_ANSWER_PAIRS_LIST_H

#include "data/dataset.h"
#include "share/request.h"
#include "space/scores.h"

struct pairs_list {
    atomic_size_t references;
    char name[64]; /* of the file, for the screen */
    size_t n;
    struct list_pair {
        uint32_t a, b; /* data set rows */
        int same;      /* 1, 0; -1: the list does not say */
        float score;   /* NaN: failed, or the list has none */
    } * pair;          /* (n) an item with itself is left out */
    bool scored;
    unsigned digest; /* differs when the list does; never 0 */
};

/* Items by their ids (the column `id` of a table, which a data set calls item), else by their row numbers.
 * NULL and err, with the file's name and line, where it cannot be read or joined, or its scores are no
 * similarities in -1..1. */
struct pairs_list *pairs_list_read(const char *path, const struct dataset *data, struct err *err);
struct pairs_list *pairs_list_ref(const struct pairs_list *list); /* NULL: NULL */
void pairs_list_unref(const struct pairs_list *list);             /* NULL is fine */

/* The items (n, d) that pairs are counted of: row[i] is the data set's, code[i] what makes a pair the same
 * that the list is silent about (NO_VALUE: not known). */
struct pair_space {
    const float *rows;
    const uint32_t *row, *code;
    size_t n, d, n_data;
};
/* Pairs whose items are both there, known and with a score, by their index there; `count` of them. Owned. */
struct listed_pair *pairs_list_at(const struct pairs_list *list, const struct pair_space *space,
                                  size_t *count);

#endif
