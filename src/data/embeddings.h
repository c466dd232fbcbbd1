/* SPDX-License-Identifier: MIT
 *
 * Embeddings made elsewhere, as a table: one row an item. Read from .npy (float16/32/64 and integers) and
 * from CSV or TSV, with or without a first line of names. Of a CSV the numbered columns of one name (e0, e1,
 * ...; 0, 1, ...) are the embedding; without such, every column of numbers that is not called label, id and
 * the like. What is left is known of the items. Any thread; the owner releases.
 */
#ifndef NF_DATA_EMBEDDINGS_H
#define NF_DATA_EMBEDDINGS_H

#include "data/csv.h"
#include "data/dataset.h"

struct embeddings {
    size_t n, d;
    float *rows;     /* (n, d) as in the file: not normalised, perhaps not finite */
    struct csv rest; /* of CSV and TSV: the whole table, with `n` rows; else no columns */
    bool *is_rest;   /* (rest.columns) which of them are not of the embedding; NULL without any */
};

/* Does the name read as a table of ours: .npy, .csv, .tsv? */
bool embeddings_named(const char *path);
bool embeddings_read(struct embeddings *embeddings, const char *path, struct err *err);
/* The same with progress, of so many parts as it has bytes and kind for; cancelled it is refused. */
bool embeddings_read_watched(struct embeddings *embeddings, const char *path, struct progress *progress,
                             struct err *err);
unsigned embeddings_parts(const char *path);
unsigned items_parts(const char *path); /* of a CSV that describes rows */
/* CSV from memory; `path` is only named in errors. */
bool embeddings_parse_csv(struct embeddings *embeddings, const char *text, size_t length, struct err *err);
void embeddings_release(struct embeddings *embeddings);

/* How the items of a table are described. Texts are lent; each may be NULL. */
struct items_source {
    const char *items;         /* a CSV or TSV: one row an item */
    const char *key;           /* its column that joins them, else the order does */
    const char *images;        /* a folder that the column `file` names pictures of */
    struct progress *progress; /* of reading `items`: items_parts; may be NULL */
};
/* A dataset of embeddings->n items: columns of the table itself, those of `items`, pixels of `images`.
 * `path` names the table. Rows of `items` are in the order of the table; with a key they are joined by the
 * column of that name in the table, or, where it has none (.npy), the key holds row numbers from 0. Rows that
 * are missing in `items` have blank cells. */
bool embeddings_items(struct dataset *data, const struct embeddings *embeddings, const char *path,
                      const struct items_source *source, struct err *err);

#endif
