/* SPDX-License-Identifier: MIT
 *
 * The words of a predicate; between predicate.c and predicate_choices.c.
 */
#ifndef NF_DATA_PREDICATE_WORD_H
#define NF_DATA_PREDICATE_WORD_H

#include <stdbool.h>
#include <stddef.h>

enum { PREDICATE_WORD = 160 };

enum word_kind {
    WORD_END,
    WORD_NAME, /* bare or in quotes */
    WORD_SET,  /* @name */
    WORD_OP,
    WORD_OPEN,
    WORD_CLOSE,
    WORD_AND,
    WORD_OR,
    WORD_NOT,
    WORD_BROKEN /* quotes that do not end, a sign of no meaning, a word that is too long */
};

enum op {
    OP_EQUAL,
    OP_NOT_EQUAL,
    OP_LESS,
    OP_AT_MOST,
    OP_MORE,
    OP_AT_LEAST,
    OP_MATCHES,
    OP_MATCHES_NOT,
    OP_COUNT
};

struct predicate_word {
    enum word_kind kind;
    enum op op;
    bool quoted;
    size_t at, length;         /* in the text, quotes and @ included */
    char text[PREDICATE_WORD]; /* without them */
};

/* The word at or after `at`; the place after it is at + length of what is given. */
void predicate_word(const char *text, size_t at, struct predicate_word *word);
const char *op_text(enum op op);

#endif
