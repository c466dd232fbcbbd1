/* SPDX-License-Identifier: MIT
 *
 * Draws assets/sample, the folder of pictures that comes with the program: twelve of the built-in identities
 * as PNG files, with items.csv. `make assets` runs it.
 */
#include "base/check.h"
#include "base/file.h"
#include "data/csv.h"
#include "data/dataset.h"
#include "data/image.h"

#include <stdio.h>
#include <string.h>

enum { PICTURES = 60 };
static const char spec[] = "tiles:n=60,seed=7,group-share=0.25";

static void put_cells(struct strbuf *table, const struct dataset *data, size_t item)
{
    strbuf_printf(table, "%zu,%03zu.png", item, item);
    for (size_t c = 0; c < data->n_columns; c++) {
        char cell[128];
        dataset_cell(data, (int)c, item, cell, sizeof cell);
        strbuf_puts(table, ",");
        csv_put(table, cell);
    }
    strbuf_puts(table, "\n");
}

static bool draw(const struct dataset *data, const char *folder, struct err *err)
{
    struct strbuf table = {0};
    char path[512];
    strbuf_puts(&table, "id,file");
    for (size_t c = 0; c < data->n_columns; c++) /* the shape is what the label is of */
        strbuf_printf(&table, ",%s", (int)c == data->label ? "label" : data->column[c].name);
    strbuf_puts(&table, "\n");
    size_t each = (size_t)data->height * (size_t)data->width * (size_t)data->channels;
    bool fine = folder_make(folder, err);
    for (size_t i = 0; fine && i < data->n; i++) {
        struct image image = {data->height, data->width, data->channels, data->pixels + i * each};
        snprintf(path, sizeof path, "%s/%03zu.png", folder, i);
        put_cells(&table, data, i);
        fine = image_save_png(path, &image, err);
    }
    snprintf(path, sizeof path, "%s/items.csv", folder);
    fine = fine && file_write(path, table.text, table.length, err);
    strbuf_release(&table);
    return fine;
}

int main(int argc, char **argv)
{
    struct dataset data;
    struct err err;
    if (argc != 2) {
        fprintf(stderr, "usage: draw_sample FOLDER\n");
        return 2;
    }
    if (!dataset_open(&data, spec, NULL, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    CHECK(data.n == PICTURES);
    bool fine = draw(&data, argv[1], &err);
    dataset_release(&data);
    if (!fine)
        fprintf(stderr, "%s\n", err.text);
    return fine ? 0 : 2;
}
