/* SPDX-License-Identifier: MIT
 *
 * What a text encoder knows of language: the words and letter trigrams that captions are made of, each a row
 * of a table. Words stand between marks, so that "<red>" the word and "red" the part of "<tired>" are two
 * tokens, and a word never seen is still read by its parts (Bojanowski et al. 2017, arXiv:1607.04606). ASCII
 * letters are taken as small ones; other characters as they are. Any thread.
 *
 * A vocabulary is a matrix (room, TOKEN_BYTES) of byte values, rows ascending, unused ones (all 0) first: a
 * tensor like any other, so that a checkpoint holds it.
 */
#ifndef NF_NN_VOCABULARY_H
#define NF_NN_VOCABULARY_H

#include "math/blas.h"

#include <stddef.h>
#include <stdint.h>

enum { TOKEN_BYTES = 16, TEXT_MAX_TOKENS = 128 };

struct token {
    char byte[TOKEN_BYTES]; /* 0 behind the last */
};

/* The tokens of a text in its order, repeated ones too; what is past TEXT_MAX_TOKENS is left out. A word of
 * more than TOKEN_BYTES - 2 bytes has only its trigrams. Returns how many. */
size_t tokens_of(const char *text, struct token token[TEXT_MAX_TOKENS]);

/* The `room` tokens that stand in most of the texts, ties in byte order, written to `table` (room,
 * TOKEN_BYTES). Returns how many rows are used. */
size_t vocabulary_learn(const char *const *text, size_t n, size_t room, real *table);

size_t vocabulary_used(const real *table, size_t room); /* rows */

/* The rows of the tokens that are known; returns how many. */
size_t vocabulary_read(const real *table, size_t room, const char *text, uint32_t row[TEXT_MAX_TOKENS]);

/* Of the words that are short enough to be tokens: how many there are, and how many of them are known. */
struct words_known {
    size_t words, known;
};
struct words_known vocabulary_words(const real *table, size_t room, const char *text);

#endif
