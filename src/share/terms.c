/* SPDX-License-Identifier: MIT */
#include "share/terms.h"

#include "base/check.h"

#include <math.h>

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
