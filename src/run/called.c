/* SPDX-License-Identifier: MIT */
#include "run/called.h"

#include "base/file.h"
#include "base/strbuf.h"
#include "data/csv.h"
#include "run/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const uint64_t runs_most = 1000000;

static void take_row(struct called *called, const struct csv *csv)
{
    int runs = csv_find(csv, "runs"), name = csv_find(csv, "name");
    if (runs < 0 || name < 0 || csv->rows != 1)
        return;
    uint64_t n = strtoull(csv->cell[runs], NULL, 10);
    if (n < 1 || n > runs_most || !*csv->cell[name])
        return;
    called->runs = n;
    text_clean(called->name, sizeof called->name, csv->cell[name]);
}

void called_read(struct called *called, const char *folder)
{
    char path[RUN_PATH_SIZE];
    struct csv csv;
    struct err ignored;
    *called = (struct called){.runs = 1, .name = "run 1"};
    run_path(path, folder, RUN_CALLED);
    if (!csv_read(path, &csv, &ignored))
        return;
    take_row(called, &csv);
    csv_release(&csv);
}

bool called_write(const struct called *called, const char *folder, struct err *err)
{
    char path[RUN_PATH_SIZE];
    struct strbuf out = {0};
    strbuf_printf(&out, "runs,name\n%" PRIu64 ",", called->runs);
    csv_put(&out, called->name);
    strbuf_puts(&out, "\n");
    run_path(path, folder, RUN_CALLED);
    bool fine = file_write(path, strbuf_text(&out), out.length, err);
    strbuf_release(&out);
    return fine;
}
