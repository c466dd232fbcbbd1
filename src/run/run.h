/* SPDX-License-Identifier: MIT
 *
 * A run folder: config.json, metrics.csv, timing.csv, checkpoint.safetensors, embeddings.npy, items.csv.
 * Every file is whole or not there. metrics.csv holds no time, so that the same run gives the same bytes on
 * any number of threads. One thread.
 */
#ifndef NF_RUN_RUN_H
#define NF_RUN_RUN_H

#include "base/err.h"
#include "data/dataset.h"
#include "nn/params.h"
#include "share/series.h"

#include <stdint.h>

struct run_writer; /* appends rows of metrics.csv and timing.csv */

/* Starts a folder (made if needed), refusing one that holds a run unless `resume`: then rows after
 * `from_step` are cut. */
struct run_writer *run_begin(const char *folder, bool resume, uint64_t from_step, struct err *err);
bool run_row(struct run_writer *writer, const struct step_row *row, struct err *err);
bool run_measures(struct run_writer *writer, const struct dataset *data, const struct measures *measures,
                  struct err *err);
bool run_end(struct run_writer *writer, struct err *err); /* flush, fsync, close; frees it */

/* checkpoint.safetensors: every tensor of params by name, moments as optim.m.NAME and optim.v.NAME; metadata
 * pairs as strings, key, value, key, value, NULL. Reading checks the header against the file and the tensors
 * against params (names, shapes); metadata is handed to `found` (may be NULL). */
bool checkpoint_write(const char *path, const struct params *params, const char *const *metadata,
                      struct err *err);
bool checkpoint_read(const char *path, struct params *params,
                     void (*found)(void *ctx, const char *key, const char *value), void *ctx,
                     struct err *err);
/* The parser alone, for the fuzzer. */
bool checkpoint_parse(const void *bytes, size_t length, struct params *params,
                      void (*found)(void *ctx, const char *key, const char *value), void *ctx,
                      struct err *err);

/* items.csv of the given rows: id, then columns in dataset order. */
bool items_write(const char *path, const struct dataset *data, const uint32_t *items, size_t n,
                 struct err *err);

#endif
