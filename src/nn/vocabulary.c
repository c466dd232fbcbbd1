/* SPDX-License-Identifier: MIT */
#include "nn/vocabulary.h"

#include "base/check.h"
#include "base/rng.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { GRAM = 3, WORD_BYTES = 64 };

/* ---- text to tokens ---- */

struct tokens {
    struct token *token;
    size_t n;
};

static void add_token(struct tokens *tokens, const char *from, size_t length)
{
    if (length > TOKEN_BYTES || tokens->n == TEXT_MAX_TOKENS)
        return;
    struct token *token = &tokens->token[tokens->n++];
    *token = (struct token){{0}};
    memcpy(token->byte, from, length);
}

static bool continues(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80;
}

/* The end of the character at `at`. */
static size_t after(const char *word, size_t length, size_t at)
{
    at++;
    while (at < length && continues(word[at]))
        at++;
    return at;
}

/* `word` with its marks: itself, then each run of three characters that is not all of it. */
static void add_word(struct tokens *tokens, const char *word, size_t length)
{
    add_token(tokens, word, length);
    for (size_t from = 0; from < length; from = after(word, length, from)) {
        size_t end = from, characters = 0;
        while (characters < GRAM && end < length) {
            end = after(word, length, end);
            characters++;
        }
        if (characters == GRAM && end - from < length)
            add_token(tokens, word + from, end - from);
    }
}

/* The next word between its marks, in small letters; its length, 0 at the end of the text. */
static size_t next_word(const char **text, char word[WORD_BYTES])
{
    const char *from = *text;
    while (*from && !in_word(*from))
        from++;
    const char *to = from;
    size_t length = 1;
    word[0] = '<';
    for (; in_word(*to); to++)
        if (length < WORD_BYTES - 1)
            word[length++] = *to >= 'A' && *to <= 'Z' ? (char)(*to - 'A' + 'a') : *to;
    word[length] = '>';
    *text = to;
    return to > from ? length + 1 : 0;
}

size_t tokens_of(const char *text, struct token token[TEXT_MAX_TOKENS])
{
    struct tokens tokens = {token, 0};
    char word[WORD_BYTES];
    size_t length;
    while ((length = next_word(&text, word)))
        add_word(&tokens, word, length);
    return tokens.n;
}

/* ---- counting: a table with open addressing ---- */

struct counted {
    struct token token;   /* all 0: a free slot */
    uint64_t texts, last; /* how many hold it; the last one that did, from 1 */
};

struct counts {
    struct counted *slot;
    size_t room, used; /* room: a power of two */
};

static struct counted *slot_of(const struct counts *counts, const struct token *token)
{
    uint64_t half[2];
    memcpy(half, token, sizeof half);
    size_t i = (size_t)rng_hash(half[0], half[1]) & (counts->room - 1);
    while (counts->slot[i].texts && memcmp(&counts->slot[i].token, token, sizeof *token) != 0)
        i = (i + 1) & (counts->room - 1);
    return &counts->slot[i];
}

static void make_room(struct counts *counts)
{
    struct counts next = {.room = counts->room ? 2 * counts->room : 1024, .used = counts->used};
    next.slot = xcalloc(next.room, sizeof *next.slot);
    for (size_t i = 0; i < counts->room; i++)
        if (counts->slot[i].texts)
            *slot_of(&next, &counts->slot[i].token) = counts->slot[i];
    free(counts->slot);
    *counts = next;
}

static void count_text(struct counts *counts, const char *text, uint64_t number)
{
    struct token token[TEXT_MAX_TOKENS];
    size_t n = tokens_of(text, token);
    for (size_t i = 0; i < n; i++) {
        if (2 * counts->used >= counts->room)
            make_room(counts);
        struct counted *slot = slot_of(counts, &token[i]);
        counts->used += slot->texts == 0;
        slot->token = token[i];
        slot->texts += slot->last != number;
        slot->last = number;
    }
}

static int by_token(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    return memcmp(&x->token, &y->token, sizeof x->token);
}

/* Free slots come last. */
static int by_texts(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    return x->texts != y->texts ? (x->texts < y->texts) - (x->texts > y->texts) : by_token(a, b);
}

size_t vocabulary_learn(const char *const *text, size_t n, size_t room, real *table)
{
    struct counts counts = {0};
    make_room(&counts);
    for (size_t i = 0; i < n; i++)
        count_text(&counts, text[i], i + 1);
    memset(table, 0, room * TOKEN_BYTES * sizeof *table);
    size_t used = counts.used < room ? counts.used : room;
    qsort(counts.slot, counts.room, sizeof *counts.slot, by_texts);
    qsort(counts.slot, used, sizeof *counts.slot, by_token);
    real *to = table + (room - used) * TOKEN_BYTES;
    for (size_t i = 0; i < used * TOKEN_BYTES; i++)
        to[i] = (unsigned char)counts.slot[i / TOKEN_BYTES].token.byte[i % TOKEN_BYTES];
    free(counts.slot);
    return used;
}

/* ---- looking up ---- */

/* < 0: the row lies before the token. */
static int compare(const real *row, const struct token *token)
{
    for (size_t i = 0; i < TOKEN_BYTES; i++) {
        real byte = (unsigned char)token->byte[i];
        if (row[i] != byte)
            return row[i] < byte ? -1 : 1;
    }
    return 0;
}

/* The first row that does not lie before the token. */
static size_t lower_bound(const real *table, size_t room, const struct token *token)
{
    size_t low = 0, high = room;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(table + middle * TOKEN_BYTES, token) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t vocabulary_used(const real *table, size_t room)
{
    const struct token least = {{1}}; /* no token begins with a byte below it */
    return room - lower_bound(table, room, &least);
}

/* The token's row, or room. */
static size_t row_of(const real *table, size_t room, const struct token *token)
{
    size_t at = lower_bound(table, room, token);
    return at < room && compare(table + at * TOKEN_BYTES, token) == 0 ? at : room;
}

size_t vocabulary_read(const real *table, size_t room, const char *text, uint32_t row[TEXT_MAX_TOKENS])
{
    struct token token[TEXT_MAX_TOKENS];
    size_t n = tokens_of(text, token), known = 0;
    for (size_t i = 0; i < n; i++) {
        size_t at = row_of(table, room, &token[i]);
        if (at < room)
            row[known++] = (uint32_t)at;
    }
    return known;
}

static bool is_word(const struct token *token)
{
    size_t length = strnlen(token->byte, TOKEN_BYTES);
    return token->byte[0] == '<' && token->byte[length - 1] == '>';
}

struct words_known vocabulary_words(const real *table, size_t room, const char *text)
{
    struct token token[TEXT_MAX_TOKENS];
    size_t n = tokens_of(text, token);
    struct words_known words = {0, 0};
    for (size_t i = 0; i < n; i++)
        if (is_word(&token[i])) {
            words.words++;
            words.known += row_of(table, room, &token[i]) < room;
        }
    return words;
}
