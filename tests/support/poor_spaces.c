/* SPDX-License-Identifier: MIT */
#include "support/poor_spaces.h"

#include "base/rng.h"

#include <math.h>
#include <string.h>

static uint32_t codes[POOR_ITEMS] = {0, 1, 0, 1, 0, 1, NO_VALUE, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
                                     0, 1, 0, 1, 0, 1, 0,        1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
const uint32_t *const poor_code = codes;

static char shape[] = "shape";
static struct column column = {
    .name = shape, .kind = COLUMN_CATEGORY, .code = codes, .n_values = POOR_LABELS};
const struct dataset poor_data = {.n = POOR_ITEMS,
                                  .column = &column,
                                  .n_columns = 1,
                                  .label = 0,
                                  .identity = NO_COLUMN,
                                  .split = NO_COLUMN};

static float drawn(uint64_t seed, size_t i, size_t j)
{
    struct rng rng = rng_at(seed, RNG_SAMPLE, i, j, 0);
    return (float)rng_normal(&rng);
}

static float coordinate(enum poor_space space, uint64_t seed, size_t i, size_t j)
{
    switch (space) {
    case POOR_NOTHING: return 0;
    case POOR_ONE:
    case POOR_TWO:
    case POOR_COLLAPSED: return 0.3F * (float)(j + 1);
    case POOR_ANTIPODES: return (i % 2 ? -1.0F : 1.0F) * (float)(j + 1);
    case POOR_LATTICE: return roundf(drawn(seed, i, j)); /* zeros among them */
    case POOR_DUPLICATES: return drawn(seed, i % 5, j);
    case POOR_BROKEN:
        if (i == 3)
            return 0;
        if (j == 1 && (i == 7 || i == 8))
            return i == 7 ? NAN : INFINITY;
        break;
    case POOR_NOT:
    case POOR_SPACES: break;
    }
    return drawn(seed, i, j);
}

static size_t items_of(enum poor_space space)
{
    return space == POOR_ONE ? 1 : space == POOR_TWO ? 2 : POOR_ITEMS;
}

/* Writes what the maker of a snapshot may still write. */
static void fill(const uint32_t *item, const float *rows, enum poor_space space, uint64_t seed)
{
    for (size_t i = 0; i < items_of(space); i++) {
        ((uint32_t *)(uintptr_t)item)[i] = (uint32_t)i;
        for (size_t j = 0; j < POOR_DIM; j++)
            ((float *)(uintptr_t)rows)[i * POOR_DIM + j] = coordinate(space, seed, i, j);
    }
}

struct snapshot *poor_snapshot(enum poor_space space, uint64_t seed)
{
    struct snapshot *s = snapshot_new(
        &(struct snapshot_sizes){.n_probe = items_of(space), .dim_h = POOR_DIM, .dim_z = POOR_DIM});
    s->step = seed;
    s->inspected.item = UINT32_MAX;
    fill(s->item, s->h, space, seed);
    fill(s->item, s->z, space, seed);
    return s;
}

struct snapshot *poor_batch(enum poor_space space, uint64_t seed)
{
    struct snapshot *s = snapshot_new(
        &(struct snapshot_sizes){.n_probe = 1, .dim_h = 1, .dim_z = POOR_DIM, .n_batch = items_of(space)});
    s->inspected.item = UINT32_MAX;
    for (size_t view = 0; view < 2; view++)
        fill(s->batch_item, s->batch_z[view], space, seed + view);
    return s;
}

static bool unit(const float *row, float *to)
{
    double sum = 0;
    for (size_t j = 0; j < POOR_DIM; j++)
        sum += (double)row[j] * (double)row[j];
    for (size_t j = 0; j < POOR_DIM; j++)
        to[j] = (float)((double)row[j] / sqrt(sum));
    return isfinite(sum) && sum > 0;
}

float poor_score(const float *a, const float *b)
{
    float x[POOR_DIM], y[POOR_DIM], s = 0;
    if (!unit(a, x) || !unit(b, y))
        return NAN;
    for (size_t j = 0; j < POOR_DIM; j++)
        s = fmaf(x[j], y[j], s);
    return s > 1 ? 1 : s < -1 ? -1 : s;
}

float poor_distance(const float *a, const float *b)
{
    float s = 0;
    for (size_t j = 0; j < POOR_DIM; j++)
        s = fmaf(a[j] - b[j], a[j] - b[j], s);
    return isfinite(s) ? sqrtf(s) : NAN;
}

size_t poor_ranked(const struct snapshot *s, size_t item, bool by_distance, uint32_t others[POOR_ITEMS])
{
    float key[POOR_ITEMS];
    size_t n = 0;
    for (uint32_t i = 0; i < s->n_probe; i++) {
        const float *a = s->h + item * POOR_DIM, *b = s->h + i * POOR_DIM;
        float worth = by_distance ? -poor_distance(a, b) : poor_score(a, b);
        if (i == item || isnan(worth))
            continue;
        size_t at = n++;
        for (; at > 0 && key[at - 1] < worth; at--) {
            key[at] = key[at - 1];
            others[at] = others[at - 1];
        }
        key[at] = worth;
        others[at] = i;
    }
    return n;
}
