/* SPDX-License-Identifier: MIT
 *
 * What an audit reads, from any bytes: the first line is a gate, the rest an items.csv; what is accepted is
 * audited on rows made up for it.
 */
#include "app/audit_input.h"
#include "base/check.h"
#include "space/audit_gate.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_ROWS = 200, D = 2 };

static void audit(struct audit_table *table, const char *text)
{
    struct audit_settings settings = {.target = AUDIT_AT_FMR,
                                      .at = 0.1,
                                      .convention = FMR_WITHIN,
                                      .n_worst = 3,
                                      .seed = 1,
                                      .k = 4,
                                      .n_dealt = 3};
    struct audit result;
    struct audit_gate gate;
    struct err err;
    CHECK(audit_make(&result, &table->input, &settings, NULL, NULL, &err));
    if (gate_parse(&gate, text, false, table->names.group, table->n_groups, &err))
        gate_judge(&gate, &result, (struct gate_rules){false}, NULL);
    else
        CHECK(err.text[0]);
    struct strbuf words = {0};
    for (size_t i = 0; i < result.n_cells; i++)
        words_value(&words, &result.value[i], &table->names);
    strbuf_release(&words);
    audit_release(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct audit_source source = {.group = "g,light", .relation = "identity", .split = "split"};
    char *text = xcalloc(size + 1, 1);
    if (size)
        memcpy(text, data, size);
    char *items = strchr(text, '\n');
    items = items ? items + 1 : text + strlen(text);
    if (items > text && items[-1] == '\n')
        items[-1] = '\0';
    struct audit_table table = {0};
    struct err err;
    if (csv_parse(items, size - (size_t)(items - text), &table.items, &err) &&
        table.items.rows <= MOST_ROWS) {
        table.embeddings = (struct embeddings){.n = table.items.rows, .d = D};
        table.embeddings.rows = xcalloc(table.items.rows * D + 1, sizeof(float));
        for (size_t i = 0; i < table.items.rows * D; i++)
            table.embeddings.rows[i] = (float)(i * 37 % 11) - 4;
        if (audit_table_join(&table, &source, NULL, &err))
            audit(&table, text);
        else
            CHECK(err.text[0]);
    }
    audit_table_release(&table);
    free(text);
    return 0;
}
