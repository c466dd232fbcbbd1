/* SPDX-License-Identifier: MIT
 *
 * A list of comparisons made elsewhere: pairs of items, with scores or only named. A CSV or TSV whose first
 * line has id_a and id_b, and score or same (1 or 0) or both; or one of the score files of bob.measure,
 * without a first line, columns apart by blanks, lines of # left out: two columns    1 or -1 (same or
 * different), score four           claimed identity, real identity, probe, score five           claimed
 * identity, model, real identity, probe, score where a pair is the same if the two identities are. A score of
 * `nan` is a comparison that failed. Any thread; the owner releases.
 */
#ifndef NF_DATA_COMPARISONS_H
#define NF_DATA_COMPARISONS_H

#include "data/csv.h"

#include <stdbool.h>
#include <stddef.h>

enum comparison_form { COMPARISONS_NAMED, COMPARISONS_TWO, COMPARISONS_FOUR, COMPARISONS_FIVE };

struct comparison_row {
    const char *a,
        *b;       /* ids as in the file; of four columns a is the claimed identity; of two both are NULL */
    double score; /* NaN: failed, or the list has no scores */
    int same;     /* 1, 0; -1: the list does not say */
    size_t line;  /* in the file, from 1 */
};

struct comparisons {
    enum comparison_form form;
    bool scored; /* the list has scores */
    size_t n;
    struct comparison_row *at; /* (n) */
    char *storage;             /* of the texts, or NULL: */
    struct csv csv;
};

/* Does the file begin like one? Reads no more than its first lines. */
bool comparisons_guess(const char *path);
bool comparisons_read(struct comparisons *list, const char *path, struct err *err);
bool comparisons_parse(struct comparisons *list, const char *text, size_t length, struct err *err);
void comparisons_release(struct comparisons *list);

#endif
