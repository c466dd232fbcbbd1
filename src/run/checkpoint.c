/* SPDX-License-Identifier: MIT */
#include "run/checkpoint.h"

#include "base/check.h"
#include "base/file.h"

#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH_BYTES = 8, HEADER_MAX = 4 << 20, NAME_MAX_BYTES = 96, DIMS_MAX = 8 };
static const size_t file_max = (size_t)1 << 31;

/* ---- the blocks that a tensor of params is stored as ---- */

struct block {
    const char *prefix;
    size_t of_params; /* offset of the block's pointer in struct params */
    bool trained_only;
};

static const struct block blocks[] = {
    {"", offsetof(struct params, value), false},
    {"optim.m.", offsetof(struct params, m), true},
    {"optim.v.", offsetof(struct params, v), true},
};

static real *block_values(const struct params *params, const struct block *block, const struct tensor *tensor)
{
    real *base;
    memcpy(&base, (const char *)params + block->of_params, sizeof base);
    return base + tensor->offset;
}

static bool block_has(const struct block *block, const struct tensor *tensor)
{
    return !block->trained_only || tensor->role != TENSOR_STATE;
}

static void block_name(const struct block *block, const struct tensor *tensor, char name[NAME_MAX_BYTES])
{
    snprintf(name, NAME_MAX_BYTES, "%s%s", block->prefix, tensor->name);
}

/* ---- writing ---- */

static json_t *tensor_header(const struct tensor *tensor, size_t *offset)
{
    json_t *shape = json_array();
    for (int i = 0; i < tensor->n_dims; i++)
        json_array_append_new(shape, json_integer(tensor->dims[i]));
    size_t end = *offset + tensor->count * sizeof(float);
    json_t *entry = json_pack("{s:s, s:o, s:[I, I]}", "dtype", "F32", "shape", shape, "data_offsets",
                              (json_int_t)*offset, (json_int_t)end);
    *offset = end;
    return entry;
}

static json_t *make_header(const struct params *params, const char *const *metadata)
{
    json_t *header = json_object(), *texts = json_object();
    for (size_t i = 0; metadata && metadata[i]; i += 2)
        json_object_set_new(texts, metadata[i], json_string(metadata[i + 1]));
    json_object_set_new(header, "__metadata__", texts);
    size_t offset = 0;
    for (size_t b = 0; b < ARRAY_LEN(blocks); b++)
        for (size_t i = 0; i < params->n_tensors; i++) {
            char name[NAME_MAX_BYTES];
            if (!block_has(&blocks[b], &params->tensor[i]))
                continue;
            block_name(&blocks[b], &params->tensor[i], name);
            json_object_set_new(header, name, tensor_header(&params->tensor[i], &offset));
        }
    return header;
}

static void write_length(FILE *stream, uint64_t length)
{
    for (int i = 0; i < LENGTH_BYTES; i++)
        fputc((int)(length >> (8 * i) & 0xff), stream);
}

static void write_float(FILE *stream, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    unsigned char bytes[4] = {bits & 0xff, bits >> 8 & 0xff, bits >> 16 & 0xff, bits >> 24};
    fwrite(bytes, 1, sizeof bytes, stream);
}

static void write_tensors(FILE *stream, const struct params *params)
{
    for (size_t b = 0; b < ARRAY_LEN(blocks); b++)
        for (size_t i = 0; i < params->n_tensors; i++) {
            const struct tensor *tensor = &params->tensor[i];
            if (!block_has(&blocks[b], tensor))
                continue;
            const real *values = block_values(params, &blocks[b], tensor);
            for (size_t k = 0; k < tensor->count; k++)
                write_float(stream, (float)values[k]);
        }
}

