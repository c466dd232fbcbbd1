/* SPDX-License-Identifier: MIT
 *
 * dW += patches(X)' dY without patches. A row of the kernel meets kernel * channels neighbours of a bordered
 * map, so that a tile of dW is a walk over the map with a few neighbours a point on one side and a panel of
 * dY on the other. Both are copied before: a few images' panels of dY and a slice of the channels of X,
 * dense, so that a walk stays in the first-level cache.
 */
#include "nn/conv.h"
#include "nn/kernel.h"

enum { CACHED_POINTS = 224 };

/* Channels worked at once: what fills a tile, or all of them. */
static size_t slice_of(const struct conv *c)
{
    return c->channels % KERNEL_OUTER ? c->channels : KERNEL_OUTER;
}

static size_t images_together(const struct conv *c)
{
    return c->points < CACHED_POINTS ? CACHED_POINTS / c->points : 1;
}

static size_t panels_size(const struct conv *c)
{
    return kernel_packed_size(images_together(c) * c->points, c->out);
}

size_t conv_weights_scratch(const struct conv *c)
{
    size_t slices = images_together(c) * conv_bordered_points(c) * slice_of(c);
    return panels_size(c) + slices + KERNEL_OUTER; /* the last point is read as a whole tile */
}

/* One slice of the channels against one panel: every row of the kernel, a tile of neighbours at a time. */
static void slice_panel(const struct conv *c, const struct kernel_walk *walk, const real *slice,
                        const real *panel, size_t columns, real *dw)
{
    size_t width = slice_of(c), length = c->kernel * width;
    for (size_t ky = 0; ky < c->kernel; ky++)
        for (size_t t = 0; t < length; t += KERNEL_OUTER) {
            size_t rows = length - t < KERNEL_OUTER ? length - t : KERNEL_OUTER;
            size_t row = (ky * c->kernel + t / width) * c->channels + t % width;
            kernel_add_outer(walk, rows, columns, slice + ky * conv_bordered_row(c, width) + t, panel,
                             dw + row * c->out, c->out);
        }
}

static void few_images(const struct conv *c, size_t n, const real *x, const real *dy, real *dw, real *scratch)
{
    size_t width = slice_of(c), points = n * c->points, bordered = conv_bordered_points(c) * width;
    struct kernel_walk walk = {
        n, c->out_height, c->out_width, bordered, c->stride * conv_bordered_row(c, width), c->stride * width};
    real *slice = scratch + panels_size(c);
    kernel_pack(points, c->out, dy, c->out, scratch);
    for (size_t first = 0; first < c->channels; first += width) {
        for (size_t i = 0; i < n; i++)
            conv_border(c, x + i * c->height * c->width * c->channels, first, width, slice + i * bordered);
        const real *panel = scratch;
        for (size_t j = 0; j < c->out; j += KERNEL_PANEL) {
            size_t columns = c->out - j < KERNEL_PANEL ? c->out - j : KERNEL_PANEL;
            slice_panel(c, &walk, slice, panel, columns, dw + first * c->out + j);
            panel += kernel_packed_size(points, columns);
        }
    }
}

void conv_weights(const struct conv *c, size_t n, const real *x, const real *dy, real *dw, real *scratch)
{
    size_t together = images_together(c);
    for (size_t i = 0; i < n; i += together)
        few_images(c, n - i < together ? n - i : together, x + i * c->height * c->width * c->channels,
                   dy + i * c->points * c->out, dw, scratch);
}
