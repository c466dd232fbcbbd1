/* SPDX-License-Identifier: MIT
 *
 * One built-in picture: an object on a ground, antialiased by its distance to the edge. Any thread.
 */
#ifndef NF_DATA_TILES_DRAW_H
#define NF_DATA_TILES_DRAW_H

#include "base/rng.h"

#include <stdbool.h>

enum { TILE_SIDE = 32 };

enum tile_shape {
    TILE_DISC,
    TILE_SQUARE,
    TILE_TRIANGLE,
    TILE_FLOWER,
    TILE_CROSS,
    TILE_RING,
    TILE_BAR,
    TILE_MOON,
    TILE_SHAPES
};

enum tile_texture { TILE_STRIPES, TILE_CHECKS, TILE_DOTS, TILE_WAVES, TILE_TEXTURES };

struct tile {
    enum tile_shape shape;
    enum tile_texture texture;
    bool outlined;
    double x, y, radius;     /* pixels from the top left corner */
    double angle;            /* degrees */
    double colour[3];        /* 0..1 */
    double ground;           /* grey of the ground, 0..1 */
    double texture_contrast; /* 0: plain */
    double phase;            /* where the texture starts, 0..1 */
    double contrast;         /* 1; less draws everything nearer to the ground */
    double softness;         /* pixels over which an edge runs; 1 is sharp */
    double noise;            /* standard deviation */
};

/* Writes (TILE_SIDE, TILE_SIDE, 3). Takes one number a pixel for noise from rng, whatever the tile. */
void tile_draw(const struct tile *tile, struct rng *rng, uint8_t *pixels);

#endif
