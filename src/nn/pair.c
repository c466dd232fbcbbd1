/* SPDX-License-Identifier: MIT
 *
 * Two layers of which the first is quickly computed: its output is not kept for backward but made again
 * there, image by image, so that it never leaves the second-level cache.
 */
#include "base/check.h"
#include "nn/fused.h"
#include "nn/mask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pair {
    struct layer first, second;
};

/* A pair's scratch for one image: what lies between, its gradient, then the two layers' own. `one` holds the
 * image's mask. */
static struct pass image_of(const struct layer *layer, const struct pass *pass, size_t i, struct mask *one)
{
    const struct pair *pair = layer->detail;
    size_t in = shape_size(layer->in), out = shape_size(layer->out);
    return (struct pass){.params = pass->params,
                         .grads = pass->grads,
                         .n = 1,
                         .x = pass->x + i * in,
                         .y = pass->y + i * out,
                         .cache = pass->cache + i * layer->cache_reals,
                         .scratch = pass->scratch + 2 * shape_size(pair->first.out),
                         .dy = pass->dy ? pass->dy + i * out : NULL,
                         .dx = pass->dx ? pass->dx + i * in : NULL,
                         .training = pass->training,
                         .mask = mask_of(pass->mask, i, one)};
}

/* The passes of both layers for one image; their outputs are left where they belong. */
static void split_pass(const struct pair *pair, const struct pass *image, real *between, struct pass *first,
                       struct pass *second)
{
    *first = *second = *image;
    first->y = between;
    second->x = between;
    second->cache = first->cache + pair->first.cache_reals;
}

static void make_between(const struct pair *pair, struct pass *first)
{
    pair->first.kind->forward(&pair->first, first);
    if (first->mask)
        mask_hide(first->mask, 1, pair->first.out, NULL, first->y);
}

static void pair_forward(const struct layer *layer, struct pass *pass)
{
    const struct pair *pair = layer->detail;
    for (size_t i = 0; i < pass->n; i++) {
        struct mask one;
        struct pass image = image_of(layer, pass, i, &one), first, second;
        split_pass(pair, &image, pass->scratch, &first, &second);
        make_between(pair, &first);
        pair->second.kind->forward(&pair->second, &second);
    }
}

static void pair_backward(const struct layer *layer, struct pass *pass)
{
    const struct pair *pair = layer->detail;
    real *gradient = pass->scratch + shape_size(pair->first.out);
    for (size_t i = 0; i < pass->n; i++) {
        struct mask one;
        struct pass image = image_of(layer, pass, i, &one), first, second;
        split_pass(pair, &image, pass->scratch, &first, &second);
        second.dx = gradient;
        first.dy = gradient;
        make_between(pair, &first);
        pair->second.kind->backward(&pair->second, &second);
        if (image.mask)
            mask_hide(image.mask, 1, pair->first.out, NULL, gradient);
        pair->first.kind->backward(&pair->first, &first);
    }
}

static void pair_print(const struct layer *layer, char *text, size_t size)
{
    const struct pair *pair = layer->detail;
    char first[64], second[64];
    pair->first.kind->print(&pair->first, first, sizeof first);
    pair->second.kind->print(&pair->second, second, sizeof second);
    snprintf(text, size, "%s, %s", first, second);
}

static void pair_release(struct layer *layer)
{
    free(layer->detail); /* neither of the two owns anything */
    layer->detail = NULL;
}

static const struct layer_kind layer_pair_kind = {
    .entry = {"pair", "Two layers of which only the second's output is kept.", NULL},
    .print = pair_print,
    .forward = pair_forward,
    .backward = pair_backward,
    .release = pair_release,
};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

void layer_pair(struct layer *first)
{
    const struct layer *second = first + 1;
    CHECK(!first->detail && !second->detail);
    struct pair *pair = xcalloc(1, sizeof *pair);
    *pair = (struct pair){*first, *second};
    size_t own =
        larger(first->scratch_fixed + first->scratch_reals, second->scratch_fixed + second->scratch_reals);
    *first = (struct layer){.kind = &layer_pair_kind,
                            .in = first->in,
                            .out = second->out,
                            .cache_reals = first->cache_reals + second->cache_reals,
                            .scratch_fixed = 2 * shape_size(first->out) + own,
                            .flops = first->flops + second->flops,
                            .detail = pair};
}

bool layer_of_pair(const struct layer *layer, const struct layer **first, const struct layer **second)
{
    const struct pair *pair = layer->detail;
    if (layer->kind != &layer_pair_kind)
        return false;
    *first = &pair->first;
    *second = &pair->second;
    return true;
}
