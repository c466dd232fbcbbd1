/* SPDX-License-Identifier: MIT
 *
 * Source: NEP 1, "A simple file format for NumPy arrays": magic, version, the length of the header, a Python
 * dict literal with the keys descr, fortran_order and shape, then the numbers.
 */
#include "data/npy.h"

#include "base/check.h"
#include "base/file.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_HEADER = 1 << 16, HEAD = MAX_HEADER + 12 }; /* HEAD: with what stands before it */
static const size_t max_file = (size_t)8 << 30;

struct layout {
    char kind;    /* 'f', 'i', 'u', 'b' */
    size_t width; /* bytes of one number */
    bool big_endian, fortran;
    size_t rows, columns;
    size_t offset; /* of the numbers in the file */
};

/* ---- the header ---- */

static const char *after_key(const char *header, const char *key)
{
    const char *p = strstr(header, key);
    if (!p)
        return NULL;
    p += strlen(key);
    p += strspn(p, " \t");
    if (*p != ':')
        return NULL;
    p++;
    return p + strspn(p, " \t");
}

static bool parse_dtype(const char *header, struct layout *layout, struct err *err)
{
    const char *p = after_key(header, "'descr'");
    if (!p || *p != '\'')
        return err_set(err, "no single dtype in the header: save one plain array of numbers");
    char order = p[1], kind = order ? p[2] : '\0', width = kind ? p[3] : '\0';
    bool plain = width && p[4] == '\'' && strchr("<>|=", order);
    bool known = plain && ((kind == 'f' && strchr("248", width)) ||
                           (strchr("iu", kind) && strchr("1248", width)) || (kind == 'b' && width == '1'));
    if (!known)
        return err_set(err, "dtype %.*s is not read: save float16, float32, float64 or integers",
                       (int)strcspn(p + 1, "'") + 2 < 16 ? (int)strcspn(p + 1, "'") + 2 : 16, p);
    layout->kind = kind;
    layout->width = (size_t)(width - '0');
    layout->big_endian = order == '>';
    return true;
}

/* One number of the shape; false where there is none or it is absurd. */
static bool parse_size(const char **p, size_t *size)
{
    *size = 0;
    if (!isdigit((unsigned char)**p))
        return false;
    for (; isdigit((unsigned char)**p); (*p)++) {
        if (*size > max_file)
            return false;
        *size = *size * 10 + (size_t)(**p - '0');
    }
    *p += strspn(*p, "L ");
    return true;
}

static bool parse_shape(const char *header, struct layout *layout, struct err *err)
{
    const char *p = after_key(header, "'shape'");
    size_t size[3] = {1, 1, 1};
    int n = 0;
    if (!p || *p++ != '(')
        return err_set(err, "no shape in the header");
    while (n < 3 && parse_size(&p, &size[n])) {
        n++;
        if (*p != ',')
            break;
        p++;
        p += strspn(p, " ");
    }
    if (n < 3 && size[n < 2 ? n : 2] > max_file)
        return err_set(err, "the shape claims more numbers than a file can hold: the header is damaged");
    if (*p != ')' || n < 1 || n > 2)
        return err_set(err,
                       "the shape should have one or two dimensions (items, numbers): reshape the array");
    layout->rows = size[0];
    layout->columns = n == 2 ? size[1] : 1;
    if (layout->rows == 0 || layout->columns == 0)
        return err_set(err, "the shape has a 0: no items in it");
    return true;
}

static bool parse_header(const unsigned char *b, size_t length, struct layout *layout, struct err *err)
{
    if (length < 12 || memcmp(b, "\x93NUMPY", 6) != 0)
        return err_set(err, "not a .npy file: write one with numpy.save");
    if (b[6] < 1 || b[6] > 3)
        return err_set(err, ".npy version %d is not read, 1 to 3 are", b[6]);
    size_t start = b[6] == 1 ? 10 : 12;
    size_t size = (size_t)b[8] | (size_t)b[9] << 8;
    if (b[6] > 1)
        size |= (size_t)b[10] << 16 | (size_t)b[11] << 24;
    if (size > MAX_HEADER || size > length - start)
        return err_set(err, "the header claims %zu bytes, the file has %zu: it is truncated", size,
                       length - start);
    char *header = xstrndup((const char *)b + start, size);
    const char *fortran = after_key(header, "'fortran_order'");
    *layout = (struct layout){.fortran = fortran && strncmp(fortran, "True", 4) == 0, .offset = start + size};
    bool fine = parse_dtype(header, layout, err) && parse_shape(header, layout, err);
    free(header);
    return fine;
}

