/* SPDX-License-Identifier: MIT
 *
 * What is asked of items in a line of text: "shape == star and hue != red", "similar > 0.8", "not (@odd or
 * angle < 90)". Used to search, to select and to isolate.
 *
 *   ask   := all { or all }         all := one { and one }
 *   one   := not one | ( ask ) | @set | name op value
 *   op    := == != < <= > >=  and ~ !~ for a regular expression (POSIX extended, case matters not)
 *   name  := a column, a number of its own ("similar"), or item: the row. Names and values with blanks or
 * signs stand in "quotes".
 *
 * A blank cell is equal to "" and to nothing else; it is neither less nor more than anything. Text of any
 * bytes may be given; nesting and length are bounded. Pure; a parsed one is const and may be asked by any
 * thread; owned by whoever parsed it.
 */
#ifndef NF_DATA_PREDICATE_H
#define NF_DATA_PREDICATE_H

#include "data/dataset.h"

/* A number that every item has besides the columns. */
struct item_number {
    const char *name;
    const float *value; /* (n), NAN where not known; NULL: not known yet, then nothing holds */
};

/* Items that belong together under a name. */
struct item_set {
    const char *name;
    const uint64_t *word; /* bit i % 64 of word i / 64 */
};

/* What may be asked about; everything is lent. */
struct items {
    const struct dataset *data;
    size_t n;
    const uint32_t *row; /* (n) of the data set; NULL: item i is row i */
    const struct item_number *number;
    size_t n_numbers;
    const struct item_set *set;
    size_t n_sets;
};

struct predicate;

/* NULL, and err with where and what is wrong, for anything that is none. `items` says which names there are;
 * its data set must outlive the predicate. */
struct predicate *predicate_parse(const char *text, const struct items *items, struct err *err);
void predicate_free(struct predicate *predicate);

/* `items` may have other values and members than those it was parsed with, but the same names in the same
 * order. */
bool predicate_holds(const struct predicate *predicate, const struct items *items, size_t item);
/* Does it ask for the i-th number? */
bool predicate_uses(const struct predicate *predicate, size_t number);

/* Has it a predicate's form, right or wrong? Else it is meant as a regular expression. */
bool predicate_meant(const char *text);

/* Everything the last word of the text could become or be followed by; `typed`: bytes of it that are there.
 */
typedef void predicate_take(void *ctx, const char *choice, size_t typed);
void predicate_choices(const char *text, const struct items *items, predicate_take *take, void *ctx);

#endif
