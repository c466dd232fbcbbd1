/* SPDX-License-Identifier: MIT
 *
 * A snapshot of embeddings that were made elsewhere: all items are watched, nothing else is known. Its
 * measures are read from the rows: how well each attribute is told by an item's 20 nearest, among at most
 * MOMENT_SAMPLE items spread evenly over all, and how the space is spread. Any thread.
 */
#ifndef NF_APP_MOMENT_H
#define NF_APP_MOMENT_H

#include "data/dataset.h"
#include "share/snapshot.h"

enum { MOMENT_SAMPLE = 2000 };

/* Series that the moments of one timeline share; references held. */
struct moment_series {
    struct series *steps, *measured, *events;
};
void moment_series_init(struct moment_series *series);
void moment_series_release(struct moment_series *series);

struct moment {
    const float *rows; /* (n, d); copied, or */
    bool hands_over;   /* taken over: free() is the snapshot's */
    size_t n, d;
    const uint32_t *item; /* (n) data rows; NULL: 0, 1, ... */
    uint64_t step;
    const char *name; /* for the list of events; NULL */
    const float *z;   /* (n, dim_z); copied; NULL: not known */
    size_t dim_z;
    const struct kept_batch *batch; /* of that z; copied; NULL, or of another width: not known */
    struct saved_state
        *text; /* what makes z of a text (train/texts.h); its reference is taken over; or NULL */
    struct progress
        *stop; /* cancelled, it is measured no further, and its numbers mean nothing; NULL: never */
};
/* Owned; measured only where `measure`. */
struct snapshot *moment_new(const struct moment *moment, const struct dataset *data,
                            const struct moment_series *series, bool measure);

/* "20 nearest, cosine, T 0.07, each of 2 000 items among the others". */
void moment_protocol(size_t n, char *text, size_t size);

#endif
