/* SPDX-License-Identifier: MIT
 *
 * What a person said of two items, or of one: the same, different, a duplicate, a wrong label. Kept beside
 * the run as marks.csv, or beside a table (mark,item,other,of: rows of the data set; other is blank where the
 * mark is of one item; of: how many items there were), and read again with it. At most one mark a pair,
 * whichever way round. Owned by whoever initialised it; one thread.
 */
#ifndef NF_DATA_MARKS_H
#define NF_DATA_MARKS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum mark_kind { MARK_NONE, MARK_SAME, MARK_DIFFERENT, MARK_DUPLICATE, MARK_WRONG_LABEL, MARK_KINDS };

struct mark {
    enum mark_kind kind;
    int64_t a, b; /* rows, a <= b; b < 0: of a alone */
};

struct marks {
    struct mark *mark; /* in the order they were made */
    size_t n, room;
    uint32_t revision; /* raised by every change */
};

void marks_release(struct marks *marks);
const char *mark_name(enum mark_kind kind); /* "wrong label" */

/* Of this pair (b < 0: of this item alone), either way round; MARK_NONE if it has none. */
enum mark_kind marks_find(const struct marks *marks, int64_t a, int64_t b);
/* The first mark that has to do with a row, or NULL. Lent. */
const struct mark *marks_of(const struct marks *marks, int64_t row);
/* In place of the one it had; MARK_NONE takes it away. */
void marks_put(struct marks *marks, int64_t a, int64_t b, enum mark_kind kind);

/* Where those of a table are kept: emb.npy has emb.marks.csv beside it. */
void marks_path(char *path, size_t size, const char *table);

/* `n`: how many items there are. */
bool marks_write(const char *path, const struct marks *marks, size_t n, struct err *err);
/* `n` items: rows beyond them are refused, with their line, and so are marks of another number of items. No
 * such file is no mark, and fine. */
bool marks_read(const char *path, size_t n, struct marks *marks, struct err *err);
/* The same from memory: what the fuzzer calls. */
bool marks_parse(const char *text, size_t length, size_t n, struct marks *marks, struct err *err);

#endif