bool checkpoint_write(const char *path, const struct params *params, const char *const *metadata,
                      struct err *err)
{
    json_t *header = make_header(params, metadata);
    char *text = json_dumps(header, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(header);
    CHECK(text); /* NULL only for text that is no UTF-8, and every text here is cleaned */
    struct file_writer writer;
    bool fine = file_begin(&writer, path, err);
    if (fine) {
        size_t length = strlen(text), padded = (length + 7) / 8 * 8; /* tensors start aligned */
        write_length(writer.stream, padded);
        fprintf(writer.stream, "%-*s", (int)padded, text);
        write_tensors(writer.stream, params);
        fine = file_commit(&writer, err);
    }
    free(text);
    return fine;
}

/* ---- reading ---- */

/* A checkpoint taken apart; pointers go into the bytes and the JSON. */
struct opened {
    json_t *header;
    const unsigned char *data;
    size_t n_data;
};

/* Where one tensor lies. */
struct span {
    size_t begin, end;
    size_t dims[DIMS_MAX], n_dims;
};

static bool read_offsets(json_t *entry, size_t n_data, struct span *span)
{
    json_t *offsets = json_object_get(entry, "data_offsets");
    json_t *begin = json_array_get(offsets, 0), *end = json_array_get(offsets, 1);
    if (json_array_size(offsets) != 2 || !json_is_integer(begin) || !json_is_integer(end))
        return false;
    json_int_t from = json_integer_value(begin), to = json_integer_value(end);
    if (from < 0 || to < from || (uint64_t)to > n_data)
        return false;
    span->begin = (size_t)from;
    span->end = (size_t)to;
    return true;
}

static bool read_shape(json_t *entry, struct span *span)
{
    json_t *shape = json_object_get(entry, "shape");
    if (!json_is_array(shape) || json_array_size(shape) > DIMS_MAX)
        return false;
    span->n_dims = json_array_size(shape);
    size_t count = 1;
    for (size_t i = 0; i < span->n_dims; i++) {
        json_t *dim = json_array_get(shape, i);
        json_int_t value = json_integer_value(dim);
        if (!json_is_integer(dim) || value < 0 || (uint64_t)value > file_max)
            return false;
        span->dims[i] = (size_t)value;
        if (value && count > file_max / (size_t)value)
            return false;
        count *= (size_t)value;
    }
    return count * sizeof(float) == span->end - span->begin;
}

static bool read_span(json_t *entry, const char *name, size_t n_data, struct span *span, struct err *err)
{
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    if (!type)
        return err_set(err, "%s: no dtype", name);
    if (strcmp(type, "F32") != 0)
        return err_set(err, "%s: dtype %s, only F32 is read", name, type);
    if (!read_offsets(entry, n_data, span))
        return err_set(err, "%s: data_offsets outside the file's %zu bytes of tensors", name, n_data);
    if (!read_shape(entry, span))
        return err_set(err, "%s: shape and data_offsets do not agree", name);
    return true;
}

static int by_begin(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static bool spans_fill(struct span *spans, size_t n, size_t n_data, struct err *err)
{
    qsort(spans, n, sizeof *spans, by_begin);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (spans[i].begin != at)
            return err_set(err, "tensors overlap or leave a gap at byte %zu", at);
        at = spans[i].end;
    }
    return at == n_data || err_set(err, "%zu bytes behind the last tensor", n_data - at);
}

/* Every entry by itself, then all of them against each other. */
static bool check_spans(const struct opened *opened, struct err *err)
{
    struct span *spans = xcalloc(json_object_size(opened->header), sizeof *spans);
    size_t n = 0;
    bool fine = true;
    const char *name;
    json_t *entry;
    json_object_foreach(opened->header, name, entry)
    {
        if (strcmp(name, "__metadata__") == 0)
            continue;
        fine = read_span(entry, name, opened->n_data, &spans[n++], err);
        if (!fine)
            break;
    }
    fine = fine && spans_fill(spans, n, opened->n_data, err);
    free(spans);
    return fine;
}

static bool check_texts(json_t *texts, struct err *err)
{
    const char *key;
    json_t *value;
    if (texts && !json_is_object(texts))
        return err_set(err, "__metadata__ is not an object");
    json_object_foreach(texts, key, value)
    {
        if (!json_is_string(value))
            return err_set(err, "__metadata__: %s is not text", key);
    }
    return true;
}

static bool open_header(const unsigned char *bytes, size_t length, struct opened *opened, struct err *err)
{
    uint64_t n_header = 0;
    for (int i = 0; i < LENGTH_BYTES && (size_t)i < length; i++)
        n_header |= (uint64_t)bytes[i] << (8 * i);
    if (length < LENGTH_BYTES || n_header > length - LENGTH_BYTES)
        return err_set(err, "cut short, or not a safetensors file: %zu bytes", length);
    if (n_header > HEADER_MAX)
        return err_set(err, "a header of %llu bytes; at most %d are read", (unsigned long long)n_header,
                       HEADER_MAX);
    json_error_t why;
    opened->header =
        json_loadb((const char *)bytes + LENGTH_BYTES, (size_t)n_header, JSON_REJECT_DUPLICATES, &why);
    if (!opened->header)
        return err_set(err, "not a safetensors file: %s", why.text);
    if (!json_is_object(opened->header)) {
        json_decref(opened->header);
        return err_set(err, "not a safetensors file: the header is not an object");
    }
    opened->data = bytes + LENGTH_BYTES + n_header;
    opened->n_data = length - LENGTH_BYTES - (size_t)n_header;
    return true;
}

static bool same_shape(const struct span *span, const struct tensor *tensor)
{
    bool same = span->n_dims == (size_t)tensor->n_dims;
    for (size_t i = 0; same && i < span->n_dims; i++)
        same = span->dims[i] == (size_t)tensor->dims[i];
    return same;
}

static float read_float(const unsigned char *p)
{
    uint32_t bits = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* One tensor of params against the file; copied too if `copy`. */
static bool take_tensor(const struct opened *opened, const struct params *params, const struct block *block,
                        const struct tensor *tensor, bool copy, struct err *err)
{
    char name[NAME_MAX_BYTES];
    struct span span;
    block_name(block, tensor, name);
    json_t *entry = json_object_get(opened->header, name);
    if (!entry)
        return err_set(err, "no tensor %s: it is of another network or method", name);
    if (!read_span(entry, name, opened->n_data, &span, err))
        return false;
    if (!same_shape(&span, tensor))
        return err_set(err, "%s has another shape: it is of another network", name);
    real *values = copy ? block_values(params, block, tensor) : NULL;
    for (size_t k = 0; k < tensor->count; k++) {
        float value = read_float(opened->data + span.begin + k * sizeof(float));
        if (!isfinite(value))
            return err_set(err, "%s holds a value that is not finite", name);
        if (copy)
            values[k] = (real)value;
    }
    return true;
}

static bool take_params(const struct opened *opened, const struct params *params, bool copy, struct err *err)
{
    size_t n = 0;
    for (size_t b = 0; b < ARRAY_LEN(blocks); b++)
        for (size_t i = 0; i < params->n_tensors; i++) {
            if (!block_has(&blocks[b], &params->tensor[i]))
                continue;
            if (!take_tensor(opened, params, &blocks[b], &params->tensor[i], copy, err))
                return false;
            n++;
        }
    size_t stored =
        json_object_size(opened->header) - (json_object_get(opened->header, "__metadata__") != NULL);
    return n == stored ||
           err_set(err, "%zu tensors where this network has %zu: it is of another network", stored, n);
}

static void hand_over(json_t *metadata, const struct checkpoint_texts *texts)
{
    const char *key;
    json_t *value;
    if (!texts || !texts->found)
        return;
    json_object_foreach(metadata, key, value)
    {
        texts->found(texts->ctx, key, json_string_value(value));
    }
}

bool checkpoint_parse(const void *bytes, size_t length, struct params *params,
                      const struct checkpoint_texts *texts, struct err *err)
{
    struct opened opened;
    if (!open_header(bytes, length, &opened, err))
        return false;
    json_t *metadata = json_object_get(opened.header, "__metadata__");
    bool fine = check_texts(metadata, err) && check_spans(&opened, err) &&
                (!params || take_params(&opened, params, false, err));
    if (fine && params)
        CHECK(take_params(&opened, params, true, err));
    if (fine)
        hand_over(metadata, texts);
    json_decref(opened.header);
    return fine;
}

bool checkpoint_read(const char *path, struct params *params, const struct checkpoint_texts *texts,
                     struct err *err)
{
    size_t length;
    char *bytes = file_read(path, file_max, &length, err);
    if (!bytes)
        return false;
    bool fine = checkpoint_parse(bytes, length, params, texts, err) || err_within(err, "%s", path);
    free(bytes);
    return fine;
}
