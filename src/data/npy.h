/* SPDX-License-Identifier: MIT
 *
 * NumPy's .npy: reading float16/32/64 and integers, C or Fortran order, little or big endian, versions 1 to
 * 3, 1-D or 2-D; writing float32 in C order, version 1. Sizes are checked against the file before anything is
 * allocated.
 */
#ifndef NF_DATA_NPY_H
#define NF_DATA_NPY_H

#include "base/err.h"
#include "base/parallel.h"

#include <stddef.h>

struct table {
    size_t rows, columns; /* a 1-D file has one column */
    double *values;       /* (rows, columns) C order; owned, free(). double: nothing is lost from any dtype */
};

bool npy_parse(const void *bytes, size_t length, struct table *table, struct err *err);
bool npy_read(const char *path, struct table *table, struct err *err);

/* The same as floats, rounded: what embeddings are kept as. */
struct matrix {
    size_t rows, columns;
    float *values; /* (rows, columns) C order; owned */
};
bool npy_read_floats(const char *path, struct matrix *matrix, struct err *err);
/* The same as a part of progress, in bytes; cancelled it is refused. */
bool npy_read_floats_watched(const char *path, struct matrix *matrix, struct progress *progress,
                             struct err *err);
void matrix_release(struct matrix *matrix);

bool npy_write(const char *path, const float *values, size_t rows, size_t columns, struct err *err);
void table_release(struct table *table);

#endif
