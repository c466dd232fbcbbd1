/* SPDX-License-Identifier: MIT */
#include "method/blocks.h"

#include <math.h>
#include <string.h>

struct block {
    size_t top, left, height, width;
};

static size_t side(double length, size_t most)
{
    size_t whole = (size_t)lround(length);
    return whole < 1 ? 1 : whole < most ? whole : most;
}

static struct block draw_block(const struct blocks_rule *rule, double area, double aspect, struct rng *rng)
{
    size_t height = (size_t)rule->height, width = (size_t)rule->width;
    double cells = area * rule->height * rule->width;
    struct block block = {.height = side(sqrt(cells * aspect), height),
                          .width = side(sqrt(cells / aspect), width)};
    block.top = rng_below(rng, height - block.height + 1);
    block.left = rng_below(rng, width - block.width + 1);
    return block;
}

static void paint(const struct blocks_rule *rule, const struct block *block, uint8_t value, uint8_t *cells)
{
    for (size_t y = block->top; y < block->top + block->height; y++)
        memset(cells + y * (size_t)rule->width + block->left, value, block->width);
}

static size_t count(const uint8_t *cells, size_t n)
{
    size_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += cells[i];
    return sum;
}

/* The k-th cell that is not set, from 0. */
static size_t find_free(const uint8_t *cells, size_t k)
{
    size_t i = 0;
    for (;; i++)
        if (!cells[i] && k-- == 0)
            return i;
}

/* Random cells are shown until enough are, but never the last target. */
static void give_back(size_t cells, struct rng *rng, uint8_t *seen, uint8_t *target)
{
    size_t n_seen = count(seen, cells), n_target = count(target, cells);
    size_t keep = cells / 2 < BLOCKS_KEEP ? cells / 2 : BLOCKS_KEEP;
    while (n_seen < keep) {
        size_t cell = find_free(seen, rng_below(rng, cells - n_seen));
        if (target[cell] && n_target == 1)
            continue;
        n_target -= target[cell];
        target[cell] = 0;
        seen[cell] = 1;
        n_seen++;
    }
}

void blocks_draw(const struct blocks_rule *rule, struct rng *rng, uint8_t *seen, uint8_t *target)
{
    size_t cells = (size_t)rule->height * (size_t)rule->width;
    memset(seen, 0, cells);
    memset(target, 0, cells);
    struct block context = draw_block(rule, rng_between(rng, 0.85, 1), 1, rng);
    paint(rule, &context, 1, seen);
    for (int i = 0; i < rule->count; i++) {
        double area = rng_between(rng, 0.75 * rule->area, rule->area), aspect = rng_between(rng, 0.75, 1.5);
        struct block block = draw_block(rule, area, aspect, rng);
        paint(rule, &block, 0, seen);
        paint(rule, &block, 1, target);
    }
    give_back(cells, rng, seen, target);
}
