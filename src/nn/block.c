/* SPDX-License-Identifier: MIT
 *
 * The residual block (He et al. 2016): relu(conv-norm-relu-conv-norm + skip); the skip is the input itself
 * or, where the shape changes, a 1x1 convolution with norm. `xN` puts N in a row, of which the first has the
 * stride. Made of two nets: main path and skip.
 */
#include "base/check.h"
#include "nn/channels.h"
#include "nn/net.h"
#include "nn/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stage {
    struct net main, skip; /* skip has no layers where it is the input itself */
};

struct block {
    size_t n;
    struct stage stage[];
};

/* Cache of a stage, for n images: its output (the last stage's is the layer's y), then both tapes. */
struct places {
    real *y, *main, *skip, *end;
};

static struct places places_of(const struct stage *stage, real *cache, size_t n)
{
    struct places at = {.y = cache};
    at.main = at.y + n * shape_size(stage->main.out);
    at.skip = at.main + n * stage->main.tape_reals;
    at.end = at.skip + n * stage->skip.tape_reals;
    return at;
}

static const real *skip_output(const struct stage *stage, const struct places *at, const real *x, size_t n)
{
    if (!stage->skip.n_layers)
        return x;
    const struct layer *last = &stage->skip.layer[stage->skip.n_layers - 1];
    return at->end - n * (shape_size(last->out) + last->cache_reals);
}

static void block_forward(const struct layer *layer, struct pass *pass)
{
    const struct block *block = layer->detail;
    real *cache = pass->cache;
    const real *x = pass->x;
    for (size_t i = 0; i < block->n; i++) {
        const struct stage *stage = &block->stage[i];
        struct places at = places_of(stage, cache, pass->n);
        real *y = i + 1 == block->n ? pass->y : at.y;
        const real *main =
            net_forward_masked(&stage->main, pass->params, pass->n, x, pass->mask, at.main, pass->scratch);
        if (stage->skip.n_layers)
            net_forward_masked(&stage->skip, pass->params, pass->n, x, pass->mask, at.skip, pass->scratch);
        const real *skip = skip_output(stage, &at, x, pass->n);
        for (size_t j = 0; j < pass->n * shape_size(stage->main.out); j++)
            y[j] = main[j] + skip[j] > 0 ? main[j] + skip[j] : 0;
        x = y;
        cache = at.end;
    }
}

/* Gradients of one stage: dy (already through the relu) to dx; NULL: not wanted. */
static void stage_backward(const struct stage *stage, const struct pass *pass, const struct places *at,
                           const real *x, const real *dy, real *dx, real *room)
{
    size_t n = pass->n, in = n * shape_size(stage->main.in);
    real *dskip = room, *dtape = room + in, *scratch = dtape + n * stage->main.dtape_reals;
    struct net_memory memory = {pass->params, pass->grads, at->main, dtape, scratch};
    net_backward_masked(&stage->main, &memory, n, x, pass->mask, dy, dx);
    if (stage->skip.n_layers) {
        memory.tape = at->skip;
        net_backward_masked(&stage->skip, &memory, n, x, pass->mask, dy, dx ? dskip : NULL);
        dy = dskip;
    }
    if (dx)
        add_reals(dx, dy, in);
}

static size_t largest_map(const struct block *block)
{
    size_t in = shape_size(block->stage[0].main.in), out = shape_size(block->stage[0].main.out);
    return in > out ? in : out;
}

static void block_backward(const struct layer *layer, struct pass *pass)
{
    const struct block *block = layer->detail;
    size_t n = pass->n, map = n * largest_map(block), out = n * shape_size(layer->out);
    real *through = pass->scratch, *between = through + map, *room = between + map;
    const real *dy = pass->dy, *y = pass->y;
    for (size_t i = block->n; i-- > 0;) {
        const struct stage *stage = &block->stage[i];
        real *cache = pass->cache;
        const real *x = pass->x;
        for (size_t j = 0; j < i; j++) {
            struct places before = places_of(&block->stage[j], cache, n);
            x = before.y;
            cache = before.end;
        }
        struct places at = places_of(stage, cache, n);
        for (size_t j = 0; j < out; j++)
            through[j] = y[j] > 0 ? dy[j] : 0;
        stage_backward(stage, pass, &at, x, through, i ? between : pass->dx, room);
        dy = between;
        y = x;
    }
}

