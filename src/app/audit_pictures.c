/* SPDX-License-Identifier: MIT */
#include "app/audit_pictures.h"

#include "app/document.h"
#include "app/save.h"
#include "base/check.h"
#include "data/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- where they are ---- */

static bool rows_are_there(const struct audit_pictures *pictures, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (pictures->row[i] >= pictures->data.n)
            return false;
    return true;
}

/* The data that the run learned from, where it is there and what it was. */
static bool open_run(struct audit_pictures *pictures, const struct audit_table *table, const char *run,
                     struct err *err)
{
    static const struct data_options none;
    struct record record;
    struct err why;
    if (!load_record(run, &record, err))
        return false;
    bool there = dataset_open(&pictures->data, record.dataset.args, &none, &why);
    bool same = there && strcmp(pictures->data.sha256, record.dataset.sha256) == 0 &&
                rows_are_there(pictures, table->items.rows);
    if (!same)
        err_set(err, "--pictures: they are those of %.200s, which is %s", record.dataset.args,
                there ? "not what it was when the run learned from it" : "not there");
    record_release(&record);
    return same;
}

static bool open_images(struct audit_pictures *pictures, const struct audit_table *table,
                        const struct audit_source *source, const char *images, struct err *err)
{
    struct embeddings rows = {.n = table->items.rows};
    struct items_source items = {.items = source->items, .images = images};
    if (images)
        return embeddings_items(&pictures->data, &rows, source->path, &items, err);
    return err_set(err,
                   "--pictures: a table has none of its own: add --images DIR, a folder of pictures that the "
                   "column 'file' of %.200s names, or that are in the order of its rows",
                   source->items);
}

bool audit_pictures_open(struct audit_pictures *pictures, const struct audit_table *table,
                         const struct audit_source *source, const char *images, struct err *err)
{
    bool run = audit_is_run(source);
    *pictures = (struct audit_pictures){.data = dataset_empty};
    if (table->names.per_pair)
        return err_set(err, "--pictures: a list of two columns names no items, so there is nothing to show");
    pictures->row = audit_rows(&table->items, run);
    if (run && !images ? !open_run(pictures, table, source->path, err)
                       : !open_images(pictures, table, source, images, err))
        return false;
    return pictures->data.pixels || err_set(err, "--pictures: %.200s has no pictures", pictures->data.name);
}

void audit_pictures_release(struct audit_pictures *pictures)
{
    dataset_release(&pictures->data);
    free(pictures->row);
}

/* ---- one of them ---- */

/* "item p12, identity 6, disc, dim". */
static void describe(struct strbuf *out, const struct audit_table *table, uint32_t item)
{
    char id[64];
    const struct codes *relation = &table->relation, *label = &table->label;
    audit_item_name(table, item, id);
    strbuf_printf(out, "%s%s", strncmp(id, "row ", 4) == 0 ? "" : "item ", id);
    if (relation->code[item] != UINT32_MAX)
        strbuf_printf(out, ", %s %s", table->names.relation, relation->name[relation->code[item]]);
    if (label->code && strcmp(table->names.relation, "label") != 0)
        strbuf_printf(out, ", %s", label->name[label->code[item]]);
    strbuf_printf(out, ", %s", table->names.group[table->group.code[item]]);
}

/* What is to be seen, for those who do not. */
static void alt_text(struct strbuf *out, const struct audit_pictures *pictures,
                     const struct audit_table *table, uint32_t item)
{
    char id[64];
    const char *caption = dataset_caption(&pictures->data, pictures->row[item]);
    audit_item_name(table, item, id);
    strbuf_printf(out, "picture of %s%s%s", id, *caption ? ": " : "", caption);
}

void audit_picture_cell(struct strbuf *out, const struct audit_pictures *pictures,
                        const struct audit_table *table, uint32_t item)
{
    const struct dataset *data = &pictures->data;
    struct strbuf png = {0}, alt = {0}, words = {0};
    struct image image = {data->height, data->width, data->channels,
                          (uint8_t *)(uintptr_t)dataset_pixels(data, pictures->row[item])};
    image_png(&image, &png);
    alt_text(&alt, pictures, table, item);
    describe(&words, table, item);
    document_picture(out, &png, strbuf_text(&alt), strbuf_text(&words));
    strbuf_release(&png);
    strbuf_release(&alt);
    strbuf_release(&words);
}
