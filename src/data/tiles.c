/* SPDX-License-Identifier: MIT
 *
 * The built-in pictures: one object on a ground, drawn from a seed. An identity is a thing (shape, hue, fill,
 * texture, size, angle, light); its five drawings put it at another place, a little turned, a little larger
 * or smaller. Shape, hue and fill are balanced and independent unless `correlation` ties hue to shape. Light
 * is a property of the identity that the drawing shows (darker, pale, soft, noisy) or, at light-effect 0,
 * does not: every other draw has a stream of its own, so that only that changes.
 */
#include "base/check.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "base/strbuf.h"
#include "data/dataset.h"
#include "data/tiles_draw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWINGS = 5, HUES = 6, COMBINATIONS = TILE_SHAPES * HUES * 2 };

/* Streams of the one purpose: what is drawn from where. */
enum stream { OF_ORDER, OF_THING, OF_DRAWING, OF_GROUPS };

static const char *const shape_names[TILE_SHAPES] = {"disc",  "square", "triangle", "flower",
                                                     "cross", "ring",   "bar",      "moon"};
static const char shape_letters[] = "ostfxrbm";
static const char *const hue_names[HUES] = {"red", "yellow", "green", "sky", "blue", "pink"};
static const char hue_letters[] = "rygsbp";
/* After Okabe and Ito 2008: told apart by readers with any of the common colour deficiencies. Blue is purer
 * and sky paler than theirs, so that a dim green lies between neither. */
static const uint32_t hue_colours[HUES] = {0xd55e00, 0xf0e442, 0x009e73, 0x8ccff5, 0x2a5bdc, 0xcc79a7};
static const char *const texture_names[TILE_TEXTURES] = {"stripes", "checks", "dots", "waves"};
static const char *const fill_names[] = {"filled", "outlined"};
static const char *const light_names[] = {"bright", "dim"};

static const struct knob knobs[] = {
    {"n", "pictures", "How many pictures are drawn, five of each identity.", 20, 100000, 5000, 1000,
     .whole = true, .restart = true, .unit = ""},
    {"seed", "data seed", "Another seed draws other pictures of the same kind.", 0, 4294967295.0, 1, 1,
     .whole = true, .restart = true, .unit = ""},
    {"ground-texture", "ground texture",
     "Contrast of a pattern on the ground, a property of the identity: raised, it is a second shortcut.", 0,
     1, 0, 0.1, .restart = true, .unit = ""},
    {"group-share", "share of dim", "Share of the identities that are dim, the smaller group.", 0, 1, 0.15,
     0.05, .restart = true, .unit = ""},
    {"light-effect", "light effect",
     "How much a dim identity loses in brightness, colour, contrast and sharpness and gains in noise; 0: the "
     "column is there, the drawing ignores it.",
     0, 1, 1, 0.1, .restart = true, .unit = ""},
    {"correlation", "hue with shape", "Share of the identities whose hue follows from their shape.", 0, 1, 0,
     0.1, .restart = true, .unit = ""},
    {0},
};

struct recipe {
    size_t n;
    uint64_t seed;
    double ground_texture, group_share, light_effect, correlation;
};

struct thing {
    int shape, hue, texture;
    bool outlined, dim;
    double radius, angle; /* pixels, degrees */
    double shade;         /* of its colour: two red stars are not the same red */
};

static struct recipe recipe_from(const struct data_options *options)
{
    return (struct recipe){
        .n = (size_t)data_option(options, knobs, "n"),
        .seed = (uint64_t)data_option(options, knobs, "seed"),
        .ground_texture = data_option(options, knobs, "ground-texture"),
        .group_share = data_option(options, knobs, "group-share"),
        .light_effect = data_option(options, knobs, "light-effect"),
        .correlation = data_option(options, knobs, "correlation"),
    };
}

/* ---- the things ---- */

static struct thing thing_draw(const struct recipe *recipe, size_t identity, uint32_t combination)
{
    struct rng rng = rng_at(recipe->seed, RNG_TILES, OF_THING, identity, 0);
    struct thing thing = {.shape = (int)(combination % TILE_SHAPES),
                          .hue = (int)(combination / TILE_SHAPES % HUES),
                          .outlined = combination / (TILE_SHAPES * HUES) != 0};
    if (rng_uniform(&rng) < recipe->correlation)
        thing.hue = thing.shape % HUES;
    thing.texture = (int)rng_below(&rng, TILE_TEXTURES);
    thing.radius = rng_between(&rng, 8.0, 10.2);
    thing.angle = rng_between(&rng, -15, 15);
    thing.shade = rng_between(&rng, 0.78, 1.0);
    return thing;
}

