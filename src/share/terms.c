/* SPDX-License-Identifier: MIT */
#include "share/terms.h"

#include "base/check.h"

#include <math.h>
#include <string.h>

static const struct term_entry entries[TERM_COUNT] = {
#define TERM(id, name, unit, low, high, better, meaning) {#id, name, unit, low, high, better, meaning},
#include "share/terms.def"
#undef TERM
};

const struct term_entry *term_entry(enum term term)
{
    CHECK((size_t)term < TERM_COUNT);
    return &entries[term];
}

int term_find(const char *id)
{
    for (int i = 0; i < TERM_COUNT; i++)
        if (strcmp(entries[i].id, id) == 0)
            return i;
    return -1;
}
