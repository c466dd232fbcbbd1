/* SPDX-License-Identifier: MIT */
#include "nn/net.h"

#include "base/check.h"
#include "nn/fused.h"
#include "nn/mask.h"

#include <stdio.h>
#include <string.h>

const struct net_preset net_presets[] = {
    {"conv-s", "three small convolutions: learns in seconds",
     "conv 16, norm, relu, pool, conv 32, norm, relu, pool, conv 64, norm, relu, gap, linear 64"},
    {"conv-m", "three convolutions twice as wide",
     "conv 32, norm 8, relu, pool, conv 64, norm 8, relu, pool, conv 128, norm 8, relu, gap, linear 128"},
    {"resnet-s", "a small residual net",
     "conv 16, norm, relu, block 16, block 32 /2, block 64 /2, gap, linear 64"},
    {"mlp", "no picture, just numbers: two wide layers", "linear 256, relu, linear 256, relu, linear 64"},
    {NULL, NULL, NULL},
};

static const char *preset_text(const char *text)
{
    for (const struct net_preset *preset = net_presets; preset->name; preset++)
        if (strcmp(preset->name, text) == 0)
            return preset->text;
    return text;
}

/* ---- parsing ---- */

enum { ITEM_SIZE = 64 };

/* One layer's text: its name and the words after it. */
struct item {
    char text[ITEM_SIZE], *words;
};

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Takes the next comma-separated item from *text; false and err when it is empty or too long. */
static bool take_item(const char **text, struct item *item, struct err *err)
{
    const char *from = *text, *end = from + strcspn(from, ",");
    *text = *end ? end + 1 : end;
    while (from < end && blank(*from))
        from++;
    while (from < end && blank(end[-1]))
        end--;
    size_t length = (size_t)(end - from);
    if (length == 0)
        return err_set(err, "a layer is missing: write layers separated by commas, such as 'conv 16, relu'");
    if (length >= ITEM_SIZE)
        return err_set(err, "'%.40s...': no layer is that long", from);
    memcpy(item->text, from, length);
    item->text[length] = '\0';
    item->words = item->text + strcspn(item->text, " \t");
    if (*item->words)
        *item->words++ = '\0';
    return true;
}

static const struct layer_kind *find_kind(const char *name, struct err *err)
{
    const struct entry *entry = axis_find(&layer_axis, name);
    if (entry)
        return (const struct layer_kind *)entry; /* entry is the first member */
    char names[200];
    axis_names(&layer_axis, names, sizeof names);
    err_set(err, "there is no layer '%s': %s", name, names);
    return NULL;
}

/* Does the text of the coming layer begin with a norm's name? Then this layer needs no bias. */
static bool norm_follows(const char *text)
{
    while (blank(*text))
        text++;
    size_t length = strcspn(text, ", \t");
    return (length == 4 && strncmp(text, "norm", 4) == 0) ||
           (length == 9 && strncmp(text, "batchnorm", 9) == 0);
}

static bool add_layer(struct net *net, const struct item *item, const char *rest, bool trunk,
                      const char *prefix, struct params *params, struct err *err)
{
    if (net->n_layers == NET_MAX_LAYERS)
        return err_set(err, "more than %d layers", NET_MAX_LAYERS);
    const struct layer_kind *kind = find_kind(item->text, err);
    if (!kind)
        return false;
    if (trunk && kind->whole_batch)
        return err_set(err, "%s looks at other pictures of the batch: use it in a head, and norm here",
                       item->text);
    struct layer *layer = &net->layer[net->n_layers];
    *layer = (struct layer){.kind = kind, .in = net->out, .bare = norm_follows(rest)};
    char name[48];
    snprintf(name, sizeof name, "%s.%zu", prefix, net->n_layers);
    if (!kind->setup(layer, item->words, name, params, err))
        return err_within(err, "layer %zu, %s", net->n_layers + 1, item->text);
    net->n_layers++;
    net->out = layer->out;
    return true;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* The first layer is left as it is: it may be asked for no dx, which fused layers work in. */
static void fuse_layers(struct net *net)
{
    size_t n = 0;
    for (size_t i = 0; i < net->n_layers; n++) {
        size_t used = n ? layer_fuse(&net->layer[i], net->n_layers - i) : 1;
        net->layer[n] = net->layer[i];
        i += used;
    }
    net->n_layers = n;
}

static void pair_layers(struct net *net)
{
    size_t n = 0;
    for (size_t i = 0; i < net->n_layers; n++) {
        bool pairs = i + 1 < net->n_layers && layer_pairs(&net->layer[i], &net->layer[i + 1]);
        if (pairs)
            layer_pair(&net->layer[i]);
        net->layer[n] = net->layer[i];
        i += pairs ? 2 : 1;
    }
    net->n_layers = n;
}

static void sum_sizes(struct net *net)
{
    size_t gradient[2] = {0, 0};
    for (size_t i = 0; i < net->n_layers; i++) {
        const struct layer *layer = &net->layer[i];
        net->tape_reals += shape_size(layer->out) + layer->cache_reals;
        net->scratch_reals = larger(net->scratch_reals, layer->scratch_reals);
        net->scratch_fixed = larger(net->scratch_fixed, layer->scratch_fixed);
        net->flops += layer->flops;
        if (i + 1 < net->n_layers) /* the last one's gradient is the caller's */
            gradient[i % 2] = larger(gradient[i % 2], shape_size(layer->out));
    }
    net->dtape_reals = gradient[0] + gradient[1];
}

static bool is_map(struct shape shape)
{
    return shape.height > 1 || shape.width > 1;
}

static void append(struct net *net, const struct layer *layer)
{
    net->layer[net->n_layers++] = *layer;
    net->out = layer->out;
}

bool net_cut_at_grid(const struct net *net, struct net *grid, struct net *tail)
{
    size_t i = 0;
    *grid = (struct net){.in = net->in};
    for (; i < net->n_layers && is_map(net->layer[i].out); i++)
        append(grid, &net->layer[i]);
    const struct layer *first, *second;
    bool pair = i < net->n_layers && layer_of_pair(&net->layer[i], &first, &second) && is_map(first->out);
    if (pair)
        append(grid, first);
    *tail = (struct net){.in = grid->out, .out = grid->out};
    if (pair)
        append(tail, second);
    for (i += pair; i < net->n_layers; i++)
        append(tail, &net->layer[i]);
    sum_sizes(grid);
    sum_sizes(tail);
    return grid->n_layers > 0;
}

bool net_init(struct net *net, const char *text, struct shape in, bool trunk, const char *prefix,
              struct params *params, struct err *err)
{
    *net = (struct net){.in = in, .out = in};
    size_t n_tensors = params->n_tensors, count = params->count;
    const char *rest = preset_text(text);
    for (bool more = true; more;) {
        struct item item;
        more = strchr(rest, ',') != NULL;
        if (take_item(&rest, &item, err) && add_layer(net, &item, rest, trunk, prefix, params, err))
            continue;
        net_release(net);
        params->n_tensors = n_tensors;
        params->count = count;
        return false;
    }
    fuse_layers(net);
    pair_layers(net);
    sum_sizes(net);
    return true;
}

void net_release(struct net *net)
{
    for (size_t i = 0; i < net->n_layers; i++)
        if (net->layer[i].kind->release)
            net->layer[i].kind->release(&net->layer[i]);
    *net = (struct net){0};
}

void net_print(const struct net *net, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < net->n_layers && used < size; i++) {
        char layer[4 * ITEM_SIZE]; /* a fused one says several */
        net->layer[i].kind->print(&net->layer[i], layer, sizeof layer);
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", layer);
    }
}

