/* SPDX-License-Identifier: MIT
 *
 * Columns of items.csv as codes, as an audit counts by them: values in the order of their bytes, so that the
 * same table has the same codes in any order of its rows. Cancelled (progress may be NULL) they are refused.
 * Any thread; the owner releases.
 */
#ifndef NF_APP_CODES_H
#define NF_APP_CODES_H

#include "data/csv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CODES_NAME = 128 }; /* of a column or a value, as shown */
#define CODES_MISSING "(missing)"

struct codes {
    uint32_t *code; /* (n); UINT32_MAX where blank */
    char **name;    /* (n_values) */
    size_t n_values;
};
void codes_release(struct codes *codes);

/* Blank cells: `blank` as a value of its own at the end, or none where NULL. */
bool codes_of_column(struct codes *codes, const struct csv *csv, const char *name, const char *blank,
                     struct progress *progress, struct err *err);
/* Groups by one column or several, separated by commas: "dim", "dim × disc"; NULL: one of all. */
bool codes_of_groups(struct codes *codes, const struct csv *csv, const char *list, struct progress *progress,
                     struct err *err);

/* False with the names there are. */
bool codes_find_column(const struct csv *csv, const char *name, int *column, struct err *err);
/* Ids name items: no two the same, none blank. Without a column `id` they are. */
bool ids_are_unique(const struct csv *csv, struct progress *progress, struct err *err);

#endif
