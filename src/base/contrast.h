/* SPDX-License-Identifier: MIT
 *
 * What training makes of the pairs of a batch: which it pulls together and which it pushes apart. A method
 * says so in its const table (method/method.h), settings carry it (share/settings.h), and screens word by it.
 */
#ifndef NF_BASE_CONTRAST_H
#define NF_BASE_CONTRAST_H

#include <stdbool.h>

/* Of an anchor: the other view of its picture, or all views of its label. */
enum positives { POSITIVES_VIEW, POSITIVES_LABEL };
/* Of an anchor: nothing, the other pictures of its batch, keys of earlier batches, other pictures' captions.
 */
enum negatives { NEGATIVES_NONE, NEGATIVES_BATCH, NEGATIVES_QUEUE, NEGATIVES_CAPTIONS };

struct contrast {
    enum positives positives;
    enum negatives negatives;
};

#endif
