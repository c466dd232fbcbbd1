/* SPDX-License-Identifier: MIT
 *
 * sensitivity_parse over any text: what is accepted is within its bounds and can be printed.
 */
#include "app/sensitivity.h"
#include "base/check.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {.text = ""};
    struct sensitivity *s = xcalloc(1, sizeof *s);
    struct strbuf text = {0};
    if (sensitivity_parse(s, (const char *)data, size, &err)) {
        CHECK(s->n <= SENSITIVITY_ROWS && s->n_groups <= AUDIT_MAX_GROUPS);
        sensitivity_sort(s);
        sensitivity_print(s, &text);
        sensitivity_release(s);
    } else {
        CHECK(err.text[0]);
    }
    strbuf_release(&text);
    free(s);
    return 0;
}
