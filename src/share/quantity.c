/* SPDX-License-Identifier: MIT */
#include "share/quantity.h"

#include <string.h>

static const struct quantity_entry entries[QUANTITY_COUNT] = {
#define QUANTITY(id, name, of_item, unit, meaning) [QUANTITY_##id] = {name, of_item, unit, meaning},
#include "share/quantities.def"
#undef QUANTITY
};

const struct quantity_entry *quantity_entry(enum quantity quantity)
{
    return &entries[quantity];
}

int quantity_find(const char *name)
{
    for (int i = 0; i < QUANTITY_COUNT; i++)
        if (strcmp(entries[i].name, name) == 0)
            return i;
    return NO_QUANTITY;
}
