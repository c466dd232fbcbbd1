/* SPDX-License-Identifier: MIT
 *
 * IDX, the format of MNIST and its kin, plain or gzipped: two zero bytes, a type (0x08: unsigned byte), the
 * number of dimensions, each dimension in 4 bytes big endian, then the data. Pictures are (n, h, w) or
 * (n, h, w, 1 or 3), labels (n). What a header claims is held against the file before anything is allocated.
 */
#include "data/idx.h"

#include "base/check.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "data/source.h"
#include "data/unpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DIMENSIONS = 4, MAX_SIDE = 1024, UNSIGNED_BYTE = 8, HEAD = 4 + 4 * MAX_DIMENSIONS };
static const size_t max_file = (size_t)4 << 30;

struct header {
    int dimensions;
    size_t size[MAX_DIMENSIONS]; /* missing ones are 1 */
    size_t offset, bytes;        /* of the data */
};

/* A file in memory as it lies on the disk, and what its header says. */
struct idx_file {
    const char *path;
    char *raw; /* owned */
    size_t length;
    struct header header;
};

/* ---- one file ---- */

static bool header_parse(const unsigned char *head, size_t length, struct header *header, struct err *err)
{
    if (length < 8 || head[0] || head[1] || head[3] < 1 || head[3] > MAX_DIMENSIONS)
        return err_set(err, "not an IDX file: it should start 00 00 08 and the number of dimensions, 1 to 4");
    if (head[2] != UNSIGNED_BYTE)
        return err_set(err, "IDX type 0x%02x is not read, only unsigned bytes (0x08): convert the file",
                       head[2]);
    *header = (struct header){.dimensions = head[3], .size = {1, 1, 1, 1}, .bytes = 1};
    header->offset = 4 + 4 * (size_t)header->dimensions;
    if (length < header->offset)
        return err_set(err, "the header ends early: the file is truncated, fetch it again");
    for (int d = 0; d < header->dimensions; d++) {
        const unsigned char *p = head + 4 + (size_t)4 * d;
        header->size[d] = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
        if (header->size[d] == 0)
            return err_set(err, "the header says a size of 0: no items in it");
        if (header->size[d] > max_file / header->bytes)
            return err_set(err, "the header claims more than %zu MB: the file is damaged", max_file >> 20);
        header->bytes *= header->size[d];
    }
    return true;
}

/* Reads the header of the bytes and refuses what they cannot hold. */
static bool header_of(const void *bytes, size_t length, struct header *header, struct err *err)
{
    unsigned char head[HEAD];
    bool whole;
    size_t n = unpack_into(bytes, length, head, sizeof head, &whole);
    if (!header_parse(head, n, header, err))
        return false;
    if (header->bytes + header->offset > unpack_limit(bytes, length))
        return err_set(err,
                       "the header claims %zu bytes, the file holds fewer: it is truncated, fetch it again",
                       header->bytes);
    return true;
}

/* The data into `to` (header.bytes); the rest of the file must be just that. */
static bool data_into(const void *bytes, size_t length, const struct header *header, uint8_t *to,
                      struct err *err)
{
    size_t all = header->offset + header->bytes;
    uint8_t *room = mem_try(all + 1, 1, "unpacking", err);
    if (!room)
        return false;
    bool whole;
    size_t n = unpack_into(bytes, length, room, all + 1, &whole);
    if (n == all)
        memcpy(to, room + header->offset, header->bytes);
    free(room);
    if (n < all)
        return err_set(err,
                       "the header claims %zu bytes of data, there are %zu: it is truncated, fetch it again",
                       header->bytes, n < header->offset ? 0 : n - header->offset);
    if (n > all)
        return err_set(err, "there are more bytes than the %zu the header claims: the file is damaged",
                       header->bytes);
    return true;
}

static bool pictures_shape(const struct header *header, struct dataset *data, struct err *err)
{
    if (header->dimensions < 3)
        return err_set(err, "%d-dimensional: these are labels, give the images file", header->dimensions);
    if (header->size[1] > MAX_SIDE || header->size[2] > MAX_SIDE)
        return err_set(err, "pictures of %zux%zu, larger than the %d nearfar reads from IDX", header->size[2],
                       header->size[1], MAX_SIDE);
    if (header->dimensions == 4 && header->size[3] != 1 && header->size[3] != 3)
        return err_set(err, "%zu channels; 1 or 3 are read", header->size[3]);
    data->n = header->size[0];
    data->height = (int)header->size[1];
    data->width = (int)header->size[2];
    data->channels = (int)header->size[3];
    return data->n < NO_VALUE ? true : err_set(err, "%zu pictures are too many", data->n);
}