/* ---- the numbers ---- */

static double half_to_double(uint16_t half)
{
    int exponent = half >> 10 & 31, fraction = half & 1023;
    double size = exponent == 0    ? ldexp(fraction, -24)
                  : exponent == 31 ? (fraction ? (double)NAN : (double)INFINITY)
                                   : ldexp(1024 + fraction, exponent - 25);
    return half & 0x8000 ? -size : size;
}

static double float_to_double(uint64_t bits, size_t width)
{
    if (width == 2)
        return half_to_double((uint16_t)bits);
    if (width == 4) {
        float f;
        uint32_t narrow = (uint32_t)bits;
        memcpy(&f, &narrow, sizeof f);
        return (double)f;
    }
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

static double number_at(const unsigned char *p, const struct layout *layout)
{
    uint64_t bits = 0;
    for (size_t k = 0; k < layout->width; k++)
        bits |= (uint64_t)p[layout->big_endian ? layout->width - 1 - k : k] << (8 * k);
    if (layout->kind == 'f')
        return float_to_double(bits, layout->width);
    if (layout->kind == 'i' && layout->width < 8 && bits >> (8 * layout->width - 1))
        return (double)bits - ldexp(1, (int)(8 * layout->width));
    return layout->kind == 'i' ? (double)(int64_t)bits : (double)bits;
}

/* The program runs on little-endian machines as they come; a big-endian one says so in the header. */
static char native_order(void)
{
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return first ? '<' : '>';
}

/* Where a number of the table lies in the file. */
static size_t place_of(const struct layout *layout, size_t row, size_t column)
{
    size_t from = layout->fortran ? column * layout->rows + row : row * layout->columns + column;
    return layout->offset + from * layout->width;
}

/* The header, and whether the file is as long as it says. */
static bool parse_layout(const void *bytes, size_t length, struct layout *layout, struct err *err)
{
    *layout = (struct layout){0};
    if (!parse_header(bytes, length, layout, err))
        return false;
    size_t left = length - layout->offset;
    if (layout->columns > left || layout->rows > left / layout->columns / layout->width)
        return err_set(err, "the header claims %zu x %zu numbers, the file holds fewer: it is truncated",
                       layout->rows, layout->columns);
    size_t n = layout->rows * layout->columns;
    if (n * layout->width != left)
        return err_set(err, "%zu bytes more than the header claims: the file is damaged",
                       left - n * layout->width);
    return true;
}

bool npy_parse(const void *bytes, size_t length, struct table *table, struct err *err)
{
    struct layout layout;
    *table = (struct table){0};
    if (!parse_layout(bytes, length, &layout, err))
        return false;
    table->values = mem_try(layout.rows * layout.columns, sizeof *table->values, "table", err);
    if (!table->values)
        return false;
    table->rows = layout.rows;
    table->columns = layout.columns;
    const unsigned char *data = bytes;
    for (size_t r = 0; r < table->rows; r++)
        for (size_t c = 0; c < table->columns; c++)
            table->values[r * table->columns + c] = number_at(data + place_of(&layout, r, c), &layout);
    return true;
}

/* The numbers lie in the file as they do in memory. */
static bool lies_as_float(const struct layout *layout)
{
    return layout->kind == 'f' && layout->width == sizeof(float) && !layout->fortran &&
           (layout->big_endian ? '>' : '<') == native_order();
}

/* Numbers first.. of the file, n of them from `bytes`, to their places. */
static void place_floats(const struct layout *layout, const unsigned char *bytes, size_t first, size_t n,
                         float *values)
{
    if (lies_as_float(layout)) {
        memcpy(values + first, bytes, n * sizeof *values);
        return;
    }
    for (size_t i = first; i < first + n; i++, bytes += layout->width) {
        size_t place = layout->fortran ? i % layout->rows * layout->columns + i / layout->rows : i;
        values[place] = (float)number_at(bytes, layout);
    }
}

static bool make_room(struct matrix *matrix, const struct layout *layout, struct err *err)
{
    matrix->values = mem_try(layout->rows * layout->columns, sizeof *matrix->values, "table", err);
    matrix->rows = layout->rows;
    matrix->columns = layout->columns;
    return matrix->values != NULL;
}

static bool parse_floats(const void *bytes, size_t length, struct matrix *matrix, struct err *err)
{
    struct layout layout;
    *matrix = (struct matrix){0};
    if (!parse_layout(bytes, length, &layout, err) || !make_room(matrix, &layout, err))
        return false;
    place_floats(&layout, (const unsigned char *)bytes + layout.offset, 0, layout.rows * layout.columns,
                 matrix->values);
    return true;
}

/* The numbers behind the header, piece by piece to their places: no second copy of the file is held. */
static bool read_numbers(FILE *stream, const struct layout *layout, struct matrix *matrix,
                         struct progress *progress, struct err *err)
{
    enum { PIECE = 1 << 16 }; /* numbers */
    size_t n = layout->rows * layout->columns, width = layout->width;
    unsigned char *piece = xcalloc(PIECE, width);
    bool fine = make_room(matrix, layout, err);
    if (fine && fseek(stream, (long)layout->offset, SEEK_SET) != 0)
        fine = err_set(err, "it cannot be read: %s", strerror(errno));
    progress_begin(progress, n * width);
    for (size_t i = 0; fine && i < n; i += PIECE) {
        size_t m = n - i < PIECE ? n - i : PIECE;
        if (progress_cancelled(progress))
            fine = err_set(err, "stopped while it was read");
        else if (fread(piece, width, m, stream) != m)
            fine = err_set(err, "the file ended while it was read: it is truncated");
        else
            place_floats(layout, piece, i, m, matrix->values);
        progress_step(progress, m * width);
    }
    free(piece);
    if (!fine)
        matrix_release(matrix);
    return fine;
}

/* A file of `size` bytes. */
static bool read_file(FILE *stream, size_t size, struct matrix *matrix, struct progress *progress,
                      struct err *err)
{
    struct layout layout;
    unsigned char *head = xcalloc(HEAD, 1);
    size_t n = fread(head, 1, HEAD, stream);
    bool fine = parse_layout(head, n < HEAD ? n : size, &layout, err);
    free(head);
    return fine && read_numbers(stream, &layout, matrix, progress, err);
}

static bool read_whole(const char *path, struct matrix *matrix, struct err *err)
{
    size_t length;
    char *bytes = file_read(path, max_file, &length, err);
    if (!bytes)
        return false;
    bool fine = parse_floats(bytes, length, matrix, err) || err_within(err, "%s", path);
    free(bytes);
    return fine;
}

bool npy_read_floats_watched(const char *path, struct matrix *matrix, struct progress *progress,
                             struct err *err)
{
    struct stat st;
    *matrix = (struct matrix){0};
    bool plain = stat(path, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size <= max_file;
    FILE *stream = plain ? fopen(path, "rb") : NULL;
    if (!stream) /* a pipe, or what there is to say against it */
        return read_whole(path, matrix, err);
    bool fine = read_file(stream, (size_t)st.st_size, matrix, progress, err) || err_within(err, "%s", path);
    fclose(stream);
    return fine;
}

bool npy_read_floats(const char *path, struct matrix *matrix, struct err *err)
{
    return npy_read_floats_watched(path, matrix, NULL, err);
}

void matrix_release(struct matrix *matrix)
{
    free(matrix->values);
    *matrix = (struct matrix){0};
}

bool npy_read(const char *path, struct table *table, struct err *err)
{
    size_t length;
    *table = (struct table){0};
    char *bytes = file_read(path, max_file, &length, err);
    if (!bytes)
        return false;
    bool fine = npy_parse(bytes, length, table, err) || err_within(err, "%s", path);
    free(bytes);
    return fine;
}

bool npy_write(const char *path, const float *values, size_t rows, size_t columns, struct err *err)
{
    enum { START = 10, TOTAL = 128 }; /* the numbers start at a multiple of 64 */
    char head[TOTAL + 1], dict[TOTAL];
    struct file_writer writer;
    snprintf(dict, sizeof dict, "{'descr': '%cf4', 'fortran_order': False, 'shape': (%zu, %zu), }",
             native_order(), rows, columns);
    memcpy(head, "\x93NUMPY\x01\x00", 8);
    head[8] = TOTAL - START;
    head[9] = 0;
    snprintf(head + START, sizeof head - START, "%-*s\n", TOTAL - START - 1, dict);
    if (!file_begin(&writer, path, err))
        return false;
    fwrite(head, 1, TOTAL, writer.stream);
    fwrite(values, sizeof *values, rows * columns, writer.stream);
    return file_commit(&writer, err);
}

void table_release(struct table *table)
{
    free(table->values);
    *table = (struct table){0};
}