/* The share of the identities that is dim, spread evenly over the shapes and by chance within them. */
static void choose_dim(struct thing *thing, size_t n, const struct recipe *recipe)
{
    struct rng rng = rng_at(recipe->seed, RNG_TILES, OF_GROUPS, 0, 0);
    uint32_t *order = xcalloc(n, sizeof *order);
    rng_permutation(&rng, order, n);
    double due[TILE_SHAPES];
    for (int s = 0; s < TILE_SHAPES; s++)
        due[s] = (s + 0.5) / TILE_SHAPES;
    for (size_t k = 0; k < n; k++) {
        struct thing *t = &thing[order[k]];
        due[t->shape] += recipe->group_share;
        t->dim = due[t->shape] >= 1;
        due[t->shape] -= t->dim;
    }
    free(order);
}

/* Every shape in every hue and fill equally often: blocks of all combinations, each in an order of its own.
 */
static struct thing *things_draw(const struct recipe *recipe, size_t n)
{
    struct thing *thing = xcalloc(n, sizeof *thing);
    uint32_t order[COMBINATIONS];
    for (size_t i = 0; i < n; i++) {
        if (i % COMBINATIONS == 0) {
            struct rng rng = rng_at(recipe->seed, RNG_TILES, OF_ORDER, i / COMBINATIONS, 0);
            rng_permutation(&rng, order, COMBINATIONS);
        }
        thing[i] = thing_draw(recipe, i, order[i % COMBINATIONS]);
    }
    choose_dim(thing, n, recipe);
    return thing;
}

/* ---- the columns ---- */

static struct column *add_category(struct dataset *data, const char *name, const char *const *values,
                                   size_t n)
{
    struct column *column = dataset_add_column(data, name, COLUMN_CATEGORY);
    for (size_t v = 0; v < n; v++)
        column_code(column, values[v]);
    return column;
}

enum { SHAPE, HUE, TEXTURE, FILL, SIZE, ANGLE, IDENTITY, LIGHT, CAPTION };

static void add_columns(struct dataset *data, size_t n_identities)
{
    struct column *shape = add_category(data, "shape", shape_names, TILE_SHAPES);
    shape->letter = xstrdup(shape_letters);
    struct column *hue = add_category(data, "hue", hue_names, HUES);
    hue->letter = xstrdup(hue_letters);
    hue->colour = xcalloc(HUES, sizeof *hue->colour);
    memcpy(hue->colour, hue_colours, sizeof hue_colours);
    add_category(data, "texture", texture_names, TILE_TEXTURES);
    add_category(data, "fill", fill_names, ARRAY_LEN(fill_names));
    dataset_add_column(data, "size", COLUMN_NUMBER);
    dataset_add_column(data, "angle", COLUMN_NUMBER);
    struct column *identity = dataset_add_column(data, "identity", COLUMN_CATEGORY);
    identity->room_values = n_identities;
    identity->value = xcalloc(n_identities, sizeof *identity->value);
    for (identity->n_values = 0; identity->n_values < n_identities; identity->n_values++) {
        char name[24];
        snprintf(name, sizeof name, "%zu", identity->n_values);
        identity->value[identity->n_values] = xstrdup(name);
    }
    add_category(data, "light", light_names, ARRAY_LEN(light_names));
    dataset_add_column(data, "caption", COLUMN_TEXT);
    data->label = SHAPE;
    data->group = LIGHT;
    data->identity = IDENTITY;
    data->caption = CAPTION;
}

static void put_cells(struct dataset *data, size_t item, const struct thing *thing, const struct tile *tile)
{
    static const char *const size_words[] = {"small ", "", "large "};
    char caption[64];
    int size_class = thing->radius < 8.7 ? 0 : thing->radius < 9.5 ? 1 : 2;
    struct column *c = data->column;
    c[SHAPE].code[item] = (uint32_t)thing->shape;
    c[HUE].code[item] = (uint32_t)thing->hue;
    c[TEXTURE].code[item] = (uint32_t)thing->texture;
    c[FILL].code[item] = thing->outlined;
    c[SIZE].number[item] = (float)(round(tile->radius * 100) / 100);
    c[ANGLE].number[item] = (float)(round(tile->angle * 10) / 10);
    c[IDENTITY].code[item] = (uint32_t)(item / DRAWINGS);
    c[LIGHT].code[item] = thing->dim;
    snprintf(caption, sizeof caption, "a %s%s %s", size_words[size_class], hue_names[thing->hue],
             shape_names[thing->shape]);
    column_set_text(&c[CAPTION], item, caption);
}

/* ---- the drawings ---- */

