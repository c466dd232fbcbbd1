/* SPDX-License-Identifier: MIT
 *
 * The map's points as they are drawn now: between the map before and the newest, coloured, zoomed. Owned by
 * the screen and kept from draw to draw: of a million points only what has changed is made anew. Screen
 * thread.
 */
#ifndef NF_VIEW_POINTS_H
#define NF_VIEW_POINTS_H

#include "ui/grid.h"
#include "view/legend.h"
#include "view/view.h"

struct points {
    struct scatter scatter; /* lends the arrays */
    const float *x, *y;     /* (n) of the map, or of `way` while it moves */
    const uint32_t *code;   /* (n) */
    const uint8_t *hidden;  /* (n) not drawn */
    const uint8_t *picked;  /* (n) selected; NULL: none is */
    size_t not_finite;      /* not drawn either */
    char letter[LEGEND_CODES + 1];
    struct style style[LEGEND_CODES];
    /* what is kept, and what it was made of */
    struct kept_points {
        size_t n;
        float *way[2]; /* x and y on the way from one map to the next */
        uint32_t *code;
        uint8_t *hidden, *raised, *picked;
        const struct result *map, *before; /* references held */
        float share;
        struct extent extent;
        unsigned legend; /* which legend the codes are of */
        uint64_t step, run;
        struct selection shown, selected; /* hidden is what `shown` is not; empty: nothing is hidden */
        uint32_t *lifted;                 /* (n_lifted) the raised ones */
        size_t n_lifted;
    } kept;
};

/* The points for a map drawn in this rect; NULL while there is no map. Lent until the scene changes or the
 * next call. */
const struct points *points_of(struct scene *scene, struct rect rect);
void points_release(struct points *points);

enum scatter_mode points_mode(const struct scene *scene, const struct points *points, struct rect rect);

/* The item next to `item` towards (dx, dy), screen directions: (1, 0) right, (0, 1) down; itself if none. */
int points_towards(const struct points *points, int item, int dx, int dy);

#endif