/* ---- text ---- */

static const struct words_rule rule = {"block CHANNELS [xN] [/STRIDE]", .min_numbers = 1, .max_numbers = 1,
                                       .stride = true, .repeat = true};

static void block_release(struct layer *layer)
{
    struct block *block = layer->detail;
    for (size_t i = 0; block && i < block->n; i++) {
        net_release(&block->stage[i].main);
        net_release(&block->stage[i].skip);
    }
    free(block);
    layer->detail = NULL;
}

static bool stage_setup(struct stage *stage, struct shape in, const struct words *words, int stride,
                        const char *prefix, struct params *params, struct err *err)
{
    char text[96], name[48];
    int channels = words->number[0];
    snprintf(text, sizeof text, "conv %d /%d, norm, relu, conv %d, norm", channels, stride, channels);
    snprintf(name, sizeof name, "%.40s.main", prefix);
    if (!net_init(&stage->main, text, in, true, name, params, err))
        return false;
    if (stride == 1 && in.channels == channels)
        return true;
    snprintf(text, sizeof text, "conv %d 1 /%d, norm", channels, stride);
    snprintf(name, sizeof name, "%.40s.skip", prefix);
    return net_init(&stage->skip, text, in, true, name, params, err);
}

static void block_sizes(struct layer *layer)
{
    const struct block *block = layer->detail;
    size_t scratch = 0;
    for (size_t i = 0; i < block->n; i++) {
        const struct net *nets[2] = {&block->stage[i].main, &block->stage[i].skip};
        layer->cache_reals += shape_size(nets[0]->out);
        for (size_t j = 0; j < 2; j++) {
            layer->cache_reals += nets[j]->tape_reals;
            layer->flops += nets[j]->flops;
            if (nets[j]->scratch_fixed > layer->scratch_fixed)
                layer->scratch_fixed = nets[j]->scratch_fixed;
            if (nets[j]->scratch_reals > scratch)
                scratch = nets[j]->scratch_reals;
        }
    }
    layer->scratch_reals = 3 * largest_map(block) + block->stage[0].main.dtape_reals + scratch;
}

static bool block_setup(struct layer *layer, const char *text, const char *prefix, struct params *params,
                        struct err *err)
{
    struct words words;
    if (!words_parse(text, &rule, &words, err))
        return false;
    struct block *block = xcalloc(1, sizeof *block + (size_t)words.repeat * sizeof block->stage[0]);
    layer->detail = block;
    struct shape in = layer->in;
    for (int i = 0; i < words.repeat; i++) {
        char name[48];
        snprintf(name, sizeof name, "%s.%d", prefix, i);
        if (!stage_setup(&block->stage[block->n++], in, &words, i ? 1 : words.stride, name, params, err)) {
            block_release(layer);
            return false;
        }
        in = block->stage[i].main.out;
    }
    layer->out = in;
    layer->argument[0] = words.number[0];
    layer->argument[1] = words.repeat;
    layer->argument[2] = words.stride;
    block_sizes(layer);
    return true;
}

static void block_print(const struct layer *layer, char *text, size_t size)
{
    char repeat[16] = "", stride[16] = "";
    if (layer->argument[1] != 1)
        snprintf(repeat, sizeof repeat, " x%d", layer->argument[1]);
    if (layer->argument[2] != 1)
        snprintf(stride, sizeof stride, " /%d", layer->argument[2]);
    snprintf(text, size, "block %d%s%s", layer->argument[0], repeat, stride);
}

const struct layer_kind layer_block = {
    .entry = {"block",
              "Residual block, relu(conv-norm-relu-conv-norm + skip), N in a row: block C [xN] [/STRIDE].",
              NULL},
    .setup = block_setup,
    .print = block_print,
    .forward = block_forward,
    .backward = block_backward,
    .release = block_release,
};
