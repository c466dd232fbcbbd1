/* SPDX-License-Identifier: MIT
 *
 * Pictures of the worst pairs, for a report that was asked to show them. Main thread; the owner releases.
 */
#ifndef NF_APP_AUDIT_PICTURES_H
#define NF_APP_AUDIT_PICTURES_H

#include "app/audit_input.h"

struct audit_pictures {
    struct dataset data;
    uint32_t *row; /* (items) where each item's picture is */
};

/* Of a run those it learned from; of a table those that `images` names. False with err, in a line that says
 * what is needed, where there are none. */
bool audit_pictures_open(struct audit_pictures *pictures, const struct audit_table *table,
                         const struct audit_source *source, const char *images, struct err *err);
void audit_pictures_release(struct audit_pictures *pictures);

/* The cell of a document that shows an item: its picture (PNG, inside the file) where it is HTML, and what is
 * known of it. */
void audit_picture_cell(struct strbuf *out, const struct audit_pictures *pictures,
                        const struct audit_table *table, uint32_t item);

#endif