static bool parse(const void *bytes, size_t length, struct dataset *data, struct err *err)
{
    struct header header;
    return header_of(bytes, length, &header, err) && pictures_shape(&header, data, err) &&
           dataset_add_pixels(data, err) && data_into(bytes, length, &header, data->pixels, err);
}

/* ---- parts into one dataset ---- */

static bool file_open(struct idx_file *file, const char *path, struct err *err)
{
    *file = (struct idx_file){.path = path};
    file->raw = file_read(path, max_file, &file->length, err);
    if (!file->raw)
        return false;
    return header_of(file->raw, file->length, &file->header, err) || err_within(err, "%s", path);
}

/* Sizes of all parts together; every part must have the first one's geometry. */
static bool add_sizes(struct dataset *data, const struct idx_file *images, size_t n_parts, struct err *err)
{
    size_t n = 0;
    for (size_t p = 0; p < n_parts; p++) {
        int height = data->height, width = data->width, channels = data->channels;
        if (!pictures_shape(&images[p].header, data, err))
            return err_within(err, "%s", images[p].path);
        if (p > 0 && (data->height != height || data->width != width || data->channels != channels))
            return err_set(err, "%s: pictures of %dx%d, those of %s are %dx%d: give one of the two files",
                           images[p].path, data->width, data->height, images[0].path, width, height);
        n += data->n;
    }
    data->n = n;
    return n < NO_VALUE ? true : err_set(err, "%zu pictures are too many", n);
}

static bool labels_into(const struct idx_part *part, const struct idx_file *images, uint8_t *to,
                        struct err *err)
{
    struct idx_file labels;
    bool fine = file_open(&labels, part->labels, err);
    size_t n = images->header.size[0];
    if (fine && labels.header.dimensions != 1)
        fine = err_set(
            err, "%s: %d-dimensional, labels have one dimension: give the labels file that belongs to %s",
            part->labels, labels.header.dimensions, path_base(part->images));
    if (fine && labels.header.size[0] != n)
        fine = err_set(err, "%s: %zu labels for %zu pictures in %s: the two files do not belong together",
                       part->labels, labels.header.size[0], n, path_base(part->images));
    if (fine)
        fine = data_into(labels.raw, labels.length, &labels.header, to, err) ||
               err_within(err, "%s", part->labels);
    free(labels.raw);
    return fine;
}

/* The values in the order of their numbers, so that 3 comes before 7 whatever comes first in the file. */
static void add_label_column(struct dataset *data, const uint8_t *label, const char *const *names,
                             size_t n_names)
{
    bool used[256] = {false};
    uint32_t code[256] = {0};
    struct column *column = dataset_add_column(data, "label", COLUMN_CATEGORY);
    for (size_t i = 0; i < data->n; i++)
        used[label[i]] = true;
    for (size_t v = 0; v < 256; v++) {
        char number[8];
        snprintf(number, sizeof number, "%zu", v);
        if (used[v] || v < n_names)
            code[v] = column_code(column, v < n_names ? names[v] : number);
    }
    for (size_t i = 0; i < data->n; i++)
        column->code[i] = code[label[i]];
}

static void add_split_column(struct dataset *data, const struct idx_part *part, const struct idx_file *images,
                             size_t n_parts)
{
    struct column *column = dataset_add_column(data, "split", COLUMN_CATEGORY);
    size_t row = 0;
    for (size_t p = 0; p < n_parts; p++) {
        uint32_t code = column_code(column, part[p].split);
        for (size_t i = 0; i < images[p].header.size[0]; i++)
            column->code[row++] = code;
    }
}

static bool read_data(struct dataset *data, const struct idx_part *part, struct idx_file *images,
                      size_t n_parts, uint8_t *label, struct err *err)
{
    uint8_t *to = data->pixels;
    for (size_t p = 0; p < n_parts; p++) {
        struct idx_file *file = &images[p];
        if (!data_into(file->raw, file->length, &file->header, to, err))
            return err_within(err, "%s", file->path);
        if (label && !labels_into(&part[p], file, label, err))
            return false;
        to += file->header.bytes;
        label = label ? label + file->header.size[0] : NULL;
        free(file->raw);
        file->raw = NULL;
    }
    return true;
}

bool idx_load_parts(struct dataset *data, const struct idx_part *part, size_t n_parts,
                    const char *const *names, size_t n_names, struct err *err)
{
    struct idx_file *images = xcalloc(n_parts, sizeof *images);
    uint8_t *label = NULL;
    bool fine = true;
    for (size_t p = 0; fine && p < n_parts; p++)
        fine = file_open(&images[p], part[p].images, err);
    fine = fine && add_sizes(data, images, n_parts, err) && dataset_add_pixels(data, err);
    if (fine && part[0].labels)
        label = xcalloc(data->n, 1);
    fine = fine && read_data(data, part, images, n_parts, label, err);
    if (fine && label)
        add_label_column(data, label, names, n_names);
    if (fine && part[0].split)
        add_split_column(data, part, images, n_parts);
    free(label);
    for (size_t p = 0; p < n_parts; p++)
        free(images[p].raw);
    free(images);
    return fine;
}

