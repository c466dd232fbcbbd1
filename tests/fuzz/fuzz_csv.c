/* SPDX-License-Identifier: MIT
 *
 * What was read is written again and read again: the same cells, or something is wrong with one of the two.
 */
#include "base/check.h"
#include "data/csv.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void put_row(struct strbuf *out, char *const *cell, size_t n)
{
    for (size_t c = 0; c < n; c++) {
        strbuf_puts(out, c ? "," : "");
        csv_put(out, cell[c]);
    }
    strbuf_puts(out, "\n");
}

/* A lone blank cell is written as an empty line, which is no row. */
static bool has_lone_blank(const struct csv *csv)
{
    for (size_t r = 0; csv->columns == 1 && r <= csv->rows; r++)
        if (!csv->name[r][0])
            return true;
    return false;
}

static void round_trip(const struct csv *csv)
{
    struct strbuf out = {0};
    struct csv again;
    struct err err;
    put_row(&out, csv->name, csv->columns);
    for (size_t r = 0; r < csv->rows; r++)
        put_row(&out, csv->cell + r * csv->columns, csv->columns);
    CHECK(csv_parse(out.text, out.length, &again, &err));
    CHECK(again.rows == csv->rows && again.columns == csv->columns);
    for (size_t i = 0; i < csv->rows * csv->columns; i++)
        CHECK(strcmp(again.cell[i], csv->cell[i]) == 0);
    csv_release(&again);
    strbuf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct csv csv;
    struct err err;
    if (!csv_parse((const char *)bytes, size, &csv, &err))
        return 0;
    if (!has_lone_blank(&csv))
        round_trip(&csv);
    csv_release(&csv);
    return 0;
}
