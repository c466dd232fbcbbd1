/* SPDX-License-Identifier: MIT
 *
 * Numbers that every item of the probe has at a moment and that are computed, not read: what the map can be
 * coloured by besides the columns of the data, and what a predicate can ask for. Asked for with
 * REQUEST_VALUES. Static const data; any thread.
 */
#ifndef NF_SHARE_QUANTITY_H
#define NF_SHARE_QUANTITY_H

#include <stdbool.h>

enum quantity {
#define QUANTITY(id, name, of_item, unit, meaning) QUANTITY_##id,
#include "share/quantities.def"
#undef QUANTITY
    QUANTITY_COUNT
};
enum { NO_QUANTITY = -1 };

struct quantity_entry {
    const char *name; /* in legends, predicates and pickers: one word */
    bool of_item;     /* about the item looked at */
    const char *unit;
    const char *meaning;
};

const struct quantity_entry *quantity_entry(enum quantity quantity);
int quantity_find(const char *name); /* NO_QUANTITY if none */

#endif
