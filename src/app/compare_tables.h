/* SPDX-License-Identifier: MIT
 *
 * What `nearfar compare` reads: spaces as tables or runs, their items matched by id, and what is known of
 * them. Main thread; the owner releases.
 */
#ifndef NF_APP_COMPARE_TABLES_H
#define NF_APP_COMPARE_TABLES_H

#include "app/audit_input.h"
#include "run/run.h"
#include "space/compare.h"

enum { COMPARE_FLOORS = 16 };

/* One space. `rows` are of the items in common, in the order of A. */
struct compare_side {
    char path[RUN_PATH_SIZE];
    struct embeddings table;
    struct csv items, metrics; /* of a run; else empty */
    char pictures[65];         /* SHA-256 of the pictures a run is of; "" */
    unsigned long long seed;   /* that decided what a run watches; 1 */
    const float *rows;         /* (n, table.d): lent by the table where all of its rows are in common */
    float *own;                /* the same where they were gathered */
};

/* What was asked for; lent, each may be NULL. */
struct compare_source {
    const char *items, *group, *relation, *unit;
};

struct compare_tables {
    struct compare_side side[2 + COMPARE_FLOORS]; /* A, B, then A with other seeds */
    size_t n_sides;
    size_t n;                          /* items in common */
    struct audit_table about;          /* of A's items: columns as codes; nothing where has_pairs is false */
    struct progress *progress;         /* of reading; may be NULL; each table adds its parts */
    bool has_pairs;                    /* a column says which pairs are genuine */
    uint32_t *group, *identity, *unit; /* (n) of the items in common; unit NULL: each item */
};

/* A and B; then compare_tables_floor for each run or table like A but for its seed; then
 * compare_tables_match. False with err; release in any case. */
bool compare_tables_open(struct compare_tables *tables, const char *a, const char *b, struct err *err);
bool compare_tables_floor(struct compare_tables *tables, const char *path, struct err *err);
/* The runs beside A that differ from it in the seed alone, in the order of their names. */
bool compare_tables_find_floors(struct compare_tables *tables, struct err *err);
bool compare_tables_match(struct compare_tables *tables, const struct compare_source *source,
                          struct err *err);
void compare_tables_release(struct compare_tables *tables);

/* A beside side `b`, for compare_spaces. Lent. */
struct compare_input compare_tables_input(const struct compare_tables *tables, size_t b);

#endif
