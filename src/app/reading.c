/* SPDX-License-Identifier: MIT */
#include "app/reading.h"

#include "app/progress.h"

struct reading {
    bool (*read)(void *ctx, struct progress *progress, struct err *err);
    void *ctx;
    struct err *err;
    bool fine;
};

static void read_beside(void *ctx, struct progress *progress)
{
    struct reading *reading = ctx;
    reading->fine = reading->read(reading->ctx, progress, reading->err);
}

bool reading_watch(bool (*read)(void *ctx, struct progress *progress, struct err *err), void *ctx,
                   struct err *err)
{
    struct reading reading = {.read = read, .ctx = ctx, .err = err};
    if (watch_work("reading", read_beside, &reading))
        return reading.fine;
    return err_set(err, "stopped while it was read; nothing was written");
}

struct one_table {
    struct embeddings *table;
    const char *path;
};

static bool read_table(void *ctx, struct progress *progress, struct err *err)
{
    const struct one_table *one = ctx;
    progress_expect(progress, embeddings_parts(one->path));
    return embeddings_read_watched(one->table, one->path, progress, err);
}

bool reading_table(struct embeddings *table, const char *path, struct err *err)
{
    struct one_table one = {table, path};
    return reading_watch(read_table, &one, err);
}
