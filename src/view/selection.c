/* SPDX-License-Identifier: MIT */
#include "view/selection.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

static size_t words_for(size_t n)
{
    return (n + 63) / 64;
}

/* Bits past the end stay 0, and the count is that of the bits. */
static void settle(struct selection *set)
{
    if (set->n % 64)
        set->word[set->n / 64] &= (UINT64_C(1) << (set->n % 64)) - 1;
    set->count = 0;
    for (size_t w = 0; w < words_for(set->n); w++)
        set->count += (size_t)__builtin_popcountll(set->word[w]);
}

void selection_init(struct selection *set, size_t n)
{
    *set = (struct selection){.word = xcalloc(words_for(n) + 1, sizeof *set->word), .n = n};
}

void selection_copy(struct selection *set, const struct selection *from)
{
    selection_init(set, from->n);
    if (from->n)
        memcpy(set->word, from->word, words_for(from->n) * sizeof *set->word);
    set->count = from->count;
}

void selection_release(struct selection *set)
{
    free(set->word);
    *set = (struct selection){0};
}

void selection_resize(struct selection *set, size_t n)
{
    if (n == set->n && set->word)
        return;
    size_t before = words_for(set->n), after = words_for(n);
    set->word = xrealloc(set->word, after + 1, sizeof *set->word);
    if (after >= before)
        memset(set->word + before, 0, (after + 1 - before) * sizeof *set->word);
    set->n = n;
    settle(set);
}

void selection_put(struct selection *set, size_t i, bool in)
{
    if (i >= set->n || selection_has(set, i) == in)
        return;
    set->word[i / 64] ^= UINT64_C(1) << (i % 64);
    set->count = in ? set->count + 1 : set->count - 1;
}

void selection_clear(struct selection *set)
{
    if (set->word)
        memset(set->word, 0, words_for(set->n) * sizeof *set->word);
    set->count = 0;
}

void selection_invert(struct selection *set)
{
    for (size_t w = 0; w < words_for(set->n); w++)
        set->word[w] = ~set->word[w];
    settle(set);
}

void selection_flip(struct selection *set, const struct selection *with)
{
    CHECK(set->n == with->n);
    for (size_t w = 0; w < words_for(set->n); w++)
        set->word[w] ^= with->word[w];
    settle(set);
}

void selection_unite(struct selection *set, const struct selection *with)
{
    CHECK(set->n == with->n);
    for (size_t w = 0; w < words_for(set->n); w++)
        set->word[w] |= with->word[w];
    settle(set);
}

size_t selection_next(const struct selection *set, size_t from)
{
    for (size_t w = from / 64; from < set->n && w < words_for(set->n); w++) {
        uint64_t bits = set->word[w];
        if (w == from / 64)
            bits &= UINT64_MAX << (from % 64);
        if (bits)
            return w * 64 + (size_t)__builtin_ctzll(bits);
    }
    return set->n;
}

unsigned selection_hash(const struct selection *set)
{
    uint64_t hash = 1469598103934665603u;
    for (size_t w = 0; w < (set->n + 63) / 64; w++)
        hash = (hash ^ set->word[w]) * 1099511628211u;
    return (unsigned)(hash ^ hash >> 32);
}
