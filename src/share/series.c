/* SPDX-License-Identifier: MIT */
#include "share/series.h"

#include "base/check.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* DESIGN. Rows live in chunks that double in size, so that a row never moves and a table of 40 pointers is
 * enough for any run. The writer fills a row, then raises the count with release; a reader that has read the
 * count with acquire sees the rows and the chunk pointers below it. */
enum { FIRST_CHUNK_BITS = 8, MAX_CHUNKS = 40 };

struct series {
    atomic_size_t references, count;
    size_t row_bytes;
    char *chunk[MAX_CHUNKS]; /* chunk k holds 2^(FIRST_CHUNK_BITS + k) rows */
};

struct series *series_new(size_t row_bytes)
{
    struct series *series = xcalloc(1, sizeof *series);
    atomic_init(&series->references, 1);
    atomic_init(&series->count, 0);
    series->row_bytes = row_bytes;
    return series;
}

struct series *series_ref(struct series *series)
{
    atomic_fetch_add_explicit(&series->references, 1, memory_order_relaxed);
    return series;
}

void series_unref(struct series *series)
{
    if (!series || atomic_fetch_sub_explicit(&series->references, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t k = 0; k < MAX_CHUNKS; k++)
        free(series->chunk[k]);
    free(series);
}

static char *row_place(const struct series *series, size_t i, size_t *chunk)
{
    size_t shifted = i + ((size_t)1 << FIRST_CHUNK_BITS);
    size_t top = (size_t)(63 - __builtin_clzll(shifted));
    *chunk = top - FIRST_CHUNK_BITS;
    char *base = series->chunk[*chunk];
    return base ? base + (shifted - ((size_t)1 << top)) * series->row_bytes : NULL;
}

void series_append(struct series *series, const void *row)
{
    size_t i = atomic_load_explicit(&series->count, memory_order_relaxed), chunk;
    char *place = row_place(series, i, &chunk);
    if (!place) {
        series->chunk[chunk] = xcalloc((size_t)1 << (FIRST_CHUNK_BITS + chunk), series->row_bytes);
        place = row_place(series, i, &chunk);
    }
    memcpy(place, row, series->row_bytes);
    atomic_store_explicit(&series->count, i + 1, memory_order_release);
}

size_t series_count(const struct series *series)
{
    return atomic_load_explicit(&series->count, memory_order_acquire);
}

const void *series_at(const struct series *series, size_t i)
{
    size_t chunk;
    return row_place(series, i, &chunk);
}

const struct measure *measures_find(const struct measures *measures, enum term term, int column)
{
    for (int i = 0; i < measures->n; i++)
        if (measures->item[i].term == term && measures->item[i].column == column)
            return &measures->item[i];
    return NULL;
}
