/* SPDX-License-Identifier: MIT
 *
 * Reading for the commands without a screen: beside the main thread, which says on stderr how far it is and
 * stops it at Ctrl-C. Main thread.
 */
#ifndef NF_APP_READING_H
#define NF_APP_READING_H

#include "base/err.h"
#include "base/parallel.h"
#include "data/embeddings.h"

/* read(ctx, progress, err), watched. False where it is, or where a signal came meanwhile: whatever it has
 * read by then is there to be released. */
bool reading_watch(bool (*read)(void *ctx, struct progress *progress, struct err *err), void *ctx,
                   struct err *err);

/* embeddings_read, watched. */
bool reading_table(struct embeddings *table, const char *path, struct err *err);

#endif
