/* SPDX-License-Identifier: MIT */
#include "data/tiles_draw.h"

#include <math.h>

/* fmin and fmax are library calls here, and half the time of a drawing. */
static inline double least(double a, double b)
{
    return a < b ? a : b;
}

static inline double most(double a, double b)
{
    return a > b ? a : b;
}

/* Signed distances (negative inside) in units of the radius; shapes have about the same area, so that size
 * says little about shape. Source of the formulas: plane geometry. */

static double box(double x, double y, double half_width, double half_height)
{
    double dx = fabs(x) - half_width, dy = fabs(y) - half_height;
    double outside = sqrt(most(dx, 0) * most(dx, 0) + most(dy, 0) * most(dy, 0));
    return outside + least(most(dx, dy), 0);
}

static double disc(double x, double y, double radius)
{
    return sqrt(x * x + y * y) - radius;
}

static double triangle(double x, double y)
{
    const double sine = 0.8660254037844386, inner = 0.52; /* radius of the inscribed circle */
    double sides = most(sine * fabs(x) - 0.5 * y, y);
    return sides - inner;
}

/* Five petals and an eye with hardly a gap between them. */
static double flower(double x, double y)
{
    static const double petal[5][2] = {{0.0000000, -0.7000000},
                                       {0.6657396, -0.2163119},
                                       {0.4114497, 0.5663119},
                                       {-0.4114497, 0.5663119},
                                       {-0.6657396, -0.2163119}};
    double nearest = disc(x, y, 0.28);
    for (int i = 0; i < 5; i++)
        nearest = least(nearest, disc(x - petal[i][0], y - petal[i][1], 0.36));
    return nearest;
}

static double distance_to(enum tile_shape shape, double x, double y)
{
    switch (shape) {
    case TILE_DISC: return disc(x, y, 0.76);
    case TILE_SQUARE: return box(x, y, 0.88, 0.88);
    case TILE_TRIANGLE: return triangle(x, y);
    case TILE_FLOWER: return flower(x, y);
    case TILE_CROSS: return least(box(x, y, 1.05, 0.3), box(x, y, 0.3, 1.05));
    case TILE_RING: return fabs(disc(x, y, 0.78)) - 0.2;
    case TILE_BAR: return box(x, y, 1.05, 0.34);
    default: return most(disc(x, y, 0.98), -disc(x - 0.52, y, 0.80));
    }
}

/* -1..1 */
static double texture_at(const struct tile *tile, int x, int y)
{
    const double turn = 6.283185307179586, wave = turn / 6.0;
    double u = x * wave + tile->phase * turn, v = y * wave + tile->phase * turn;
    switch (tile->texture) {
    case TILE_STRIPES: return sin(0.7071067811865476 * (u + v)) > 0 ? 1 : -1;
    case TILE_CHECKS: return sin(u) * sin(v) > 0 ? 1 : -1;
    case TILE_DOTS: return sin(u) + sin(v) > 1.1 ? 1 : -0.4;
    default: return sin(v + 1.4 * sin(0.5 * u));
    }
}

static double coverage_at(const struct tile *tile, double sine, double cosine, int x, int y)
{
    double dx = (x + 0.5 - tile->x) / tile->radius, dy = (y + 0.5 - tile->y) / tile->radius;
    if (dx * dx + dy * dy > 1.7)
        return 0;
    double edge = distance_to(tile->shape, cosine * dx + sine * dy, cosine * dy - sine * dx) * tile->radius;
    const double sharpness = 1 / tile->softness;
    double inside = least(most(0.5 - edge * sharpness, 0), 1);
    if (!tile->outlined || inside == 0)
        return inside;
    const double stroke = 2.0, pale = 0.55; /* pixels; how much of its colour shows between the lines */
    return inside * (pale + (1 - pale) * least(most(0.5 + (edge + stroke) * sharpness, 0), 1));
}

/* Three nearly normal numbers (sums of uniform ones) out of one draw: exact tails are not what noise is for.
 */
static void noise_at(struct rng *rng, double out[3])
{
    const uint64_t bits = rng_u64(rng);
    for (int c = 0; c < 3; c++) {
        int sum = 0;
        for (int k = 0; k < 3; k++)
            sum += (int)(bits >> (21 * c + 7 * k) & 127);
        out[c] = (sum - 190.5) / 64.0; /* variance of three uniforms on 0..127 is 64.0^2 */
    }
}

static uint8_t to_byte(double value)
{
    return (uint8_t)(least(most(value, 0), 1) * 255 + 0.5);
}

void tile_draw(const struct tile *tile, struct rng *rng, uint8_t *pixels)
{
    const double radians = tile->angle * 0.017453292519943295;
    const double sine = sin(radians), cosine = cos(radians);
    for (int y = 0; y < TILE_SIDE; y++) {
        for (int x = 0; x < TILE_SIDE; x++) {
            double ground = tile->ground, noise[3];
            if (tile->texture_contrast > 0)
                ground += 0.25 * tile->texture_contrast * texture_at(tile, x, y);
            double cover = coverage_at(tile, sine, cosine, x, y);
            noise_at(rng, noise);
            for (int c = 0; c < 3; c++) {
                double value = ground + cover * (tile->colour[c] - ground);
                value = tile->ground + tile->contrast * (value - tile->ground);
                *pixels++ = to_byte(value + tile->noise * noise[c]);
            }
        }
    }
}
