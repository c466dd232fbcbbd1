/* SPDX-License-Identifier: MIT */
#include "augment/augment.h"

#include "base/check.h"

#include <string.h>

#define AUGMENT(name) extern const struct augment augment_##name;
#include "augment/augments.def"
#undef AUGMENT

static const struct augment *const kinds[] = {
#define AUGMENT(name) &augment_##name,
#include "augment/augments.def"
#undef AUGMENT
};

/* a recipe names each kind at most once, so it always has room */
_Static_assert(ARRAY_LEN(kinds) <= AUGMENT_MAX_STEPS, "raise AUGMENT_MAX_STEPS");

const struct augment *augment_at(size_t i)
{
    return i < ARRAY_LEN(kinds) ? kinds[i] : NULL;
}

static const struct entry *entry_at(size_t i)
{
    return i < ARRAY_LEN(kinds) ? &kinds[i]->entry : NULL;
}

const struct axis augment_axis = {.title = "augmentation", .at = entry_at};

static const float byte_scale = 1.0f / 255.0f;

void picture_plain(const uint8_t *from, size_t n_values, float *to)
{
    for (size_t i = 0; i < n_values; i++)
        to[i] = (float)from[i] * byte_scale;
}

static void planes_from_bytes(const uint8_t *restrict from, size_t n, float *restrict to)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = (float)from[3 * i] * byte_scale;
        to[n + i] = (float)from[3 * i + 1] * byte_scale;
        to[2 * n + i] = (float)from[3 * i + 2] * byte_scale;
    }
}

static void planes_to_pixels(const float *restrict from, size_t n, float *restrict to)
{
    for (size_t i = 0; i < n; i++) {
        to[3 * i] = from[i];
        to[3 * i + 1] = from[n + i];
        to[3 * i + 2] = from[2 * n + i];
    }
}

static struct picture picture_open(const uint8_t *from, int height, int width, int channels, float *scratch)
{
    CHECK(height > 0 && width > 0 && (channels == 1 || channels == 3));
    size_t n = (size_t)height * (size_t)width;
    struct picture picture = {height, width, channels, scratch, scratch + n * (size_t)channels};
    if (channels == 3)
        planes_from_bytes(from, n, picture.pixel);
    else
        picture_plain(from, n, picture.pixel);
    return picture;
}

static void picture_close(const struct picture *picture, float *to)
{
    size_t n = (size_t)picture->height * (size_t)picture->width;
    if (picture->channels == 3)
        planes_to_pixels(picture->pixel, n, to);
    else
        memcpy(to, picture->pixel, n * sizeof *to);
}

/* A kind draws from the stream of its name (FNV-1a), wherever it stands in the recipe. */
static struct rng stream(const struct rng *view, const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char *p = name; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 0x100000001b3u;
    return (struct rng){.key = rng_hash(view->key, hash)};
}

/* The draws come first and in this order whatever follows, so that turning a knob moves no other draw. */
static bool draw(const struct augment_step *step, int channels, struct rng *rng, double *strength)
{
    bool wanted = rng_uniform(rng) < step->probability;
    *strength = rng_between(rng, step->low, step->high);
    if (step->kind->has_identity && *strength == step->kind->identity)
        return false;
    return wanted && !(step->kind->needs_colour && channels == 1);
}

void recipe_apply(const struct recipe *recipe, struct view_key key, const uint8_t *from, int height,
                  int width, int channels, float *to, float *scratch)
{
    struct picture picture = picture_open(from, height, width, channels, scratch);
    const struct rng view = rng_at(key.seed, RNG_AUGMENT, key.step, key.item, key.view);
    struct affine map = affine_identity();
    bool moved = false;
    for (size_t i = 0; i < recipe->n; i++) {
        const struct augment *kind = recipe->step[i].kind;
        struct rng rng = stream(&view, kind->entry.name);
        double strength;
        if (!draw(&recipe->step[i], channels, &rng, &strength))
            continue;
        if (kind->warp) {
            map = affine_compose(map, kind->warp(strength, (double)width / height, &rng));
            moved = true;
            continue;
        }
        if (moved)
            affine_resample(map, &picture);
        map = affine_identity(), moved = false;
        kind->paint(&picture, strength, &rng);
    }
    if (moved)
        affine_resample(map, &picture);
    picture_close(&picture, to);
}

void picture_moved(const uint8_t *from, int height, int width, int channels, struct rng *rng, float *to,
                   float *scratch)
{
    const double shift = 0.12, degrees = 20;
    struct picture picture = picture_open(from, height, width, channels, scratch);
    double radians = rng_between(rng, -degrees, degrees) * 3.14159265358979323846 / 180;
    struct affine map = affine_turn(radians, (double)width / height);
    map.m[2] = 2 * rng_between(rng, -shift, shift); /* a side is 2 units long */
    map.m[5] = 2 * rng_between(rng, -shift, shift);
    affine_resample(map, &picture);
    picture_close(&picture, to);
}
