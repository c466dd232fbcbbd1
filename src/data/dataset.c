/* SPDX-License-Identifier: MIT */
#include "data/dataset.h"

#include "base/check.h"
#include "base/strbuf.h"
#include "data/embeddings.h"
#include "data/foreign.h"
#include "data/image_walk.h"
#include "data/source.h"

#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT(id) extern const struct format id##_format;
#include "data/formats.def"
#undef FORMAT

static const struct format *const formats[] = {
#define FORMAT(id) &id##_format,
#include "data/formats.def"
#undef FORMAT
};

const struct format *format_at(size_t i)
{
    return i < ARRAY_LEN(formats) ? formats[i] : NULL;
}

static const struct entry *entry_at(size_t i)
{
    return i < ARRAY_LEN(formats) ? &formats[i]->entry : NULL;
}

const struct axis format_axis = {.title = "format", .at = entry_at};

double data_option(const struct data_options *options, const struct knob *knobs, const char *name)
{
    const struct knob *knob = knob_find(knobs, name);
    CHECK(knob);
    double value = knob->value;
    for (size_t i = 0; i < options->n; i++)
        if (strcmp(options->item[i].name, name) == 0)
            value = options->item[i].value;
    return knob_clamp(knob, value);
}

bool dataset_add_pixels(struct dataset *data, struct err *err)
{
    CHECK(data->height > 0 && data->width > 0 && data->channels > 0);
    size_t each = (size_t)data->height * (size_t)data->width * (size_t)data->channels;
    data->pixels = mem_try(data->n, each, "pictures", err);
    return data->pixels != NULL;
}

/* ---- the digest: geometry, pixels, then every column by its cells as they are shown ---- */

static void digest_text(SHA2_CTX *sha, const char *text)
{
    SHA256Update(sha, (const uint8_t *)text, strlen(text) + 1);
}

static void digest_column(SHA2_CTX *sha, const struct dataset *data, const struct column *column)
{
    digest_text(sha, column->name);
    for (size_t v = 0; v < column->n_values; v++)
        digest_text(sha, column->value[v]);
    if (column->code)
        SHA256Update(sha, (const uint8_t *)column->code, data->n * sizeof *column->code);
    if (column->number)
        SHA256Update(sha, (const uint8_t *)column->number, data->n * sizeof *column->number);
    for (size_t i = 0; column->text && i < data->n; i++) /* of ids too, whose numbers are rounded */
        digest_text(sha, column->text[i]);
}

static void digest(struct dataset *data)
{
    SHA2_CTX sha;
    char geometry[96];
    SHA256Init(&sha);
    snprintf(geometry, sizeof geometry, "%zu %d %d %d", data->n, data->height, data->width, data->channels);
    digest_text(&sha, geometry);
    if (data->pixels)
        SHA256Update(&sha, data->pixels,
                     data->n * (size_t)data->height * (size_t)data->width * (size_t)data->channels);
    for (size_t c = 0; c < data->n_columns; c++)
        digest_column(&sha, data, &data->column[c]);
    SHA256End(&sha, data->sha256);
}

/* ---- opening ---- */

const struct dataset dataset_empty = {
    .label = NO_COLUMN, .group = NO_COLUMN, .identity = NO_COLUMN, .caption = NO_COLUMN, .split = NO_COLUMN};

/* Says what would have been right: the line a newcomer meets after a slip of the finger. */
static bool refuse(const struct source *source, struct err *err)
{
    if (source->is_folder)
        return err_set(
            err, "%s: %s; nearfar reads folders of PNG, JPEG or BMP pictures, IDX (MNIST) and CIFAR files",
            source->path, source->n_names ? "nothing in this folder is data" : "the folder is empty");
    if (source->is_file && image_kind_of(source->head, source->n_head) != IMAGE_UNKNOWN)
        return err_set(err, "%s: one picture: give the folder it is in", source->path);
    if (source->is_file && foreign_table(source->path, source->head, source->n_head, err))
        return false;
    if (source->is_file && embeddings_named(source->path))
        return err_set(err, "%s: a table, not pictures: nearfar explore %s opens it", source->path,
                       source->path);
    if (source->is_file)
        return err_set(
            err,
            "%s: not a data set nearfar knows: give an IDX images file, a CIFAR batch, or the folder the "
            "pictures are in",
            source->path);
    if (source_refuse_other(source, err))
        return false;
    return err_set(err,
                   "%s: no such file, folder or name; built in are tiles and fashion-mnist, or give a path",
                   source->path);
}

static const struct format *find_format(const struct source *source)
{
    const struct format *best = NULL;
    int sureness = 0;
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        int sure = formats[i]->sniff(source);
        if (sure > sureness) {
            sureness = sure;
            best = formats[i];
        }
    }
    return best;
}

static bool check_options(const struct format *format, const struct data_options *options, struct err *err)
{
    for (size_t i = 0; i < options->n; i++) {
        const struct knob *knob = knob_find(format->entry.knobs, options->item[i].name);
        double value = options->item[i].value;
        if (knob && value >= knob->min && value <= knob->max)
            continue;
        if (knob)
            return err_set(err, "%s=%g is outside %g to %g", knob->name, value, knob->min, knob->max);
        struct strbuf names = {0};
        for (size_t k = 0; k < knob_count(format->entry.knobs); k++)
            strbuf_printf(&names, "%s%s", k ? ", " : "", format->entry.knobs[k].name);
        err_set(err, "%s has no knob '%s'; it has: %s", format->entry.name, options->item[i].name,
                names.length ? names.text : "none");
        strbuf_release(&names);
        return false;
    }
    return true;
}

void dataset_finish(struct dataset *data, const char *path, const char *spec)
{
    char clean[256];
    if (!data->name) {
        size_t n = strlen(path);
        while (n > 1 && path[n - 1] == '/')
            n--;
        char *trimmed = xstrndup(path, n);
        text_clean(clean, sizeof clean, path_base(trimmed));
        data->name = xstrdup(clean);
        free(trimmed);
    }
    if (!data->args)
        data->args = xstrdup(spec);
    dataset_name_specials(data);
    digest(data);
}

bool dataset_open(struct dataset *data, const char *spec, const struct data_options *options, struct err *err)
{
    struct source source;
    struct data_options all = options ? *options : (struct data_options){0};
    *data = dataset_empty;
    bool fine = source_open(&source, spec, &all, err);
    const struct format *format = fine ? find_format(&source) : NULL;
    if (fine && !format)
        fine = refuse(&source, err);
    fine = fine && (check_options(format, &all, err) || err_within(err, "%s", spec));
    fine = fine && format->load(&source, &all, data, err);
    if (fine)
        dataset_finish(data, source.path, source.spec);
    else
        dataset_release(data);
    source_release(&source);
    return fine;
}

bool dataset_parse(struct dataset *data, const char *name, const void *bytes, size_t length, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        if (strcmp(formats[i]->entry.name, name) != 0 || !formats[i]->parse)
            continue;
        char spec[] = "bytes";
        struct source source = {.spec = spec, .path = spec};
        *data = dataset_empty;
        if (formats[i]->parse(bytes, length, data, err)) {
            dataset_finish(data, source.path, source.spec);
            return true;
        }
        dataset_release(data);
        return false;
    }
    *data = dataset_empty;
    return err_set(err, "%s: no format of that name reads bytes", name);
}
