/* SPDX-License-Identifier: MIT
 *
 * CIFAR-10 and CIFAR-100, binary version (Krizhevsky 2009): rows of one label byte (CIFAR-100: a coarse one
 * and a fine one), then 1024 red, 1024 green and 1024 blue bytes. A folder brings its batches, of which the
 * test batch is held out, and the names of the labels in *.meta.txt or *_label_names.txt.
 */
#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "data/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 32, PLANE = SIDE * SIDE, PICTURE = 3 * PLANE, MAX_BATCHES = 16 };
static const size_t max_file = (size_t)1 << 30;

/* Label bytes in front of a picture: 1 or 2; 0 where neither divides the length. A length that both divide
 * says CIFAR-10 unless the file is called like CIFAR-100's. */
static int labels_of(const char *name, size_t length)
{
    bool ten = length > 0 && length % (PICTURE + 1) == 0, hundred = length > 0 && length % (PICTURE + 2) == 0;
    if (ten && hundred)
        return strcmp(name, "train.bin") == 0 || strcmp(name, "test.bin") == 0 ? 2 : 1;
    return ten ? 1 : hundred ? 2 : 0;
}

static bool is_batch_name(const char *name)
{
    return name_ends(name, ".bin");
}

struct batch {
    char *path, *bytes; /* owned */
    size_t length, rows;
    bool held_out;
};

static void unpack_picture(const uint8_t *from, uint8_t *to)
{
    for (size_t p = 0; p < PLANE; p++)
        for (size_t c = 0; c < 3; c++)
            to[3 * p + c] = from[c * PLANE + p];
}

static bool set_sizes(struct dataset *data, size_t n, struct err *err)
{
    data->n = n;
    data->height = data->width = SIDE;
    data->channels = 3;
    return dataset_add_pixels(data, err);
}

static void fill(struct dataset *data, const uint8_t *bytes, size_t rows, int labels, size_t first,
                 uint8_t *label)
{
    for (size_t i = 0; i < rows; i++) {
        const uint8_t *row = bytes + i * (size_t)(PICTURE + labels);
        memcpy(label + (first + i) * (size_t)labels, row, (size_t)labels);
        unpack_picture(row + labels, data->pixels + (first + i) * PICTURE);
    }
}

/* Names, one a line; missing ones are numbers. `text` may be NULL and is cut up. */
static void add_labels(struct dataset *data, const char *column_name, const uint8_t *label, int stride,
                       char *text)
{
    char number[8];
    size_t last = 0;
    for (size_t i = 0; i < data->n; i++)
        last = label[i * (size_t)stride] > last ? label[i * (size_t)stride] : last;
    struct column *column = dataset_add_column(data, column_name, COLUMN_CATEGORY);
    uint32_t code[256];
    char *save = NULL, *name = text ? strtok_r(text, "\r\n", &save) : NULL;
    for (size_t v = 0; v <= last; v++) {
        snprintf(number, sizeof number, "%zu", v);
        code[v] = column_code(column, name ? name : number);
        name = name ? strtok_r(NULL, "\r\n", &save) : NULL;
    }
    for (size_t i = 0; i < data->n; i++)
        column->code[i] = code[label[i * (size_t)stride]];
}

static bool parse(const void *bytes, size_t length, struct dataset *data, struct err *err)
{
    int labels = labels_of("", length);
    if (labels == 0)
        return err_set(
            err, "%zu bytes are not whole CIFAR rows of %d or %d: the file is truncated or another format",
            length, PICTURE + 1, PICTURE + 2);
    size_t rows = length / (size_t)(PICTURE + labels);
    if (!set_sizes(data, rows, err))
        return false;
    uint8_t *label = xcalloc(rows, (size_t)labels);
    fill(data, bytes, rows, labels, 0, label);
    if (labels == 2)
        add_labels(data, "coarse", label, 2, NULL);
    add_labels(data, "label", label + labels - 1, labels, NULL);
    free(label);
    return true;
}

/* ---- folders ---- */

