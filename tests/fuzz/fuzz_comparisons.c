/* SPDX-License-Identifier: MIT
 *
 * A list of comparisons from any bytes; what is read is joined to a few items and audited.
 */
#include "app/audit_input.h"
#include "base/check.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char items[] =
    "id,identity,light,split\np0,c0,dim,dev\np1,c0,dim,dev\np2,c1,bright,eval\np3,c1,bright,eval\n"
    "p4,,bright,eval\n";
static float rows[][2] = {{1, 0}, {0, 0}, {1, 1}, {0, 1}, {(float)NAN, 1}};

static void audit(const struct audit_table *table)
{
    const struct audit_settings settings = {AUDIT_AT_FMR, 0.1, FMR_WITHIN, 3, 1, 0, 0};
    struct audit result;
    struct err err;
    CHECK(audit_make(&result, &table->input, &settings, NULL, NULL, &err));
    for (size_t i = 0; i < result.n_cells; i++)
        CHECK(result.value[i].x <= result.value[i].n);
    audit_release(&result);
}

/* Takes the list over. */
static void join(const struct comparisons *list, const char *split)
{
    const struct audit_source source = {.group = "light", .relation = "identity", .split = split};
    struct audit_table table = {.embeddings = {.n = 5, .d = 2}};
    struct err err;
    CHECK(csv_parse(items, sizeof items - 1, &table.items, &err));
    table.embeddings.rows = xcalloc(5 * 2, sizeof(float));
    memcpy(table.embeddings.rows, rows, sizeof rows);
    table.pairs.list = *list;
    CHECK(audit_table_join(&table, &source, NULL, &err));
    if (audit_table_join_pairs(&table, &err))
        audit(&table);
    else
        CHECK(err.text[0]);
    audit_table_release(&table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int split = 0; split < 2; split++) {
        struct comparisons list;
        struct err err;
        if (!comparisons_parse(&list, (const char *)data, size, &err)) {
            CHECK(err.text[0]);
            return 0;
        }
        if (list.form != COMPARISONS_TWO) {
            join(&list, split ? "split" : NULL);
            continue;
        }
        struct audit_table table = {.pairs = {.list = list}};
        audit_table_of_scores(&table);
        audit(&table);
        audit_table_release(&table);
    }
    return 0;
}
