/* SPDX-License-Identifier: MIT
 *
 * What a person marked in the views (data/marks.h), as tags of the items of an audit: a wrong label and the
 * later of two duplicates are in no pair; a pair that is the same or different is that. The view and the
 * command count with the same. Any thread.
 */
#ifndef NF_ANSWER_AUDIT_TAGS_H
#define NF_ANSWER_AUDIT_TAGS_H

#include "data/marks.h"
#include "space/audit.h"

/* Of a duplicate, `b` is the earlier item, UINT32_MAX where it is none of these.
 * row (n): of the data set, of each item; UINT32_MAX: none. Marks of other rows are left out. tag (n_marks)
 * is the caller's; from (n_marks), which mark each tag is of, may be NULL. Returns how many tags. */
size_t tags_of_marks(const struct mark *mark, size_t n_marks, const uint32_t *row, size_t n,
                     struct audit_tag *tag, size_t *from);

#endif
