/* SPDX-License-Identifier: MIT
 *
 * Tab at the `:` line and the search: what the last word could become, completed as far as it is certain,
 * then one choice after the other; and the menu of them over the line. Screen thread.
 */
#ifndef NF_VIEW_COMPLETION_H
#define NF_VIEW_COMPLETION_H

#include "view/pen.h"
#include "view/view.h"

/* What stood there when Tab began to walk the choices, and which one stands there now, from 1; 0: none. */
struct completion {
    char line[200];
    int at;
};

void completion_tab(struct scene *scene, int by); /* +1 Tab, -1 Shift-Tab */
/* In the row of keys what there is to choose from, of a whole word what it is for; where that has no room
 * there, a menu in the rows that end above `line`. */
void completion_draw(struct scene *scene, const struct pen *keys, struct rect line);

#endif
