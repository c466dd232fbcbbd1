/* SPDX-License-Identifier: MIT
 *
 * Items as rows of a list: letter and colour of the coloured attribute, data set row, caption, a value at the
 * right. All lists of items look the same. Screen thread.
 */
#ifndef NF_VIEW_ROWS_H
#define NF_VIEW_ROWS_H

#include "view/pen.h"
#include "view/view.h"

struct item_row {
    int item;          /* of the probe, or NO_ITEM: `row` is not on the map */
    int64_t row;       /* of the data set */
    const char *value; /* "0.97" */
    enum role role;    /* of caption and value */
};
void item_row_draw(struct scene *scene, const struct pen *pen, int y, const struct item_row *row);

/* The row that is highlighted: reversed, so that it shows without colour too. */
void row_highlight(const struct pen *pen, int y);
/* First row to show of `n` in `room` so that row `at` is among them. */
int rows_from(int n, int room, int at);

/* Decimals that tell values from `first` to `last` apart. */
int decimals_apart(double first, double last);
/* Without its article, where every column counts. */
const char *short_caption(const char *caption);
/* The picture of a data set row and the rows of cells it filled; nothing and 0 where there are no pixels. */
int item_picture(const struct scene *scene, const struct pen *pen, int64_t row);

/* How arrows walk a list of n rows: the new row, or -1 where the action is none of them. */
int row_moved(enum action action, int row, int n);
/* Some lists that stand side by side, and which of them can be here; one at least can. */
struct lists {
    int n;
    bool (*can)(const struct scene *scene, int list);
};
/* The next of them that can be, onwards (1) or back (-1). */
int list_next(const struct scene *scene, const struct lists *lists, int list, int by);
/* The same as row_moved of the list shown, of n rows: left and right (Tab too) go to another one, and keep
 * the row. False: the action is none of these. */
bool lists_walked(const struct scene *scene, const struct lists *lists, enum action action, int n, int *list,
                  int *row);

/* A list where it stands: a heading, rows, `foot` lines below them; row `at` is highlighted. */
struct list_place {
    struct rect rect;
    int n, at, foot;
};
/* Its name, in the accent's colour where it is walked, and what its values are. */
void list_heading(const struct pen *pen, bool here, const char *name, const char *values);
/* The row that a press or the wheel points at; -1: none, or the mouse does something else. */
int row_pointed(const struct list_place *list, struct mouse mouse);
bool mouse_is_wheel(struct mouse mouse);

#endif
