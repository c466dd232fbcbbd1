/* SPDX-License-Identifier: MIT */
#include "app/feed.h"

#include "app/sensitivity.h"
#include "base/check.h"

#include <string.h>

/* What only a table of embeddings can take. */
static bool refuse_table_options(const struct options *options, const char *path, struct err *err)
{
    static const char *const names[] = {"items", "key", "images", "xy", "queries", "pairs"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (option_given(options, names[i]))
            return err_set(err, "--%s is for tables of embeddings (.npy, CSV, TSV); %.200s is none", names[i],
                           path ? path : "a training");
    return true;
}

struct feed *feed_open(const struct options *options, struct progress *progress, struct err *err)
{
    const char *path = options->n_operands ? options->operand[0] : NULL;
    bool explore = strcmp(options->command->entry.name, "explore") == 0;
    bool run = path && (run_is_there(path) || sensitivity_is_there(path));
    if (!run && (explore || (path && feed_tables_sniff(path))))
        return feed_tables_open(options, progress, err);
    if (!refuse_table_options(options, path, err))
        return NULL;
    return run ? feed_run_open(options, err) : feed_training_open(options, err);
}

void feed_free(struct feed *feed)
{
    if (feed)
        feed->kind->free(feed);
}
