/* SPDX-License-Identifier: MIT
 *
 * Inside train/: what a probe is made of. probe.c draws and embeds it, attributes.c reads columns from
 * neighbours, measures.c puts the numbers together.
 */
#ifndef NF_TRAIN_PROBE_H
#define NF_TRAIN_PROBE_H

#include "train/measures.h"

enum {
    PROBE_K = 20,        /* neighbours that vote */
    PROBE_PAIRS = 256,   /* held-out pictures drawn twice for alignment */
    PROBE_CHUNK = 256,   /* pictures drawn at once */
    PROBE_QUALITIES = 8, /* numbers that are about no column */
    PROBE_ATTRIBUTES = (MEASURES_MAX - PROBE_QUALITIES) / 2,
    PROBE_MAX_VALUES = 64 /* of a category that is measured; the label may have more */
};

/* A column and the measure that fits it. */
struct attribute {
    enum term term; /* TERM_knn, TERM_r2, TERM_rank1 */
    int column;
    size_t n_values;
    uint32_t *bank_code, *query_code;  /* knn; rank1: query_code only */
    float *bank_number, *query_number; /* r2 */
    uint32_t *moved_code;              /* (n_moved) of the rows that are moved */
    float *moved_number;
    float chance;
};

struct probe {
    const struct dataset *data;
    struct pool *pool;
    uint64_t seed;
    uint32_t *query, *bank;          /* dataset rows; queries ascending, the bank in random order */
    size_t n_query, n_bank, n_moved; /* n_moved of the queries are moved too */
    struct attribute attribute[PROBE_ATTRIBUTES];
    size_t n_attributes;
    size_t values, dim_h, dim_z;
    float *h, *z, *bank_h,
        *moved_h;     /* (n_query, dim_h), (n_query, dim_z), (n_bank, dim_h), (n_moved, dim_h) */
    float *pair_z[2]; /* (pairs, dim_z) */
    float *picture;   /* (PROBE_CHUNK, values) */
    float *scratch;   /* (threads, 2 * values) */
    /* yardsticks by place: attribute i clean at 2 i, moved at 2 i + 1, then the qualities */
    float pixels[MEASURES_MAX], untrained[MEASURES_MAX];
    float zero_shot_untrained[PROBE_ATTRIBUTES];
};

/* The query that is moved i-th: a quarter of them, spread evenly, for what a measuring may cost. */
static inline size_t probe_moved_row(const struct probe *probe, size_t i)
{
    return i * probe->n_query / probe->n_moved;
}

/* Which columns are measured, label first, and their codes on bank and query. */
void attributes_find(struct probe *probe);
void attributes_release(struct probe *probe);

/* A space to read: query rows, clean and moved, look among bank rows and, for rank-1, among the other clean
 * query rows. */
struct reading {
    const float *bank, *query, *moved; /* (n_bank, d), (n_query, d), (n_moved, d) */
    size_t d;
};
/* Attribute i clean into value[2 i], moved into value[2 i + 1]. */
void attributes_read(const struct probe *probe, const struct reading *reading, struct pool *pool,
                     float *value);

/* How many of the clean queries are nearest in z to the text of their own value; NaN where the learner reads
 * no text, or not every value of this attribute. */
float zero_shot_read(const struct probe *probe, struct learner *learner, const struct attribute *attribute);

/* Everything the measures need, fresh from the learner. */
void probe_embed_all(struct probe *probe, struct learner *learner);

#endif