/* ---- running ---- */

size_t net_micro_batch(const struct net *net)
{
    enum { BUDGET = 100 * 1024, MOST = 32, LEAST = 2 }; /* reals of one layer's output */
    size_t largest = shape_size(net->in), n = MOST;
    for (size_t i = 0; i < net->n_layers; i++)
        largest = larger(largest, shape_size(net->layer[i].out));
    while (n > LEAST && n * largest > BUDGET)
        n /= 2;
    return n;
}

static const real *forward(const struct net *net, struct pass pass, real *tape)
{
    for (size_t i = 0; i < net->n_layers; i++) {
        const struct layer *layer = &net->layer[i];
        size_t out = pass.n * shape_size(layer->out);
        pass.y = tape;
        pass.cache = tape + out;
        layer->kind->forward(layer, &pass);
        if (pass.mask)
            mask_hide(pass.mask, pass.n, layer->out, NULL, tape);
        pass.x = tape;
        tape += out + pass.n * layer->cache_reals;
    }
    return pass.x;
}

const real *net_forward(const struct net *net, const real *params, size_t n, const real *x, real *tape,
                        real *scratch, bool training)
{
    struct pass pass = {.params = params, .n = n, .x = x, .scratch = scratch, .training = training};
    return forward(net, pass, tape);
}

const real *net_forward_masked(const struct net *net, const real *params, size_t n, const real *x,
                               const struct mask *mask, real *tape, real *scratch)
{
    struct pass pass = {.params = params, .n = n, .x = x, .scratch = scratch, .training = true, .mask = mask};
    return forward(net, pass, tape);
}

void net_backward(const struct net *net, const struct net_memory *memory, size_t n, const real *x,
                  const real *dy, real *dx)
{
    net_backward_masked(net, memory, n, x, NULL, dy, dx);
}

void net_backward_masked(const struct net *net, const struct net_memory *memory, size_t n, const real *x,
                         const struct mask *mask, const real *dy, real *dx)
{
    real *tape = memory->tape, *dtape = memory->dtape;
    size_t end = n * net->tape_reals, even = 0;
    for (size_t i = 0; i + 1 < net->n_layers; i += 2)
        even = larger(even, shape_size(net->layer[i].out));
    for (size_t i = net->n_layers; i-- > 0;) {
        const struct layer *layer = &net->layer[i];
        end -= n * (shape_size(layer->out) + layer->cache_reals);
        const struct layer *before = i ? layer - 1 : NULL;
        struct pass pass = {.params = memory->params,
                            .grads = memory->grads,
                            .n = n,
                            .x =
                                before ? tape + end - n * (shape_size(before->out) + before->cache_reals) : x,
                            .y = tape + end,
                            .cache = tape + end + n * shape_size(layer->out),
                            .scratch = memory->scratch,
                            .dy = dy,
                            .dx = before ? dtape + (i % 2 ? 0 : n * even) : dx,
                            .training = true,
                            .mask = mask};
        layer->kind->backward(layer, &pass);
        if (mask && pass.dx)
            mask_hide(mask, n, layer->in, NULL, pass.dx);
        dy = pass.dx;
    }
}

void net_settle(const struct net *net, real *values, size_t n, const real *tape)
{
    for (size_t i = 0; i < net->n_layers; i++) {
        const struct layer *layer = &net->layer[i];
        const real *cache = tape + n * shape_size(layer->out);
        if (layer->kind->settle)
            layer->kind->settle(layer, values, n, cache);
        tape = cache + n * layer->cache_reals;
    }
}
