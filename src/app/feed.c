/* SPDX-License-Identifier: MIT */
#include "app/feed.h"

#include <string.h>

struct feed *feed_open(const struct options *options, struct err *err)
{
    const char *path = options->n_operands ? options->operand[0] : NULL;
    bool explore = strcmp(options->command->entry.name, "explore") == 0;
    if (path && run_is_there(path))
        return feed_run_open(options, err);
    if (explore || (path && feed_tables_sniff(path)))
        return feed_tables_open(options, err);
    return feed_training_open(options, err);
}

void feed_free(struct feed *feed)
{
    if (feed)
        feed->kind->free(feed);
}
