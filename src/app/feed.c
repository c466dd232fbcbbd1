/* SPDX-License-Identifier: MIT */
#include "app/feed.h"

struct feed *feed_open(const struct options *options, struct err *err)
{
    return feed_training_open(options, err);
}

void feed_free(struct feed *feed)
{
    if (feed)
        feed->kind->free(feed);
}
