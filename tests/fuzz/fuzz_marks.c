/* SPDX-License-Identifier: MIT
 *
 * marks_parse over any text: what is accepted speaks of items that are there, once a pair.
 */
#include "base/check.h"
#include "data/marks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { ITEMS = 50 };
    struct marks marks = {0};
    struct err err;
    bool fine = marks_parse((const char *)data, size, ITEMS, &marks, &err);
    for (size_t i = 0; fine && i < marks.n; i++) {
        const struct mark *m = &marks.mark[i];
        CHECK(m->kind > MARK_NONE && m->kind < MARK_KINDS);
        CHECK(m->a >= 0 && m->a < ITEMS && m->b < ITEMS && (m->b < 0 || m->a <= m->b));
        CHECK(marks_find(&marks, m->b < 0 ? m->a : m->b, m->b < 0 ? -1 : m->a) == m->kind);
    }
    marks_release(&marks);
    return 0;
}
