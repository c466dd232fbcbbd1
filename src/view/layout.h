/* SPDX-License-Identifier: MIT
 *
 * Where everything stands: a pure function of the size of the screen and of whether there is a course to
 * show: of a single table there is none, and the map has the place of curves and settings. The same parts in
 * the same places, fewer of them when small: tab bar, headline, map, slot beside it, charts, sentence, hint,
 * keys. A part that has no room has a width or height of 0. Any thread.
 */
#ifndef NF_VIEW_LAYOUT_H
#define NF_VIEW_LAYOUT_H

#include "ui/canvas.h"

enum layout_size {
    LAYOUT_LINE,   /* too small for a screen: `tabs` is the one line there is */
    LAYOUT_SMALL,  /* 80 x 24: map, one slot, two charts */
    LAYOUT_MEDIUM, /* 120 x 40: numbers, charts and settings below */
    LAYOUT_LARGE   /* 200 x 60: a third column, three charts below */
};

struct layout {
    enum layout_size size;
    bool course;                /* more than one moment: there are curves and a timeline */
    struct rect tabs, headline; /* a row each */
    struct rect body;           /* all between the headline and the timeline: what a view of its own fills */
    struct rect map_title, map, legend, honesty;
    struct rect slot;                                 /* beside the map: item, numbers or settings */
    struct rect numbers, settings, charts, threshold; /* where they have places of their own */
    struct rect timeline, sentence, hint, message, keys;
    struct rect rule;    /* the horizontal line above the lower block */
    struct rect edge[3]; /* the vertical lines */
};

struct layout layout_make(int columns, int rows, bool course);

/* Where a message or a typed line goes: its own row, else the hint's, else the sentence's. */
struct rect layout_message(const struct layout *layout);

/* `n` columns side by side in rect with `gap` between; the i-th. */
struct rect layout_column(struct rect rect, int n, int i, int gap);

#endif