/* ---- finding the parts ---- */

static bool is_images_name(const char *name)
{
    return strstr(name, "idx3-ubyte") || strstr(name, "idx4-ubyte") || strstr(name, "images.idx");
}

static bool is_training_name(const char *name)
{
    return strncmp(name, "train", 5) == 0 || strstr(name, "-train-");
}

/* "x-images-idx3-ubyte.gz" -> "x-labels-idx1-ubyte.gz", tried with and without ".gz"; owned, NULL if there is
 * none. A labels file is not obligatory, a wrong one is an error. */
static char *labels_beside(const char *images)
{
    const char *base = path_base(images), *word = strstr(base, "images");
    if (!word)
        return NULL;
    struct strbuf path = {0};
    strbuf_add(&path, images, (size_t)(word - images));
    strbuf_puts(&path, "labels");
    strbuf_puts(&path, word + strlen("images"));
    for (char *p = path.text + (word - images); (p = strpbrk(p, "34")); p++)
        if (p[-1] == 'x')
            *p = '1';
    char *other = name_ends(path.text, ".gz") ? xstrndup(path.text, path.length - 3) : NULL;
    if (!other) {
        struct strbuf packed = {0};
        strbuf_printf(&packed, "%s.gz", path.text);
        other = packed.text;
    }
    FILE *f = fopen(path.text, "rb");
    if (!f && (f = fopen(other, "rb"))) {
        char *swap = path.text;
        path.text = other;
        other = swap;
    }
    free(other);
    if (f)
        fclose(f);
    else
        strbuf_release(&path);
    return path.text;
}

/* The images files of a folder, those of training first. A file and its gzipped twin count once. */
static size_t images_in(const struct source *source, char **path, size_t room)
{
    size_t n = 0;
    for (int training = 1; training >= 0; training--)
        for (size_t i = 0; i < source->n_names && n < room; i++) {
            const char *name = source->name[i];
            bool twin = i > 0 && name_ends(name, ".gz") &&
                        strncmp(name, source->name[i - 1], strlen(name) - 3) == 0 &&
                        strlen(source->name[i - 1]) == strlen(name) - 3;
            if (is_images_name(name) && !twin && is_training_name(name) == (training == 1))
                path[n++] = path_join(source->path, name);
        }
    return n;
}

static bool load(const struct source *source, const struct data_options *options, struct dataset *data,
                 struct err *err)
{
    enum { MAX_PARTS = 8 };
    (void)options;
    char *images[MAX_PARTS], *labels[MAX_PARTS];
    struct idx_part part[MAX_PARTS] = {{0}};
    size_t n = source->is_folder ? images_in(source, images, MAX_PARTS) : 0, labelled = 0;
    if (!source->is_folder)
        images[n++] = xstrdup(source->path);
    bool training =
        n > 1 && is_training_name(path_base(images[0])) && !is_training_name(path_base(images[n - 1]));
    for (size_t p = 0; p < n; p++) {
        labels[p] = labels_beside(images[p]);
        labelled += labels[p] != NULL;
        part[p] = (struct idx_part){images[p], labels[p], NULL};
        if (training)
            part[p].split = is_training_name(path_base(images[p])) ? "train" : "eval";
    }
    bool fine =
        labelled == 0 || labelled == n
            ? idx_load_parts(data, part, n, NULL, 0, err)
            : err_set(err,
                      "%s: %zu of %zu images files have no labels file beside them: add it or give one "
                      "images file",
                      source->path, n - labelled, n);
    for (size_t p = 0; p < n; p++) {
        free(images[p]);
        free(labels[p]);
    }
    return fine;
}

static int sniff(const struct source *source)
{
    if (source->is_folder) {
        for (size_t i = 0; i < source->n_names; i++)
            if (is_images_name(source->name[i]))
                return 2;
        return 0;
    }
    const unsigned char *head = source->head;
    bool magic = source->n_head >= 8 && !head[0] && !head[1] && head[3] >= 1 && head[3] <= MAX_DIMENSIONS;
    if (!source->is_file)
        return 0;
    return magic && head[2] == UNSIGNED_BYTE ? 2 : is_images_name(path_base(source->path)) ? 2 : 0;
}

const struct format idx_format = {
    .entry = {"idx", "MNIST and its kin: a folder, or an images file with the labels beside it; .gz too.",
              NULL},
    .sniff = sniff,
    .load = load,
    .parse = parse,
};
