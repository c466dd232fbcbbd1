/* SPDX-License-Identifier: MIT
 *
 * Between the files of the export: what is written, and a function a kind of file. The analysis worker.
 */
#ifndef NF_APP_EXPORT_PARTS_H
#define NF_APP_EXPORT_PARTS_H

#include "app/export.h"

/* Items of the probe in their order, with a number each. */
struct listing {
    const struct export_work *work;
    uint32_t *item;         /* (n) owned */
    float *value;           /* (n) owned, or NULL */
    const char *value_name; /* NULL: no value */
    size_t n;
};

/* The item that the rows are near to, -1 where it is not one item. */
int64_t listing_centre(const struct listing *rows);
/* The row of the data of its i-th. */
uint32_t listing_row(const struct listing *rows, size_t i);

typedef bool export_file(const struct listing *rows, struct err *err);
export_file export_csv, export_npy, export_png;

/* The space and metric as they are written: "h", "untrained"; "cosine". */
const char *export_space(const struct listing *rows);
const char *export_metric(const struct listing *rows);
/* FILE.json. `what` is in it. */
bool export_about(const struct listing *rows, const char *what, struct err *err);
void export_about_path(char *path, size_t size, const char *file);

#endif
