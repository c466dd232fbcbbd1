/* SPDX-License-Identifier: MIT
 *
 * What `nearfar audit` reads: a table of embeddings or a list of scores, and items.csv, checked row by row,
 * as codes. Main thread; the owner releases.
 */
#ifndef NF_APP_AUDIT_INPUT_H
#define NF_APP_AUDIT_INPUT_H

#include "answer/audit_pairs.h"
#include "app/codes.h"
#include "data/embeddings.h"
#include "data/marks.h"
#include "space/audit.h"
#include "space/audit_words.h"

/* What was asked for; lent texts. */
struct audit_source {
    const char *path;     /* a run folder, a table, or a list of scores */
    const char *items;    /* items.csv; NULL: that of the run */
    const char *pairs;    /* a list of the pairs that count; NULL: all */
    const char *group;    /* a column or several, separated by commas: crossed; NULL: all are one */
    const char *relation; /* column whose equal values make a genuine pair */
    const char *unit;     /* column of what was sampled; NULL: identity if there is one, else items */
    const char *split;    /* column of dev and eval; NULL: none */
    const char *axis;     /* "column=value:value", the ends of an axis; NULL: none */
    const char *marks;    /* marks.csv; NULL: the one of the run or beside the table, if any; "none" */
};

struct input_file {
    char path[512];
    char sha256[65];
    size_t rows;
};

struct audit_table {
    struct embeddings embeddings;
    struct csv items;
    struct codes group, relation, unit, label; /* label: of the column of that name, where there is one */
    bool *dev;
    bool *end[2];     /* (n) items at the ends of an axis; */
    const char *axis; /* as it was asked for */
    const char *by;   /* the column or columns of the groups, as asked for; NULL */
    struct audit_pairs pairs;
    struct marks marks;    /* what a person said of the items, those of other items too */
    struct audit_tag *tag; /* (input.n_tags) those of these items, */
    size_t *mark_of;       /* and which mark each is */
    struct input_file file[4];
    size_t n_files, n_groups, n_no_relation; /* items without the relation's value */
    struct audit_input input;                /* lends the above */
    struct audit_names names;
};

bool audit_is_run(const struct audit_source *source);
/* Rows that marks and pictures are kept by (n of the items): of a run those of its data set, which is the id
 * of its items; of a table its own. UINT32_MAX: none. Owned. */
uint32_t *audit_rows(const struct csv *items, bool run);
/* The id of an item of items.csv, else its row. */
void audit_item_name(const struct audit_table *table, uint32_t item, char text[64]);

/* Cancelled it is refused; `progress` may be NULL. */
bool audit_table_read(struct audit_table *table, const struct audit_source *source, struct progress *progress,
                      struct err *err);
void audit_table_release(struct audit_table *table);

enum { AUDIT_MAX_GROUPS = 64 };

/* A list that names no items: there are no groups, and intervals are those of independent pairs. */
void audit_table_of_scores(struct audit_table *table);

/* The second half of it, from `embeddings` and `items` that are already there: what a fuzzer calls. */
bool audit_table_join(struct audit_table *table, const struct audit_source *source, struct progress *progress,
                      struct err *err);

/* Can a threshold of the table be there? Similarities have their range; scores made elsewhere have one of
 * their own. True for other targets. */
bool audit_threshold_fits(const struct audit_table *table, enum audit_target target, double at,
                          struct err *err);

/* Marks of a file, or none where there is no such file: rows of the data set of a run (its folder), else of
 * the table. */
bool audit_table_tag(struct audit_table *table, const char *path, const char *run, struct err *err);

/* And the third: `pairs.list`, read, counts instead of all pairs. Its ids are those of the items. */
bool audit_table_join_pairs(struct audit_table *table, struct err *err);

/* What --target says: "fmr=1e-3", "fnmr=0.05", "eer". */
bool audit_read_target(enum audit_target *target, double *at, const char *text, struct err *err);

#endif
