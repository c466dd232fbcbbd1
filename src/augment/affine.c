/* SPDX-License-Identifier: MIT */
#include "augment/augment.h"

#include <math.h>

/* Output pixels treated at once: where each comes from is worked out once for all channels; everything but
 * the reading itself is a vector loop. */
enum { SPAN = 64 };

struct span {
    int at[SPAN], right[SPAN], below[SPAN]; /* index of the upper left neighbour, and the way to the others */
    float x[SPAN], y[SPAN];                 /* how far towards them, [0, 1) */
};

/* The map in pixels: output (column j, row i) comes from (xj j + xi i + x0, yj j + yi i + y0). */
struct pixel_map {
    double xj, xi, x0, yj, yi, y0;
};

struct affine affine_identity(void)
{
    return (struct affine){{1, 0, 0, 0, 1, 0}};
}

struct affine affine_compose(struct affine outer, struct affine inner)
{
    const double *a = outer.m, *b = inner.m;
    return (struct affine){{a[0] * b[0] + a[1] * b[3], a[0] * b[1] + a[1] * b[4],
                            a[0] * b[2] + a[1] * b[5] + a[2], a[3] * b[0] + a[4] * b[3],
                            a[3] * b[1] + a[4] * b[4], a[3] * b[2] + a[4] * b[5] + a[5]}};
}

struct affine affine_turn(double radians, double aspect)
{
    double c = cos(radians), s = sin(radians);
    return (struct affine){{c, -s / aspect, 0, s * aspect, c, 0}};
}

/* Pixel centre j of n lies at (2 j + 1) / n - 1. Written so that identity and flip give whole numbers. */
static struct pixel_map to_pixels(struct affine map, int height, int width)
{
    const double *m = map.m;
    double w = width, h = height, half_w = (w - 1) / 2, half_h = (h - 1) / 2;
    struct pixel_map p = {.xj = m[0], .xi = m[1] * w / h, .yj = m[3] * h / w, .yi = m[4]};
    p.x0 = half_w + m[2] * w / 2 - p.xj * half_w - p.xi * half_h;
    p.y0 = half_h + m[5] * h / 2 - p.yj * half_w - p.yi * half_h;
    return p;
}

static float clamp(float v, float high)
{
    v = v > 0 ? v : 0;
    return v < high ? v : high;
}

/* Where n pixels of row i from column j on come from. */
static void trace_row(const struct pixel_map *map, int i, int j, int n, int height, int width,
                      struct span *restrict span)
{
    float x0 = (float)(map->x0 + map->xi * i + map->xj * j);
    float y0 = (float)(map->y0 + map->yi * i + map->yj * j);
    float xj = (float)map->xj, yj = (float)map->yj;
    float last_x = (float)(width - 1), last_y = (float)(height - 1);
    for (int k = 0; k < n; k++) {
        float x = clamp(x0 + xj * (float)k, last_x);
        float y = clamp(y0 + yj * (float)k, last_y);
        int column = (int)x, row = (int)y;
        span->at[k] = row * width + column;
        span->right[k] = column < width - 1 ? 1 : 0;
        span->below[k] = row < height - 1 ? width : 0;
        span->x[k] = x - (float)column;
        span->y[k] = y - (float)row;
    }
}

/* Loads one by one: volatile keeps the compiler from making gathers of them, which are half as fast here (and
 * slower still where microcode guards them). */
static void sample(const struct span *restrict span, const float *restrict plane, float *restrict to, int n)
{
    float a[SPAN], b[SPAN], c[SPAN], d[SPAN];
    for (int k = 0; k < n; k++) {
        const volatile float *at = plane + span->at[k], *under = at + span->below[k];
        a[k] = at[0], b[k] = at[span->right[k]];
        c[k] = under[0], d[k] = under[span->right[k]];
    }
    for (int k = 0; k < n; k++) {
        float top = a[k] + span->x[k] * (b[k] - a[k]);
        float bottom = c[k] + span->x[k] * (d[k] - c[k]);
        to[k] = top + span->y[k] * (bottom - top);
    }
}

void affine_resample(struct affine map, struct picture *picture)
{
    int height = picture->height, width = picture->width;
    size_t plane = (size_t)height * (size_t)width;
    struct pixel_map p = to_pixels(map, height, width);
    struct span span;
    for (int i = 0; i < height; i++)
        for (int j = 0; j < width; j += SPAN) {
            int n = width - j < SPAN ? width - j : SPAN;
            size_t at = (size_t)i * (size_t)width + (size_t)j;
            trace_row(&p, i, j, n, height, width, &span);
            for (size_t c = 0; c < (size_t)picture->channels; c++)
                sample(&span, picture->pixel + c * plane, picture->scratch + c * plane + at, n);
        }
    float *old = picture->pixel;
    picture->pixel = picture->scratch;
    picture->scratch = old;
}