static bool batch_read(struct batch *batch, int *labels, struct err *err)
{
    batch->bytes = file_read(batch->path, max_file, &batch->length, err);
    if (!batch->bytes)
        return false;
    int found = labels_of(path_base(batch->path), batch->length);
    if (found == 0)
        return err_set(
            err, "%s: %zu bytes are not whole CIFAR rows of %d or %d: it is truncated or another format",
            batch->path, batch->length, PICTURE + 1, PICTURE + 2);
    if (*labels && *labels != found)
        return err_set(err, "%s: CIFAR-%d beside CIFAR-%d: give one file", batch->path, found == 2 ? 100 : 10,
                       *labels == 2 ? 100 : 10);
    *labels = found;
    batch->rows = batch->length / (size_t)(PICTURE + found);
    return true;
}

/* The text of the first file of the folder with that ending, or NULL; owned. */
static char *names_text(const struct source *source, const char *ending)
{
    for (size_t i = 0; i < source->n_names; i++) {
        if (!name_ends(source->name[i], ending))
            continue;
        struct err ignored; /* names are a courtesy: without them the labels are numbers */
        size_t length;
        char *path = path_join(source->path, source->name[i]);
        char *text = file_read(path, 1 << 16, &length, &ignored);
        free(path);
        return text;
    }
    return NULL;
}

static void add_split(struct dataset *data, const struct batch *batch, size_t n)
{
    struct column *column = dataset_add_column(data, "split", COLUMN_CATEGORY);
    size_t row = 0;
    for (size_t b = 0; b < n; b++) {
        uint32_t code = column_code(column, batch[b].held_out ? "eval" : "train");
        for (size_t i = 0; i < batch[b].rows; i++)
            column->code[row++] = code;
    }
}

static bool join(const struct source *source, struct batch *batch, size_t n, int labels, struct dataset *data,
                 struct err *err)
{
    size_t rows = 0, first = 0, held_out = 0;
    for (size_t b = 0; b < n; b++) {
        rows += batch[b].rows;
        held_out += batch[b].held_out;
    }
    if (!set_sizes(data, rows, err))
        return false;
    uint8_t *label = xcalloc(rows, (size_t)labels);
    for (size_t b = 0; b < n; first += batch[b++].rows)
        fill(data, (const uint8_t *)batch[b].bytes, batch[b].rows, labels, first, label);
    char *coarse = labels == 2 ? names_text(source, "coarse_label_names.txt") : NULL;
    char *fine = names_text(source, labels == 2 ? "fine_label_names.txt" : ".meta.txt");
    if (labels == 2)
        add_labels(data, "coarse", label, 2, coarse);
    add_labels(data, "label", label + labels - 1, labels, fine);
    if (held_out > 0 && held_out < n)
        add_split(data, batch, n);
    free(coarse);
    free(fine);
    free(label);
    return true;
}

static size_t batches_of(const struct source *source, struct batch *batch)
{
    size_t n = 0;
    for (size_t i = 0; i < source->n_names && n < MAX_BATCHES; i++)
        if (is_batch_name(source->name[i]))
            batch[n++] = (struct batch){.path = path_join(source->path, source->name[i]),
                                        .held_out = strncmp(source->name[i], "test", 4) == 0};
    if (!source->is_folder)
        batch[n++] = (struct batch){.path = xstrdup(source->path)};
    return n;
}

static bool load(const struct source *source, const struct data_options *options, struct dataset *data,
                 struct err *err)
{
    (void)options;
    struct batch batch[MAX_BATCHES];
    int labels = 0;
    size_t n = batches_of(source, batch);
    bool fine = true;
    for (size_t b = 0; fine && b < n; b++)
        fine = batch_read(&batch[b], &labels, err);
    fine = fine && join(source, batch, n, labels, data, err);
    for (size_t b = 0; b < n; b++) {
        free(batch[b].path);
        free(batch[b].bytes);
    }
    return fine;
}

static int sniff(const struct source *source)
{
    if (source->is_file)
        return is_batch_name(path_base(source->path)) && source->bytes >= PICTURE ? 1 : 0;
    for (size_t i = 0; i < source->n_names; i++)
        if (is_batch_name(source->name[i]))
            return 2;
    return 0;
}

const struct format cifar_format = {
    .entry = {"cifar", "CIFAR-10 or CIFAR-100, the binary version: its folder or one batch.", NULL},
    .sniff = sniff,
    .load = load,
    .parse = parse,
};
