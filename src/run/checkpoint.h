/* SPDX-License-Identifier: MIT
 *
 * checkpoint.safetensors: every tensor of a params table by name, the optimiser's moments of the trained ones
 * as optim.m.NAME and optim.v.NAME, and pairs of text. The format is Hugging Face's safetensors: 8 bytes of
 * header length (little endian), a JSON header, the tensors one after the other without gaps, F32 little
 * endian. Any thread.
 */
#ifndef NF_RUN_CHECKPOINT_H
#define NF_RUN_CHECKPOINT_H

#include "base/err.h"
#include "nn/params.h"

#include <stddef.h>

/* What is done with each pair of text that a checkpoint carries. */
struct checkpoint_texts {
    void (*found)(void *ctx, const char *key, const char *value); /* NULL: nothing */
    void *ctx;
};

/* metadata: key, value, key, value, NULL. The same params give the same bytes. */
bool checkpoint_write(const char *path, const struct params *params, const char *const *metadata,
                      struct err *err);

/* Everything is checked before anything is handed over: the header against the length of the file, offsets
 * against each other, names and shapes against params, values for being finite. On false params is as it was
 * and `texts` has seen nothing. */
bool checkpoint_read(const char *path, struct params *params, const struct checkpoint_texts *texts,
                     struct err *err);
/* The same of bytes in memory. params NULL: only the texts are wanted. */
bool checkpoint_parse(const void *bytes, size_t length, struct params *params,
                      const struct checkpoint_texts *texts, struct err *err);

#endif