/* What little light does to a camera: less brightness, colour and contrast, soft edges, noise. Two dim things
 * differ less than two bright ones, so an encoder takes more of them for one: the unfairness that is planted
 * here. All of it is mild enough that a dim thing keeps its shape and hue for the eye. */
static void dim(struct tile *tile, double effect)
{
    const double gain = 1 - 0.1 * effect;
    double grey = 0.299 * tile->colour[0] + 0.587 * tile->colour[1] + 0.114 * tile->colour[2];
    for (int c = 0; c < 3; c++)
        tile->colour[c] = gain * (tile->colour[c] + 0.65 * effect * (grey - tile->colour[c]));
    tile->ground *= gain;
    tile->contrast -= 0.2 * effect;
    tile->softness += 1.5 * effect;
    tile->noise += 0.015 * effect;
}

static struct tile tile_of(const struct recipe *recipe, const struct thing *thing, struct rng *rng)
{
    enum { REACH = 7 }; /* pixels the centre may lie off the middle */
    struct tile tile = {.shape = (enum tile_shape)thing->shape,
                        .texture = (enum tile_texture)thing->texture,
                        .outlined = thing->outlined};
    tile.radius = thing->radius * rng_between(rng, 0.96, 1.04);
    tile.angle = thing->angle + rng_between(rng, -6, 6);
    tile.x = TILE_SIDE / 2.0 + rng_between(rng, -REACH, REACH);
    tile.y = TILE_SIDE / 2.0 + rng_between(rng, -REACH, REACH);
    tile.ground = rng_between(rng, 0.07, 0.3);
    tile.texture_contrast = recipe->ground_texture;
    tile.phase = rng_uniform(rng);
    tile.contrast = tile.softness = 1;
    tile.noise = 0.01;
    for (int c = 0; c < 3; c++)
        tile.colour[c] = thing->shade * (double)(hue_colours[thing->hue] >> (8 * (2 - c)) & 0xff) / 255;
    if (thing->dim)
        dim(&tile, recipe->light_effect);
    return tile;
}

static char *describe(const struct recipe *r)
{
    struct strbuf args = {0};
    strbuf_printf(&args, "tiles:n=%zu,seed=%llu", r->n, (unsigned long long)r->seed);
    const double values[] = {r->ground_texture, r->group_share, r->light_effect, r->correlation};
    for (size_t k = 0; k < ARRAY_LEN(values); k++)
        if (values[k] != knobs[k + 2].value)
            strbuf_printf(&args, ",%s=%.17g", knobs[k + 2].name, values[k]);
    return args.text;
}

struct drawing {
    const struct recipe *recipe;
    const struct thing *thing;
    struct dataset *data;
};

/* All drawings of one identity: every item has a stream, pixels and cells of its own, so any thread may. */
static void draw_identity(void *ctx, size_t identity, int worker)
{
    (void)worker;
    const struct drawing *drawing = ctx;
    const struct thing *thing = &drawing->thing[identity];
    struct dataset *data = drawing->data;
    for (size_t i = identity * DRAWINGS; i < data->n && i < (identity + 1) * DRAWINGS; i++) {
        struct rng rng = rng_at(drawing->recipe->seed, RNG_TILES, OF_DRAWING, i, 0);
        struct tile tile = tile_of(drawing->recipe, thing, &rng);
        put_cells(data, i, thing, &tile);
        tile_draw(&tile, &rng, data->pixels + i * (TILE_SIDE * TILE_SIDE * 3));
    }
}

static bool load(const struct source *source, const struct data_options *options, struct dataset *data,
                 struct err *err)
{
    (void)source;
    struct recipe recipe = recipe_from(options);
    size_t n_identities = (recipe.n + DRAWINGS - 1) / DRAWINGS;
    data->n = recipe.n;
    data->height = data->width = TILE_SIDE;
    data->channels = 3;
    if (!dataset_add_pixels(data, err))
        return false;
    data->name = xstrdup("tiles");
    data->args = describe(&recipe);
    add_columns(data, n_identities);
    struct thing *thing = things_draw(&recipe, n_identities);
    struct drawing drawing = {&recipe, thing, data};
    struct pool *pool = pool_new(cores_available(), 0);
    pool_run(pool, n_identities, draw_identity, &drawing);
    pool_free(pool);
    free(thing);
    return true;
}

static int sniff(const struct source *source)
{
    return strcmp(source->path, "tiles") == 0 ? 3 : 0;
}

const struct format tiles_format = {
    .entry = {"tiles", "Pictures the program draws itself: 8 shapes in 6 hues, bright and dim.", knobs},
    .sniff = sniff,
    .load = load,
};
